"""The keys that the collect script tried with PowerShell: a line of its own making for each, in no language.

`STORE THUMBPRINT RESULT EXPORTABLE`: the result is `works` (it signed, and the certificate verified it), `mismatch`
(it signed, and the certificate did not verify it), `untried` (a key that PowerShell cannot use) or the error code.
"""

from __future__ import annotations

import re

from certaudit.evidence import Input, KeyTest
from certaudit.loaders import limits
from certaudit.loaders.computer import tool_text
from certaudit.loaders.source import Source

FORMAT = "key-tests"

_HEADER = re.compile(r"certaudit key test \d+")
_LINE = re.compile(
    r"(?P<store>\w+) (?P<thumbprint>[0-9A-Fa-f]{40}) "
    r"(?P<result>works|mismatch|untried|0x[0-9A-Fa-f]{8}) (?P<exportable>True|False|-)"
)
_GONE = {"0x80090016", "0x8009000D", "0x80090011", "0x80070002"}
"""NTE_BAD_KEYSET, NTE_NO_KEY, NTE_NOT_FOUND and ERROR_FILE_NOT_FOUND: there is no such key. Others, such as that access
was denied, say that nobody could try."""


def sniff(source: Source) -> bool:
    """True for the first line that the script writes."""
    return any(map(_HEADER.match, tool_text.beginning(source)[:1]))


def load(source: Source) -> Input:
    """The tests, and a remark on each line that is not understood. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "a list of tests of keys", FORMAT)
    tests, remarks = [], list(text.remarks)
    for number, line in enumerate(text.lines[1:], 2):
        found = _LINE.fullmatch(line.strip(" \t"))
        if found is not None:
            tests.append(_test(found))
        elif line.strip():
            remarks.append(f"Line {number} of the file is not understood, and was passed over.")
    return Input(source.name, FORMAT, key_tests=tuple(tests), remarks=tuple(remarks[: limits.MAX_REMARKS]))


def _test(found: re.Match[str]) -> KeyTest:
    result = found["result"] if not found["result"].startswith("0x") else f"0x{found['result'][2:].upper()}"
    works, why = {
        "works": (True, None),
        "mismatch": (False, "is not that of the certificate"),
        "untried": (None, "is of a kind that PowerShell did not try"),
    }.get(result, (False, f"is not there ({result})") if result in _GONE else (None, f"could not be tried ({result})"))
    exportable = {"True": True, "False": False}.get(found["exportable"])
    return KeyTest(found["store"], found["thumbprint"].upper(), works, why, exportable)
