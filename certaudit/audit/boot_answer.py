"""Would a computer that boots today reach its site systems? Joins the findings into one answer for each way in.

A way in is boot media or a PXE service point; what it reaches are management points, state migration points and
distribution points. Which failure in the field a finding stands for is data: certaudit/requirements/failures.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from certaudit import requirements
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.media_roots import leads_to
from certaudit.evidence import Evidence
from certaudit.findings.finding import Finding
from certaudit.findings.result import Status
from certaudit.requirements.requirement import Severity
from certaudit.site.roles import REACHED, SITE_SYSTEM_ROLES, WAYS_IN, carried_into, needed_by
from certaudit.site.site import System
from certaudit.site.toml_table import Table, read_toml
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
    them; `shows` what is seen then. `system` is whom it is about."""

    system: str
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


class _Failure(NamedTuple):
    """A row of failures.toml."""

    id: str
    shows: str
    requirements: frozenset[str]
    roles: frozenset[str]
    at: frozenset[str]
    crl_checking: bool | None

    def fits(self, requirement: str, role: str | None, at: str, crl_checking: bool) -> bool:
        named = {requirement, f"{requirement.partition('.')[0]}.*", "*"} & self.requirements
        elsewhere = (self.roles and role not in self.roles) or (self.at and at not in self.at)
        return bool(named) and not elsewhere and self.crl_checking in (None, crl_checking)


class _Rules(NamedTuple):
    """failures.toml."""

    stops_too: frozenset[str]
    must_be_known: frozenset[str]
    does_not_stop: frozenset[str]
    failures: tuple[_Failure, ...]

    def answer(self, finding: Finding) -> Answer:
        """What a finding means for a computer that boots; a waiver changes nothing about that."""
        row, status = finding.requirement, finding.result.status
        is_grave = row.severity is Severity.ERROR and row.id not in self.does_not_stop
        if status is Status.FAIL and (is_grave or row.id in self.stops_too):
            return Answer.NO
        if status is Status.NOT_CHECKED and (is_grave or row.id in self.must_be_known):
            return Answer.CANNOT_SAY
        return Answer.YES

    def failure(self, requirement: str, role: str | None, at: str, crl_checking: bool) -> _Failure | None:
        return next((row for row in self.failures if row.fits(requirement, role, at, crl_checking)), None)


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
        Reached(system, role, tuple(_obstacles(context, about.get(system.name, []), system, role, _SERVED_BY)))
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
    own = tuple(_obstacles(context, findings, system, role, carried_into(role)))
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


def _obstacles(
    context: Context, findings: Iterable[Finding], system: System, at: str, roles: tuple[str, ...]
) -> Iterator[Obstacle]:
    rules = _rules()
    for finding in findings:
        row = finding.requirement
        concerns = finding.role in roles if finding.role else row.subject in ("media", "store", "site")
        answer = rules.answer(finding) if concerns else Answer.YES
        if answer is not Answer.YES:
            failure = rules.failure(row.id, finding.role, at, context.site.crl_checking)
            yield Obstacle(
                system.name,
                row.id,
                failure.id if failure else None,
                failure.shows if failure else finding.consequence,
                finding.result.message,
                answer,
            )


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
        failure = _rules().failure(_ON_MEDIA, None, way.kind, context.site.crl_checking)
        shows = failure.shows if failure else ""
        yield Obstacle(way.name, _ON_MEDIA, failure.id if failure else None, shows, message, answer)


@cache
def _rules() -> _Rules:
    top = read_toml(Path(requirements.__file__).parent / "failures.toml")
    rules = _Rules(
        frozenset(top.texts("stops_too")),
        frozenset(top.texts("must_be_known")),
        frozenset(top.texts("does_not_stop")),
        tuple(map(_failure, top.tables("failure"))),
    )
    top.close()
    return rules


def _failure(table: Table) -> _Failure:
    failure = _Failure(
        table.required_text("id"),
        table.required_text("shows"),
        frozenset(table.texts("requirements")),
        frozenset(table.texts("roles")),
        frozenset(table.texts("at", (*SITE_SYSTEM_ROLES, "boot-media"))),
        table.boolean("crl_checking", True) if "crl_checking" in table else None,
    )
    table.close()
    return failure
