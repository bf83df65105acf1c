"""What checks are about: one class for each kind of subject that a requirement names."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.audit.assignment import Assignment, Holding, owner_name
from certaudit.audit.validators.facts import Facts, of_certificate, of_owner, of_places
from certaudit.evidence import CertificateEntry, CrlEntry, Input, Media, PrivateKey
from certaudit.evidence.windows import system_store
from certaudit.printable import printable
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable

_OF_COMPUTER = (None, system_store.LOCAL_MACHINE, system_store.MACHINE_POLICY, system_store.ENTERPRISE)


class AssignedCertificate(NamedTuple):
    """A certificate in the role that it serves; `system` is None for a certificate of the trust lists."""

    holding: Holding
    role: str
    system: System | None

    @property
    def certificate(self) -> Certificate:
        """The certificate itself."""
        return self.holding.certificate

    @property
    def private_key(self) -> PrivateKey:
        """What the system's evidence tells of its private key."""
        return self.holding.private_key

    def facts(self) -> Facts:
        """What a finding says of it."""
        holding, role = self.holding, self.role
        words = of_certificate(self.certificate) | of_owner(role, self.system, holding) | of_places(holding.entries)
        return Facts(words, role, owner_name(self.system, holding), self.certificate.sha256)


class PfxFile(NamedTuple):
    """A PKCS #12 file of a system, with the role that its certificate serves (None where it serves none)."""

    input: Input
    role: str | None
    system: System | None

    def facts(self) -> Facts:
        """What a finding says of it."""
        path = self.input.path
        words = of_owner(self.role, self.system) | {"input": printable(path)}
        return Facts(words, self.role, self.system.name if self.system else None, subject=path)


class SuppliedMedia(NamedTuple):
    """Boot media among the evidence of a system: of a boot media of the manifest, or of a PXE server."""

    input: Input
    media: Media
    system: System

    def facts(self) -> Facts:
        """What a finding says of it; the certificate's words are those of the one that the media carries."""
        role = "boot-media" if self.system.kind == "boot-media" else None
        words = of_owner(role, self.system) | {"input": printable(self.input.path)}
        if self.media.variables is not None and self.media.variables.certificate is not None:
            words |= of_certificate(self.media.variables.certificate)
        return Facts(words, role, self.system.name, subject=self.input.path)


class SuppliedCrl(NamedTuple):
    """A CRL among the evidence."""

    entry: CrlEntry

    def facts(self) -> Facts:
        """What a finding says of it."""
        crl = self.entry.crl
        issuer = if_readable(lambda: str(crl.issuer), otherwise="")
        words = {"input": printable(self.entry.provenance.input), "issuer": issuer}
        return Facts(words, subject=f"CRL {crl.sha256}")


class Store(NamedTuple):
    """A Windows certificate store of a system: `host` is the machine, None where the evidence does not tell, `location`
    and `name` are as in Provenance, and `entries` what is in it, each place of a certificate for itself."""

    system: System
    host: str | None
    location: str | None
    name: str
    entries: tuple[CertificateEntry, ...]

    @property
    def is_of_computer(self) -> bool:
        """True where the services of the computer see it, or the evidence does not tell its location."""
        return self.location in _OF_COMPUTER

    @property
    def is_local(self) -> bool:
        """True where it holds what was put on the computer itself, or the evidence does not tell its location."""
        return self.location in (None, system_store.LOCAL_MACHINE)

    def is_one_of(self, names: tuple[str, ...]) -> bool:
        """True where it has one of these names, which Windows compares without case."""
        return self.name.casefold() in {name.casefold() for name in names}

    @property
    def label(self) -> str:
        """What reports call it: `LocalMachine/My`, or `SMP01/LocalMachine/My` where the machine is known."""
        return "/".join(filter(None, (self.host, self.location, self.name))).replace("\\", "/")

    def facts(self) -> Facts:
        """What a finding says of it."""
        words = of_owner(None, self.system) | {"store": printable(self.name)} | of_places(self.entries)
        return Facts(words, system=self.system.name, subject=self.label)


class SystemRole(NamedTuple):
    """A certificate role that a system needs, and whether a certificate serves it."""

    assignment: Assignment

    @property
    def system(self) -> System | None:
        """The system that needs it."""
        return self.assignment.system

    def facts(self) -> Facts:
        """What a finding says of it."""
        role, system = self.assignment.role, self.assignment.system
        return Facts(of_owner(role, system), role, system.name if system else None)


class SuppliedInput(NamedTuple):
    """An input, readable or not."""

    input: Input

    def facts(self) -> Facts:
        """What a finding says of it."""
        return Facts({"input": printable(self.input.path)}, subject=self.input.path)


class WholeSite(NamedTuple):
    """The site as such."""

    site: Site

    def facts(self) -> Facts:
        """What a finding says of it: nothing beside what every finding says of the site."""
        return Facts({})


Subject = AssignedCertificate | PfxFile | SuppliedMedia | SuppliedCrl | Store | SystemRole | SuppliedInput | WholeSite

KINDS: dict[str, type[Subject]] = {
    "certificate": AssignedCertificate,
    "pfx": PfxFile,
    "media": SuppliedMedia,
    "crl": SuppliedCrl,
    "store": Store,
    "system": SystemRole,
    "input": SuppliedInput,
    "site": WholeSite,
}
