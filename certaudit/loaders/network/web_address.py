"""Addresses in certificates that somebody asks to fetch from: which are followed at all, and where they may lead.

A certificate is hostile input: its author chooses where this computer would send a request. Private addresses are
where the servers of an internal PKI are, so they are allowed; this computer itself, the local link and the metadata
services of clouds are not, unless the user names them.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from certaudit.errors import InputError
from certaudit.printable import printable

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
_METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NOT_IN_A_REQUEST = re.compile(r"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that can be asked for; `target` is what stands in the request line."""

    url: str
    scheme: str
    host: str
    port: int
    target: str


def web_address(url: str) -> WebAddress:
    """`url` taken apart. Raises InputError where it is no plain http or https address."""
    shown = printable(url)
    quoted = url.replace(" ", "%20")
    try:
        parts = urlsplit(quoted)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{shown} is no web address: correct it in the certificate.") from error
    if scheme not in PORTS:
        raise InputError(f"{shown} is not fetched: only http and https are.")
    if not host or parts.username is not None or _NOT_IN_A_REQUEST.search(quoted):
        raise InputError(f"{shown} is not fetched: it is no plain web address.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebAddress(quoted, scheme, host, port or PORTS[scheme], target)


def redirected(origin: WebAddress, location: str) -> WebAddress:
    """Where `location` leads from `origin`. Raises InputError where it leaves the scheme or is no address."""
    try:
        target = web_address(urljoin(origin.url, location))
    except ValueError as error:
        raise InputError(f"{printable(origin.url)} leads on to what is no web address.") from error
    if target.scheme != origin.scheme:
        raise InputError(f"{printable(origin.url)} leads on to {printable(target.url)}, which is of another scheme.")
    return target


def refusal(address: str) -> str | None:
    """What `address` is where nobody is sent there unless the user names it; None for any other."""
    known = _meant(ipaddress.ip_address(address))
    if known in _METADATA:
        return "the metadata service of a cloud"
    if known.is_loopback or known.is_unspecified:
        return "this computer itself"
    if known.is_link_local:
        return "an address of the local link"
    if known.is_multicast or known.is_reserved or known == ipaddress.ip_address("255.255.255.255"):
        return "no address of a single computer"
    return None


def is_private(address: str) -> bool:
    """True for an address that is not routed on the internet."""
    return not _meant(ipaddress.ip_address(address)).is_global


def _meant(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
