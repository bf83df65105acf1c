"""The findings by clause of the frameworks that they bear on. An assessor's aid, no verdict on a framework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from certaudit.document.attention import is_failure, is_unknown
from certaudit.document.report_objects import ControlObject, Document, controls_of
from certaudit.reports.html.groups import Group


@dataclass
class Clause:
    """One clause: how many results bear on it, and the groups of findings that do."""

    control: ControlObject
    failed: int = 0
    not_checked: int = 0
    passed: int = 0
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class FrameworkSection:
    """The clauses of one framework that something was asked about."""

    title: str
    clauses: Sequence[Clause]


def frameworks_of(document: Document, groups: Iterable[Group]) -> list[FrameworkSection]:
    """The frameworks in the order in which they are met, their clauses by id."""
    clauses: dict[tuple[str, str], Clause] = {}
    for finding in document["findings"]:
        for control in controls_of(document, finding):
            clause = clauses.setdefault((control["framework"], control["id"]), Clause(control))
            clause.failed += is_failure(finding)
            clause.not_checked += is_unknown(finding)
            clause.passed += finding["status"] == "pass"
    for group in groups:
        for key in {(c["framework"], c["id"]) for member in group.members for c in controls_of(document, member)}:
            clauses[key].groups.append(group)
    titles = dict.fromkeys(framework for framework, _ in clauses)
    return [FrameworkSection(title, [clauses[key] for key in sorted(clauses) if key[0] == title]) for title in titles]
