"""What clients would see: where the CRLs of a path are published, and which clients can fetch them from there.

Judged from the addresses alone; nothing is contacted. Sources: Microsoft's native-mode requirements for CRLs
(a computer booted from PXE or media cannot read a CRL that is published only in Active Directory) and the behaviour
of CryptoAPI.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from certaudit.printable import printable
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import RevocationAnswer, RevocationStatus
from certaudit.x509.chain.chains import CandidatePath
from certaudit.x509.crl import RevocationList
from certaudit.x509.extensions import DistributionPoint
from certaudit.x509.fields import if_readable
from certaudit.x509.name import URI

CLOCK_MARGIN = timedelta(days=1)
"""How far the clock of a bare-metal computer is off in field reports of CRLs that looked not yet valid."""

# RFC 2606, RFC 6762 appendix G, ICANN's .internal, and what Active Directory forests are called in practice.
_INTERNAL_SUFFIXES = (
    "local",
    "lan",
    "corp",
    "internal",
    "intranet",
    "intra",
    "private",
    "home",
    "ad",
    "test",
    "localdomain",
)


_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?", re.IGNORECASE | re.ASCII)


class Client(Enum):
    """The kinds of client that fetch CRLs."""

    DOMAIN_JOINED = "domain-joined"
    WORKGROUP = "workgroup"
    INTERNET = "internet"
    WINDOWS_PE = "windows-pe"


class Reach(NamedTuple):
    """Whether one kind of client can fetch: True, False, or None where the address alone cannot tell; and why."""

    client: Client
    reachable: bool | None
    reason: str


class Location(NamedTuple):
    """One address of a CRL in the order of the certificate: `host` is None where the address has none.

    `is_delta` is True for the address of a delta CRL; `note` is a sentence or empty.
    """

    url: str
    scheme: str
    host: str | None
    is_delta: bool
    reaches: tuple[Reach, ...]
    note: str


class ClockTolerance(NamedTuple):
    """How far a client's clock may be behind or ahead before the CRL in force looks invalid; None is no limit."""

    behind: timedelta
    ahead: timedelta | None

    @property
    def is_narrow(self) -> bool:
        """True where a clock that is off by CLOCK_MARGIN would make a sound CRL look invalid."""
        return self.behind < CLOCK_MARGIN or (self.ahead is not None and self.ahead < CLOCK_MARGIN)


class ElementView(NamedTuple):
    """One certificate of a path as clients see its revocation: `reaches` has one answer for each kind of client.

    `tolerance` is None where no CRL in force is at hand.
    """

    certificate: Certificate
    locations: tuple[Location, ...]
    reaches: tuple[Reach, ...]
    tolerance: ClockTolerance | None


def client_view(path: CandidatePath, as_of: datetime, crls: Iterable[RevocationList] = ()) -> tuple[ElementView, ...]:
    """The view of each certificate of the path but its head, which no CRL speaks of.

    `crls` are those at hand: a CRL in use may itself say where its delta CRLs are (RFC 5280 5.2.6).
    """
    by_thumbprint = {crl.sha256: crl for crl in crls}
    views = []
    for certificate, answer in zip(path.certificates, path.revocation, strict=True):
        if answer.status is not RevocationStatus.NOT_APPLICABLE:
            used = [by_thumbprint[source] for source in answer.sources if source in by_thumbprint]
            found = locations(certificate, used)
            views.append(ElementView(certificate, found, _together(found), tolerance(answer, as_of)))
    return tuple(views)


def locations(certificate: Certificate, crls: Iterable[RevocationList] = ()) -> tuple[Location, ...]:
    """The addresses in the certificate, then those of delta CRLs in it and in `crls`; unreadable ones left out."""
    found: dict[tuple[str, bool], Location] = {}
    holders: list[tuple[Certificate | RevocationList, str]] = [
        (certificate, "crl_distribution_points"),
        (certificate, "freshest_crl"),
        *((crl, "freshest_crl") for crl in crls),
    ]
    for holder, field in holders:
        is_delta = field == "freshest_crl"
        for url in _urls(_points(holder, field)):
            found.setdefault((url, is_delta), location(url, is_delta=is_delta))
    return tuple(found.values())


def _points(holder: Certificate | RevocationList, field: str) -> tuple[DistributionPoint, ...]:
    points: tuple[DistributionPoint, ...] | None = if_readable(lambda: getattr(holder, field), otherwise=None)
    return points or ()  # one that cannot be read is an anomaly of the certificate, and said there


def _urls(points: Iterable[DistributionPoint]) -> Iterable[str]:
    return (name.text for point in points for name in point.names if name.kind == URI)


def location(url: str, *, is_delta: bool = False) -> Location:
    """What can be told from one address."""
    scheme, host = _scheme_and_host(url)
    reaches = tuple(Reach(client, *_reach(client, scheme, host)) for client in Client)
    return Location(url, scheme, host, is_delta, reaches, _note(url, scheme))


def _scheme_and_host(url: str) -> tuple[str, str | None]:
    if url.startswith("\\\\"):
        return "file", url.strip("\\").split("\\")[0] or None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - one that is out of range raises here
        return parts.scheme.lower(), parts.hostname or None
    except ValueError:
        return url.partition(":")[0].lower(), None


def _note(url: str, scheme: str) -> str:
    """IIS 7 and later refuse `+` in a path until request filtering allows double escaping (source
    `iis-delta`: names of delta CRLs)."""
    if scheme == "http" and "+" in unquote(url):
        return "The name has a + in it: IIS 7 and later refuse it unless double escaping is allowed."
    return ""


def _reach(client: Client, scheme: str, host: str | None) -> tuple[bool | None, str]:
    match scheme:
        case "ldap":
            return _by_ldap(client)
        case "file":
            return _by_share(client)
        case "http":
            return _by_http(client, host) if host else (False, "the address names no host")
        case "https":
            return False, "to fetch it over TLS, the server's certificate would have to be checked by a CRL first"
        case "":
            return False, "the address has no scheme"
    return False, f"Windows fetches no CRL over {scheme}"


def _by_ldap(client: Client) -> tuple[bool | None, str]:
    match client:
        case Client.DOMAIN_JOINED:
            return True, "it is read from Active Directory with the computer's account"
        case Client.WINDOWS_PE:
            return False, "Windows PE is not bound to Active Directory and cannot read a CRL from it"
        case Client.WORKGROUP:
            return False, "a workgroup computer has no account to read Active Directory with"
    return False, "Active Directory is not reachable from the Internet"


def _by_share(client: Client) -> tuple[bool | None, str]:
    if client is Client.DOMAIN_JOINED:
        return None, "it depends on the share whether computer accounts may read it"
    if client is Client.INTERNET:
        return False, "a file share is not reachable from the Internet"
    return False, "it has no account to read the share with"


def _by_http(client: Client, host: str) -> tuple[bool | None, str]:
    address = _address(host)
    if _is_own(host, address):
        return False, f"{host} is whichever computer asks for it"
    if not _HOST.fullmatch(host) and address is None:
        return False, f"{printable(host)} is no host name"
    if client is Client.INTERNET:
        if address is not None:
            public = address.is_global
            return public, f"{host} is {'a public' if public else 'not a public'} address"
        if "." not in host:
            return False, f"{host} is a name of the intranet"
        if host.rstrip(".").rpartition(".")[2] in _INTERNAL_SUFFIXES:
            return None, f"{host} looks like an internal name"
        return True, "it is published over HTTP"
    if address is None and "." not in host and client is not Client.DOMAIN_JOINED:
        return None, f"{host} has no domain: it resolves only where the network supplies the right suffix"
    return True, "it is published over HTTP"


def _is_own(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    if address is None:
        return host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost")
    return address.is_loopback or address.is_unspecified or address.is_link_local


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _together(found: tuple[Location, ...]) -> tuple[Reach, ...]:
    """One answer for each client: any complete CRL that it reaches will do."""
    bases = [known for known in found if not known.is_delta]
    together = []
    for number, client in enumerate(Client):
        reaches = [known.reaches[number] for known in bases]
        best = min(reaches, key=lambda reach: (True, None, False).index(reach.reachable), default=None)
        reason = "the certificate names no distribution point" if best is None else best.reason
        together.append(Reach(client, False if best is None else best.reachable, reason))
    return tuple(together)


def tolerance(answer: RevocationAnswer, as_of: datetime) -> ClockTolerance | None:
    """How far a clock may be off while the CRLs behind `answer` are in force for it; None where none is now."""
    if answer.this_update is None or answer.this_update > as_of:
        return None
    if answer.next_update is not None and answer.next_update < as_of:
        return None
    ahead = answer.next_update - as_of if answer.next_update is not None else None
    return ClockTolerance(as_of - answer.this_update, ahead)
