"""A comparison of two reports as text and as JSON (`certaudit-diff/1`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypedDict

from certaudit.document.attention import is_open
from certaudit.document.diff import Change, Comparison
from certaudit.document.report_objects import FindingObject, RenewalObject
from certaudit.document.short_names import owner
from certaudit.document.vocabulary import (
    Digest,
    Fingerprint,
    Instant,
    Limit,
    RequirementId,
    SeverityWord,
    StatusWord,
    VerdictWord,
)
from certaudit.document.wording import weight_word
from certaudit.reports import Options
from certaudit.reports.json_report import dump
from certaudit.reports.plain_text import styled, wrapped

SCHEMA = "certaudit-diff/1"
_HANGING = " " * 9
_TITLES = {"new": "New", "changed": "Changed", "fixed": "Fixed", "unknown": "Cannot tell", "unchanged": "Unchanged"}


class ComparedReport(TypedDict):
    """One of the two reports."""

    as_of: Instant
    verdict: VerdictWord
    complete: bool


class ComparedFinding(TypedDict):
    """A finding, as the newer of the reports that hold it has it; `was` and `now` are its status in each."""

    fingerprint: Fingerprint
    requirement: RequirementId
    title: str
    severity: SeverityWord
    system: str | None
    role: str | None
    certificate: Digest | None
    subject: str | None
    message: str
    was: StatusWord | None
    now: StatusWord | None


class DiffDocument(TypedDict):
    """What changed. `worse` is what the exit code says."""

    schema: Annotated[str, Limit(words=(SCHEMA,))]
    old: ComparedReport
    latest: ComparedReport
    worse: bool
    catalogue_differs: bool
    remarks: list[str]
    new: list[ComparedFinding]
    fixed: list[ComparedFinding]
    changed: list[ComparedFinding]
    unchanged: list[ComparedFinding]
    unknown: list[ComparedFinding]
    renewed: list[RenewalObject]


def write(comparison: Comparison, form: str, options: Options) -> str:
    """The comparison in the format `form` (table or json)."""
    return dump(_document(comparison)) if form == "json" else "\n".join(_lines(comparison, options)) + "\n"


def _document(comparison: Comparison) -> DiffDocument:
    old, latest = comparison.old, comparison.latest
    return {
        "schema": SCHEMA,
        "old": {"as_of": old["as_of"], "verdict": old["verdict"], "complete": old["complete"]},
        "latest": {"as_of": latest["as_of"], "verdict": latest["verdict"], "complete": latest["complete"]},
        "worse": comparison.is_worse,
        "catalogue_differs": comparison.catalogue_differs,
        "remarks": list(comparison.remarks),
        "new": list(map(_compared, comparison.new)),
        "fixed": list(map(_compared, comparison.fixed)),
        "changed": list(map(_compared, comparison.changed)),
        "unchanged": list(map(_compared, comparison.unchanged)),
        "unknown": list(map(_compared, comparison.unknown)),
        "renewed": list(comparison.renewed),
    }


def _shown(change: Change) -> FindingObject:
    """The finding as it is, or as it was where it is none any more."""
    finding = change.now if change.now is not None and is_open(change.now) else change.was
    assert finding is not None
    return finding


def _compared(change: Change) -> ComparedFinding:
    finding = _shown(change)
    return {
        "fingerprint": finding["fingerprint"],
        "requirement": finding["requirement"],
        "title": finding["title"],
        "severity": finding["severity"],
        "system": finding["system"],
        "role": finding["role"],
        "certificate": finding["certificate"],
        "subject": finding["subject"],
        "message": finding["message"],
        "was": change.was["status"] if change.was else None,
        "now": change.now["status"] if change.now else None,
    }


def _lines(comparison: Comparison, options: Options) -> Iterator[str]:
    word, style = ("WORSE", "error") if comparison.is_worse else ("NOT WORSE", "good")
    counts = ", ".join(f"{len(changes)} {name}" for name, changes in _changes(comparison).items())
    yield f"{styled(word, style, options.colour)}: {counts}, {len(comparison.renewed)} renewed"
    yield f"{comparison.old['as_of'][:10]} ({comparison.old['verdict']}) to {comparison.latest['as_of'][:10]} " + (
        f"({comparison.latest['verdict']})"
    )
    for remark in comparison.remarks:
        yield from wrapped(f"Note: {remark}.", options.width, rest=_HANGING)
    if comparison.renewed:
        yield ""
        yield "Renewed"
        for entry in comparison.renewed:
            yield f"  {entry['system']}, {entry['role']}: {entry['was'][:8]} by {entry['now'][:8]}"
    for name, changes in _changes(comparison).items():
        if changes and (name != "unchanged" or options.verbose):
            yield ""
            yield _TITLES[name]
            for change in changes:
                yield from wrapped(_line(change), options.width, "  ", f"  {_HANGING}")


def _changes(comparison: Comparison) -> dict[str, tuple[Change, ...]]:
    return {
        "new": comparison.new,
        "changed": comparison.changed,
        "fixed": comparison.fixed,
        "unknown": comparison.unknown,
        "unchanged": comparison.unchanged,
    }


def _line(change: Change) -> str:
    finding = _shown(change)
    return f"{weight_word(finding):<8} {owner(finding)}: {finding['message']} [{finding['requirement']}]"
