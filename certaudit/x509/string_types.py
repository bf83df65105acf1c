"""The character strings of names, and where one holds what its type does not (RFC 5280 4.1.2.4, X.680 41).

Names are read whatever their type says (der.text); other software refuses such a certificate, or shows another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from certaudit.x509 import der
from certaudit.x509.name import Attribute, GeneralName, Name

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PRINTABLE = frozenset(_LETTERS + b"0123456789 '()+,-./:=?")
_NUMERIC = frozenset(b"0123456789 ")
_WIDTHS = {der.BMP_STRING: ("BMPString", 2), der.UNIVERSAL_STRING: ("UniversalString", 4)}
_ASCII = {der.IA5_STRING: "IA5String", der.VISIBLE_STRING: "VisibleString"}


def misfits(name: Name) -> Iterator[str]:
    """For each attribute whose string is not what its type says, the rest of a sentence that begins with the field."""
    for attribute in name:
        if (misfit := _misfit(attribute)) is not None:
            yield f"{attribute.keyword} {misfit}"


def misfits_of(names: tuple[GeneralName, ...]) -> Iterator[str]:
    """The same for the directory names among `names`."""
    for name in names:
        if name.directory is not None:
            yield from misfits(name.directory)


def _misfit(attribute: Attribute) -> str | None:
    try:
        content = der.read_all(attribute.raw).content
    except der.DerError:
        return None
    tag, octets = attribute.tag, set(content)
    if tag == der.PRINTABLE_STRING and not octets <= _PRINTABLE:
        return f"is a PrintableString with {_others(content, _PRINTABLE)}"
    if tag == der.NUMERIC_STRING and not octets <= _NUMERIC:
        return f"is a NumericString with {_others(content, _NUMERIC)}"
    if tag in _ASCII and not content.isascii():
        return f"is an {_ASCII[tag]} with bytes that are no ASCII ({_encoding(content)})".replace("an V", "a V")
    if tag == der.TELETEX_STRING:
        return f"is a T61String, which new certificates should not have ({_encoding(content)})"
    if tag == der.UTF8_STRING and _encoding(content) == "Latin-1":
        return "is a UTF8String that is no UTF-8"
    if tag in _WIDTHS and len(content) % _WIDTHS[tag][1]:
        kind, width = _WIDTHS[tag]
        return f"is a {kind} of {len(content)} bytes, which are no whole characters of {width} bytes"
    return None


def _others(content: bytes, allowed: frozenset[int]) -> str:
    """What stands in a string beside the characters of its type."""
    if not content.isascii():
        return f"bytes of {_encoding(content)}"
    shown = "".join(dict.fromkeys(chr(octet) for octet in content if octet not in allowed))
    return f"characters that it may not hold ({ascii(shown)[1:-1]})"


def _encoding(content: bytes) -> str:
    """Which encoding the bytes look like."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "Latin-1"
    return "ASCII" if content.isascii() else "UTF-8"
