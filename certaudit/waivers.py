"""Accepted failures: who accepts what, why and until when. A waived finding stays in the report and in the counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from certaudit.finding import Status
from certaudit.findings import Finding
from certaudit.printable import printable
from certaudit.site import CERTIFICATE_ROLES
from certaudit.toml_table import Table, read_toml
from certaudit.x509.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver: a requirement, narrowed by thumbprint, role or system, and who answers for it.

    It holds up to and including `until` (UTC).
    """

    requirement: str
    owner: str
    reason: str
    until: datetime
    thumbprint: str | None
    role: str | None
    system: str | None
    where: str

    def covers(self, finding: Finding, sha1_of: dict[str, str]) -> bool:
        """True where `finding` is what the waiver is about, whatever the day."""
        return (
            self.requirement == finding.requirement.id
            and self.role in (None, finding.role)
            and self.system in (None, finding.system)
            and self.thumbprint in (None, finding.certificate, sha1_of.get(finding.certificate or ""))
        )

    def __str__(self) -> str:
        return f"{printable(self.reason)} (accepted by {printable(self.owner)} until {self.until:%Y-%m-%d})"


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers of the file at `path`. Raises UsageError."""
    top = read_toml(path)
    waivers = tuple(_waiver(table) for table in top.tables("waiver"))
    top.close()
    return waivers


def _waiver(table: Table) -> Waiver:
    thumbprint = table.optional_text("thumbprint")
    if thumbprint is not None:
        thumbprint = re.sub(r"[\s:]", "", thumbprint).upper()
        if not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", thumbprint):
            table.fail("key 'thumbprint' must be a SHA-1 or SHA-256 thumbprint of 40 or 64 hexadecimal digits")
    role = table.optional_text("role")
    if role is not None:
        table.check_choice("role", role, CERTIFICATE_ROLES)
    until = table.instant("until", end_of_day=True)
    if until is None:
        table.fail("key 'until' is missing; a waiver must end on a day (UTC)")
    waiver = Waiver(
        requirement=table.required_text("requirement"),
        owner=table.required_text("owner"),
        reason=table.required_text("reason"),
        until=until,
        thumbprint=thumbprint,
        role=role,
        system=table.optional_text("system"),
        where=table.where,
    )
    table.close()
    if waiver.thumbprint is None and waiver.role is None and waiver.system is None:
        table.fail("one of 'thumbprint', 'role' and 'system' must say what is waived")
    return waiver


@dataclass(frozen=True, slots=True)
class Waived:
    """Findings with their waivers, and a sentence for each waiver that is over or meets nothing."""

    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]


def apply(
    waivers: Iterable[Waiver], findings: tuple[Finding, ...], certificates: Iterable[Certificate], as_of: datetime
) -> Waived:
    """`findings` with the failures and gaps that a waiver covers marked by it.

    A waiver that is over waives nothing: the finding counts again, and a warning says why.
    """
    sha1_of = {certificate.sha256: certificate.sha1 for certificate in certificates}
    warnings = []
    for waiver in waivers:
        covered = [
            finding.result.status in (Status.FAIL, Status.NOT_CHECKED) and waiver.covers(finding, sha1_of)
            for finding in findings
        ]
        if not any(covered):
            warnings.append(f"{waiver.where}: the waiver of {printable(waiver.requirement)} meets no finding")
        elif as_of > waiver.until:
            warnings.append(
                f"{waiver.where}: the waiver of {printable(waiver.requirement)} "
                f"ended on {waiver.until:%Y-%m-%d} (UTC); what it covered counts again"
            )
        else:
            findings = tuple(
                replace(finding, waiver=finding.waiver or str(waiver)) if hit else finding
                for finding, hit in zip(findings, covered, strict=True)
            )
    return Waived(findings, tuple(warnings))
