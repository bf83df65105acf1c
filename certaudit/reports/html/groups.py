"""Findings that say the same of several systems, as one: 412 clients with one fault are one thing to mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.likeness import alike
from certaudit.document.report_objects import ControlObject, Document, FindingObject, by_thumbprint, controls_of
from certaudit.document.short_names import certificate_name, owner
from certaudit.reports.html.names import joined

SHOWN_IN_FULL = 100
"""Members of a group that get a line with their evidence; of the others the names are given."""


@dataclass(frozen=True)
class Group:
    """Findings alike but for the names in them; the first one speaks for all. `anchor` is its place in the page, and
    `places` are the systems, or what stands in for one, each once. `controls` are clauses of the first."""

    anchor: str
    members: Sequence[FindingObject]
    places: Sequence[str]
    controls: Sequence[ControlObject]

    @property
    def first(self) -> FindingObject:
        return self.members[0]

    @property
    def severity(self) -> str:
        return self.first["severity"]

    @property
    def word(self) -> str:
        """What a reader calls it: the severity of a failure, else "not checked"."""
        return self.severity if self.first["status"] == "fail" else "not checked"

    @cached_property
    def requirements(self) -> list[str]:
        return list(dict.fromkeys(finding["requirement"] for finding in self.members))

    @property
    def where(self) -> str:
        """The systems in a few words, and their role where it is one."""
        roles = {finding["role"] for finding in self.members}
        return ", ".join(filter(None, (joined(self.places, 2), self.first["role"] if len(roles) == 1 else None)))

    @property
    def shown(self) -> Sequence[FindingObject]:
        return self.members[:SHOWN_IN_FULL]

    @cached_property
    def further(self) -> list[str]:
        """The names of the members that get no line of their own."""
        return list(dict.fromkeys(map(owner, self.members[SHOWN_IN_FULL:])))


def groups_of(document: Document, findings: Iterable[FindingObject], prefix: str) -> list[Group]:
    """The findings in groups: failures before gaps, the worst first, the widespread before the single."""
    certificates = by_thumbprint(document)
    return [
        Group(
            f"{prefix}-{number}",
            members,
            list(dict.fromkeys(_place(member, certificates) for member in members)),
            controls_of(document, members[0]),
        )
        for number, members in enumerate(alike(document, findings), 1)
    ]


def _place(finding: FindingObject, certificates: dict[str, CertificateObject]) -> str:
    """The system that a finding is about; without one what else it is about."""
    certificate = certificates.get(finding["certificate"] or "")
    fallback = certificate_name(certificate) if certificate is not None else owner(finding)
    return finding["system"] or finding["subject"] or fallback
