"""Would a computer that boots today reach its site systems? Joins the findings into one answer for each way in.

A way in is boot media, a PXE service point or a distribution point that answers PXE requests. What it reaches are the
management points or gateways that it calls, and the state migration points and distribution points of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from certaudit.audit.assignment import ANSWERING, Callee, callees
from certaudit.audit.obstacles import Answer, Obstacle, distrust, obstacles_of, wrong_name
from certaudit.audit.validators.context import Context
from certaudit.evidence import Evidence, MediaVariables
from certaudit.findings.finding import Finding
from certaudit.site.roles import REACHED, carried_into, needed_by
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate

MANAGEMENT = REACHED[0]
_TRUST = "chain.trusted-root"
_SERVING = tuple(dict.fromkeys(role for reached in (*REACHED, *ANSWERING) for role in needed_by(reached)))


class Station(NamedTuple):
    """A site system in a role that computers in Windows PE talk to, and what keeps every one of them from it."""

    system: System
    role: str
    obstacles: tuple[Obstacle, ...]


class Reach(NamedTuple):
    """Whether one way in reaches one system, called by `address` where media carry one."""

    role: str
    system: str
    answer: Answer


class Way(NamedTuple):
    """A way in: `obstacles` are its own, and `reaches` each system that it would talk to."""

    system: System
    role: str
    obstacles: tuple[Obstacle, ...]
    reaches: tuple[Reach, ...]

    @property
    def answers(self) -> dict[str, Answer]:
        """Of each role of REACHED, whether all its systems would be reached; a role that nothing has is not there. Of
        several management points that media carry one that answers is enough, but which comes first is not known."""
        told: dict[str, list[Answer]] = {}
        for reach in self.reaches:
            told.setdefault(reach.role, []).append(reach.answer)
        found = {role: _worst(answers) for role, answers in told.items()}
        if self.role == "boot-media" and len(set(told.get(MANAGEMENT, ()))) > 1 and Answer.YES in told[MANAGEMENT]:
            found[MANAGEMENT] = Answer.CANNOT_SAY
        return {role: found[role] for role in REACHED if role in found}


class BootAnswer(NamedTuple):
    """The whole answer. `reason` says why there is none where no way in is judged."""

    ways: tuple[Way, ...] = ()
    reached: tuple[Station, ...] = ()
    reason: str | None = None


def boot_answer(context: Context, findings: Sequence[Finding]) -> BootAnswer:
    """The answer for every way in of the site, in the order of the manifest."""
    site = context.site
    ways = [(system, role) for system in site.systems for role in system.ways_in]
    if not site.described:
        return BootAnswer()
    if reason := _no_question(site, ways):
        return BootAnswer(reason=reason)
    about: dict[str | None, list[Finding]] = {}
    for finding in findings:
        about.setdefault(finding.system, []).append(finding)
    of_site = [finding for finding in about.get(None, []) if finding.requirement.id == "chain.root-list-specified"]
    stations = tuple(
        Station(system, role, tuple(obstacles_of(about.get(system.name, []), role, _SERVING, context)))
        for system in site.systems
        for role in system.roles
        if role in (*REACHED, *ANSWERING)
    )
    answered = (_way(context, system, role, [*of_site, *about.get(system.name, [])], stations) for system, role in ways)
    return BootAnswer(tuple(answered), tuple(station for station in stations if station.role in REACHED))


def _no_question(site: Site, ways: list[tuple[System, str]]) -> str | None:
    if not ways:
        return "The manifest describes nothing that computers boot from: no boot media, and no PXE."
    if not site.has_https_management_point:
        return "No management point is spoken to over HTTPS: computers that boot need no certificate."
    return None


def _way(
    context: Context, system: System, role: str, findings: Iterable[Finding], stations: tuple[Station, ...]
) -> Way:
    own = tuple(obstacles_of(findings, role, carried_into(role), context))
    carried = _variables(context, system)
    lists = [variables.root_cas for variables in carried if variables.root_cas]
    addresses = dict.fromkeys(address for variables in carried for address in variables.management_points)
    called = callees(context.site, addresses)
    more: list[Obstacle] = []
    reaches = list(_called(context, system, called, stations, lists, more))
    known = [callee.system for callee in called if callee.system]
    by_gateway = bool(known) and not any(MANAGEMENT in one.roles for one in known)
    reaches += [
        _reach(context, system, station, lists, more)
        for station in stations
        if (not called if station.role == MANAGEMENT else station.role in REACHED and not by_gateway)
    ]
    if not any(reach.role == MANAGEMENT for reach in reaches):
        reaches.append(Reach(MANAGEMENT, "", Answer.CANNOT_SAY))
    stopped = [obstacle.answer for obstacle in own]
    judged = (reach._replace(answer=_worst([reach.answer, *stopped])) for reach in reaches)
    return Way(system, role, tuple(dict.fromkeys([*own, *more])), tuple(judged))


_UNKNOWN = "media.management-points-known"


def _called(
    context: Context,
    way: System,
    called: Iterable[Callee],
    stations: tuple[Station, ...],
    lists: list[tuple[Certificate, ...]],
    more: list[Obstacle],
) -> Iterator[Reach]:
    """What comes of each address that the media carry, which is what they call."""
    for callee in called:
        system = callee.system
        if system is None:
            message = f"The media calls {callee.host or callee.address}, of which the manifest describes no system."
            more.append(Obstacle(_UNKNOWN, None, "", message, Answer.CANNOT_SAY))
            yield Reach(MANAGEMENT, callee.host or callee.address, Answer.CANNOT_SAY)
            continue
        station = next(one for one in stations if one.system is system and one.role in ANSWERING)
        reach = _reach(context, way, station, lists, more)
        misnamed = wrong_name(context, callee, way)
        more += misnamed
        answers = [reach.answer, *(obstacle.answer for obstacle in misnamed)]
        yield Reach(MANAGEMENT, system.name, _worst(answers))


def _reach(
    context: Context, way: System, station: Station, lists: list[tuple[Certificate, ...]], more: list[Obstacle]
) -> Reach:
    """Whether a way in reaches a system by the name that the system has."""
    # What the media carries decides; the site's own list is what media yet to be made will carry.
    answers = [o.answer for o in station.obstacles if not lists or o.requirement != _TRUST]
    for obstacle in distrust(context, way, station.system, lists):
        more.append(obstacle)
        answers.append(obstacle.answer)
    return Reach(station.role if station.role in REACHED else MANAGEMENT, station.system.name, _worst(answers))


def _worst(answers: Iterable[Answer]) -> Answer:
    known = set(answers)
    return next((answer for answer in (Answer.NO, Answer.CANNOT_SAY) if answer in known), Answer.YES)


def _variables(context: Context, way: System) -> list[MediaVariables]:
    """The variables of the media of a way in that opened; what is wrong with them is a finding of its own."""
    inputs = context.evidence.systems.get(way.key, Evidence()).inputs
    return [item.media.variables for item in inputs if item.media and item.media.variables]
