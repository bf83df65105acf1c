"""The report: what was audited, what was found, what could not be checked, and the verdict. Writers only write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from certaudit.audit.assignment import Assignment
from certaudit.audit.boot_answer import BootAnswer
from certaudit.audit.deadlines import Deadline
from certaudit.evidence import Input
from certaudit.findings.finding import Finding
from certaudit.findings.result import Status
from certaudit.findings.waivers import WaiverStanding
from certaudit.requirements.requirement import Severity
from certaudit.site.site import Site
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains


class Verdict(StrEnum):
    """The answer of the whole audit."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Report:
    """One audit. `started` and `finished` are None in a reproducible report; `catalogue` is SHA-256 by file name.

    `certificates` holds each certificate of the evidence once, in order of first appearance.
    """

    as_of: datetime
    site: Site
    catalogue: dict[str, str]
    inputs: tuple[Input, ...]
    certificates: tuple[Certificate, ...]
    assignments: tuple[Assignment, ...]
    findings: tuple[Finding, ...]
    deadlines: tuple[Deadline, ...]
    chains: Chains
    waivers: tuple[WaiverStanding, ...] = ()
    boot: BootAnswer = field(default_factory=BootAnswer)
    started: datetime | None = None
    finished: datetime | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """Non-compliant where a requirement of severity error failed; incomplete where one could not be checked."""
        if any(finding.is_failure and finding.requirement.severity is Severity.ERROR for finding in self.findings):
            return Verdict.NON_COMPLIANT
        return Verdict.INCOMPLETE if self.is_incomplete else Verdict.COMPLIANT

    @property
    def is_incomplete(self) -> bool:
        """True where a requirement of severity error could not be checked, an input could not be read, or nothing of
        any system was judged."""
        judged = any(
            finding.system is not None and finding.result.status in (Status.PASS, Status.FAIL)
            for finding in self.findings
        )
        return not judged or bool(self.unreadable) or any(finding.is_gap for finding in self.findings)

    @property
    def unreadable(self) -> tuple[Input, ...]:
        """The inputs that could not be read."""
        return tuple(item for item in self.inputs if item.error is not None)

    def failures(self, severity: Severity) -> tuple[Finding, ...]:
        """The failures of one severity that no waiver accepts."""
        return tuple(
            finding for finding in self.findings if finding.is_failure and finding.requirement.severity is severity
        )

    def count(self, status: Status) -> int:
        """How many findings have `status`, waived ones left out."""
        return sum(finding.result.status is status and finding.waiver is None for finding in self.findings)

    @property
    def waived(self) -> tuple[Finding, ...]:
        """The failures and gaps that a waiver accepts."""
        return tuple(finding for finding in self.findings if finding.waiver is not None)

    def coverage(self) -> Iterable[Assignment]:
        """The answer for each role that a system needs."""
        return (assignment for assignment in self.assignments if assignment.system is not None)
