"""The report for a person at a terminal: verdict, what breaks next, who stands how, what to mend, what is not known."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from certaudit.assignment import Assignment
from certaudit.finding import Severity, Status
from certaudit.findings import Finding
from certaudit.printable import printable
from certaudit.report import STATE_WORDS, Report, Verdict
from certaudit.reports import Options
from certaudit.x509.certificate import Certificate, UnreadableFieldError

_STYLES = {"error": "31;1", "warning": "33;1", "notice": "36", "good": "32;1", "unknown": "35;1", "head": "1"}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def write(report: Report, options: Options) -> str:
    """The report as plain text, `options.width` columns wide, coloured where the options say so."""
    page = _Page(options)
    sections = (_head, _deadlines, _coverage, _failures, _gaps, _waived, _unreadable, _passes, _foot)
    parts = ("\n".join(section(report, page)) for section in sections)
    return "\n\n".join(part for part in parts if part) + "\n"


class _Page:
    """Width and colour of the text."""

    def __init__(self, options: Options) -> None:
        self.verbose = options.verbose
        self.width = options.width
        self._colour = options.colour

    def styled(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._colour else text

    def wrapped(self, text: str, indent: int, label: str = "") -> Iterator[str]:
        lead = " " * indent
        yield from textwrap.wrap(
            text,
            self.width,
            initial_indent=lead + label,
            subsequent_indent=lead + " " * len(label),
            break_on_hyphens=False,
        )

    def table(self, rows: Iterable[Iterable[str]], headers: list[str]) -> Iterator[str]:
        from tabulate import tabulate

        text = tabulate([list(row) for row in rows], headers, tablefmt="simple", disable_numparse=True)
        yield from textwrap.indent(text, "  ").splitlines()


def shortened(text: str, width: int) -> str:
    """`text` cut to `width` columns, with an ellipsis in place of what is left out."""
    return text if len(text) <= width else text[: width - 3] + "..."


def _count(number: int, singular: str) -> str:
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def _head(report: Report, page: _Page) -> Iterator[str]:
    errors, warnings = (len(report.failures(severity)) for severity in (Severity.ERROR, Severity.WARNING))
    gaps = sum(finding.is_gap for finding in report.findings)
    match report.verdict:
        case Verdict.NON_COMPLIANT:
            word, style = "NOT READY", "error"
        case Verdict.INCOMPLETE:
            word, style = "CANNOT SAY", "unknown"
        case _:
            word, style = ("READY WITH WARNINGS", "warning") if warnings else ("READY", "good")
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}, {gaps} not checked"
    if report.unreadable:
        counts += f", {_count(len(report.unreadable), 'unreadable input')}"
    yield f"{page.styled(word, style)}: {counts}"
    site = report.site
    label = " ".join(filter(None, (printable(site.name or ""), f"({site.code})" if site.code else "")))
    parts = filter(None, (label, f"Configuration Manager {site.release}", f"{site.mode} mode"))
    yield f"{', '.join(parts)}, as of {report.as_of:%Y-%m-%d %H:%M} UTC"


def _deadlines(report: Report, page: _Page) -> Iterator[str]:
    shown = report.deadlines if page.verbose else report.deadlines[:5]
    if not shown:
        return
    yield page.styled("What breaks next", "head")
    room = max(20, (page.width - 32) * 2 // 3)
    rows = (
        (
            f"{deadline.when:%Y-%m-%d}",
            f"in {(deadline.when - report.as_of).days} d",
            shortened(deadline.what, room),
            shortened(_names(deadline.systems), page.width - 32 - room),
        )
        for deadline in shown
    )
    yield from page.table(rows, ["When", "", "What", "Takes along"])


def _names(systems: tuple[str, ...]) -> str:
    first = printable(systems[0]) if systems else ""
    return first if len(systems) < 2 else f"{first} and {len(systems) - 1} more"


def _coverage(report: Report, page: _Page) -> Iterator[str]:
    rows, sound = [], 0
    for assignment in report.coverage():
        standing = _standing(report, assignment)
        if standing == "sound" and not page.verbose and len(report.site.systems) > 20:
            sound += 1
            continue
        assert assignment.system is not None
        name = shortened(printable(assignment.system.name), page.width - 68)
        rows.append((name, assignment.role, *_certificate_columns(assignment), standing))
    if rows or sound:
        yield page.styled("Certificates of the site", "head")
        yield from page.table(rows, ["System", "Certificate role", "SHA-1", "Expires", "Result"])
        if sound:
            yield f"  and {_count(sound, 'sound one')}"


def _certificate_columns(assignment: Assignment) -> tuple[str, str]:
    if assignment.holding is None:
        return "-", "-"
    return assignment.holding.certificate.sha1[:8], _day(assignment.holding.certificate)


def _day(certificate: Certificate) -> str:
    try:
        return f"{certificate.not_after:%Y-%m-%d}"
    except UnreadableFieldError:
        return "unreadable"


def _standing(report: Report, assignment: Assignment) -> str:
    """How one role stands: its state where it has no certificate, else what was found about it."""
    if assignment.holding is None:
        return STATE_WORDS[assignment.state]
    assert assignment.system is not None
    about = [f for f in report.findings if f.role == assignment.role and f.system == assignment.system.name]
    errors = sum(f.is_failure and f.requirement.severity is Severity.ERROR for f in about)
    warnings = sum(f.is_failure and f.requirement.severity is Severity.WARNING for f in about)
    gaps = sum(f.is_gap for f in about)
    words = [
        _count(errors, "error") if errors else "",
        _count(warnings, "warning") if warnings else "",
        f"{gaps} not checked" if gaps else "",
    ]
    return ", ".join(filter(None, words)) or "sound"


def _failures(report: Report, page: _Page) -> Iterator[str]:
    failures = [finding for finding in report.findings if finding.is_failure]
    if failures:
        yield page.styled("What to mend", "head")
        yield from _grouped(failures, report, page)


def _gaps(report: Report, page: _Page) -> Iterator[str]:
    """What could not be checked; of warnings and notices only with --verbose, and their number always."""
    unknown = [f for f in report.findings if f.result.status is Status.NOT_CHECKED and f.waiver is None]
    shown = [f for f in unknown if page.verbose or f.requirement.severity is Severity.ERROR]
    if unknown:
        yield page.styled("What could not be checked", "head")
        yield from _grouped(shown, report, page)
        if len(shown) < len(unknown):
            yield f"  {_count(len(unknown) - len(shown), 'check')} of lesser severity: --verbose lists them"


def _grouped(findings: list[Finding], report: Report, page: _Page) -> Iterator[str]:
    """Findings under a heading for each system and role, the worst first within each."""
    order = {finding: position for position, finding in enumerate(report.findings)}
    first: dict[str, int] = {}
    for finding in findings:
        first.setdefault(_heading(finding), order[finding])
    ranked = sorted(findings, key=lambda f: (first[_heading(f)], _heading(f), _RANK[f.requirement.severity], order[f]))
    for heading, members in groupby(ranked, _heading):
        yield ""
        yield from page.wrapped(heading, 2)
        for finding in members:
            yield from _finding(finding, page)


def _heading(finding: Finding) -> str:
    owner = printable(finding.system) if finding.system else ("trust lists" if finding.role else "")
    subject = printable(finding.subject) if finding.subject else ""
    return ", ".join(filter(None, (owner, finding.role, subject))) or "the site"


def _finding(finding: Finding, page: _Page) -> Iterator[str]:
    row = finding.requirement
    word = "unknown" if finding.result.status is Status.NOT_CHECKED else str(row.severity)
    head, *rest = page.wrapped(f"{finding.result.message} [{row.id}]", 4, f"{word:<8}")
    yield head.replace(word, page.styled(word, word), 1)
    yield from rest
    if finding.certificate and finding.system is None:
        yield from page.wrapped(f"certificate {finding.certificate[:16]}...", 12)
    if finding.result.status is Status.FAIL:
        yield from page.wrapped(finding.consequence, 12, "sees: ")
        yield from page.wrapped(finding.remediation, 12, "fix:  ")
    if page.verbose:
        if finding.result.observed is not None:
            yield from page.wrapped(finding.result.observed, 12, "observed: ")
        if finding.result.expected is not None:
            yield from page.wrapped(finding.result.expected, 12, "expected: ")
        sources = "; ".join(str(citation) for citation in row.citations)
        yield from page.wrapped(f"{sources} ({row.confidence})", 12, "source: ")


def _waived(report: Report, page: _Page) -> Iterator[str]:
    if report.waived:
        yield page.styled("Waived", "head")
        for finding in report.waived:
            yield from page.wrapped(f"{_heading(finding)}: {finding.result.message} [{finding.requirement.id}]", 2)
            yield from page.wrapped(str(finding.waiver), 4)


def _unreadable(report: Report, page: _Page) -> Iterator[str]:
    if report.unreadable:
        yield page.styled("Inputs that could not be read", "head")
        for item in report.unreadable:
            yield from page.wrapped(f"{printable(item.path)}: {item.error}", 2)
    remarks = [(item, remark) for item in report.inputs for remark in item.remarks if item.error is None]
    if page.verbose and remarks:
        yield page.styled("Remarks on inputs", "head")
        for item, remark in remarks:
            yield from page.wrapped(f"{printable(item.path)}: {remark}", 2)


def _passes(report: Report, page: _Page) -> Iterator[str]:
    if not page.verbose:
        return
    for status, title in ((Status.PASS, "What holds"), (Status.NOT_APPLICABLE, "What does not apply")):
        members = [finding for finding in report.findings if finding.result.status is status]
        if members:
            yield page.styled(title, "head")
        for finding in members:
            row, result = finding.requirement, finding.result
            seen = result.observed if status is Status.PASS and result.observed is not None else result.message
            yield from page.wrapped(f"{_heading(finding)}: {row.id}: {seen}", 2)


def _foot(report: Report, page: _Page) -> Iterator[str]:
    summary = (
        f"{report.count(Status.PASS)} checks passed, {report.count(Status.FAIL)} failed, "
        f"{report.count(Status.NOT_CHECKED)} not checked, {report.count(Status.NOT_APPLICABLE)} not applicable, "
        f"{len(report.waived)} waived; {_count(len(report.certificates), 'certificate')} in "
        f"{_count(len(report.inputs), 'input')}."
    )
    yield from page.wrapped(summary, 0)
    if any(finding.is_failure for finding in report.findings):
        yield from page.wrapped("`certaudit requirements ID` explains a requirement and names its source.", 0)
