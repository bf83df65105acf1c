"""Findings under headings: by holder as an administrator wants them, by clause as an assessor does."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.document.report_objects import Document, FindingObject, by_thumbprint, controls_of
from certaudit.document.wording import owner

NO_CONTROL = "No control"


def groups(document: Document, findings: Iterable[FindingObject], group_by: str) -> dict[str, list[FindingObject]]:
    """The findings by heading, as `Options.group_by` has it, in the order of the report within each."""
    return by_control(document, findings) if group_by == "control" else by_holder(document, findings)


def by_holder(document: Document, findings: Iterable[FindingObject]) -> dict[str, list[FindingObject]]:
    """The findings by system, role and certificate, in the order in which these first appear."""
    certificates = by_thumbprint(document)
    holders: dict[str, list[FindingObject]] = {}
    for finding in findings:
        certificate = certificates.get(finding["certificate"] or "")
        heading = owner(finding) + (f", {certificate['sha1'][:8]}" if certificate else "")
        holders.setdefault(heading, []).append(finding)
    return holders


def by_control(document: Document, findings: Iterable[FindingObject]) -> dict[str, list[FindingObject]]:
    """The findings by clause (framework, id and title), in the order of the clauses; one finding may be in several."""
    clauses: dict[tuple[str, str], list[FindingObject]] = {}
    none: list[FindingObject] = []
    for finding in findings:
        controls = controls_of(document, finding)
        for control in controls:
            key = control["framework"], f"{control['id']} {control['title']}"
            clauses.setdefault(key, []).append(finding)
        if not controls:
            none.append(finding)
    named = {" ".join(key): clauses[key] for key in sorted(clauses)}
    return named | ({NO_CONTROL: none} if none else {})
