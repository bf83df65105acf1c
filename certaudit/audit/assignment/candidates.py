"""Which of the certificates at hand could serve a role: fewer by each mark without which the role cannot use one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from certaudit.audit.assignment.assignment import Assignment, Foreign
from certaudit.audit.assignment.foreign_certificates import kind_of
from certaudit.audit.assignment.holding import Holding, holdings, serves
from certaudit.evidence import CertificateEntry, Evidence
from certaudit.evidence.windows import store_properties, system_store
from certaudit.site import roles
from certaudit.site.site import Site
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME, folded

_STORES = ("my", "webhosting")
"""The stores (in lower case) whose certificates a computer presents to others."""


def available_to(evidence: Evidence, site: Site, *, archived: bool = False) -> list[Holding]:
    """The certificates that can serve the system itself; or those of them that are archived everywhere."""
    held = holdings(entry for entry in evidence.certificates if _can_serve(entry, site))
    if archived:
        own = {holding.certificate for holding in held}
        entries = (entry for entry in evidence.certificates if _can_serve(entry, site, archived=True))
        held = tuple(holding for holding in holdings(entries) if holding.certificate not in own)
    others = evidence.carried_for_trust
    return [holding for holding in held if serves(holding) and holding.certificate not in others]


def _can_serve(entry: CertificateEntry, site: Site, *, archived: bool = False) -> bool:
    """True for a place in a file, and in a store from which certificates are presented; not where it is archived, or
    with `archived` there alone."""
    store = entry.provenance.store
    if store is None:
        return not archived
    named = store.lower() in (*_STORES, site.client_selection.store.lower())
    return named and store_properties.is_archived(entry.properties) is archived


def of_the_pki(held: Iterable[Holding]) -> list[Holding]:
    """Without those of other products, and the product's own: no requirement on the PKI is about them."""
    return [holding for holding in held if kind_of(holding) is None]


def foreign_among(held: Iterable[Holding]) -> tuple[Foreign, ...]:
    return tuple(Foreign(holding.certificate, kind) for holding in held if (kind := kind_of(holding)) is not None)


def candidates_for(role: str, needed: Iterable[str], available: list[Holding]) -> list[Holding]:
    """Those that fit the role; where none does, what no other role of the system needs: a certificate with the wrong
    purposes is a better answer than "missing", for it is what is there."""
    fit = {name: fitting(name, available) for name in needed}
    claimed = {holding.certificate for found in fit.values() for holding in found}
    leftover = [holding for holding in available if holding.certificate not in claimed]
    return fit[role] or ([] if any(fit.values()) and len(leftover) != 1 else leftover)


def with_those_for_all(candidates: list[Holding], available: list[Holding]) -> list[Holding]:
    """Beside certificates for client authentication, those that Windows takes as good for it too: for every purpose."""
    if not any(_purposes(holding.certificate) for holding in candidates):
        return candidates
    return [*candidates, *(holding for holding in available if holding not in candidates and _is_for_all(holding))]


def fitting(role: str, available: Iterable[Holding]) -> list[Holding]:
    """Those whose extended key usage has what the role is chosen by."""
    wanted = roles.role_named(role).purposes
    return [holding for holding in available if wanted <= set(_purposes(holding.certificate))]


def reached_by(blank: Assignment, candidates: list[Holding]) -> list[Holding]:
    """Fewer candidates by each mark without which the role cannot use one, as long as any is left: name, store, key."""
    marks: list[Callable[[Holding], bool]] = [
        lambda holding: any(is_of_computer(entry) for entry in holding.entries),
        lambda holding: holding.private_key.present is not False,
    ]
    if blank.system is not None and blank.role in roles.FAMILIES["servers"]:
        names = {folded(name) for _, name in blank.system.names}
        marks.insert(0, lambda holding: bool(names & _names(holding.certificate)))
    for mark in marks:
        candidates = those_with(candidates, mark)
    return candidates


def those_with(candidates: list[Holding], mark: Callable[[Holding], bool]) -> list[Holding]:
    return [holding for holding in candidates if mark(holding)] or candidates


def valid_at(as_of: datetime) -> Callable[[Holding], bool]:
    return lambda holding: _is_valid(holding.certificate, as_of)


def is_of_computer(entry: CertificateEntry) -> bool:
    return entry.provenance.location in (None, system_store.LOCAL_MACHINE)


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
