"""What keeps a computer that boots from a site system, or may. Which failure in the field that is, is data:
certaudit/requirements/failures.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from certaudit.audit.assignment import CERTIFICATES, Callee
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.media_roots import leads_to
from certaudit.audit.validators.name import answers_to
from certaudit.findings.finding import Finding
from certaudit.findings.result import Status
from certaudit.requirements.failures import FailureRules, read_failures
from certaudit.requirements.requirement import Severity
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable

ON_MEDIA = "media.roots-of-site-systems"
_NAMES = {"web-server": "name.intranet-fqdn", "cloud-management-gateway": "name.subject-fqdn"}


class Answer(StrEnum):
    """Whether it would; CANNOT_SAY where that was not checked."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot-say"


class Obstacle(NamedTuple):
    """What stands in the way, or may. `failure` is the number of a documented failure ("F3"), None where it is none of
    them; `shows` what is seen then. A waiver that accepts it takes nothing out of the way."""

    requirement: str
    failure: str | None
    shows: str
    message: str
    answer: Answer
    is_waived: bool = False


def worst(obstacles: Iterable[Obstacle]) -> Answer:
    """What comes of all of them."""
    known = {obstacle.answer for obstacle in obstacles}
    return next((answer for answer in (Answer.NO, Answer.CANNOT_SAY) if answer in known), Answer.YES)


def obstacles_of(findings: Iterable[Finding], at: str, roles: tuple[str, ...], context: Context) -> Iterator[Obstacle]:
    """The obstacles that findings are, of a system in the site system role `at` with certificates in `roles`."""
    rules = read_failures()
    for finding in findings:
        row = finding.requirement
        concerns = finding.role in roles if finding.role else row.subject in ("media", "store", "site")
        answer = _meaning(finding, rules) if concerns else Answer.YES
        if answer is not Answer.YES:
            told = _obstacle(row.id, finding.role, at, finding.consequence, finding.result.message, answer, context)
            yield told._replace(is_waived=finding.waiver is not None)


def distrust(
    context: Context, way: System, station: System, lists: list[tuple[Certificate, ...]]
) -> Iterator[Obstacle]:
    """An obstacle where the certificate of a site system does not lead to a root on the media."""
    for role, certificate in _serving(context, station):
        leads = [leads_to(certificate, roots, context) for roots in lists]
        if all(leads):
            continue
        answer, told = (Answer.NO, "does not lead") if False in leads else (Answer.CANNOT_SAY, "is not known to lead")
        kind = "gateway" if role == "cloud-management-gateway" else "web server"
        message = f"The {kind} certificate of {station.name} {told} to a root on the media."
        yield _obstacle(ON_MEDIA, None, way.kind, "", message, answer, context)


def wrong_name(context: Context, callee: Callee, way: System) -> list[Obstacle]:
    """An obstacle where the certificate of the system that media call does not bear the name by which they call it."""
    found = []
    for role, certificate in _serving(context, callee.system) if callee.system else ():
        answer = _bears(certificate, callee.host)
        if answer is not Answer.YES and callee.system is not None:
            told = "does not bear" if answer is Answer.NO else "cannot be read for"
            message = f"The media calls {callee.host}, which the certificate of {callee.system.name} {told}."
            found.append(_obstacle(_NAMES[role], role, "management-point", "", message, answer, context))
    return found


def _bears(certificate: Certificate, host: str) -> Answer:
    bears = if_readable(lambda: answers_to(certificate, host), otherwise=None)
    return Answer.CANNOT_SAY if bears is None else Answer.YES if bears else Answer.NO


def _serving(context: Context, system: System) -> Iterator[tuple[str, Certificate]]:
    """The certificates by which a system proves who it is, with their role."""
    for assignment in context.assignments:
        if assignment.system == system and assignment.role in CERTIFICATES and assignment.holding is not None:
            yield assignment.role, assignment.holding.certificate


def _obstacle(
    requirement: str, role: str | None, at: str, otherwise: str, message: str, answer: Answer, context: Context
) -> Obstacle:
    failure = read_failures().failure(requirement, role, at, context.site.crl_checking)
    return Obstacle(
        requirement, failure.id if failure else None, failure.shows if failure else otherwise, message, answer
    )


def _meaning(finding: Finding, rules: FailureRules) -> Answer:
    """What a finding means for a computer that boots; a waiver changes nothing about that."""
    row, status = finding.requirement, finding.result.status
    is_grave = row.severity is Severity.ERROR and row.id not in rules.does_not_stop
    if status is Status.FAIL and (is_grave or row.id in rules.stops_too):
        return Answer.NO
    if status is Status.NOT_CHECKED and (is_grave or row.id in rules.must_be_known):
        return Answer.CANNOT_SAY
    return Answer.YES
