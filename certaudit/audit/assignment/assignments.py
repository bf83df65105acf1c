"""The answer for each role of each system: which certificate serves it, or why none is known to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from certaudit.audit.assignment.bound import Bound, bound_on
from certaudit.audit.assignment.client_choice import Choice, Chooser, Fault, choose, chooser_of
from certaudit.audit.assignment.foreign_certificates import kind_of
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    owner_name,
    serves,
)
from certaudit.audit.assignment.issuers_list import IssuersList, TopOf, issuers_list
from certaudit.evidence import CertificateEntry, Evidence, SiteEvidence
from certaudit.evidence.windows import store_properties, system_store
from certaudit.site import roles
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME, folded

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


class Foreign(NamedTuple):
    """A certificate that is none of the PKI, and whose it is (foreign_certificates.py)."""

    certificate: Certificate
    kind: str


_NOT_FROM_A_STORE = "it is in a Windows store, and the product uses the PFX that was imported, or what the media carry"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer for one certificate role that one site system role of one system needs.

    `holding` is there where the state is ASSIGNED; `candidates` where it is AMBIGUOUS. `pinned` is the thumbprint
    that the manifest names, where it names one. `passed_over` are certificates that would serve as well, were they
    valid now and not archived: the server may be bound to one of them still. `choice` is the product's own, of a role
    that it chooses the certificate for. `bound` is what HTTP.sys presents in the place of the role, None where that was
    not collected or the role is none that it serves. `foreign` are certificates at hand that are none of the PKI, and
    `elsewhere` are such as would fit, in a store that the product does not take the role's certificate from.
    """

    system: System | None
    site_system_role: str | None
    role: str
    state: State
    holding: Holding | None = None
    candidates: tuple[Holding, ...] = ()
    pinned: str | None = None
    passed_over: tuple[Holding, ...] = ()
    choice: Choice | None = None
    bound: Bound | None = None
    foreign: tuple[Foreign, ...] = ()
    elsewhere: tuple[Holding, ...] = ()

    @property
    def why_not(self) -> tuple[tuple[Certificate, str], ...]:
        """Certificates at hand that do not serve the role, and why not: each half a sentence."""
        refused = self.choice.refused if self.choice else ()
        told = {refusal.certificate: refusal.reason for refusal in refused}
        told |= {one.certificate: f"it is {one.kind}" for one in self.foreign if one.certificate not in told}
        told |= {one.certificate: _NOT_FROM_A_STORE for one in self.elsewhere}
        return tuple((certificate, reason) for certificate, reason in told.items() if not self._serves(certificate))

    def _serves(self, certificate: Certificate) -> bool:
        return self.holding is not None and self.holding.certificate == certificate

    @property
    def follows_binding(self) -> bool:
        """True where what is bound decides: a thumbprint is told, and the manifest names no other."""
        return self.bound is not None and bool(self.bound.thumbprints) and not self.contradicts_binding

    @property
    def contradicts_binding(self) -> bool:
        """True where the manifest names a certificate and another is bound."""
        if self.pinned is None or self.bound is None or not self.bound.thumbprints:
            return False
        return self.pinned not in self.bound.thumbprints and not self.is_bound

    @property
    def is_bound(self) -> bool:
        """True where the certificate that serves the role is the one that is bound."""
        return self.holding is not None and self.bound is not None and self.bound.names(self.holding.certificate)

    @property
    def owner(self) -> str | None:
        """What reports call the system that it is about; None for the trust lists."""
        return owner_name(self.system, self.holding)


def assign(site: Site, evidence: SiteEvidence, as_of: datetime, top_of: TopOf | None = None) -> tuple[Assignment, ...]:
    """The answer for every role of every system, then for the trust lists, in the order of the manifest.

    `top_of` gives what stands above a certificate; without it no issuers list is known. What a client chooses depends
    on the certificates of the management points, and these on nobody's choice: they are assigned first.
    """
    servers = (
        answer.holding.certificate
        for system in site.systems
        if "management-point" in system.roles
        for answer in _system(site, system, evidence.systems.get(system.key, Evidence()), as_of, IssuersList())
        if answer.role == "web-server" and answer.holding is not None
    )
    issuers = issuers_list(site, evidence, servers, top_of)
    answers: list[Assignment] = []
    for system in site.systems:
        answers += _system(site, system, evidence.systems.get(system.key, Evidence()), as_of, issuers)
    return (*answers, *_trust_lists(evidence))


def assign_each(site: Site, role: str, evidence: SiteEvidence) -> tuple[Assignment, ...]:
    """`role` for every certificate of the systems that can serve; for a CA role, for every CA certificate.

    A system of which no certificate could take the role is MISSING one: nothing was checked, and nothing may pass.
    """
    answers: list[Assignment] = []
    for system in site.systems:
        fitting = [
            Assignment(system, None, role, State.ASSIGNED, holding)
            for holding in _of_the_pki(holdings(evidence.systems[system.key].certificates))
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
        for holding in _of_the_pki(holdings(owner.certificates)):
            if role == "root-ca" or is_ca(holding.certificate):
                yield Assignment(None, None, role, State.ASSIGNED, holding)


def _system(
    site: Site, system: System, evidence: Evidence, as_of: datetime, issuers: IssuersList
) -> Iterable[Assignment]:
    needed: dict[str, str] = {}
    not_needed: dict[str, str] = {}
    for system_role in system.roles:
        for role in roles.needed_by(system_role, site.release):
            (needed if site.needs(system, system_role, role) else not_needed).setdefault(role, system_role)
    for role, system_role in not_needed.items():
        if role not in needed:
            yield Assignment(system, system_role, role, State.NOT_NEEDED)
    at_hand = _available(evidence, site)
    available, foreign = _of_the_pki(at_hand), _foreign(at_hand)
    chooser = chooser_of(system, site, as_of, issuers)
    for role, system_role in needed.items():
        pin = system.pins.get(role)
        blank = Assignment(system, system_role, role, State.NOT_SUPPLIED, foreign=foreign)
        if role == "web-server":
            blank = replace(blank, bound=bound_on(system, site, evidence))
        chosen = roles.role_named(role).chosen
        carried = _carried(role, evidence, pin)
        bound = _bound(blank, pin, evidence)
        for holding in carried:
            yield replace(blank, state=State.ASSIGNED, holding=holding)
        if bound:
            yield from bound
        elif pin is not None:
            yield _pinned(blank, pin, holdings(evidence.certificates))
        elif carried:
            continue
        elif not evidence.is_readable:
            yield blank
        elif chosen is roles.Chosen.BY_CARRIER:
            yield _supplied(blank, evidence, list(needed), available, as_of)
        elif chosen is roles.Chosen.BY_PRODUCT:
            yield _selected(blank, evidence, _candidates(role, needed, available), available, chooser)
        else:
            archived = _fit(role, _of_the_pki(_available(evidence, site, archived=True)))
            yield _picked(blank, _candidates(role, needed, available), archived, as_of)


def _candidates(role: str, needed: Iterable[str], available: list[Holding]) -> list[Holding]:
    """Those that fit the role; where none does, what no other role of the system needs: a certificate with the wrong
    purposes is a better answer than "missing", for it is what is there."""
    fitting = {name: _fit(name, available) for name in needed}
    claimed = {holding.certificate for found in fitting.values() for holding in found}
    leftover = [holding for holding in available if holding.certificate not in claimed]
    return fitting[role] or ([] if any(fitting.values()) and len(leftover) != 1 else leftover)


def _of_the_pki(held: Iterable[Holding]) -> list[Holding]:
    """Without those of other products, and the product's own: no requirement on the PKI is about them."""
    return [holding for holding in held if kind_of(holding) is None]


def _foreign(held: Iterable[Holding]) -> tuple[Foreign, ...]:
    return tuple(Foreign(holding.certificate, kind) for holding in held if (kind := kind_of(holding)) is not None)


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


def _selected(
    blank: Assignment, evidence: Evidence, candidates: list[Holding], available: list[Holding], chooser: Chooser
) -> Assignment:
    """The certificate that the product selects. Where it takes none, the only one that is at fault itself is judged all
    the same: what is wrong with it says more than that none is taken."""
    searched = _searched(evidence, chooser.selection.store)
    reached = _reached(blank, _with_those_for_all(candidates, available))
    choice = choose(searched or [entry for holding in reached for entry in holding.entries], chooser)
    answer = replace(blank, state=State.MISSING, choice=choice)
    at_hand = {holding.certificate: holding for holding in (*holdings(searched), *available)}
    if choice.chosen is not None:
        return answer if choice.kind else _one_of(answer, [at_hand[choice.chosen]])
    own = {holding.certificate for holding in available}
    if own.intersection(choice.candidates):
        return _one_of(answer, [at_hand[certificate] for certificate in choice.candidates])
    faults = {refusal.certificate: refusal.fault for refusal in choice.refused}
    judged = _OWN_FAULTS if searched else {*_OWN_FAULTS, Fault.ISSUER}
    blamed = [holding for holding in reached if faults.get(holding.certificate) in judged]
    narrowed = _narrowed(blamed, _validity(chooser.as_of))
    return _one_of(answer, narrowed) if len(narrowed) == 1 else answer


_OWN_FAULTS = {Fault.DATES, Fault.PURPOSE, Fault.KEY}
"""What is wrong with a certificate itself, and not with its being meant for something else. A file is handed in as the
certificate of the computer, wherever it was issued."""


def _searched(evidence: Evidence, store: str) -> list[CertificateEntry]:
    """The certificates of the store of the computer in which the product looks, archived ones too."""
    return [
        entry
        for entry in evidence.certificates
        if entry.provenance.store is not None
        and entry.provenance.store.lower() == store.lower()
        and _is_of_computer(entry)
    ]


def _supplied(
    blank: Assignment, evidence: Evidence, needed: list[str], available: list[Holding], as_of: datetime
) -> Assignment:
    """The answer for a role whose certificate travels in a file: what lies in a store is not what the product uses, and
    without the file nobody knows which it is. Media that carry none have none."""
    inputs = [item for item in evidence.inputs if item.format not in _STORE_FORMATS]
    entries = [entry for item in inputs for entry in item.certificates]
    files = {entry.certificate for entry in entries if entry.provenance.store is None}
    handed_in = [holding for holding in available if holding.certificate in files]
    answer = _picked(blank, _candidates(blank.role, needed, handed_in), [], as_of)
    opened = any(item.media is not None and item.media.variables is not None for item in evidence.inputs)
    if answer.state is not State.MISSING or opened:
        return answer
    return replace(blank, elsewhere=tuple(_fit(blank.role, available)))


_STORE_FORMATS = ("sst", "store-file")
"""Inputs that are one Windows store, whose name they do not tell."""


def _bound(blank: Assignment, pin: str | None, evidence: Evidence) -> list[Assignment]:
    """The certificates that are bound, be they ended or archived: those in use. None where no thumbprint is told, or
    where the manifest names another: it wins."""
    if blank.bound is None or not blank.bound.thumbprints:
        return []
    at_hand = {holding.certificate.sha1: holding for holding in holdings(evidence.certificates)}
    held = [at_hand[thumbprint] for thumbprint in blank.bound.thumbprints if thumbprint in at_hand]
    known = {*blank.bound.thumbprints, *(holding.certificate.sha256 for holding in held)}
    if pin is not None and pin not in known:
        return []
    serving = _of_the_pki(held)
    if serving:
        return [replace(blank, state=State.ASSIGNED, holding=holding, pinned=pin) for holding in serving]
    stored = any(entry.provenance.store is not None for entry in evidence.certificates)
    state = State.MISSING if held or stored else State.NOT_SUPPLIED
    return [replace(blank, state=state, pinned=pin, foreign=_foreign(held) or blank.foreign)]


def _picked(blank: Assignment, candidates: list[Holding], archived: list[Holding], as_of: datetime) -> Assignment:
    """The answer for a role whose certificate somebody chose by hand, once, and of which nothing tells which it is: it
    goes on being used when it has ended, or when its renewal has archived it."""
    reached = _reached(blank, candidates)
    narrowed = _narrowed(reached, _validity(as_of))
    kept = _reached(blank, [*narrowed, *archived])
    passed_over = [
        holding for holding in reached if holding not in narrowed and holding.private_key.present is not False
    ]
    passed_over += [holding for holding in kept if holding in archived]
    answer = _one_of(blank, narrowed)
    return replace(answer, passed_over=tuple(passed_over)) if answer.state is State.ASSIGNED else answer


def _pinned(blank: Assignment, pin: str, at_hand: Sequence[Holding]) -> Assignment:
    for holding in at_hand:
        if pin in (holding.certificate.sha1, holding.certificate.sha256):
            foreign = _foreign([holding])
            if foreign:
                return replace(blank, state=State.MISSING, pinned=pin, foreign=foreign)
            return replace(blank, state=State.ASSIGNED, holding=holding, pinned=pin)
    return replace(blank, state=State.MISSING, pinned=pin)


def _one_of(blank: Assignment, candidates: Sequence[Holding]) -> Assignment:
    match candidates:
        case []:
            return replace(blank, state=State.MISSING)
        case [holding]:
            return replace(blank, state=State.ASSIGNED, holding=holding)
    return replace(blank, state=State.AMBIGUOUS, candidates=tuple(candidates))


def _fit(role: str, available: Iterable[Holding]) -> list[Holding]:
    """Those whose extended key usage has what the role is chosen by."""
    wanted = roles.role_named(role).purposes
    return [holding for holding in available if wanted <= set(_purposes(holding.certificate))]


def _reached(blank: Assignment, candidates: list[Holding]) -> list[Holding]:
    """Fewer candidates by each mark without which the role cannot use one, as long as any is left: name, store, key."""
    marks: list[Callable[[Holding], bool]] = [
        lambda holding: any(_is_of_computer(entry) for entry in holding.entries),
        lambda holding: holding.private_key.present is not False,
    ]
    if blank.system is not None and blank.role in roles.FAMILIES["servers"]:
        names = {folded(name) for _, name in blank.system.names}
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
    return {folded(name) for name in names}
