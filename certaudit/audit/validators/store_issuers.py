"""The CAs that a computer needs in its own stores: it sends and trusts what is there, whatever other computers have."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.audit.assignment import Assignment
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import Store
from certaudit.evidence.windows import system_store
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.site.roles import FAMILIES, role_named
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import URI

_ROOTS = ("Root", "AuthRoot")


def roots_in_place(subject: Store, context: Context) -> Result:
    """The computer trusts every listed root of a chain that it has to verify (requirement `store.roots-in-place`).

    Group Policy and Active Directory bring roots into stores of their own: without these nobody knows what is missing.
    """
    if not _stands_for_computer(subject):
        return not_applicable("This is about the store Root of the computer, with all that Windows adds to it.")
    stores = _stores_beside(subject, context)
    present = _held(stores, _ROOTS)
    needed = [
        root
        for root in context.evidence.root_cas.every_certificate
        if any(_meets(subject.system, user, context.site) for user in context.users.get(root, ()))
    ]
    expected = "the roots of the chains that this computer meets"
    if not needed:
        return not_applicable("No chain that this computer meets ends at a listed root.")
    missing = [f"{root.subject} ({root.sha1})" for root in needed if root not in present]
    if not missing:
        return passed(f"{len(needed)} roots in use, each of them there", expected)
    message = f"The computer does not trust {'; '.join(missing)}"
    if not _shows_domain(stores):
        return not_checked(f"{message}, unless Group Policy or Active Directory does; {_EXPORT_DOMAIN}", expected)
    return failed(f"{message}.", f"{len(present)} other roots", expected)


def intermediates_in_place(subject: Store, context: Context) -> Result:
    """The computer has the intermediate CAs of the certificates that serve its roles (requirement
    `store.intermediates-in-place`): a server sends what it finds in its own stores, and nothing else (failure F33).

    Where several paths lead up, one that is there is enough.
    """
    if not _stands_for_computer(subject):
        return not_applicable("This is about the stores of the computer, of which Root stands for all.")
    stores = _stores_beside(subject, context)
    present = _held(stores, _SEARCHED)
    serving = context.serving.get(subject.system.key, frozenset())
    if not serving:
        return not_applicable("No certificate serves a role on this computer.")
    missing = {lacking: below for leaf in serving for lacking, below in _lacking(leaf, present, context)}
    expected = "the intermediate CAs of the computer's own certificates"
    if not missing:
        return passed(f"those of {len(serving)} certificates in use are there", expected)
    names = "; ".join(sorted(f"{issuer.subject} ({issuer.sha1})" for issuer in missing))
    message = f"The stores of the computer lack an intermediate CA: {names}"
    if not any(store.is_of_computer and store.is_one_of(("CA",)) for store in stores):
        return not_checked(f"{message}; but the evidence has no store CA of the computer: export it too", expected)
    if not _shows_domain(stores):
        return not_checked(f"{message}, unless Group Policy or Active Directory brings it; {_EXPORT_DOMAIN}", expected)
    fetched = " Windows may fetch it over HTTP (AIA) where the network lets it; Windows PE does not ask."
    return failed(f"{message}.{fetched if all(map(_names_issuer, missing.values())) else ''}", names, expected)


_SEARCHED = ("CA", "Root", "AuthRoot", "My", "Trust")
"""The stores in which Windows looks for the issuers of a certificate."""


def _lacking(leaf: Certificate, present: set[Certificate], context: Context) -> list[tuple[Certificate, Certificate]]:
    """The intermediate CAs that are not among `present`, each with the certificate that it issued, on that path from
    `leaf` on which the fewest are missing; of paths that are not valid, the best alone counts."""
    paths = [path for path in context.chains.paths(leaf) if path.valid] or [context.chains.best(leaf)]
    ways = (list(zip(path.certificates[1:], path.certificates, strict=False)) for path in paths)
    gaps = ([pair for pair in way if not pair[0].is_self_issued and pair[0] not in present] for way in ways)
    return min(gaps, key=len)


def _names_issuer(certificate: Certificate) -> bool:
    """True where it says at which HTTP address its issuer's certificate is."""
    access = if_readable(lambda: certificate.authority_information_access, otherwise=())
    return any(
        method == oids.CA_ISSUERS and place.kind == URI and place.text.lower().startswith("http:")
        for method, place in access
    )


def _meets(system: System, user: Assignment, site: Site) -> bool:
    """True where the computer has that certificate itself, or verifies it: every computer that of a server that clients
    talk to, clients and connection points that of a gateway, and a server that asks for them those of clients."""
    if user.system is not None and user.system.key == system.key:
        return True
    if user.role == "cloud-management-gateway":
        return system.kind != "site-system" or "cloud-management-gateway-connection-point" in system.roles
    if oids.SERVER_AUTHENTICATION in role_named(user.role).purposes:
        return True
    return site.verifies_clients(system) or user.role not in (*FAMILIES["clients"], *FAMILIES["carried"])


def _stands_for_computer(subject: Store) -> bool:
    """True for the one store of a computer that no export of its stores lacks."""
    return subject.is_local and subject.is_one_of(("Root",))


def _stores_beside(subject: Store, context: Context) -> list[Store]:
    """All stores of the same computer, itself included."""
    return [store for store in context.stores[subject.system.key] if store.host == subject.host]


def _held(stores: Iterable[Store], names: tuple[str, ...]) -> set[Certificate]:
    """What the stores of the computer of these names hold together."""
    chosen = (store for store in stores if store.is_of_computer and store.is_one_of(names))
    return {entry.certificate for store in chosen for entry in store.entries}


def _shows_domain(stores: Iterable[Store]) -> bool:
    """True where the stores are among the evidence into which Group Policy and Active Directory bring certificates."""
    return any(store.location in (system_store.MACHINE_POLICY, system_store.ENTERPRISE) for store in stores)


_EXPORT_DOMAIN = "export EnterpriseCertificates and Policies too"


CHECKS: tuple[Check, ...] = (roots_in_place, intermediates_in_place)
