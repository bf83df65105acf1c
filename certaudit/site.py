"""The site under audit as its manifest describes it: release, systems and their roles, trust, where evidence is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from certaudit.client_selection import ClientSelection, criterion
from certaudit.toml_table import Table, read_toml

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


def read_manifest(path: Path) -> Site:
    """The site that the manifest at `path` describes. Raises UsageError."""
    top = read_toml(path)
    head = top.table("site")
    if "site" not in top:
        top.fail("table [site] is missing; see docs/manifest.md for an example")
    trust = top.table("trust")
    site = Site(
        directory=path.parent,
        release=head.choice("release", RELEASES),
        mode=head.choice("mode", MODES, "native"),
        code=_site_code(head),
        name=head.optional_text("name"),
        crl_checking=head.boolean("crl_checking", True),
        as_of=head.instant("as_of"),
        waivers=head.optional_text("waivers"),
        systems=(
            *(_site_system(table) for table in top.tables("site_system")),
            *(_client(table) for table in top.tables("client")),
            *(_boot_media(table) for table in top.tables("boot_media")),
        ),
        root_cas=_sources(trust, "root_cas"),
        intermediate_cas=_sources(trust, "intermediate_cas"),
        crls=_sources(trust, "crls"),
        client_selection=_client_selection(head),
        deployment=_deployment(top.table("deployment")),
    )
    for table in (head, trust, top):
        table.close()
    _refuse_repeated_names(top, site.systems)
    return site


def _site_code(head: Table) -> str | None:
    code = head.optional_text("code")
    if code is not None and not re.fullmatch(r"[A-Za-z0-9]{3}", code):
        head.fail("key 'code' must be the three-character site code, such as \"S01\"")
    return code


def _client_selection(head: Table) -> ClientSelection:
    values = head.mapping("client_certificate_selection")
    table = Table(values, f"{head.where}: client_certificate_selection")
    text = table.optional_text("criteria")
    wanted = None if text is None else criterion(text)
    if text is not None and wanted is None:
        table.fail(
            "key 'criteria' must be as the product writes it: \"SubjectStr:part of the subject\", "
            '"Subject:the whole subject", "SubjectAttr:OU=value" or "SubjectAttr:2.5.29.17=value"'
        )
    take_one = table.boolean("first_certificate", False) if "first_certificate" in values else None
    selection = ClientSelection(table.text("store", "My"), wanted, take_one)
    table.close()
    return selection


def _deployment(table: Table) -> Deployment:
    def declared(key: str) -> bool | None:
        return table.boolean(key, False) if key in table else None

    def listed(key: str, choices: tuple[str, ...]) -> tuple[str, ...] | None:
        return table.texts(key, choices) if key in table else None

    deployment = Deployment(
        usmt=table.optional_text("usmt"),
        windows_pe=table.optional_text("windows_pe"),
        waik=table.optional_text("waik"),
        site_version=table.optional_text("site_version"),
        older_waik_removed=declared("older_waik_removed"),
        boot_images_backed_up=declared("boot_images_backed_up"),
        drivers=listed("drivers", DRIVER_STATES),
        methods=listed("methods", DEPLOYMENT_METHODS),
        operating_systems=listed("operating_systems", (*CLIENT_OPERATING_SYSTEMS, *SERVER_OPERATING_SYSTEMS)),
    )
    table.close()
    return deployment


def _site_system(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        roles=table.texts("roles", SITE_SYSTEM_ROLES),
        internet_name=table.optional_text("internet_name"),
        nlb_name=table.optional_text("nlb_name"),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
    )
    if not system.roles:
        table.fail(f"key 'roles' must name at least one of {', '.join(SITE_SYSTEM_ROLES)}")
    table.close()
    return system


def _client(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        kind="client",
        roles=table.texts("roles", CLIENT_ROLES) or ("client",),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
    )
    table.close()
    return system


def _boot_media(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        kind="boot-media",
        roles=("boot-media",),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
        in_use_until=table.instant("in_use_until", end_of_day=True),
    )
    table.close()
    return system


def _pins(table: Table) -> Mapping[str, str]:
    pins = {}
    for role, thumbprint in table.mapping("certificates").items():
        table.check_choice("certificates", role, CERTIFICATE_ROLES)
        digits = re.sub(r"[\s:]", "", thumbprint).upper() if isinstance(thumbprint, str) else ""
        if not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", digits):
            table.fail(f"certificates.{role} must be a SHA-1 or SHA-256 thumbprint of 40 or 64 hexadecimal digits")
        pins[role] = digits
    return MappingProxyType(pins)


def _sources(table: Table, key: str) -> tuple[Source, ...]:
    return tuple(_source(table, key, item) for item in table.items(key))


def _source(table: Table, key: str, item: Any) -> Source:
    if isinstance(item, str):
        return Source(item)
    if not isinstance(item, dict):
        table.fail(f"key {key!r} must be a list of paths, or of tables with a path and where its password is")
    entry = Table(item, f"{table.where}: {key}")
    source = Source(
        entry.required_text("path"), entry.optional_text("password_env"), entry.optional_text("password_file")
    )
    if source.password_env and source.password_file:
        entry.fail("'password_env' and 'password_file' exclude each other")
    entry.close()
    return source


def _refuse_repeated_names(top: Table, systems: tuple[System, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for system in systems:
        key = system.kind, system.name.casefold()
        if key in seen:
            top.fail(f"{system.kind} {system.name!r} is described twice; put its roles and evidence together")
        seen.add(key)
