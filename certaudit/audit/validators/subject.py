"""What checks are about: one class for each kind of subject that a requirement names."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.audit.assignment import Assignment, Holding
from certaudit.evidence import CertificateEntry, CrlEntry, Input, Media, PrivateKey
from certaudit.evidence.windows import system_store
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate

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


class PfxFile(NamedTuple):
    """A PKCS #12 file of a system, with the role that its certificate serves (None where it serves none)."""

    input: Input
    role: str | None
    system: System | None


class SuppliedMedia(NamedTuple):
    """Boot media among the evidence of a system: of a boot media of the manifest, or of a PXE server."""

    input: Input
    media: Media
    system: System


class SuppliedCrl(NamedTuple):
    """A CRL among the evidence."""

    entry: CrlEntry


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


class SystemRole(NamedTuple):
    """A certificate role that a system needs, and whether a certificate serves it."""

    assignment: Assignment

    @property
    def system(self) -> System | None:
        """The system that needs it."""
        return self.assignment.system


class SuppliedInput(NamedTuple):
    """An input, readable or not."""

    input: Input


class WholeSite(NamedTuple):
    """The site as such."""

    site: Site


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
