"""A finding: a requirement met by a subject."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from certaudit.findings.result import Result, Status
from certaudit.requirements.requirement import Requirement, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement met by a subject: the answer of its check, and the texts of its row with the real names.

    `system` is a name of the manifest. `certificate` is a SHA-256 thumbprint; `subject` names what the finding is
    about where that is no certificate (a CRL, an input). `waiver` is the reason why a failure is accepted.
    """

    requirement: Requirement
    result: Result
    role: str | None
    system: str | None
    certificate: str | None
    subject: str | None
    consequence: str
    remediation: str
    waiver: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same requirement about the same thing, whatever the message says."""
        about = self.certificate or self.subject or ""
        parts = (self.requirement.id, self.role or "", self.system or "", about)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def is_about_the_site(self) -> bool:
        """True where it is about the site as a whole, and about nothing in it."""
        return not any((self.role, self.system, self.certificate, self.subject))

    @property
    def is_failure(self) -> bool:
        """True where it failed and no waiver accepts it."""
        return self.result.status is Status.FAIL and self.waiver is None

    @property
    def is_gap(self) -> bool:
        """True where a requirement of severity error could not be checked, and no waiver accepts it."""
        return (
            self.result.status is Status.NOT_CHECKED
            and self.requirement.severity is Severity.ERROR
            and self.waiver is None
        )
