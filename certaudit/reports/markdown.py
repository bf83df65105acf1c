"""The report for a ticket or a pull request: GitHub flavoured Markdown, no name in it a link, a mention or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from certaudit.document.attention import is_failure, is_gap, is_unknown, is_waived, worst_first
from certaudit.document.judge import first_step
from certaudit.document.report_objects import Document, FindingObject, by_thumbprint
from certaudit.document.short_names import owner
from certaudit.document.wording import (
    STATE_WORDS,
    as_of_words,
    change_words,
    site_words,
    summary_words,
    verdict_words,
    weight_word,
)
from certaudit.reports import Options, boot_answer
from certaudit.reports.grouping import others_words, troubles

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&!$]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
"""What means something inside a line: emphasis, code, links, HTML, cells, formulas, emoji and bare addresses."""


def write(document: Document, options: Options) -> str:
    """Verdict, first step, would a computer boot, what breaks next, how each role stands, what to mend, what could not
    be checked, what is waived."""
    sections = (_head, _boot, _baseline, _deadlines, _coverage, _failures, _gaps, _waived, _unreadable)
    parts = ["\n".join(section(document, options)) for section in sections]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(value: str) -> str:
    """`value`, for the middle of a line, with nothing in it that Markdown takes for its own."""
    return _MARKUP.sub(r"\\\1", value)


def text(value: str) -> str:
    """The same for a comment on a forge, which makes mentions and references of what has been rendered.

    `@` and `#` come with a zero-width space against that.
    """
    return escaped(value).replace("#", "\\#&#8203;").replace("@", "@&#8203;")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(headers: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield _row(headers)
    yield _row("---" for _ in headers)
    yield from map(_row, rows)


def _head(document: Document, options: Options) -> Iterator[str]:
    yield f"# {verdict_words(document)}"
    yield ""
    yield f"{summary_words(document).partition(': ')[2]}."
    yield f"{text(site_words(document))}, as of {as_of_words(document)}."
    if step := first_step(document):
        yield ""
        yield f"**{step.word}:** {text(step.about)}: {text(step.message)}"
        if step.action:
            yield f"**Next step:** {text(step.action)}"


def _boot(document: Document, options: Options) -> Iterator[str]:
    if "boot" not in document:
        return
    boot = document["boot"]
    yield f"## {boot_answer.TITLE}"
    yield ""
    if boot["reason"]:
        yield text(boot["reason"])
        return
    shown = boot["ways"] if options.verbose else boot["ways"][:10]
    rows = (
        (text(way["system"]), boot_answer.WAY_WORDS[way["site_system_role"]], *boot_answer.answers(way).values())
        for way in shown
    )
    yield from _table(("Booted from", "By", *boot_answer.REACHED_WORDS.values()), rows)
    if len(shown) < len(boot["ways"]):
        yield ""
        yield f"And {len(boot['ways']) - len(shown)} more."


def _baseline(document: Document, options: Options) -> Iterator[str]:
    if "baseline" not in document:
        return
    since = document["baseline"]
    yield f"## Since {since['as_of'][:10]}"
    yield ""
    rest = f"{len(since['unknown'])} that this run cannot tell, {len(since['renewed'])} certificates renewed."
    yield f"{change_words(since)}, {rest}"
    yield from _listed(document, since["new"], "new")
    yield from _listed(document, since["changed"], "changed")


def _listed(document: Document, fingerprints: list[str], label: str) -> Iterator[str]:
    wanted = set(fingerprints)
    if wanted:
        yield ""
    for finding in document["findings"]:
        if finding["fingerprint"] in wanted:
            yield f"- {label}: {text(owner(finding))}: {text(finding['message'])} (`{finding['requirement']}`)"


def _deadlines(document: Document, options: Options) -> Iterator[str]:
    shown = document["next_failures"] if options.verbose else document["next_failures"][:5]
    if shown:
        yield "## What breaks next"
        yield ""
        rows = ((entry["when"][:10], text(entry["what"]), text(", ".join(entry["systems"]))) for entry in shown)
        yield from _table(("When", "What", "Takes along"), rows)


def _coverage(document: Document, options: Options) -> Iterator[str]:
    certificates = by_thumbprint(document)
    if not document["coverage"]:
        return
    yield "## Certificates of the site"
    yield ""
    rows = []
    for entry in document["coverage"]:
        certificate = certificates.get(entry["certificate"] or "")
        thumbprint = f"`{certificate['sha1'][:8]}`" if certificate else STATE_WORDS[entry["state"]]
        end = (certificate["not_after"] or "unreadable")[:10] if certificate else "-"
        rows.append((text(entry["system"] or ""), entry["role"], thumbprint, end))
    yield from _table(("System", "Certificate role", "SHA-1", "Expires"), rows)


def _failures(document: Document, options: Options) -> Iterator[str]:
    failures = list(filter(is_failure, document["findings"]))
    if failures:
        yield "## What to mend"
        yield from _groups(document, failures, options)


def _gaps(document: Document, options: Options) -> Iterator[str]:
    shown = list(filter(is_unknown if options.verbose else is_gap, document["findings"]))
    if shown:
        yield "## What could not be checked"
        yield from _groups(document, shown, options)


def _groups(document: Document, findings: list[FindingObject], options: Options) -> Iterator[str]:
    """Findings under a heading for each holder or control, the worst first within each."""
    for trouble in troubles(document, findings, options.group_by, each=options.verbose):
        yield ""
        yield f"### {text(trouble.heading)}"
        yield ""
        if trouble.others:
            yield text(others_words(trouble))
            yield ""
        for finding in worst_first(trouble.findings):
            yield from _finding(finding, named=options.group_by != "system")


def _finding(finding: FindingObject, *, named: bool) -> Iterator[str]:
    word = weight_word(finding)
    whom = f"{text(owner(finding))}: " if named else ""
    yield f"- **{word}** {whom}{text(finding['message'])} (`{finding['requirement']}`)"
    if finding["status"] == "fail":
        yield f"  - sees: {text(finding['consequence'])}"
        yield f"  - fix: {text(finding['remediation'])}"


def _waived(document: Document, options: Options) -> Iterator[str]:
    waived = list(filter(is_waived, document["findings"]))
    if waived:
        yield "## Waived"
        yield ""
        for finding in waived:
            yield f"- {text(owner(finding))}: {text(finding['message'])} (`{finding['requirement']}`)"
            yield f"  - {text(finding['waiver'] or '')}"


def _unreadable(document: Document, options: Options) -> Iterator[str]:
    unreadable = [item for item in document["inputs"] if item["error"] is not None]
    if unreadable:
        yield "## Inputs that could not be read"
        yield ""
        for item in unreadable:
            yield f"- {text(item['path'])}: {text(item['error'] or '')}"
