"""Report formats: the JSON document in, text or bytes out. One module a format; writers decide nothing.

To add a format, write a module with `write(document, options)` and give it its line in FORMATS.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certaudit.document.report_objects import Document

FORMATS = {
    "table": "certaudit.reports.table",
    "json": "certaudit.reports.json_report",
    "html": "certaudit.reports.html",
    "pdf": "certaudit.reports.pdf",
    "csv": "certaudit.reports.csv_report",
    "xlsx": "certaudit.reports.xlsx_report",
    "markdown": "certaudit.reports.markdown",
    "sarif": "certaudit.reports.sarif",
    "sarif-full": "certaudit.reports.sarif_full",
    "junit": "certaudit.reports.junit",
    "oscal": "certaudit.reports.oscal",
    "cyclonedx": "certaudit.reports.cyclonedx",
    "ocsf": "certaudit.reports.ocsf",
    "ics": "certaudit.reports.calendar",
    "prometheus": "certaudit.reports.prometheus",
}
"""The module of each format, imported when it is asked for: start-up pays for none that is not used."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to write: every finding or only what needs attention, with colour or without, how wide (columns), and
    findings grouped by system and role ("system") or by clause ("control")."""

    verbose: bool = False
    colour: bool = False
    width: int = 100
    group_by: str = "system"


def write(document: Document, form: str, options: Options | None = None) -> bytes:
    """The report in the format `form`, a key of FORMATS; text formats are UTF-8 and end in a newline."""
    text: str | bytes = importlib.import_module(FORMATS[form]).write(document, options or Options())
    return text.encode() if isinstance(text, str) else text
