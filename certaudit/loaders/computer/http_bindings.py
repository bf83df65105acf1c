"""What `netsh http show sslcert` prints of the certificates that HTTP.sys presents, and httpcfg before it (2003).

A binding is told by its shape: a line that ends in an endpoint, one that ends in 40 hexadecimal digits, one that ends
in a GUID in braces, and one with the name of a store, in this order in every language. Later lines, which grow in
number from Windows to Windows, are passed over. `(null)` is what the C library prints for nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from certaudit.evidence import Binding, Input
from certaudit.loaders import limits
from certaudit.loaders.computer import tool_text
from certaudit.loaders.computer.endpoints import binding_at
from certaudit.loaders.source import Source
from certaudit.printable import printable

FORMAT = "http-bindings"

_GUID = re.compile(r"[:：]\s*\{([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}\s*$")
_ENDPOINT = re.compile(r"[:：][ \t\xa0]*(?P<value>\[[^\]\s]+\]:\d{1,5}|[^\s:：\[\]]+:\d{1,5}|\d{1,5})[ \t]*$")
_HASH = re.compile(r"[:：][ \t\xa0]*([0-9A-Fa-f]{40})[ \t]*$")
_HTTPCFG_HASH = re.compile(r"[:：] ([0-9A-Fa-f ]{40})$")
_NOTHING = ("", "(null)")
_SHOWN = 100
_RULE = re.compile(r"-{8,}[ \t]*")


def sniff(source: Source) -> bool:
    """True where an endpoint and a GUID stand as in a binding, and for an empty list that has the name of one."""
    lines = _written(tool_text.beginning(source))
    if any(_entry(lines, number) for number, line in enumerate(lines) if _GUID.search(line)):
        return True
    return source.name.lower().endswith("bindings.txt") and len(lines) == 2 and bool(_RULE.fullmatch(lines[1]))


def load(source: Source) -> Input:
    """The bindings, and a remark on each that is not understood. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "a list of bindings", FORMAT)
    lines = _written(text.lines)
    found, remarks = dict[Binding, None](), list(text.remarks)
    for number, line in enumerate(lines):
        if not (guid := _GUID.search(line)):
            continue
        entry = _entry(lines, number)
        binding = entry and entry.binding(_store(lines, number), guid[1].lower())
        if binding is None:
            where = f" of {printable(entry.endpoint[:_SHOWN])}" if entry else ""
            remarks.append(f"A binding{where} is not understood, and was passed over.")
        else:
            found[binding] = None
    if lines and (_HASH.search(lines[-1]) or (_ENDPOINT.search(lines[-1]) and not _is_number(lines[-1]))):
        remarks.append("The file ends in the middle of a binding, which was passed over: collect it again.")
    return Input(source.name, FORMAT, bindings=tuple(found), remarks=tuple(remarks[: limits.MAX_REMARKS]))


class _Entry(NamedTuple):
    """The lines before a GUID: the endpoint, and what stands where the hash does (None: no such line)."""

    endpoint: str
    hash_line: str | None

    def binding(self, store: str | None, application: str) -> Binding | None:
        thumbprint = self._thumbprint()
        if thumbprint is None and self.hash_line is not None and _value(self.hash_line) not in _NOTHING:
            return None
        return binding_at(self.endpoint, thumbprint, store, application)

    def _thumbprint(self) -> str | None:
        """httpcfg prints each byte in two places, the first of which is blank where the digit is 0."""
        if self.hash_line is None:
            return None
        found = _HASH.search(self.hash_line) or _HTTPCFG_HASH.search(self.hash_line)
        return found[1].replace(" ", "0").upper() if found else None


def _entry(lines: list[str], guid: int) -> _Entry | None:
    """The binding whose GUID stands in that line: the endpoint is two lines before it, or one where no hash is."""
    for back, hash_line in ((2, lines[guid - 1] if guid else None), (1, None)):
        if guid >= back and (endpoint := _ENDPOINT.search(lines[guid - back])):
            return _Entry(endpoint["value"], hash_line)
    return None


def _store(lines: list[str], guid: int) -> str | None:
    value = _value(lines[guid + 1]) if guid + 1 < len(lines) else ""
    return None if value in _NOTHING else value


def _value(line: str) -> str:
    """What stands behind the last colon of a line."""
    return line.replace("：", ":").rpartition(":")[2].strip(" \t\xa0")


def _is_number(line: str) -> bool:
    return _value(line).isdigit()


def _written(lines: tuple[str, ...] | list[str]) -> list[str]:
    """The lines that hold something."""
    return [line.rstrip(" \t\r") for line in lines if line.strip(" \t\r\0")]
