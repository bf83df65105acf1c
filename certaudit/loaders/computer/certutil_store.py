"""What `certutil -store` and `-verifystore` print of a store: which keys were tried, and whether they work.

A certificate begins with a line of equal signs around its number; its thumbprint follows the name of the algorithm,
`(sha1)`; indented lines with an equal sign name the container and the provider of its key. That much is the same in
every language, and so is an indented line with a colon among them, which certutil prints of a container that it could
open. What came of the test is a sentence: those of an English certutil are known, and of any other it is said that the
answer is not understood. A CRL in a store has no key, and nothing is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from certaudit.evidence import Input, KeyTest
from certaudit.loaders import limits
from certaudit.loaders.computer import tool_text
from certaudit.loaders.source import Source

FORMAT = "certutil-store"

_BANNER = re.compile(r"={8,40} .{0,80}?\d{1,9} ={8,40}[ \t]*")
_THUMBPRINT = re.compile(r"\(sha1\)[^:：]{0,3}[:：][ \t\xa0]*([0-9A-Fa-f]{2}(?:[ ]?[0-9A-Fa-f]{2}){19})[ \t]*$")
_INDENTED = re.compile(r"[ \t]")
_KEY_LINE = re.compile(r"[ \t]{1,8}[^=\s][^=]*=.*")
_OPENED_LINE = re.compile(r"[ \t]{1,8}[^=:：\s][^=:：]*[:：].*")
_STORE = re.compile(r"(\S+)(?: \"[^\"]*\")?[ \t]*")
_END = "certutil:"
_NAMED = re.compile(r"store-([^\\/.]+)\.txt$", re.I)

_PASSED = {"encryption test passed", "signature test passed"}
_FAILED = {
    "encryption test failed": "failed the test of encryption",
    "signature test failed": "failed the test of signing",
    "missing stored keyset": "is not there (missing stored keyset)",
}
_FOUND = "was found; what came of its test is not understood"
_UNKNOWN = "has an answer that is not understood"
_CUT = "has an answer that the file lacks, which may be cut off"
_NOT_EXPORTABLE = {"private key is not exportable", "private key is not plain text exportable"}


def sniff(source: Source) -> bool:
    """True for a line of equal signs and a thumbprint as certutil writes them, and for the end of an empty list."""
    lines = tool_text.beginning(source)
    if any(map(_BANNER.fullmatch, lines)):
        return any(map(_THUMBPRINT.search, lines))
    return len(lines) < 8 and any(line.casefold().startswith(f"{_END} -") for line in lines)


def load(source: Source) -> Input:
    """A test for each certificate with a key on record. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "certutil's list of a store", FORMAT)
    is_whole = any(line.casefold().startswith(_END) for line in text.lines[-3:])
    store, blocks = _store(source, text.lines), list(_blocks(text.lines))
    tests, remarks = [], list(text.remarks)
    for number, block in enumerate(blocks, 1):
        places = [place for place, line in enumerate(block) if _THUMBPRINT.search(line)]
        if len(places) > 1:
            remarks.append(f"Entry {number} of the file is not understood: it has several thumbprints.")
        elif places and (test := _test(store, block[places[0] :], is_whole or number < len(blocks))):
            tests.append(test)
    if blocks and not is_whole:
        remarks.append("The file does not end as certutil ends it, so it may be cut off: collect it again.")
    unknown = sum(test.why in (_FOUND, _UNKNOWN) for test in tests)
    if unknown:
        remarks.append(
            f"What came of the test of {unknown} of {len(tests)} keys is not understood: certutil does not say it as "
            "on an English Windows."
        )
    return Input(source.name, FORMAT, key_tests=tuple(tests), remarks=tuple(remarks[: limits.MAX_REMARKS]))


def _store(source: Source, lines: tuple[str, ...]) -> str | None:
    """The store: the first word before the first entry, which is the one on the command line; else the file's name."""
    for line in lines:
        if _BANNER.fullmatch(line):
            break
        if (found := _STORE.fullmatch(line)) and not line.casefold().startswith(_END):
            return found[1]
    named = _NAMED.search(source.name)
    return named[1] if named else None


def _blocks(lines: tuple[str, ...]) -> Iterator[list[str]]:
    """The lines of each entry; what certutil says at its end belongs to none."""
    block: list[str] | None = None
    for line in lines:
        if _BANNER.fullmatch(line):
            if block is not None:
                yield block
            block = []
        elif block is not None and line.strip(" \t\xa0") and not line.casefold().startswith(_END):
            block.append(line)
    if block is not None:
        yield block


def _test(store: str | None, block: list[str], is_whole: bool) -> KeyTest | None:
    """What an entry says from its thumbprint on: indented lines about the key, then sentences. None: it has no key."""
    found = _THUMBPRINT.search(block[0])
    about = list(takewhile(_INDENTED.match, block[1:]))
    if found is None or not any(map(_KEY_LINE.fullmatch, about)):
        return None
    thumbprint = found[1].replace(" ", "").upper()
    sentences = takewhile(lambda line: not _INDENTED.match(line), block[1 + len(about) :])
    said = {line.strip(" \t.").casefold() for line in sentences}
    exportable = False if said & _NOT_EXPORTABLE else None
    failures = [why for sentence, why in _FAILED.items() if sentence in said]
    if failures:
        return KeyTest(store, thumbprint, False, failures[0], exportable)
    if said & _PASSED:
        return KeyTest(store, thumbprint, True, None, True if len(said) == 1 else exportable)
    if not is_whole:
        return KeyTest(store, thumbprint, None, _CUT)
    return KeyTest(store, thumbprint, None, _FOUND if any(map(_OPENED_LINE.fullmatch, about)) else _UNKNOWN, exportable)
