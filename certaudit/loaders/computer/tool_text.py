"""The text that a tool of Windows wrote into a file: its encoding, its lines, and whether its end is missing.

Console programs write in the OEM code page of their Windows, which the file does not name; PowerShell and Notepad write
UTF-16 or UTF-8. All that is read here is ASCII in each of them, and the words around it are not looked at.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from certaudit.loaders import limits
from certaudit.loaders.source import Source

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE_END = re.compile(r"\r{0,2}\n|\r")  # nothing else: bytes of a code page may look like other ends of lines
_CUT = (
    "The last line of the file has no end, so the file may be cut off, and that line was passed over: collect it again."
)


class ToolText(NamedTuple):
    """The whole lines of a file, without what ends them, and the remark where the last was not whole."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def beginning(source: Source) -> tuple[str, ...]:
    """The lines of the first 64 KiB, the last of which may be cut; none where it is no text."""
    text = _decoded(source.head)
    return () if "\0" in text else tuple(_LINE_END.split(text))


def read(source: Source, what: str, format: str) -> ToolText:
    """All lines of a file that is `what`. Raises UnreadableError above MAX_TOOL_TEXT."""
    if source.size > limits.MAX_TOOL_TEXT:
        size = f"{what} of {source.size:,} bytes, and no computer has one of more than {limits.MAX_TOOL_TEXT:,}"
        raise source.refusal(size, "collect it again", format, harmless=True)
    *lines, rest = _LINE_END.split(_decoded(source.data).rstrip("\x1a"))
    return ToolText(tuple(lines), (_CUT,) if rest.strip(" \t\0") else ())


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[1:2] == b"\0" != data[:1]:
        return data.decode("utf-16-le", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # the head may end within a character
    except UnicodeDecodeError:
        return data.decode("latin-1")
