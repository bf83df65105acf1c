"""The report: what was audited, what was found, and what could not be checked. What that comes to is judged from the
document that is made of it (certaudit/document/judge.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from certaudit.audit.assignment import Assignment
from certaudit.audit.boot_answer import BootAnswer
from certaudit.audit.deadlines import Deadline
from certaudit.evidence import Input
from certaudit.findings.finding import Finding
from certaudit.findings.waivers import WaiverStanding
from certaudit.site.site import Site
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains


@dataclass(frozen=True)
class Report:
    """One audit. `as_of_source` says what fixed the instant: "clock", "manifest" or "command-line". `started` and
    `finished` are None in a reproducible report; `catalogue` is SHA-256 by file name.

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
    as_of_source: str = "clock"
    warnings: tuple[str, ...] = field(default=())

    def coverage(self) -> Iterable[Assignment]:
        """The answer for each role that a system needs."""
        return (assignment for assignment in self.assignments if assignment.system is not None)
