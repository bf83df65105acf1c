"""Which certificate roles the roles of a system need, and by which purposes a certificate is chosen for one."""

from __future__ import annotations

from certaudit import oids
from certaudit.site import Site, role_exists

SERVED_BY = {
    "primary-site-server": ("site-server-signing",),
    "management-point": ("web-server", "site-system-client"),
    "state-migration-point": ("web-server", "site-system-client"),
    "distribution-point": ("web-server", "distribution-point-client"),  # the latter since PXE moved to it: B3
    "software-update-point": ("web-server",),
    "pxe-service-point": ("pxe-service-point",),
    "out-of-band-service-point": ("amt-provisioning",),
    "proxy-web-server": ("proxy-web-server",),
    "client": ("client",),
    "mobile-client": ("mobile-client",),
    "boot-media": ("boot-media",),
}
"""The certificate roles that a site system role (or a client, or a media) needs: requirements.md A0.6, A2.1, A3.1."""

_PURPOSES = {
    "site-server-signing": frozenset({oids.DOCUMENT_SIGNING}),
    "web-server": frozenset({oids.SERVER_AUTHENTICATION}),
    "proxy-web-server": frozenset({oids.SERVER_AUTHENTICATION, oids.CLIENT_AUTHENTICATION}),
    "amt-provisioning": frozenset({oids.AMT_PROVISIONING}),
    "cloud-management-gateway": frozenset({oids.SERVER_AUTHENTICATION}),
}
_CLIENT_PURPOSE = frozenset({oids.CLIENT_AUTHENTICATION})

SELECTING_ROLES = ("client", "site-system-client")
"""The roles whose certificate the product itself selects from a store."""


def purposes_of(role: str) -> frozenset[str]:
    """The purposes by which a certificate is chosen for a role."""
    return _PURPOSES.get(role, _CLIENT_PURPOSE)


def certificate_roles(site: Site, system_role: str) -> tuple[str, ...]:
    """The certificate roles that a site system role needs in the release of `site`."""
    return tuple(role for role in SERVED_BY[system_role] if role_exists(role, site.release))
