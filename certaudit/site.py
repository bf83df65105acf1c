"""The site under audit: its release, systems and their roles, trust, and where evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from certaudit.client_selection import ClientSelection

RELEASES = (
    "2007-rtm",
    "2007-sp1",
    "2007-r2",
    "2007-sp2",
    "2007-r3",
    "2012",
    "2012-sp1",
    "2012-r2",
    "current-branch",
)
DEFAULT_RELEASE = "2007-sp2"
CHECKED_IN_TASK_SEQUENCES = RELEASES[:3]
"""Releases before 2007 SP2, whose clients check CRLs in task sequence actions whatever the site property says
(requirements.md A8.7). R2 counts as running on SP1, R3 on SP2."""
MODES = ("native", "mixed", "https")

SITE_SYSTEM_ROLES = (
    "primary-site-server",
    "management-point",
    "state-migration-point",
    "distribution-point",
    "software-update-point",
    "pxe-service-point",
    "out-of-band-service-point",
    "proxy-web-server",
)
CERTIFICATE_ROLES = (
    "site-server-signing",
    "web-server",
    "site-system-client",
    "pxe-service-point",
    "boot-media",
    "client",
    "mobile-client",
    "amt-provisioning",
    "proxy-web-server",
    "root-ca",
    "intermediate-ca",
    "distribution-point-client",
    "cloud-management-gateway",
)
CLIENT_ROLES = ("client", "mobile-client")

ROLE_RELEASES = {
    "site-server-signing": RELEASES[:5],  # from 2012 on the site makes its own: requirements.md B17
    "amt-provisioning": RELEASES[1:],  # out of band management came with 2007 SP1
    "distribution-point-client": RELEASES[5:],  # B3
    "cloud-management-gateway": RELEASES[6:],  # B12: the cloud-based distribution point came with 2012 SP1
}
"""The releases in which a certificate role exists, where that is not all of them."""


def role_exists(role: str, release: str) -> bool:
    """True where the certificate role means anything in that release."""
    return release in ROLE_RELEASES.get(role, RELEASES)


@dataclass(frozen=True, slots=True)
class Source:
    """Where evidence is: a path, where its password comes from, and what reports call it (its path, unless named)."""

    path: str
    password_env: str | None = None
    password_file: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class System:
    """A computer or a media of the site.

    `kind` is "site-system", "client" or "boot-media"; what comes from the command line is "given", or "files" where
    nobody said whose they are. `roles` are site system roles, for a client certificate roles. `pins` binds certificate
    roles to thumbprints, as the IIS binding does. `in_use_until` belongs to boot
    media. `given_names` are names from the command line, each of which a certificate must bear.
    """

    name: str
    kind: str = "site-system"
    roles: tuple[str, ...] = ()
    internet_name: str | None = None
    nlb_name: str | None = None
    given_names: tuple[str, ...] = ()
    evidence: tuple[Source, ...] = ()
    pins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    in_use_until: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other system of the site."""
        return self.kind, self.name

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """(kind, name) pairs under which clients reach it: intranet, internet and NLB name, and those given."""
        intranet = self.name if self.kind == "site-system" else None
        pairs = (("intranet", intranet), ("internet", self.internet_name), ("NLB", self.nlb_name))
        return (*((kind, name) for kind, name in pairs if name), *(("given", name) for name in self.given_names))


DRIVER_STATES = ("imported", "enabled", "distributed")
DEPLOYMENT_METHODS = (
    "pxe",
    "boot-media",
    "stand-alone-media",
    "prestaged-media",
    "client",
    "multicast",
    "unknown-computers",
)
CLIENT_OPERATING_SYSTEMS = (
    "windows-2000",
    "windows-xp",
    "windows-vista",
    "windows-7",
    "windows-8",
    "windows-8.1",
    "windows-10",
    "windows-11",
)
SERVER_OPERATING_SYSTEMS = (
    "windows-server-2003",
    "windows-server-2008",
    "windows-server-2008-r2",
    "windows-server-2012",
    "windows-server-2012-r2",
    "windows-server-2016",
    "windows-server-2019",
    "windows-server-2022",
    "windows-server-2025",
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployment toolchain as the manifest declares it; None: it does not say.

    `usmt`, `windows_pe`, `waik` and `site_version` are versions, by name ("3.0") or by number ("6.1.7600").
    `drivers` are those of DRIVER_STATES that hold for every driver in use. `methods` are the ways of DEPLOYMENT_METHODS
    in which computers are deployed, and `operating_systems` what is deployed to them.
    """

    usmt: str | None = None
    windows_pe: str | None = None
    waik: str | None = None
    site_version: str | None = None
    older_waik_removed: bool | None = None
    boot_images_backed_up: bool | None = None
    drivers: tuple[str, ...] | None = None
    methods: tuple[str, ...] | None = None
    operating_systems: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site. `crl_checking` is the site property; `directory` is what relative paths are relative to.

    `described` is False where no manifest describes it: a check of certificates given on the command line.
    """

    directory: Path
    release: str = DEFAULT_RELEASE
    mode: str = "native"
    code: str | None = None
    name: str | None = None
    crl_checking: bool = True
    as_of: datetime | None = None
    waivers: str | None = None
    systems: tuple[System, ...] = ()
    root_cas: tuple[Source, ...] = ()
    intermediate_cas: tuple[Source, ...] = ()
    crls: tuple[Source, ...] = ()
    described: bool = True
    client_selection: ClientSelection = field(default_factory=ClientSelection)
    deployment: Deployment = field(default_factory=Deployment)
