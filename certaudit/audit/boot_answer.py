"""Would a computer that boots today reach its site systems? Joins the findings into one answer for each way in.

A way in is boot media, a PXE service point or a distribution point that answers PXE requests. What it reaches are the
management points or gateways that it calls, and the state migration points and distribution points of the site. A
gateway reaches a management point through a connection point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from certaudit.audit.assignment import ANSWERING, Callee, callees
from certaudit.audit.obstacles import Answer, Obstacle, distrust, obstacles_of, worst, wrong_name
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
    """Whether one way in reaches one system: what stands between, the obstacles of the way in included."""

    role: str
    system: str
    obstacles: tuple[Obstacle, ...]

    @property
    def answer(self) -> Answer:
        """Whether it does."""
        return worst(self.obstacles)

    @property
    def is_accepted(self) -> bool:
        """True where it does, but for what a waiver accepts."""
        return worst(obstacle for obstacle in self.obstacles if not obstacle.is_waived) is Answer.YES


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
        found: dict[str, list[Reach]] = {}
        for reach in self.reaches:
            found.setdefault(reach.role, []).append(reach)
        told = {
            role: worst(one for reach in found[role] for one in reach.obstacles) for role in REACHED if role in found
        }
        points = {reach.answer for reach in found.get(MANAGEMENT, ())}
        if self.role == "boot-media" and len(points) > 1 and Answer.YES in points:
            told[MANAGEMENT] = Answer.CANNOT_SAY
        return told

    @property
    def is_accepted(self) -> bool:
        """True where everything would be reached, but for what a waiver accepts."""
        return all(reach.is_accepted for reach in self.reaches)


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
        if role in (*REACHED, *ANSWERING, _RELAY)
    )
    answered = tuple(
        _way(context, system, role, [*of_site, *about.get(system.name, [])], stations) for system, role in ways
    )
    called = {reach.system for way in answered for reach in way.reaches}
    by_gateway = any(station.role == _GATEWAY and station.system.name in called for station in stations)
    return BootAnswer(answered, tuple(station for station in stations if by_gateway or station.role in REACHED))


def _no_question(site: Site, ways: list[tuple[System, str]]) -> str | None:
    if not ways:
        return "The manifest describes nothing that computers boot from: no boot media, and no PXE."
    if not site.has_https_management_point:
        return "No management point is spoken to over HTTPS: computers that boot need no certificate."
    return None


def _way(
    context: Context, system: System, role: str, findings: Sequence[Finding], stations: tuple[Station, ...]
) -> Way:
    own = tuple(obstacles_of(findings, role, carried_into(role), context))
    carried = _variables(context, system)
    lists = [variables.root_cas for variables in carried if variables.root_cas]
    addresses = dict.fromkeys(address for variables in carried for address in variables.management_points)
    called = callees(context.site, addresses)
    more = _Obstacles(context, system, lists, findings)
    reaches = [_called(callee, stations, more) for callee in called]
    known = [callee.system for callee in called if callee.system]
    by_gateway = bool(known) and not any(MANAGEMENT in one.roles for one in known)
    reaches += [
        Reach(station.role, station.system.name, more.on_the_way_to(station))
        for station in stations
        if (not called if station.role == MANAGEMENT else station.role in REACHED and not by_gateway)
    ]
    if not any(reach.role == MANAGEMENT for reach in reaches):
        message = "The manifest describes no management point that it could call."
        reaches.append(Reach(MANAGEMENT, "", (Obstacle(_DESCRIBED, None, "", message, Answer.CANNOT_SAY),)))
    whole = (reach._replace(obstacles=(*own, *reach.obstacles)) for reach in reaches)
    return Way(system, role, tuple(dict.fromkeys([*own, *more.found])), tuple(whole))


class _Obstacles:
    """Those that are of one way in and one system together; `found` is all of them so far."""

    def __init__(
        self, context: Context, way: System, lists: list[tuple[Certificate, ...]], findings: Iterable[Finding]
    ) -> None:
        self.found: list[Obstacle] = []
        self._context = context
        self._way = way
        self._lists = lists
        self._waived = {finding.requirement.id for finding in findings if finding.waiver is not None}

    def keep(self, obstacles: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
        """The obstacles, each waived where the way in has a waiver for its requirement."""
        kept = tuple(one._replace(is_waived=one.requirement in self._waived) for one in obstacles)
        self.found += kept
        return kept

    def on_the_way_to(self, station: Station) -> tuple[Obstacle, ...]:
        """Those of the system itself, and what the media does not trust about it."""
        # What the media carries decides; the site's own list is what media yet to be made will carry.
        own = [one for one in station.obstacles if not self._lists or one.requirement != _TRUST]
        return (*own, *self.keep(distrust(self._context, self._way, station.system, self._lists)))

    def of_name(self, callee: Callee) -> tuple[Obstacle, ...]:
        """Those of the name by which a system is called."""
        return self.keep(wrong_name(self._context, callee, self._way))

    def of_stranger(self, callee: Callee) -> tuple[Obstacle, ...]:
        """That nothing is known of whom the media call."""
        message = f"The media calls {callee.host or callee.address}, of which the manifest describes no system."
        return self.keep([Obstacle(_UNKNOWN, None, "", message, Answer.CANNOT_SAY)])


_UNKNOWN = "media.management-points-known"
_DESCRIBED = "coverage.management-point-described"
_GATEWAY = "cloud-management-gateway"
_RELAY = "cloud-management-gateway-connection-point"
_BEHIND = {
    _RELAY: Obstacle(
        "coverage.connection-point-described",
        None,
        "",
        "The manifest describes no connection point, through which the gateway passes on what it is asked.",
        Answer.CANNOT_SAY,
    ),
    MANAGEMENT: Obstacle(
        _DESCRIBED, None, "", "The manifest describes no management point behind the gateway.", Answer.CANNOT_SAY
    ),
}


def _relayed(stations: Iterable[Station]) -> tuple[Obstacle, ...]:
    """What keeps a gateway from passing on what it is asked: it takes a connection point and a management point. Where
    one of several has nothing against it, whether the gateway takes that is not known."""
    found: list[Obstacle] = []
    for role, missing in _BEHIND.items():
        behind = [station.obstacles for station in stations if station.role == role]
        is_open = any(worst(obstacles) is Answer.YES for obstacles in behind)
        told = [obstacle for obstacles in behind for obstacle in obstacles] if behind else [missing]
        found += [one._replace(answer=Answer.CANNOT_SAY) if is_open else one for one in told]
    return tuple(found)


def _called(callee: Callee, stations: tuple[Station, ...], more: _Obstacles) -> Reach:
    """What comes of an address that the media carry, which is what they call."""
    if callee.system is None:
        return Reach(MANAGEMENT, callee.host or callee.address, more.of_stranger(callee))
    station = next(one for one in stations if one.system is callee.system and one.role in ANSWERING)
    behind = _relayed(stations) if station.role == _GATEWAY else ()
    more.found += [obstacle for obstacle in behind if obstacle in _BEHIND.values()]
    return Reach(MANAGEMENT, callee.system.name, (*more.on_the_way_to(station), *more.of_name(callee), *behind))


def _variables(context: Context, way: System) -> list[MediaVariables]:
    """The variables of the media of a way in that opened; what is wrong with them is a finding of its own."""
    inputs = context.evidence.systems.get(way.key, Evidence()).inputs
    return [item.media.variables for item in inputs if item.media and item.media.variables]
