"""The catalogue as text and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from certaudit.reports import Options
from certaudit.reports.json_report import dump
from certaudit.requirements.requirement import Requirement
from certaudit.site import RELEASES

SCHEMA = "certaudit-requirements/1"
_FAMILIES = {frozenset(RELEASES): "all", frozenset(RELEASES[:5]): "2007", frozenset(RELEASES[5:8]): "2012"}


def write(rows: Sequence[Requirement], form: str, options: Options) -> str:
    """The rows in the format `form` (table or json); as a table in full where the options are verbose."""
    if form == "json":
        return dump({"schema": SCHEMA, "requirements": [_object(row) for row in rows]})
    if options.verbose:
        return "\n\n".join("\n".join(_full(row, options.width)) for row in rows) + "\n"
    return _list(rows) + "\n"


def releases(row: Requirement) -> str:
    """The releases of a row, a whole family in one word."""
    known = _FAMILIES.get(row.releases)
    return known or ", ".join(release for release in RELEASES if release in row.releases)


def _list(rows: Iterable[Requirement]) -> str:
    from tabulate import tabulate

    table = [(row.id, str(row.severity), str(row.confidence), releases(row), row.title) for row in rows]
    return tabulate(
        table,
        ["Requirement", "Severity", "Confidence", "Releases", "What must hold"],
        tablefmt="simple",
        disable_numparse=True,
        maxcolwidths=[None, None, None, 16, 60],
    )


def _full(row: Requirement, width: int) -> Iterator[str]:
    yield f"{row.id}  {row.severity}, {row.confidence}"
    parts = {
        "must hold": row.title,
        "about": row.subject + (f" of {', '.join(sorted(row.roles))}" if row.roles else ""),
        "releases": releases(row),
        "check": row.check + "".join(f" {key}={value}" for key, value in row.parameters.items()),
        "otherwise": row.consequence,
        "fix": row.remediation,
    }
    for label, text in parts.items():
        yield from textwrap.wrap(
            text, width, initial_indent=f"  {label:<11}", subsequent_indent=" " * 13, break_on_hyphens=False
        )
    for citation in row.citations:
        yield from textwrap.wrap(
            str(citation), width, initial_indent=f"  {'source':<11}", subsequent_indent=" " * 13, break_on_hyphens=False
        )


def _object(row: Requirement) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "subject": row.subject,
        "releases": [release for release in RELEASES if release in row.releases],
        "roles": sorted(row.roles),
        "modes": sorted(row.modes),
        "check": row.check,
        "parameters": dict(row.parameters),
        "severity": str(row.severity),
        "confidence": str(row.confidence),
        "citations": [str(citation) for citation in row.citations],
        "consequence": row.consequence,
        "remediation": row.remediation,
    }
