"""Whom boot media call: the management points and gateways behind the addresses that they carry.

What media carry was true when they were made. A system that they name is judged as they name it; the others of the
site are not called.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from certaudit.site.site import Site, System
from certaudit.x509.name import folded

ANSWERING = ("management-point", "cloud-management-gateway")
"""The site system roles that the management point list of media can name."""
CERTIFICATES = ("web-server", "cloud-management-gateway")
"""The certificate roles by which those prove who they are."""


class Callee(NamedTuple):
    """An address that media carry, its host in lower case, and the system that it names; None where the site has none
    of that name."""

    address: str
    host: str
    system: System | None

    @property
    def is_over_https(self) -> bool:
        """True where the address begins with the scheme of HTTPS."""
        return self.address.casefold().startswith("https:")


def callees(site: Site, addresses: Iterable[str]) -> tuple[Callee, ...]:
    """The systems behind the addresses, by one of their names or the first label of it. The name of a network load
    balancing cluster is that of each system in it, and any of these may answer."""
    serving = [system for system in site.systems if set(ANSWERING) & set(system.roles)]
    found = []
    for address in addresses:
        host = host_of(address)
        named = [system for system in serving if host in _names(system)]
        named = named or [system for system in serving if host in {name.partition(".")[0] for name in _names(system)}]
        found += [Callee(address, host, system) for system in named or (None,)]
    return tuple(found)


def _names(system: System) -> set[str]:
    return {folded(name) for _, name in system.names}


def host_of(address: str) -> str:
    """The host of an address with or without a scheme, in lower case; empty where there is none."""
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").removesuffix(".")
    except ValueError:
        return ""
