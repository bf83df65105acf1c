"""Roles: what certificates are for, and what computers do. One table, from which every list of roles is derived."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from certaudit.site.releases import RELEASES, between, of_product, since
from certaudit.x509 import oids

USUAL_LEAD_DAYS = 30
"""How many days before its end a certificate should be renewed, unless its role asks for more."""


class Chosen(Enum):
    """Who decides which certificate serves a role."""

    BY_PERSON = "bound or imported by a person, once"
    BY_PRODUCT = "selected by the product from a store, each time"
    BY_CARRIER = "carried as a PFX, by media or by the site"
    BY_TRUST_LIST = "listed by the site"


class Needed(Enum):
    """Where a system with the right role needs a certificate of a certificate role."""

    ALWAYS = "always"
    BY_MODE = "where the site is in native mode"
    BY_HTTPS = "where the system itself is spoken to over HTTPS"
    BY_CLIENTS = "where a management point is spoken to over HTTPS"
    BY_GATEWAY = "there, and where clients of a gateway prove who they are by certificates"


class CertificateRole(NamedTuple):
    """What a certificate is for.

    `purposes` are those by which one is chosen for the role (empty for CAs). `needed_by` are the site system roles
    (of clients and media, the kind) that need one, and where they do; `releases` are those in which the role means
    anything. `way_in` is
    the role of the system that a computer boots from by means of it, `registered_as` the number by which the site
    lists it in SMS_CertificateInfo. `lead_days` is how many days before its end its renewal should begin.
    """

    name: str
    purposes: frozenset[str]
    needed_by: Mapping[str, Needed] = MappingProxyType({})
    chosen: Chosen = Chosen.BY_PERSON
    releases: tuple[str, ...] = RELEASES
    way_in: str | None = None
    registered_as: str | None = None
    lead_days: int = USUAL_LEAD_DAYS


_SERVER = frozenset({oids.SERVER_AUTHENTICATION})
_CLIENT = frozenset({oids.CLIENT_AUTHENTICATION})
_CA_LEAD_DAYS = 180
"""Everything under a CA has to be issued again."""

TABLE = (
    CertificateRole(
        "site-server-signing",
        frozenset({oids.DOCUMENT_SIGNING}),
        {"primary-site-server": Needed.BY_MODE},
        releases=of_product("2007"),  # from 2012 on the site makes its own
        lead_days=60,  # clients must learn a new one
    ),
    CertificateRole(
        "web-server",
        _SERVER,
        dict.fromkeys(
            ("management-point", "state-migration-point", "distribution-point", "software-update-point"),
            Needed.BY_HTTPS,
        ),
    ),
    CertificateRole(
        "site-system-client",
        _CLIENT,
        {
            "management-point": Needed.BY_HTTPS,
            "state-migration-point": Needed.BY_HTTPS,
            "cloud-management-gateway-connection-point": Needed.BY_GATEWAY,
        },
        chosen=Chosen.BY_PRODUCT,
    ),
    CertificateRole(
        "pxe-service-point",
        _CLIENT,
        {"pxe-service-point": Needed.BY_CLIENTS},
        chosen=Chosen.BY_CARRIER,
        way_in="pxe-service-point",
        registered_as="2",
        lead_days=45,  # imported by hand
    ),
    CertificateRole(
        "boot-media",
        _CLIENT,
        {"boot-media": Needed.BY_CLIENTS},
        chosen=Chosen.BY_CARRIER,
        way_in="boot-media",
        registered_as="1",
        lead_days=60,  # media must be made and sent out again
    ),
    CertificateRole("client", _CLIENT, {"client": Needed.BY_CLIENTS}, chosen=Chosen.BY_PRODUCT),
    CertificateRole("mobile-client", _CLIENT, {"mobile-client": Needed.BY_CLIENTS}),
    CertificateRole(
        "amt-provisioning",
        frozenset({oids.AMT_PROVISIONING}),
        {"out-of-band-service-point": Needed.ALWAYS},
        releases=between("2007-sp1", "2012-r2"),  # out of band management came with SP1 and left with 1511
    ),
    CertificateRole("proxy-web-server", _SERVER | _CLIENT, {"proxy-web-server": Needed.BY_CLIENTS}),
    CertificateRole("root-ca", frozenset(), chosen=Chosen.BY_TRUST_LIST, lead_days=_CA_LEAD_DAYS),
    CertificateRole("intermediate-ca", frozenset(), chosen=Chosen.BY_TRUST_LIST, lead_days=_CA_LEAD_DAYS),
    CertificateRole(
        "distribution-point-client",
        _CLIENT,
        {"distribution-point": Needed.BY_CLIENTS},  # since PXE moved to it
        chosen=Chosen.BY_CARRIER,
        releases=since("2012"),
        way_in="pxe-service-point",
    ),
    CertificateRole(
        "cloud-management-gateway",
        _SERVER,
        {"cloud-management-gateway": Needed.BY_HTTPS},
        releases=since("2012-sp1"),  # with which the cloud-based distribution point came
    ),
)
"""Every certificate role, in the order in which reports name them. What each demands is in the rows."""

CERTIFICATE_ROLES = tuple(role.name for role in TABLE)


class SiteSystemRole(NamedTuple):
    """What a site system does. `short` are the abbreviations by which administrators call it, `connections` how it can
    be spoken to, the usual way first. `https_ports` are those at which IIS answers for it, of several the first that
    anything is bound to. `registry_key` is the key below SMS in the registry that a computer with the role has, None
    where none is known to say so."""

    name: str
    short: tuple[str, ...]
    releases: tuple[str, ...] = RELEASES
    connections: tuple[str, ...] = ("https", "http")
    https_ports: tuple[int, ...] = ()
    registry_key: str | None = None


_IIS = (443,)
_WSUS = (8531, 443)
"""The port of its own web site, and that of the default one, where WSUS was set up before Windows Server 2012."""

SITE_SYSTEM_TABLE = (
    SiteSystemRole("primary-site-server", ("pss", "primary", "site server", "primary site")),
    SiteSystemRole(
        "management-point",
        ("mp",),
        connections=("https", "enhanced-http", "http"),
        https_ports=_IIS,
        registry_key="MP",
    ),
    SiteSystemRole("state-migration-point", ("smp",), https_ports=_IIS),
    SiteSystemRole(
        "distribution-point",
        ("dp", "bdp"),
        connections=("https", "enhanced-http", "http", "smb"),
        https_ports=_IIS,
        registry_key="DP",
    ),
    SiteSystemRole("software-update-point", ("sup", "wsus"), https_ports=_WSUS),
    SiteSystemRole("pxe-service-point", ("psp", "pxe"), of_product("2007"), registry_key="PXE"),
    SiteSystemRole("out-of-band-service-point", ("oobsp", "oob", "amt"), between("2007-sp1", "2012-r2")),
    SiteSystemRole("proxy-web-server", ("proxy",)),
    SiteSystemRole("cloud-management-gateway", ("cmg",), since("2012-sp1"), connections=("https",)),
    SiteSystemRole(
        "cloud-management-gateway-connection-point",
        ("cmg-cp", "cmg connection point"),
        of_product("current-branch"),
        registry_key="SMS_CLOUD_PROXYCONNECTOR",
    ),
)
SITE_SYSTEM_ROLES = tuple(role.name for role in SITE_SYSTEM_TABLE)
CONNECTIONS = ("https", "enhanced-http", "http", "smb")
"""How a site system is spoken to. SMB belongs to 2007 distribution points without BITS and to branch ones."""
CLIENT_ROLES = ("client", "mobile-client")
REACHED = ("management-point", "state-migration-point", "distribution-point")
"""The site system roles that a computer in Windows PE talks to over TLS."""

VERIFYING = (*REACHED, "proxy-web-server")
"""The site system roles whose IIS or Schannel asks clients for a certificate, and trusts it by its own stores."""

_BY_NAME = {role.name: role for role in TABLE}


def role_named(name: str) -> CertificateRole:
    """The row of the table; raises KeyError where there is none of that name."""
    return _BY_NAME[name]


def lead_days_of(name: str) -> int:
    """How many days before its end the renewal of a certificate of that role should begin."""
    return _BY_NAME[name].lead_days if name in _BY_NAME else USUAL_LEAD_DAYS


def role_exists(role: str, release: str) -> bool:
    """True where the certificate role means anything in that release."""
    return release in role_named(role).releases


def needed_by(system_role: str, release: str | None = None) -> tuple[str, ...]:
    """The certificate roles that a site system role, a client or media needs: in that release, or in any."""
    return tuple(
        role.name for role in TABLE if system_role in role.needed_by and (release is None or release in role.releases)
    )


def carried_into(way_in: str) -> tuple[str, ...]:
    """The certificate roles by which a computer boots from a system of that role; empty where it boots from none."""
    return tuple(role.name for role in TABLE if role.way_in == way_in)


def site_system_role(name: str) -> SiteSystemRole | None:
    """The row of the table; None for the kinds that are no site system: clients and media."""
    return next((role for role in SITE_SYSTEM_TABLE if role.name == name), None)


def spoken_to(role: SiteSystemRole) -> bool:
    """True where it depends on how the system is spoken to which certificates the role needs."""
    return any(row.needed_by.get(role.name) is Needed.BY_HTTPS for row in TABLE) and role.connections != ("https",)


WAYS_IN = tuple(dict.fromkeys(role.way_in for role in TABLE if role.way_in))
"""The roles of systems that a computer boots from."""

FAMILIES = {
    "all": CERTIFICATE_ROLES,
    "authorities": tuple(role.name for role in TABLE if role.chosen is Chosen.BY_TRUST_LIST),
    "end-entities": tuple(role.name for role in TABLE if role.chosen is not Chosen.BY_TRUST_LIST),
    "servers": tuple(role.name for role in TABLE if oids.SERVER_AUTHENTICATION in role.purposes),
    "clients": tuple(role.name for role in TABLE if role.purposes == _CLIENT and role.chosen is not Chosen.BY_CARRIER),
    "carried": tuple(role.name for role in TABLE if role.chosen is Chosen.BY_CARRIER),
}
"""What a row may write for several roles. A client whose certificate is `carried` is not one of `clients`."""


def expanded(words: tuple[str, ...], releases: frozenset[str]) -> frozenset[str]:
    """The roles that these words name: singly, or by family those of it that exist in one of `releases`."""
    existing = {role.name for role in TABLE if releases & set(role.releases)}
    return frozenset(
        role for word in words for role in (existing.intersection(FAMILIES[word]) if word in FAMILIES else {word})
    )
