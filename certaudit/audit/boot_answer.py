"""Would a computer that boots today reach its site systems? Joins the findings into one answer for each way in.

A way in is boot media or a PXE service point; what it reaches are management points, state migration points and
distribution points. Which failure in the field a finding stands for is data: certaudit/requirements/failures.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from certaudit.audit.validators.context import Context
from certaudit.audit.validators.media_roots import leads_to
from certaudit.evidence import Evidence
from certaudit.findings.finding import Finding
from certaudit.findings.result import Status
from certaudit.requirements.failures import FailureRules, read_failures
from certaudit.requirements.requirement import Severity
from certaudit.site.roles import REACHED, WAYS_IN, carried_into, needed_by
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate

_SERVED_BY = tuple(dict.fromkeys(role for reached in REACHED for role in needed_by(reached)))
_TRUST = "chain.trusted-root"
_ON_MEDIA = "media.roots-of-site-systems"


class Answer(StrEnum):
    """Whether it would; CANNOT_SAY where that was not checked."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot-say"


class Obstacle(NamedTuple):
    """What stands in the way, or may. `failure` is the number of a documented failure ("F3"), None where it is none of
    them; `shows` what is seen then."""

    requirement: str
    failure: str | None
    shows: str
    message: str
    answer: Answer


class Reached(NamedTuple):
    """A site system in one role of REACHED, and what keeps every computer in Windows PE from it."""

    system: System
    role: str
    obstacles: tuple[Obstacle, ...]


class Way(NamedTuple):
    """A way in: `obstacles` are its own, `answers` say of each role whether all its systems would be reached."""

    system: System
    role: str
    obstacles: tuple[Obstacle, ...]
    answers: dict[str, Answer]


class BootAnswer(NamedTuple):
    """The whole answer; nothing in it where nothing describes the site, or it has no way in, or speaks no TLS."""

    ways: tuple[Way, ...] = ()
    reached: tuple[Reached, ...] = ()


def boot_answer(context: Context, findings: Sequence[Finding]) -> BootAnswer:
    """The answer for every way in of the site, in the order of the manifest."""
    site = context.site
    roles = [(system, role) for system in site.systems for role in system.roles]
    if not site.described or site.mode == "mixed" or not any(role in WAYS_IN for _, role in roles):
        return BootAnswer()
    about: dict[str | None, list[Finding]] = {}
    for finding in findings:
        about.setdefault(finding.system, []).append(finding)
    of_site = [finding for finding in about.get(None, []) if finding.requirement.id == "chain.root-list-specified"]
    reached = tuple(
        Reached(system, role, tuple(_obstacles(context, about.get(system.name, []), role, _SERVED_BY)))
        for system, role in roles
        if role in REACHED
    )
    ways = (
        _way(context, system, role, [*of_site, *about.get(system.name, [])], reached)
        for system, role in roles
        if role in WAYS_IN
    )
    return BootAnswer(tuple(ways), reached)


def _way(context: Context, system: System, role: str, findings: Iterable[Finding], reached: tuple[Reached, ...]) -> Way:
    own = tuple(_obstacles(context, findings, role, carried_into(role)))
    roots = _roots_on_media(context, system)
    distrusted: list[Obstacle] = []
    answers: dict[str, list[Answer]] = {REACHED[0]: [] if _has(reached, REACHED[0]) else [Answer.CANNOT_SAY]}
    for station in reached:
        found = answers.setdefault(station.role, [])
        # What the media carries decides; the site's own list is what media yet to be made will carry.
        found += [o.answer for o in station.obstacles if not roots or o.requirement != _TRUST]
        for obstacle in _distrusted(context, system, station, roots):
            distrusted.append(obstacle)
            found.append(obstacle.answer)
    worst = {name: _worst([*answers[name], *(o.answer for o in own)]) for name in REACHED if name in answers}
    return Way(system, role, (*own, *distrusted), worst)


def _has(reached: tuple[Reached, ...], role: str) -> bool:
    return any(station.role == role for station in reached)


def _worst(answers: Iterable[Answer]) -> Answer:
    known = set(answers)
    return next((answer for answer in (Answer.NO, Answer.CANNOT_SAY) if answer in known), Answer.YES)


def _obstacles(context: Context, findings: Iterable[Finding], at: str, roles: tuple[str, ...]) -> Iterator[Obstacle]:
    rules = read_failures()
    for finding in findings:
        row = finding.requirement
        concerns = finding.role in roles if finding.role else row.subject in ("media", "store", "site")
        answer = _meaning(finding, rules) if concerns else Answer.YES
        if answer is not Answer.YES:
            failure = rules.failure(row.id, finding.role, at, context.site.crl_checking)
            yield Obstacle(
                row.id,
                failure.id if failure else None,
                failure.shows if failure else finding.consequence,
                finding.result.message,
                answer,
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


def _roots_on_media(context: Context, way: System) -> list[tuple[Certificate, ...]]:
    """The root lists of the media of a way in; one that is empty or was not read is a finding of its own."""
    inputs = context.evidence.systems.get(way.key, Evidence()).inputs
    lists = (item.media.variables.root_cas for item in inputs if item.media and item.media.variables)
    return [roots for roots in lists if roots]


def _distrusted(
    context: Context, way: System, station: Reached, lists: list[tuple[Certificate, ...]]
) -> Iterator[Obstacle]:
    """An obstacle where the certificate of a site system does not lead to a root on the media."""
    for assignment in context.assignments:
        if assignment.system != station.system or assignment.role != "web-server" or assignment.holding is None:
            continue
        leads = [leads_to(assignment.holding.certificate, roots, context) for roots in lists]
        if all(leads):
            continue
        answer, told = (Answer.NO, "does not lead") if False in leads else (Answer.CANNOT_SAY, "is not known to lead")
        message = f"The web server certificate of {station.system.name} {told} to a root on the media."
        failure = read_failures().failure(_ON_MEDIA, None, way.kind, context.site.crl_checking)
        shows = failure.shows if failure else ""
        yield Obstacle(_ON_MEDIA, failure.id if failure else None, shows, message, answer)
