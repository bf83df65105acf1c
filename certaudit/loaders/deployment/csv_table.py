"""Tables that administrators export from the SMS Provider as CSV: PowerShell's, and what Excel makes of them.

`Get-WmiObject -Namespace root\\sms\\site_S01 SMS_Driver | Export-Csv drivers.csv` writes one; Excel may have saved it
with semicolons or tabs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from certaudit.loaders import limits
from certaudit.loaders.pki import armour
from certaudit.loaders.source import Source

_HEAD = 8192


class Header(NamedTuple):
    """The columns in lower case, what separates them, and where the rows begin, in bytes."""

    columns: tuple[str, ...]
    separator: str
    rows: int


def columns(source: Source) -> frozenset[str]:
    """The columns that the source would have if it were a table, in lower case."""
    return frozenset(_header(armour.plain_text(source.head[:_HEAD])).columns)


def rows(source: Source, format: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, values by column) of the rows that are not empty, the first being 1. Raises UnreadableError."""
    text = armour.plain_text(source.data)
    header = _header(text)
    lines = text[header.rows :].decode("utf-8", "replace").splitlines()
    if len(lines) > limits.MAX_ROWS:
        what = f"a table of more than {limits.MAX_ROWS:,} rows"
        raise source.refusal(what, "export the rows that matter", format, harmless=False)
    written = (row for row in csv.reader(lines, delimiter=header.separator) if any(row))
    try:
        for number, row in enumerate(written, 1):
            yield number, dict(zip(header.columns, map(str.strip, row), strict=False))
    except csv.Error as error:
        raise source.refusal(f"a damaged table ({error})", "export it again", format, harmless=False) from error


TRUTH = {"true": True, "1": True, "false": False, "0": False}
"""What a Boolean is written as, in lower case."""


_CIM_INSTANT = re.compile(r"(\d{14})\.\d{6}(?:([+-]\d{3})|\+\*{3})")


def instant(text: str) -> datetime | None:
    """An instant as WMI writes it, with its offset from UTC in minutes (`+***`: not said, taken for UTC). None for all
    else, such as a date in the words of somebody's language."""
    found = _CIM_INSTANT.fullmatch(text)
    if found is None:
        return None
    try:
        written = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return written - timedelta(minutes=int(found[2] or 0))
    except (ValueError, OverflowError):
        return None


def _header(text: bytes) -> Header:
    """The header of a table; PowerShell's #TYPE line before it is skipped."""
    start = text.find(b"\n") + 1 if text.startswith(b"#TYPE") else 0
    end = text.find(b"\n", start) + 1 or len(text)
    line = text[start:end].decode("utf-8", "replace")
    separator = max(",;\t", key=line.count)
    return Header(tuple(name.strip(' "\r\n').casefold() for name in line.split(separator)), separator, end)
