"""The report as an Excel workbook: a sheet each for the summary, findings, certificates, coverage and deadlines.

Every cell is a string cell: nothing in it can be a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from certaudit.document.judge import first_step
from certaudit.document.report_objects import Document
from certaudit.document.wording import STATE_WORDS, as_of_words, site_words, verdict_words
from certaudit.errors import UsageError
from certaudit.reports import Options, boot_answer
from certaudit.reports.rows import CERTIFICATE_HEADERS, FINDING_HEADERS, certificate_rows, finding_rows

_CELL = 32_767
_ROWS = 1_048_576
_WIDE = {"message", "title", "consequence", "remediation", "subject", "issuer", "what", "reason", "path", "error"}
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(document: Document, options: Options) -> bytes:
    """The workbook. Raises UsageError where the library that writes it is not installed."""
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise UsageError("the XLSX report needs XlsxWriter; install it with: pip install 'certaudit[xlsx]'") from error
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, _PLAIN)
    # The day of the audit and not of the writing, so that the same report gives the same bytes.
    workbook.set_properties({"title": "certaudit report", "created": datetime.fromisoformat(document["as_of"][:19])})
    heading = workbook.add_format({"bold": True, "bottom": 1})
    for name, headers, rows in _sheets(document):
        _fill(workbook.add_worksheet(name), headers, rows, heading)
    workbook.close()
    return data.getvalue()


def _sheets(document: Document) -> Iterator[tuple[str, tuple[str, ...], Iterable[tuple[str, ...]]]]:
    yield "Summary", ("what", "value"), _summary(document)
    yield "Findings", FINDING_HEADERS, finding_rows(document)
    yield "Certificates", CERTIFICATE_HEADERS, certificate_rows(document)
    yield (
        "Coverage",
        ("system", "site system role", "certificate role", "state", "sha256"),
        (
            (
                entry["system"] or "",
                entry["site_system_role"] or "",
                entry["role"],
                STATE_WORDS[entry["state"]],
                entry["certificate"] or ", ".join(entry["candidates"]),
            )
            for entry in document["coverage"]
        ),
    )
    yield (
        "What breaks next",
        ("when", "what", "sha256", "systems"),
        (
            (entry["when"], entry["what"], entry["certificate"] or "", ", ".join(entry["systems"]))
            for entry in document["next_failures"]
        ),
    )
    yield (
        "Inputs",
        ("path", "sha256", "format", "error"),
        ((item["path"], item["sha256"] or "", item["format"], item["error"] or "") for item in document["inputs"]),
    )


def _summary(document: Document) -> Iterator[tuple[str, str]]:
    summary = document["summary"]
    yield "verdict", verdict_words(document)
    yield "site", site_words(document)
    yield "as of", as_of_words(document)
    if step := first_step(document):
        yield step.word.lower(), f"{step.about}: {step.message}"
        yield "next step", step.action
    for way in document["boot"]["ways"] if "boot" in document else []:
        told = zip(boot_answer.REACHED_WORDS.values(), boot_answer.answers(way).values(), strict=True)
        yield f"booted from {way['system']}", "; ".join(f"{point}: {words}" for point, words in told)
    if "boot" in document and document["boot"]["reason"]:
        yield "would a computer boot", document["boot"]["reason"]
    for deadline in document["next_failures"][:1]:
        yield "breaks next", f"{deadline['when'][:10]}: {deadline['what']}"
    for severity, number in zip(("errors", "warnings", "notices"), summary["failed"].values(), strict=True):
        yield severity, str(number)
    yield "passed", str(summary["passed"])
    yield "not checked", str(summary["not_checked"])
    yield "not checked, of these required", str(summary["not_checked_required"])
    yield "not applicable", str(summary["not_applicable"])
    yield "waived", str(summary["waived"])
    yield "certificates", str(summary["certificates"])
    yield "inputs", str(summary["inputs"])
    yield "unreadable inputs", str(summary["unreadable"])
    yield "written by", f"{document['tool']['name']} {document['tool']['version']}"


def _fill(sheet: Any, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]], heading: Any) -> None:
    last = 0
    for last, row in enumerate(rows, 1):
        if last == _ROWS:
            raise UsageError(f"format xlsx holds {_ROWS} rows at most, and the report has more; write csv instead")
        for column, cell in enumerate(row):
            sheet.write_string(last, column, cell[:_CELL])
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, heading)
        sheet.set_column(column, column, 48 if header in _WIDE else 18)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(headers) - 1)
