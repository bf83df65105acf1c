"""Findings under headings: by holder as an administrator wants them, by clause as an assessor does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from certaudit.document.likeness import likeness
from certaudit.document.report_objects import Document, FindingObject, by_thumbprint, controls_of
from certaudit.document.short_names import owner

NO_CONTROL = "No control"


class Trouble(NamedTuple):
    """Findings under a heading, and the headings of other holders of which the same is to be said."""

    heading: str
    findings: list[FindingObject]
    others: list[str]


def troubles(
    document: Document, findings: Iterable[FindingObject], group_by: str, *, each: bool = False
) -> list[Trouble]:
    """The findings by heading, as `Options.group_by` has it, in the order of the report within each.

    Holders whose findings differ in nothing but names share a heading, unless `each` is to have one of its own.
    """
    if group_by == "control":
        return [Trouble(heading, members, []) for heading, members in by_control(document, findings).items()]
    certificates = by_thumbprint(document)
    alike: dict[object, Trouble] = {}
    for heading, members in by_holder(document, findings).items():
        likenesses = (likeness(member, certificates.get(member["certificate"] or "")) for member in members)
        key = heading if each else (members[0]["role"], frozenset(likenesses))
        if key in alike:
            alike[key].others.append(heading)
        else:
            alike[key] = Trouble(heading, members, [])
    return list(alike.values())


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


def others_words(trouble: Trouble, most: int = 3) -> str:
    """Of whom the same is to be said, in words; empty where of nobody."""
    if not trouble.others:
        return ""
    named = ", ".join(heading.partition(",")[0] for heading in trouble.others[:most])
    more = f", and {len(trouble.others) - most} more" if len(trouble.others) > most else ""
    return f"and of {len(trouble.others)} more the same: {named}{more}"
