"""The findings as comma-separated values, one row each, for spreadsheets and ticket systems.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV Injection); JSON is the
format that loses nothing.
"""

from __future__ import annotations

import csv
import io

from certaudit.document.report_objects import Document
from certaudit.reports import Options
from certaudit.reports.rows import FINDING_HEADERS, finding_rows

_TRIGGERS = tuple("=+-@\t\r\n\0|%＝＋－＠")


def write(document: Document, options: Options) -> bytes:
    """Every finding; UTF-8 with the mark by which spreadsheets know it, CRLF between rows (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(FINDING_HEADERS)
    writer.writerows([guarded(cell) for cell in row] for row in finding_rows(document))
    return text.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """`cell`, with an apostrophe in front where it would start a formula, spaces and quotes before it or not."""
    return "'" + cell if cell.lstrip(" \"'").startswith(_TRIGGERS) else cell
