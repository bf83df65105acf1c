"""Text from outside made inert: names in certificates, files and manifests are hostile input.

The boundary is where text leaves: a document (`certaudit/document/inert_json.py`, for what is made and for what is read
back; the reports that are no document do the same) and standard error (`certaudit/cli/standard_error.py`). `inert` does
it there, to all text, wherever it comes from, and leaves what is inert as it is.

`printable` quotes a name where a sentence takes it up, so that the reader can tell the name from the sentence, and one
name from another: it escapes the backslash too, and is used once for each name.

Every character that a terminal, a log collector or a reader could take for something else (control
characters, bidirectional controls, unassigned and private characters, lone surrogates, and `#`, with which
Azure Pipelines and GitHub Actions begin a command) is written as an escape. So is `::` before a word, with which
GitHub Actions begins one at the start of a line: a long name may be wrapped to there.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_SPECIAL = frozenset(',+"\\<>;=')
_PLAIN = r"[!$-*\-./0-9:?@A-Z\[\]^_`a-z{|}~]+"
_PLAIN_VALUE = re.compile(f"{_PLAIN}(?: +{_PLAIN})*")
"""ASCII that stands for itself in an attribute value: nothing to escape, which is the usual case."""

_COMMAND = re.compile(r"::(?=[A-Za-z-]+(?:[^\w:.%-]|::|$))")


def is_inert(character: str) -> bool:
    """True where a character stands for itself on any screen and in any log."""
    if character == " ":
        return True
    return character != "#" and unicodedata.category(character) not in _UNSEEN | {"Zs"}


def printable(value: str) -> str:
    """`value` on one line, each character that is not inert written as \\xNN, \\uNNNN or \\UNNNNNNNN."""
    if value.isascii() and value.isprintable() and not any(mark in value for mark in ("\\", "#", "::")):
        return value
    shown = "".join(
        character if is_inert(character) and character != "\\" else _escape(character) for character in value
    )
    return _COMMAND.sub(r"\\x3A\\x3A", shown)


@lru_cache(maxsize=4096)
def inert(value: str) -> str:
    """`value` with what `printable` would have escaped, and no more: text that is inert comes back as it is.

    A single `#` is left, as in "PKCS #12": it takes two to begin a command in a log.
    """
    if value.isprintable() and "##" not in value and "::" not in value:
        return value
    shown = value.replace("##", "\\x23\\x23")
    shown = "".join(character if character.isprintable() else _escape(character) for character in shown)
    return _COMMAND.sub(r"\\x3A\\x3A", shown)


def _escape(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def attribute_value(value: str) -> str:
    """An attribute value as RFC 4514 2.4 writes it, with every character that is not inert as \\XX of its UTF-8."""
    if _PLAIN_VALUE.fullmatch(value) and "::" not in value:
        return value
    last = len(value) - 1
    shown = "".join(_value_character(character, edge=position in (0, last)) for position, character in enumerate(value))
    return _COMMAND.sub(r"\\3A\\3A", shown)


def _value_character(character: str, *, edge: bool) -> str:
    if character in _SPECIAL or (edge and character == " "):
        return "\\" + character
    if is_inert(character):
        return character
    return "".join(f"\\{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
