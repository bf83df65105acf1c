"""Where HTTP.sys listens, as its tools and its registry keys write it: ADDRESS:PORT, NAME:PORT, or PORT alone."""

from __future__ import annotations

import re
from ipaddress import ip_address

from certaudit.evidence import Binding

_ENDPOINT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)(?:%\w+)?\]:|(?P<host>[^\s:\[\]]+):)?(?P<port>\d{1,5})")


def binding_at(endpoint: str, thumbprint: str | None, store: str | None, application: str | None) -> Binding | None:
    """The binding of a certificate at an endpoint; None where the endpoint is not understood.

    Without a thumbprint it is one of the central store of certificates. A port alone has no meaning but there.
    """
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None or not 0 < int(found["port"]) < 65536 or (thumbprint is not None and found["port"] == endpoint):
        return None
    place = found["six"] or found["host"]
    address = _address(place)
    if found["six"] and address is None:
        return None
    hostname = None if address is not None or place in ("*", "+") else place
    kind = "central-store" if thumbprint is None else "name" if hostname is not None else "address"
    return Binding(kind, int(found["port"]), address, hostname, thumbprint, store, application)


def _address(text: str | None) -> str | None:
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        return None
