"""The site under audit: its release, systems and their roles, trust, and where evidence is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from certaudit.site.client_selection import ClientSelection
from certaudit.site.deployment import Deployment
from certaudit.site.releases import DEFAULT_RELEASE, modes_of
from certaudit.site.roles import VERIFYING, WAYS_IN, Needed, needed_by, role_named, site_system_role

CLIENT_AUTHENTICATION = ("pki", "entra", "token")
"""How clients of a cloud management gateway prove who they are."""


@dataclass(frozen=True, slots=True)
class EvidencePath:
    """Where evidence is: a path, where its password comes from, and what reports call it (its path, unless named)."""

    path: str
    password_env: str | None = None
    password_file: str | None = None
    name: str | None = None

    def or_password(self, env: str | None, file: str | None) -> EvidencePath:
        """This source, with a password from there where it names none of its own."""
        if self.password_env is not None or self.password_file is not None:
            return self
        return replace(self, password_env=env, password_file=file)


@dataclass(frozen=True, slots=True)
class System:
    """A computer or a media of the site.

    `kind` is "site-system", "client" or "boot-media"; what comes from the command line is "given", or "files" where
    nobody said whose they are. `roles` are site system roles, for a client certificate roles. `pins` binds certificate
    roles to thumbprints, as the IIS binding does. `in_use_until` belongs to boot media. `given_names` are names from
    the command line, each of which a certificate must bear. `connections` is one of CONNECTIONS, None where the
    manifest does not say; `pxe` is True for a distribution point that answers PXE requests. Of a cloud management
    gateway, `client_cas` is where the CA certificates are that were uploaded to it, and `client_authentication` how
    its clients prove who they are: one of CLIENT_AUTHENTICATION.
    """

    name: str
    kind: str = "site-system"
    roles: tuple[str, ...] = ()
    internet_name: str | None = None
    nlb_name: str | None = None
    given_names: tuple[str, ...] = ()
    evidence: tuple[EvidencePath, ...] = ()
    pins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    in_use_until: datetime | None = None
    connections: str | None = None
    pxe: bool = False
    client_cas: tuple[EvidencePath, ...] = ()
    client_authentication: str | None = None

    @property
    def ways_in(self) -> tuple[str, ...]:
        """The roles in which a computer boots from it."""
        answering = ("pxe-service-point",) if self.pxe else ()
        return tuple(role for role in (*self.roles, *answering) if role in WAYS_IN)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other system of the site."""
        return self.kind, self.name

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """(kind, name) pairs under which clients reach it: intranet, internet and NLB name, and those given."""
        own = self.name if self.kind == "site-system" else None
        # The name of a gateway is its service name, which its certificate must bear as it must one that is given.
        kind = "given" if "cloud-management-gateway" in self.roles else "intranet"
        pairs = ((kind, own), ("internet", self.internet_name), ("NLB", self.nlb_name))
        return (*((kind, name) for kind, name in pairs if name), *(("given", name) for name in self.given_names))


@dataclass(frozen=True, slots=True)
class Site:
    """A site. `crl_checking` is the site property; `directory` is what relative paths are relative to.

    `mode_property` is the site property as the manifest has it, None where it does not say. `described` is False where
    no manifest describes it: a check of certificates given on the command line.
    """

    directory: Path
    release: str = DEFAULT_RELEASE
    mode_property: str | None = None
    code: str | None = None
    name: str | None = None
    crl_checking: bool = True
    as_of: datetime | None = None
    waivers: str | None = None
    systems: tuple[System, ...] = ()
    root_cas: tuple[EvidencePath, ...] = ()
    intermediate_cas: tuple[EvidencePath, ...] = ()
    crls: tuple[EvidencePath, ...] = ()
    described: bool = True
    client_selection: ClientSelection = field(default_factory=ClientSelection)
    deployment: Deployment = field(default_factory=Deployment)

    @property
    def mode(self) -> str:
        """The mode of the site in the word of its release; where it is not declared, the usual one."""
        return "mixed" if self.mode_property == "mixed" else modes_of(self.release)[0]

    def paths(self) -> Iterator[Path]:
        """Where the evidence, the trust lists and the passwords of the site are."""
        owned = [source for system in self.systems for source in (*system.evidence, *system.client_cas)]
        for source in (*owned, *self.root_cas, *self.intermediate_cas, *self.crls):
            yield self.directory / source.path
            if source.password_file is not None:
                yield self.directory / source.password_file

    def with_password(self, env: str | None, file: str | None) -> Site:
        """The site, with a password from there for all evidence and every trust list that names none of its own."""

        def opened(sources: tuple[EvidencePath, ...]) -> tuple[EvidencePath, ...]:
            return tuple(source.or_password(env, file) for source in sources)

        return replace(
            self,
            systems=tuple(
                replace(system, evidence=opened(system.evidence), client_cas=opened(system.client_cas))
                for system in self.systems
            ),
            root_cas=opened(self.root_cas),
            intermediate_cas=opened(self.intermediate_cas),
            crls=opened(self.crls),
        )

    def connections_of(self, system: System) -> str:
        """How a system is spoken to: as declared, else by the mode of the site where its roles leave a choice."""
        possible = [role.connections for role in map(site_system_role, system.roles) if role is not None]
        choice = system.connections or ("http" if self.mode == "mixed" else "https")
        return "https" if possible and all(ways == ("https",) for ways in possible) else choice

    @property
    def has_https_management_point(self) -> bool:
        """True where a management point is spoken to over HTTPS, so that clients need certificates; where none is
        described, as the mode has it."""
        points = [system for system in self.systems if "management-point" in system.roles]
        return any(self.connections_of(point) == "https" for point in points) if points else self.mode != "mixed"

    @property
    def gateway_takes_certificates(self) -> bool:
        """True where clients prove to a gateway by certificates who they are, as far as is said; only then its
        connection points need one (source `cbcmgauth`: with Microsoft Entra ID or tokens they do not)."""
        gateways = [system for system in self.systems if "cloud-management-gateway" in system.roles]
        return not gateways or any(one.client_authentication not in ("entra", "token") for one in gateways)

    def verifies_clients(self, system: System) -> bool:
        """True where a server on it asks clients for a certificate, as far as its roles tell; without any it may."""
        if system.kind in ("client", "boot-media"):
            return False
        asking = any(role in VERIFYING for role in system.roles) and self.connections_of(system) == "https"
        return asking or not system.roles

    def needs(self, system: System, system_role: str, role: str) -> bool:
        """True where a system in that site system role needs a certificate of `role`, as it is spoken to."""
        match role_named(role).needed_by[system_role]:
            case Needed.BY_HTTPS:
                return self.connections_of(system) == "https"
            case Needed.BY_CLIENTS:
                return self.has_https_management_point
            case Needed.BY_GATEWAY:
                return self.has_https_management_point and self.gateway_takes_certificates
            case Needed.BY_MODE:
                return self.mode != "mixed"
        return True

    def mode_for(self, system: System | None, role: str | None = None) -> str:
        """The mode by which rows are chosen for a system, or for one certificate role of it: that of a site without
        HTTPS, where the system needs no certificate as it is spoken to."""
        if system is None or not self.described:
            return self.mode
        needed = [
            self.needs(system, system_role, name)
            for system_role in system.roles
            for name in needed_by(system_role, self.release)
            if role in (None, name)
        ]
        return (modes_of(self.release)[0] if any(needed) else "mixed") if needed else self.mode
