"""The site under audit: its release, systems and their roles, trust, and where evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from certaudit.site.client_selection import ClientSelection
from certaudit.site.deployment import Deployment
from certaudit.site.releases import DEFAULT_RELEASE


@dataclass(frozen=True, slots=True)
class EvidencePath:
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
    evidence: tuple[EvidencePath, ...] = ()
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
    root_cas: tuple[EvidencePath, ...] = ()
    intermediate_cas: tuple[EvidencePath, ...] = ()
    crls: tuple[EvidencePath, ...] = ()
    described: bool = True
    client_selection: ClientSelection = field(default_factory=ClientSelection)
    deployment: Deployment = field(default_factory=Deployment)
