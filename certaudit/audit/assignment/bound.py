"""What HTTP.sys presents where clients call a system: the certificate that is bound is the one in use.

A client that sends a host name gets what is bound for that name, else what the central store has for it, else what is
bound at the address (source `jexus-https`: mappings by SNI first, those by address where none fits).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from certaudit.evidence import IIS_APPLICATION, Binding, Evidence, SiteAddress, WebSite
from certaudit.site.roles import site_system_role
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate

_ANY_ADDRESS = ("0.0.0.0", "::")
_DEFAULT_SITES = (1,)
_PRODUCT_SITES = ("smsweb",)
"""The web sites (numbers, and names in lower case) in which the product sets up its roles: the default one, or the one
of its own that a site can be told to use."""


class Bound(NamedTuple):
    """What is bound at the ports of a system's roles.

    `thumbprints` are SHA-1, each once. `untold` are ports at which the central store answers, which tells no
    thumbprint, `unbound` those at which nothing does, `elsewhere` other ports at which IIS answers by TLS.
    """

    thumbprints: tuple[str, ...] = ()
    untold: tuple[int, ...] = ()
    unbound: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()

    def names(self, certificate: Certificate) -> bool:
        """True where the certificate is bound."""
        return certificate.sha1 in self.thumbprints


def bound_on(system: System, site: Site, evidence: Evidence) -> Bound | None:
    """What is bound for the roles of the system that are spoken to over HTTPS; None where no binding was collected, or
    the system has no such role."""
    ports = _ports(system, site)
    if not ports or not evidence.has_bindings:
        return None
    bindings = evidence.bindings
    sites = tuple(web_site for one in evidence.computers.values() for web_site in one.web_sites)
    thumbprints: dict[str, None] = {}
    untold, unbound, used = [], [], set[int]()
    for choices in ports:
        port = next((port for port in choices if any(binding.port == port for binding in bindings)), choices[0])
        used.update(choices)
        presented = tuple(_presented(system, port, bindings, sites))
        if not presented:
            unbound.append(port)
        elif any(thumbprint is None for thumbprint in presented):
            untold.append(port)
        thumbprints |= {thumbprint: None for thumbprint in presented if thumbprint is not None}
    elsewhere = {binding.port for binding in bindings if binding.application == IIS_APPLICATION} - used
    return Bound(tuple(thumbprints), tuple(untold), tuple(unbound), tuple(sorted(elsewhere)))


def _ports(system: System, site: Site) -> tuple[tuple[int, ...], ...]:
    """The ports of each role that is spoken to over HTTPS, each set of them once."""
    if site.connections_of(system) != "https":
        return ()
    rows = (site_system_role(role) for role in system.roles)
    return tuple(dict.fromkeys(row.https_ports for row in rows if row is not None and row.https_ports))


def _presented(
    system: System, port: int, bindings: Iterable[Binding], sites: tuple[WebSite, ...]
) -> Iterator[str | None]:
    """The thumbprint for each name of the system, and those of single addresses; None for the central store."""
    here = [binding for binding in bindings if binding.port == port]
    listening = _listening(port, sites)
    at_address = [binding for binding in here if binding.kind == "address" and _is_listened_at(binding, listening)]
    for name in dict.fromkeys(name.casefold() for _, name in system.names):
        named = [binding for binding in here if binding.kind == "name" and _fits(binding.hostname, name)]
        central = [binding for binding in here if binding.kind == "central-store" and _fits(binding.hostname, name)]
        yield from (binding.thumbprint for binding in named or central or at_address)
    yield from (binding.thumbprint for binding in at_address if binding.address not in _ANY_ADDRESS)


def _fits(hostname: str | None, name: str) -> bool:
    """True where a binding without or with a host name answers for that name (in lower case)."""
    if hostname is None:
        return True
    bound = hostname.casefold()
    return bound == name or (bound.startswith("*.") and bound[2:] == name.partition(".")[2])


def _listening(port: int, sites: tuple[WebSite, ...]) -> list[SiteAddress]:
    """Where the web sites of the product listen by TLS at that port; empty where they are not told or do not."""
    return [
        address
        for web_site in sites
        if web_site.number in _DEFAULT_SITES or web_site.name.casefold() in _PRODUCT_SITES
        for address in web_site.addresses
        if address.protocol == "https" and address.port == port
    ]


def _is_listened_at(binding: Binding, listening: list[SiteAddress]) -> bool:
    """True for a binding at every address, and at one at which a web site of the product listens, as far as told."""
    if not listening or binding.address in _ANY_ADDRESS:
        return True
    return any(address.address in ("*", binding.address) for address in listening)
