"""Accepted failures: who accepts what, why and until when. A waived finding stays in the report and in the counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from certaudit.findings.finding import Finding
from certaudit.findings.result import Status
from certaudit.printable import printable
from certaudit.site.roles import CERTIFICATE_ROLES
from certaudit.site.toml_table import Table, parse_toml, read_toml
from certaudit.x509.certificate import Certificate

THE_SITE = "the site"


class Waiver(NamedTuple):
    """One waiver: a requirement, narrowed by thumbprint, role or system, and who answers for it.

    It holds up to and including `until` (UTC). The system THE_SITE stands for the site as a whole.
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
            and (self.system is None or self.system.casefold() == _owner(finding).casefold())
            and self.thumbprint in (None, finding.certificate, sha1_of.get(finding.certificate or ""))
        )

    def has_ended(self, as_of: datetime) -> bool:
        """True after the last day of the waiver."""
        return as_of > self.until

    def __str__(self) -> str:
        return f"{printable(self.reason)} (accepted by {printable(self.owner)} until {self.until:%Y-%m-%d})"


def _owner(finding: Finding) -> str:
    return THE_SITE if finding.is_about_the_site else finding.system or ""


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers of the file at `path`. Raises UsageError."""
    return _waivers(read_toml(path))


def _waivers(top: Table) -> tuple[Waiver, ...]:
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
        table.fail(
            "one of 'thumbprint', 'role' and 'system' must say what is waived; what is about the site as a whole has "
            f'system = "{THE_SITE}"'
        )
    return waiver


def with_waiver(before: bytes, where: str, fields: dict[str, str | date]) -> bytes:
    """The waivers file `before`, which errors call `where`, with one more waiver at its end. Raises UsageError.

    `fields` are the keys of the waiver; everything that was in the file stays as it is.
    """
    lines = [f"{key} = {value if isinstance(value, date) else _quoted(value)}" for key, value in fields.items()]
    separator = b"" if not before.strip() else b"\n" if before.endswith(b"\n") else b"\n\n"
    after = before + separator + "\n".join(("[[waiver]]", *lines, "")).encode()
    _waivers(parse_toml(before, where))
    _waivers(parse_toml(after, f"{where} with the new waiver"))
    return after


def _quoted(value: str) -> str:
    """A basic string of TOML 1.0."""
    return '"' + "".join(_toml_character(character) for character in value) + '"'


def _toml_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08X}"


class WaiverState(StrEnum):
    """How it stands with a waiver."""

    IN_FORCE = "in-force"
    EXPIRED = "expired"
    UNUSED = "unused"


class WaiverStanding(NamedTuple):
    """A waiver, and the findings that it is about, whether it still accepts them or not."""

    waiver: Waiver
    state: WaiverState
    findings: tuple[Finding, ...]


class Waived(NamedTuple):
    """Findings with their waivers, how it stands with each waiver, and a sentence for each that meets nothing."""

    findings: tuple[Finding, ...]
    standings: tuple[WaiverStanding, ...]
    warnings: tuple[str, ...]


def apply(
    waivers: Iterable[Waiver], findings: tuple[Finding, ...], certificates: Iterable[Certificate], as_of: datetime
) -> Waived:
    """`findings` with the failures and gaps that a waiver covers marked by it.

    A waiver that has ended waives nothing: what it covered counts again, and input.waivers-in-force fails.
    """
    sha1_of = {certificate.sha256: certificate.sha1 for certificate in certificates}
    open_ones = [finding for finding in findings if finding.result.status in (Status.FAIL, Status.NOT_CHECKED)]
    standings, accepted = [], dict[str, Waiver]()
    for waiver in waivers:
        covered = tuple(finding for finding in open_ones if waiver.covers(finding, sha1_of))
        state = WaiverState.EXPIRED if waiver.has_ended(as_of) else WaiverState.IN_FORCE
        standings.append(WaiverStanding(waiver, state if covered else WaiverState.UNUSED, covered))
        if state is WaiverState.IN_FORCE:
            for finding in covered:
                accepted.setdefault(finding.fingerprint, waiver)
    return Waived(
        tuple(_marked(finding, accepted) for finding in findings) if accepted else findings,
        tuple(standings),
        tuple(
            f"{standing.waiver.where}: the waiver of {printable(standing.waiver.requirement)} meets no finding"
            for standing in standings
            if standing.state is WaiverState.UNUSED
        ),
    )


def _marked(finding: Finding, accepted: dict[str, Waiver]) -> Finding:
    if finding.result.status not in (Status.FAIL, Status.NOT_CHECKED):
        return finding
    waiver = accepted.get(finding.fingerprint)
    return finding if waiver is None else replace(finding, waiver=str(waiver))
