"""What loaders hand on: certificates, CRLs and PFX facts, each with where it came from. Nothing here judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList

T = TypeVar("T")


class Provenance(NamedTuple):
    """Where a certificate or a CRL was found.

    `input` is the path as the report names it; `entry` the place inside it ("certificate 2", a registry key);
    store, location and host are those of a Windows certificate store ("My", "LocalMachine", "SMP01").
    """

    input: str
    entry: str | None = None
    store: str | None = None
    location: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What an input tells of a certificate's private key. None always means: this input does not tell.

    `provider_type` is CryptoAPI's dwProvType, 0 for a CNG key storage provider; `machine` says whether the key
    belongs to the computer rather than to a user. `signs_only` is True for an AT_SIGNATURE key of CryptoAPI, False for
    one of AT_KEYEXCHANGE; CNG has no such difference.
    """

    present: bool | None = None
    matches: bool | None = None
    exportable: bool | None = None
    provider: str | None = None
    provider_type: int | None = None
    container: str | None = None
    machine: bool | None = None
    signs_only: bool | None = None


UNKNOWN_KEY = PrivateKey()


class StoreProperty(NamedTuple):
    """One property of a certificate in a Windows store, kept as it is: numeric id and value."""

    id: int
    value: bytes


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """One certificate at one place."""

    certificate: Certificate
    provenance: Provenance
    private_key: PrivateKey = UNKNOWN_KEY
    friendly_name: str | None = None
    properties: tuple[StoreProperty, ...] = ()


class CrlEntry(NamedTuple):
    """One CRL at one place."""

    crl: RevocationList
    provenance: Provenance


class Protection(NamedTuple):
    """How a part of a PFX is protected: the algorithm as its OID names it, and the iteration count of its
    key derivation (None where it has none). `target` is "mac", "key" or "certificates". `bits` is how many bits of the
    cipher's key count, None for a MAC and for a cipher that is not known."""

    target: str
    oid: str
    algorithm: str
    iterations: int | None = None
    bits: int | None = None


class Pfx(NamedTuple):
    """What a PKCS #12 file is, apart from the certificates in it.

    `keys` counts the private keys found, `unpaired_keys` those that match no certificate inside.
    """

    keys: int
    unpaired_keys: int
    protections: tuple[Protection, ...]
    password_protected: bool


class Software(NamedTuple):
    """A part of the deployment toolchain and its version, as a file states it.

    `product` is "windows-pe", "usmt", "waik" or "site-version"; `version` has up to four numbers ("6.1.7600.16385"),
    None where the file does not say; `entry` is the file or the key inside the input, None for the input itself.
    """

    product: str
    version: str | None
    architecture: str | None = None
    entry: str | None = None


class Bootstrap(NamedTuple):
    """What TsmBootstrap.ini claims, in the clear and unauthenticated. None: it does not say."""

    media_type: str | None
    password_required: bool | None
    unattended: bool | None


@dataclass(frozen=True, slots=True)
class MediaVariables:
    """The variables of boot media that opened: what they tell, never what would open a door.

    `names` are the names of all variables; `identity` is a fingerprint of the media GUID, which is itself the password
    of the PFX, so that media can be compared; `certificate` is that of the PFX, and `pfx` the facts about it.
    `has_root_list` is False where the list is empty, and `root_cas` is empty too where it could not be read.
    """

    names: tuple[str, ...]
    site_code: str | None = None
    management_points: tuple[str, ...] = ()
    media_type: str | None = None
    identity: str | None = None
    knows_unknown_computers: bool = False
    certificate: Certificate | None = None
    pfx: Pfx | None = None
    has_pfx: bool = False
    has_root_list: bool = False
    root_cas: tuple[Certificate, ...] = ()
    site_signing: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Boot media: how its variables are protected, and what they hold where they opened.

    `kind` is "iso", "folder", "variables" (the file alone), "boot-var" (the file of a PXE server), "prestaged" or
    "boot-image" (variables inside a Windows PE image). `protected` is False where the variables open without a
    password, True where the given one opened them, None where nothing did: the password is wrong or missing, or the
    file damaged. `algorithm` is None where the header of the variables is not known. `first_block` is a digest that
    equals that of another media with the same password and algorithm. `password_length` counts characters.
    `boot_image_has_variables` is None where the media has no boot image that could be looked into.
    """

    kind: str
    protected: bool | None = None
    algorithm: str | None = None
    first_block: str | None = None
    password_length: int | None = None
    trailing_bytes: int = 0
    variables: MediaVariables | None = None
    bootstrap: Bootstrap | None = None
    has_policy: bool = False
    created: datetime | None = None
    boot_image_has_variables: bool | None = None


class RegisteredCertificate(NamedTuple):
    """A certificate in the site's own list of those of boot media and PXE: its SHA-1 thumbprint, the role it has there
    ("boot-media", "pxe-service-point", None where the list says otherwise), and whether the site has blocked it."""

    thumbprint: str
    role: str | None
    blocked: bool | None


class Driver(NamedTuple):
    """A driver in the driver catalog: its CI_ID, its name, and whether it is enabled. None: the export does not say."""

    identity: str
    name: str | None
    enabled: bool | None


class DriverCatalog(NamedTuple):
    """What exports tell of drivers: each field is a class of the SMS Provider, empty where it was not exported.

    `contents` are pairs of a driver's CI_ID and a ContentID, `packages` of a ContentID and a PackageID, `locations` of
    a PackageID and a ServerNALPath; a class that was exported without rows cannot be told from one that was not.
    """

    drivers: tuple[Driver, ...] = ()
    contents: tuple[tuple[str, str], ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    locations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PxeServicePoint:
    """A PXE service point as the site control file describes it. None: it does not say.

    `server` is its name there, which may be the short one; `remote_name` its full one. `certificate_type` is 0 for the
    certificate that the site makes itself. Of the password no more is kept than that there is one.
    """

    server: str
    remote_name: str | None = None
    site_code: str | None = None
    has_password: bool | None = None
    certificate_type: int | None = None
    has_certificate_file: bool | None = None
    certificate_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteControl:
    """What a site control file says of operating system deployment."""

    pxe_service_points: tuple[PxeServicePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One file (or store) that was read: what it is, what was in it, or why it could not be read.

    `path` is what the report calls it, `format` a short word ("x509-der", "pkcs12", …), `sha256` upper-case
    hexadecimal; of a folder that is boot media, `sha256` and `size` are those of its Variables.dat. `error` is a
    sentence where the input as a whole could not be read; `remarks` are sentences about parts of it that could not,
    or that are odd; `losses` are those of them about a part in which a certificate, a CRL or a key may be. An input
    with an error may still hold what could be read.
    """

    path: str
    format: str
    sha256: str | None = None
    size: int | None = None
    certificates: tuple[CertificateEntry, ...] = ()
    crls: tuple[CrlEntry, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    pfx: Pfx | None = None
    media: Media | None = None
    software: tuple[Software, ...] = ()
    registered: tuple[RegisteredCertificate, ...] = ()
    site_control: SiteControl | None = None
    driver_catalog: DriverCatalog | None = None
    error: str | None = None
    remarks: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


def merged_key(keys: Iterable[PrivateKey]) -> PrivateKey:
    """One answer from several places that hold the same certificate: for each fact, the first that tells.

    A place that has the key outweighs one that lacks it: a certificate beside its PFX is the usual case.
    """
    ranked = sorted(keys, key=lambda key: {True: 0, False: 1, None: 2}[key.present])

    def first(fact: Callable[[PrivateKey], T | None]) -> T | None:
        return next((told for told in map(fact, ranked) if told is not None), None)

    return PrivateKey(
        present=first(lambda key: key.present),
        matches=first(lambda key: key.matches),
        exportable=first(lambda key: key.exportable),
        provider=first(lambda key: key.provider),
        provider_type=first(lambda key: key.provider_type),
        container=first(lambda key: key.container),
        machine=first(lambda key: key.machine),
        signs_only=first(lambda key: key.signs_only),
    )


@dataclass(frozen=True)
class Evidence:
    """All inputs of one owner: a site system, a client, a boot media, or the site's trust lists.

    Where `store` is a name (in lower case), certificates in Windows stores of other names do not count.
    """

    inputs: tuple[Input, ...] = field(default=())
    store: str | None = None

    @property
    def certificates(self) -> tuple[CertificateEntry, ...]:
        """Every certificate at every place, in the order of the inputs."""
        return tuple(entry for item in self.inputs for entry in item.certificates if self._counts(entry.provenance))

    @property
    def every_certificate(self) -> tuple[Certificate, ...]:
        """Each certificate once, in the order of the inputs."""
        return tuple(dict.fromkeys(entry.certificate for entry in self.certificates))

    def _counts(self, place: Provenance) -> bool:
        return self.store is None or place.store is None or place.store.lower() == self.store

    @property
    def crls(self) -> tuple[CrlEntry, ...]:
        """Every CRL at every place, in the order of the inputs."""
        return tuple(entry for item in self.inputs for entry in item.crls)

    @property
    def carried_for_trust(self) -> frozenset[Certificate]:
        """The certificates that boot media carry to recognise others by: they never serve the media itself."""
        opened = [item.media.variables for item in self.inputs if item.media is not None and item.media.variables]
        signing = {variables.site_signing for variables in opened} - {variables.certificate for variables in opened}
        return frozenset(certificate for certificate in signing if certificate is not None)

    @property
    def is_readable(self) -> bool:
        """True where at least one input could be read."""
        return any(item.error is None for item in self.inputs)


@dataclass(frozen=True)
class SiteEvidence:
    """The evidence of a whole site: by the name of its system, and the three trust lists.

    `systems` is keyed by (kind, name) of the system.
    """

    systems: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)
    root_cas: Evidence = field(default_factory=Evidence)
    intermediate_cas: Evidence = field(default_factory=Evidence)
    crls: Evidence = field(default_factory=Evidence)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every input, trust lists first; one that several owners name appears once."""
        found: dict[tuple[str, str | None], Input] = {}
        for owner in (self.root_cas, self.intermediate_cas, self.crls, *self.systems.values()):
            for item in owner.inputs:
                key = item.path, item.sha256
                found[key] = _together(found[key], item) if key in found else item
        return tuple(found.values())

    @cached_property
    def every_certificate(self) -> tuple[Certificate, ...]:
        """The certificates of all inputs, each once, in the order of the inputs."""
        return tuple(dict.fromkeys(entry.certificate for item in self.inputs for entry in item.certificates))

    @property
    def tells_of_revocation(self) -> bool:
        """True where a CRL or an OCSP response is among the inputs, wherever it was found."""
        return any(item.crls or item.ocsp_responses for item in self.inputs)

    @cached_property
    def every_crl(self) -> tuple[CrlEntry, ...]:
        """The CRLs of all inputs, each once where it was found first, in the order of the inputs."""
        found: dict[RevocationList, CrlEntry] = {}
        for item in self.inputs:
            for entry in item.crls:
                found.setdefault(entry.crl, entry)
        return tuple(found.values())


def _together(one: Input, other: Input) -> Input:
    """One file that two owners named, with a password of their own each: what either could not read is not read."""
    base = one if other.error is not None else other
    return replace(base, error=one.error or other.error)
