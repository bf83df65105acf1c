"""The answer for each role of each system: which certificate serves it, or why none is known to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from certaudit.audit.assignment.client_choice import choose
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    owner_name,
    serves,
)
from certaudit.evidence import CertificateEntry, Evidence, SiteEvidence
from certaudit.evidence.windows import store_properties, system_store
from certaudit.site import roles
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME

_STORES = ("my", "webhosting")
"""The stores (in lower case) whose certificates a computer presents to others."""


class State(StrEnum):
    """How it stands with one role on one system."""

    ASSIGNED = "assigned"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    NOT_SUPPLIED = "not-supplied"
    NOT_NEEDED = "not-needed"
    """The system is spoken to without TLS, or its clients need no certificate."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer for one certificate role that one site system role of one system needs.

    `holding` is there where the state is ASSIGNED; `candidates` where it is AMBIGUOUS. `pinned` is the thumbprint
    that the manifest names, where it names one. `passed_over` are certificates that would serve as well, were they
    valid now and not archived: the server may be bound to one of them still.
    """

    system: System | None
    site_system_role: str | None
    role: str
    state: State
    holding: Holding | None = None
    candidates: tuple[Holding, ...] = ()
    pinned: str | None = None
    passed_over: tuple[Holding, ...] = ()

    @property
    def owner(self) -> str | None:
        """What reports call the system that it is about; None for the trust lists."""
        return owner_name(self.system, self.holding)


def assign(site: Site, evidence: SiteEvidence, as_of: datetime) -> tuple[Assignment, ...]:
    """The answer for every role of every system, then for the trust lists, in the order of the manifest."""
    answers: list[Assignment] = []
    for system in site.systems:
        answers += _system(site, system, evidence.systems.get(system.key, Evidence()), as_of)
    return (*answers, *_trust_lists(evidence))


def assign_each(site: Site, role: str, evidence: SiteEvidence) -> tuple[Assignment, ...]:
    """`role` for every certificate of the systems that can serve; for a CA role, for every CA certificate.

    A system of which no certificate could take the role is MISSING one: nothing was checked, and nothing may pass.
    """
    answers: list[Assignment] = []
    for system in site.systems:
        fitting = [
            Assignment(system, None, role, State.ASSIGNED, holding)
            for holding in holdings(evidence.systems[system.key].certificates)
            if role == "root-ca" or (is_ca(holding.certificate) if role == "intermediate-ca" else serves(holding))
        ]
        answers += fitting or [Assignment(system, None, role, State.MISSING)]
    return (*answers, *_trust_lists(evidence))


def assign_media(site: Site, evidence: SiteEvidence) -> tuple[Assignment, ...]:
    """The role of boot media for the certificates of the media themselves, and for no other that they carry."""
    own = {item.media.variables.certificate for item in evidence.inputs if item.media and item.media.variables}
    return tuple(
        answer
        for answer in assign_each(site, "boot-media", evidence)
        if answer.system is None or (answer.holding is not None and answer.holding.certificate in own)
    )


def _trust_lists(evidence: SiteEvidence) -> Iterator[Assignment]:
    for role, owner in (("root-ca", evidence.root_cas), ("intermediate-ca", evidence.intermediate_cas)):
        for holding in holdings(owner.certificates):
            if role == "root-ca" or is_ca(holding.certificate):
                yield Assignment(None, None, role, State.ASSIGNED, holding)


def _system(site: Site, system: System, evidence: Evidence, as_of: datetime) -> Iterable[Assignment]:
    available = _available(evidence, site)
    needed: dict[str, str] = {}
    not_needed: dict[str, str] = {}
    for system_role in system.roles:
        for role in roles.needed_by(system_role, site.release):
            (needed if site.needs(system, system_role, role) else not_needed).setdefault(role, system_role)
    chosen: dict[str, list[Holding]] = {role: _fit(role, available) for role in needed}
    claimed = {holding.certificate for fitting in chosen.values() for holding in fitting}
    leftover = [holding for holding in available if holding.certificate not in claimed]
    for role, system_role in not_needed.items():
        if role not in needed:
            yield Assignment(system, system_role, role, State.NOT_NEEDED)
    for role, system_role in needed.items():
        pin = system.pins.get(role)
        carried = _carried(role, evidence, pin)
        for holding in carried:
            yield Assignment(system, system_role, role, State.ASSIGNED, holding)
        if pin is not None:
            yield _pinned(system, system_role, role, pin, holdings(evidence.certificates))
        elif carried:
            continue
        elif not evidence.is_readable:
            yield Assignment(system, system_role, role, State.NOT_SUPPLIED)
        else:
            # A certificate with the wrong purposes is a better answer than "missing": it is what is there.
            candidates = chosen[role] or ([] if any(chosen.values()) and len(leftover) != 1 else leftover)
            if roles.role_named(role).chosen is roles.Chosen.BY_PRODUCT:
                reached = _reached(_with_those_for_all(candidates, available), system, role)
                yield _chosen(system, system_role, role, _selected(reached, site, as_of))
            else:
                archived = _fit(role, _available(evidence, site, archived=True))
                yield _bound(system, system_role, role, candidates, archived, as_of)


def _available(evidence: Evidence, site: Site, *, archived: bool = False) -> list[Holding]:
    """The certificates that can serve the system itself; or those of them that are archived everywhere."""
    held = holdings(entry for entry in evidence.certificates if _can_serve(entry, site))
    if archived:
        own = {holding.certificate for holding in held}
        entries = (entry for entry in evidence.certificates if _can_serve(entry, site, archived=True))
        held = tuple(holding for holding in holdings(entries) if holding.certificate not in own)
    others = evidence.carried_for_trust
    return [holding for holding in held if serves(holding) and holding.certificate not in others]


def _carried(role: str, evidence: Evidence, pin: str | None) -> list[Holding]:
    """The certificates that media variables among the evidence carry for the role: nothing replaces them there."""
    if roles.role_named(role).chosen is not roles.Chosen.BY_CARRIER:
        return []
    opened = [item.media.variables for item in evidence.inputs if item.media is not None and item.media.variables]
    own = {variables.certificate for variables in opened}
    return [
        holding
        for holding in holdings(evidence.certificates)
        if holding.certificate in own and pin not in (holding.certificate.sha1, holding.certificate.sha256)
    ]


def _can_serve(entry: CertificateEntry, site: Site, *, archived: bool = False) -> bool:
    """True for a place in a file, and in a store from which certificates are presented; not where it is archived, or
    with `archived` there alone."""
    store = entry.provenance.store
    if store is None:
        return not archived
    named = store.lower() in (*_STORES, site.client_selection.store.lower())
    return named and store_properties.is_archived(entry.properties) is archived


def _is_of_computer(entry: CertificateEntry) -> bool:
    return entry.provenance.location in (None, system_store.LOCAL_MACHINE)


def _with_those_for_all(candidates: list[Holding], available: list[Holding]) -> list[Holding]:
    """Beside certificates for client authentication, those that Windows takes as good for it too: for every purpose."""
    if not any(_purposes(holding.certificate) for holding in candidates):
        return candidates
    return [*candidates, *(holding for holding in available if holding not in candidates and _is_for_all(holding))]


def _selected(candidates: list[Holding], site: Site, as_of: datetime) -> list[Holding]:
    """The one that the product selects, where several are valid and it is known which."""
    narrowed = _narrowed(candidates, _validity(as_of))
    if len(narrowed) < 2:
        return narrowed
    entries = [entry for holding in narrowed for entry in holding.entries]
    chosen = choose(entries, site.client_selection, site.release, as_of).chosen
    return [holding for holding in narrowed if holding.certificate == chosen] or narrowed


def _bound(
    system: System,
    system_role: str,
    role: str,
    candidates: list[Holding],
    archived: list[Holding],
    as_of: datetime,
) -> Assignment:
    """The answer for a role whose certificate somebody chose by hand, once: it goes on being used when it has ended,
    or when its renewal has archived it."""
    reached = _reached(candidates, system, role)
    narrowed = _narrowed(reached, _validity(as_of))
    kept = _reached([*narrowed, *archived], system, role)
    passed_over = [
        holding for holding in reached if holding not in narrowed and holding.private_key.present is not False
    ]
    passed_over += [holding for holding in kept if holding in archived]
    answer = _chosen(system, system_role, role, narrowed)
    return replace(answer, passed_over=tuple(passed_over)) if answer.state is State.ASSIGNED else answer


def _pinned(system: System, system_role: str, role: str, pin: str, available: Sequence[Holding]) -> Assignment:
    for holding in available:
        if pin in (holding.certificate.sha1, holding.certificate.sha256):
            return Assignment(system, system_role, role, State.ASSIGNED, holding, pinned=pin)
    return Assignment(system, system_role, role, State.MISSING, pinned=pin)


def _chosen(system: System, system_role: str, role: str, candidates: Sequence[Holding]) -> Assignment:
    match candidates:
        case []:
            return Assignment(system, system_role, role, State.MISSING)
        case [holding]:
            return Assignment(system, system_role, role, State.ASSIGNED, holding)
    return Assignment(system, system_role, role, State.AMBIGUOUS, candidates=tuple(candidates))


def _fit(role: str, available: Iterable[Holding]) -> list[Holding]:
    """Those whose extended key usage has what the role is chosen by."""
    wanted = roles.role_named(role).purposes
    return [holding for holding in available if wanted <= set(_purposes(holding.certificate))]


def _reached(candidates: list[Holding], system: System, role: str) -> list[Holding]:
    """Fewer candidates by each mark without which the role cannot use one, as long as any is left: name, store, key."""
    marks: list[Callable[[Holding], bool]] = [
        lambda holding: any(_is_of_computer(entry) for entry in holding.entries),
        lambda holding: holding.private_key.present is not False,
    ]
    if role in roles.FAMILIES["servers"]:
        names = {name.casefold() for _, name in system.names}
        marks.insert(0, lambda holding: bool(names & _names(holding.certificate)))
    for mark in marks:
        candidates = _narrowed(candidates, mark)
    return candidates


def _narrowed(candidates: list[Holding], mark: Callable[[Holding], bool]) -> list[Holding]:
    return [holding for holding in candidates if mark(holding)] or candidates


def _validity(as_of: datetime) -> Callable[[Holding], bool]:
    return lambda holding: _is_valid(holding.certificate, as_of)


def _is_for_all(holding: Holding) -> bool:
    purposes = if_readable(lambda: holding.certificate.extended_key_usage, otherwise=())
    return purposes is None or oids.ANY_PURPOSE in purposes


def _purposes(certificate: Certificate) -> tuple[str, ...]:
    return if_readable(lambda: certificate.extended_key_usage, otherwise=None) or ()


def _is_valid(certificate: Certificate, as_of: datetime) -> bool:
    return if_readable(lambda: certificate.not_before <= as_of <= certificate.not_after, otherwise=False)


def _names(certificate: Certificate) -> set[str]:
    names = if_readable(lambda: (*certificate.dns_names, *certificate.subject.values(COMMON_NAME)), otherwise=())
    return {name.casefold() for name in names}
