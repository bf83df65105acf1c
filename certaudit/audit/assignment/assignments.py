"""The answer for each role of each system: which certificate serves it, or why none is known to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from certaudit.audit.assignment.assignment import Assignment, State
from certaudit.audit.assignment.bound import bound_on
from certaudit.audit.assignment.candidates import (
    available_to,
    candidates_for,
    fitting,
    foreign_among,
    is_of_computer,
    of_the_pki,
    reached_by,
    those_with,
    valid_at,
    with_those_for_all,
)
from certaudit.audit.assignment.client_choice import Chooser, Fault, choose, chooser_of
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    serves,
)
from certaudit.audit.assignment.issuers_list import IssuersList, TopOf, issuers_list
from certaudit.evidence import CertificateEntry, Evidence, SiteEvidence
from certaudit.site import roles
from certaudit.site.site import Site, System


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
            for holding in of_the_pki(holdings(evidence.systems[system.key].certificates))
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
        for holding in of_the_pki(holdings(owner.certificates)):
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
    at_hand = available_to(evidence, site)
    available, foreign = of_the_pki(at_hand), foreign_among(at_hand)
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
            yield _selected(blank, evidence, candidates_for(role, needed, available), available, chooser)
        else:
            archived = fitting(role, of_the_pki(available_to(evidence, site, archived=True)))
            yield _picked(blank, candidates_for(role, needed, available), archived, as_of)


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


def _selected(
    blank: Assignment, evidence: Evidence, candidates: list[Holding], available: list[Holding], chooser: Chooser
) -> Assignment:
    """The certificate that the product selects. Where it takes none, the only one that is at fault itself is judged all
    the same: what is wrong with it says more than that none is taken."""
    searched = _searched(evidence, chooser.selection.store)
    reached = reached_by(blank, with_those_for_all(candidates, available))
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
    narrowed = those_with(blamed, valid_at(chooser.as_of))
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
        and is_of_computer(entry)
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
    answer = _picked(blank, candidates_for(blank.role, needed, handed_in), [], as_of)
    opened = any(item.media is not None and item.media.variables is not None for item in evidence.inputs)
    if answer.state is not State.MISSING or opened:
        return answer
    return replace(blank, elsewhere=tuple(fitting(blank.role, available)))


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
    serving = of_the_pki(held)
    if serving:
        return [replace(blank, state=State.ASSIGNED, holding=holding, pinned=pin) for holding in serving]
    stored = any(entry.provenance.store is not None for entry in evidence.certificates)
    state = State.MISSING if held or stored else State.NOT_SUPPLIED
    return [replace(blank, state=state, pinned=pin, foreign=foreign_among(held) or blank.foreign)]


def _picked(blank: Assignment, candidates: list[Holding], archived: list[Holding], as_of: datetime) -> Assignment:
    """The answer for a role whose certificate somebody chose by hand, once, and of which nothing tells which it is: it
    goes on being used when it has ended, or when its renewal has archived it."""
    reached = reached_by(blank, candidates)
    narrowed = those_with(reached, valid_at(as_of))
    kept = reached_by(blank, [*narrowed, *archived])
    passed_over = [
        holding for holding in reached if holding not in narrowed and holding.private_key.present is not False
    ]
    passed_over += [holding for holding in kept if holding in archived]
    answer = _one_of(blank, narrowed)
    return replace(answer, passed_over=tuple(passed_over)) if answer.state is State.ASSIGNED else answer


def _pinned(blank: Assignment, pin: str, at_hand: Sequence[Holding]) -> Assignment:
    for holding in at_hand:
        if pin in (holding.certificate.sha1, holding.certificate.sha256):
            foreign = foreign_among([holding])
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
