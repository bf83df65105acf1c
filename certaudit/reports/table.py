"""The report for a person at a terminal: verdict, what breaks next, who stands how, what to mend, what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from certaudit.document.attention import is_failure, is_gap, is_unknown, is_waived, worst_first
from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.judge import first_step
from certaudit.document.report_objects import CoverageObject, Document, FindingObject, ObstacleObject, by_thumbprint
from certaudit.document.short_names import owner
from certaudit.document.vocabulary import SEVERITIES
from certaudit.document.wording import (
    STATE_WORDS,
    as_of_words,
    change_words,
    counted,
    site_words,
    summary_words,
    verdict_words,
    weight_word,
)
from certaudit.reports import Options, boot_answer, plain_text
from certaudit.reports.grouping import others_words, troubles
from certaudit.reports.plain_text import shortened

_ALIKE = 5
"""Lines of the same role and result that are shown of a big site."""
_VERDICT_STYLES = {"NOT READY": "error", "CANNOT SAY": "unknown", "READY WITH WARNINGS": "warning", "READY": "good"}


def write(document: Document, options: Options) -> str:
    """The report as plain text, `options.width` columns wide, coloured where the options say so."""
    page = _Page(options)
    sections = (
        _head,
        _boot,
        _baseline,
        _deadlines,
        _coverage,
        _failures,
        _notices,
        _gaps,
        _waived,
        _unreadable,
        _passes,
        _foot,
    )
    parts = ("\n".join(section(document, page)) for section in sections)
    return "\n\n".join(part for part in parts if part) + "\n"


class _Page:
    """Width and colour of the text."""

    def __init__(self, options: Options) -> None:
        self.verbose = options.verbose
        self.width = options.width
        self.group_by = options.group_by
        self.told: dict[tuple[str, str], str] = {}
        """Consequences with their fix that stand on the page, and for whom."""
        self._colour = options.colour

    def styled(self, text: str, style: str) -> str:
        return plain_text.styled(text, style, self._colour)

    def wrapped(self, text: str, indent: int, label: str = "") -> list[str]:
        return plain_text.labelled(" " * indent + label, text, self.width)

    def table(self, rows: Iterable[Sequence[str]], headers: list[str]) -> list[str]:
        """A table whose first column is cut to the room that the others leave."""
        lines = list(rows)
        columns = list(zip((f"{header}  " for header in headers), *lines, strict=True))  # as tabulate pads headers
        others = sum(2 + max(map(len, column)) for column in columns[1:])
        fitting = ((shortened(first, max(self.width - 2 - others, 10)), *rest) for first, *rest in lines)
        return [f"  {line}" for line in plain_text.table(fitting, headers).splitlines()]


def _head(document: Document, page: _Page) -> Iterator[str]:
    word = verdict_words(document)
    yield summary_words(document).replace(word, page.styled(word, _VERDICT_STYLES[word]), 1)
    yield from page.wrapped(f"{site_words(document)}, as of {as_of_words(document)}", 0)
    step = first_step(document)
    if step is not None:
        yield from page.wrapped(f"{step.about}: {step.message}", 0, f"{step.word}: ")
        if step.action:
            yield from page.wrapped(step.action, 0, "Next step:  ")


def _baseline(document: Document, page: _Page) -> Iterator[str]:
    """What changed since the report that was given as a baseline."""
    if "baseline" not in document:
        return
    since = document["baseline"]
    yield page.styled(f"Since {since['as_of'][:10]}", "head")
    yield f"  {change_words(since)}" + (
        f", {len(since['unknown'])} that this run cannot tell" if since["unknown"] else ""
    )
    for entry in since["renewed"]:
        yield from page.wrapped(f"renewed: {entry['role']} of {entry['system']}, {entry['was'][:8]} is replaced", 2)
    fresh = set(since["new"])
    for finding in document["findings"]:
        if finding["fingerprint"] in fresh and (page.verbose or finding["severity"] != "notice"):
            yield from page.wrapped(f"{owner(finding)}: {finding['message']} [{finding['requirement']}]", 2, "new: ")


def _boot(document: Document, page: _Page) -> Iterator[str]:
    """Whether a computer that boots today would reach its site systems, and the failures that it would show."""
    if "boot" not in document:
        return
    boot = document["boot"]
    shown = len(boot["ways"]) if page.verbose else 10
    yield page.styled(boot_answer.TITLE, "head")
    if boot["reason"]:
        yield from page.wrapped(boot["reason"], 2)
        return
    rows = (
        (way["system"], boot_answer.WAY_WORDS[way["site_system_role"]], *boot_answer.answers(way).values())
        for way in boot["ways"][:shown]
    )
    points = [words.removesuffix(" point") for words in boot_answer.REACHED_WORDS.values()]
    yield from page.table(rows, ["Booted from", "By", *points])
    if len(boot["ways"]) > shown:
        yield f"  and {len(boot['ways']) - shown} more: --verbose lists them"
    yield from _obstacles(boot_answer.obstacles(boot), page)


def _obstacles(obstacles: list[tuple[str, ObstacleObject]], page: _Page) -> Iterator[str]:
    listed = obstacles if page.verbose else obstacles[:6]
    for system, obstacle in listed:
        text = f"{system}: {obstacle['message']} [{obstacle['requirement']}]"
        yield from page.wrapped(text, 2, f"{obstacle['failure'] or '-':<5}")
        if obstacle["answer"] == "no":
            yield from page.wrapped(obstacle["shows"], 7, "sees: ")
    if len(obstacles) > len(listed):
        yield f"  and {len(obstacles) - len(listed)} more: --verbose lists them"


def _deadlines(document: Document, page: _Page) -> Iterator[str]:
    shown = document["next_failures"] if page.verbose else document["next_failures"][:5]
    if not shown:
        return
    yield page.styled("What breaks next", "head")
    several = len({entry["system"] for entry in document["coverage"]}) > 1
    for deadline in shown:
        when = f"{deadline['when'][:10]}  in {_days(document['as_of'], deadline['when'])} d"
        along = f" ({_names(deadline['systems'])})" if several and deadline["systems"] else ""
        yield from page.wrapped(deadline["what"] + along, 2, f"{when:<21}  ")
    if len(shown) < len(document["next_failures"]):
        yield f"  and {len(document['next_failures']) - len(shown)} more: --verbose lists them"


def _days(start: str, end: str) -> int:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).days


def _names(systems: list[str]) -> str:
    first = systems[0] if systems else ""
    return first if len(systems) < 2 else f"{first} and {len(systems) - 1} more"


def _coverage(document: Document, page: _Page) -> Iterator[str]:
    certificates, about = by_thumbprint(document), _by_role(document)
    brief = not page.verbose and len({entry["system"] for entry in document["coverage"]}) > 20
    rows: list[tuple[str, ...]] = []
    alike = Counter[tuple[str, str]]()
    for entry in document["coverage"]:
        own = (about.get((entry["role"], entry["system"], name), []) for name in {entry["certificate"], None})
        standing = _standing(entry, [finding for found in own for finding in found])
        alike[entry["role"], standing] += 1
        if brief and alike[entry["role"], standing] > (0 if standing == "sound" else _ALIKE):
            continue
        columns = _certificate_columns(certificates.get(entry["certificate"] or ""))
        rows.append((entry["system"] or "", entry["role"], *columns, standing))
    if alike:
        yield page.styled("Certificates of the site" if document["site"] else "Certificates", "head")
    if rows:
        yield from page.table(rows, ["System", "Certificate role", "SHA-1", "Expires", "Result"])
    if page.verbose:
        yield from _why_not(document, certificates)
    for (role, standing), number in alike.items() if brief else ():
        more = number if standing == "sound" else number - _ALIKE
        if more > 0:
            yield f"  {more}{' more' if rows else ''}, {role}: {standing}"


def _why_not(document: Document, certificates: dict[str, CertificateObject]) -> Iterator[str]:
    for entry in document["coverage"]:
        for other in entry.get("why_not", ()):
            certificate = certificates[other["certificate"]]
            name = f"{certificate['sha1'][:8]} ({certificate['subject'] or 'empty subject'})"
            yield f"  {entry['system']}, {entry['role']}: not {name}: {other['reason']}"


def _by_role(document: Document) -> dict[tuple[str | None, ...], list[FindingObject]]:
    """Findings by role, system and certificate: None for those about no certificate that serves a role."""
    serving = {entry["certificate"] for entry in document["coverage"]}
    found: dict[tuple[str | None, ...], list[FindingObject]] = {}
    for finding in document["findings"]:
        certificate = finding["certificate"] if finding["certificate"] in serving else None
        found.setdefault((finding["role"], finding["system"], certificate), []).append(finding)
    return found


def _certificate_columns(certificate: CertificateObject | None) -> tuple[str, str]:
    if certificate is None:
        return "-", "-"
    return certificate["sha1"][:8], (certificate["not_after"] or "unreadable")[:10]


def _standing(entry: CoverageObject, about: list[FindingObject]) -> str:
    """How one role stands: its state where it has no certificate, else what was found about it."""
    if entry["certificate"] is None:
        return STATE_WORDS[entry["state"]]
    errors = sum(is_failure(finding) and finding["severity"] == "error" for finding in about)
    warnings = sum(is_failure(finding) and finding["severity"] == "warning" for finding in about)
    gaps = sum(map(is_gap, about))
    words = [
        counted(errors, "error") if errors else "",
        f"{gaps} unknown" if gaps else "",
        counted(warnings, "warning") if warnings else "",
    ]
    return ", ".join([word for word in words if word][:2]) or "sound"


def _failures(document: Document, page: _Page) -> Iterator[str]:
    failures = [f for f in document["findings"] if is_failure(f) and (page.verbose or f["severity"] != "notice")]
    if failures:
        yield page.styled("What to mend", "head")
        yield from _grouped(document, failures, page)


def _notices(document: Document, page: _Page) -> Iterator[str]:
    """Failures of severity notice, a line each requirement; --verbose has each under its owner instead."""
    notices: dict[str, list[FindingObject]] = {}
    for finding in document["findings"]:
        if not page.verbose and is_failure(finding) and finding["severity"] == "notice":
            notices.setdefault(finding["requirement"], []).append(finding)
    if notices:
        yield page.styled("Worth knowing", "head")
    for requirement, members in notices.items():
        systems = list(dict.fromkeys(member["system"] or member["role"] or "the site" for member in members))
        where = ", ".join(systems[:3]) + (f" and {len(systems) - 3} more" if len(systems) > 3 else "")
        yield from page.wrapped(f"{members[0]['message']} [{requirement}] {where}", 2, "notice  ")


def _gaps(document: Document, page: _Page) -> Iterator[str]:
    """What could not be checked; of warnings and notices only with --verbose, and their number always."""
    unknown = list(filter(is_unknown, document["findings"]))
    shown = [finding for finding in unknown if page.verbose or is_gap(finding)]
    if unknown:
        yield page.styled("What could not be checked", "head")
        yield from _grouped(document, shown, page)
        if len(shown) < len(unknown):
            yield f"  {counted(len(unknown) - len(shown), 'check')} of lesser severity: --verbose lists them"


def _grouped(document: Document, findings: list[FindingObject], page: _Page) -> Iterator[str]:
    """Findings under a heading for each holder or control, the worst first within each."""
    for trouble in troubles(document, findings, page.group_by, each=page.verbose):
        yield ""
        yield from page.wrapped(trouble.heading, 2)
        yield from page.wrapped(others_words(trouble), 2)
        alike: dict[tuple[str, ...], list[FindingObject]] = {}
        for member in worst_first(trouble.findings):
            key = (owner(member), member["message"], member["severity"], member["certificate"] or "")
            alike.setdefault(key, []).append(member)
        for same in alike.values():
            yield from _finding(same[0], [finding["requirement"] for finding in same], page)


def _finding(finding: FindingObject, requirements: list[str], page: _Page) -> Iterator[str]:
    """A finding, and the ids of all requirements that have the same to say about the same certificate."""
    word = weight_word(finding)
    whom = "" if page.group_by == "system" else f"{owner(finding)}: "
    head, *rest = page.wrapped(f"{whom}{finding['message']} [{', '.join(requirements)}]", 4, f"{word:<8}")
    yield head.replace(word, page.styled(word, word), 1)
    yield from rest
    if finding["status"] == "fail":
        yield from _mending(finding, page)
    if page.verbose:
        yield from _evidence(finding, page)


def _mending(finding: FindingObject, page: _Page) -> Iterator[str]:
    """What is seen and what to do; where both stand above already, word for word, whose they are."""
    seen_and_fix = finding["consequence"], finding["remediation"]
    first = page.told.setdefault(seen_and_fix, owner(finding))
    if first != owner(finding) and not page.verbose:
        yield from page.wrapped(f"as for {first}, above", 12, "fix:  ")
        return
    yield from page.wrapped(finding["consequence"], 12, "sees: ")
    yield from page.wrapped(finding["remediation"], 12, "fix:  ")


def _evidence(finding: FindingObject, page: _Page) -> Iterator[str]:
    if finding["observed"] is not None:
        yield from page.wrapped(finding["observed"], 12, "observed: ")
    if finding["expected"] is not None:
        yield from page.wrapped(finding["expected"], 12, "expected: ")
    yield from page.wrapped(f"{'; '.join(finding['citations'])} ({finding['confidence']})", 12, "source: ")


def _waived(document: Document, page: _Page) -> Iterator[str]:
    waived = list(filter(is_waived, document["findings"]))
    if waived:
        yield page.styled("Waived", "head")
        for finding in waived:
            yield from page.wrapped(f"{owner(finding)}: {finding['message']} [{finding['requirement']}]", 2)
            yield from page.wrapped(str(finding["waiver"]), 4)


def _unreadable(document: Document, page: _Page) -> Iterator[str]:
    unreadable = [item for item in document["inputs"] if item["error"] is not None]
    if unreadable:
        yield page.styled("Inputs that could not be read", "head")
        for item in unreadable:
            yield from page.wrapped(f"{item['path']}: {item['error']}", 2)
    remarks = [(item, remark) for item in document["inputs"] for remark in item["remarks"] if item["error"] is None]
    if page.verbose and remarks:
        yield page.styled("Remarks on inputs", "head")
        for item, remark in remarks:
            yield from page.wrapped(f"{item['path']}: {remark}", 2)


def _passes(document: Document, page: _Page) -> Iterator[str]:
    if not page.verbose:
        return
    for status, title in (("pass", "What holds"), ("not-applicable", "What does not apply")):
        members = [finding for finding in document["findings"] if finding["status"] == status]
        if members:
            yield page.styled(title, "head")
        for finding in members:
            observed = finding["observed"] if status == "pass" else None
            seen = finding["message"] if observed is None else observed
            yield from page.wrapped(f"{owner(finding)}: {finding['requirement']}: {seen}", 2)


def _foot(document: Document, page: _Page) -> Iterator[str]:
    summary = document["summary"]
    failed = summary["failed"]
    by_weight = failed["error"], failed["warning"], failed["notice"]
    weights = ", ".join(map(counted, by_weight, SEVERITIES))
    text = (
        f"{summary['passed']} checks passed, {sum(by_weight)} failed ({weights}), {summary['not_checked']} not checked "
        f"({summary['not_checked_required']} of them required), {summary['not_applicable']} not applicable, "
        f"{summary['waived']} waived; "
        f"{counted(summary['certificates'], 'certificate')} in {counted(summary['inputs'], 'input')}."
    )
    yield from page.wrapped(text, 0)
    if any(map(is_failure, document["findings"])):
        yield from page.wrapped("`certaudit requirements ID` explains a requirement and names its source.", 0)
