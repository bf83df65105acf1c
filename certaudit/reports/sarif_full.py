"""SARIF 2.1.0 with every finding, passed and waived ones too: for viewers and vulnerability managers."""

from __future__ import annotations

from certaudit.document.report_objects import Document
from certaudit.reports import Options
from certaudit.reports.json_report import dump
from certaudit.reports.sarif import log


def write(document: Document, options: Options) -> str:
    """Every finding by its kind, and each waiver as an accepted suppression."""
    return dump(log(document, document["findings"]))
