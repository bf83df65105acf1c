"""What was read, as the objects of the JSON documents: inputs, places, certificates, and the paths between them."""

from __future__ import annotations

from typing import TypedDict

from certaudit.document.vocabulary import Digest, Instant, Sha1


class InputObject(TypedDict):
    """One file or store; `error` is a sentence where it could not be read."""

    path: str
    sha256: Digest | None
    size: int | None
    format: str
    certificates: int
    crls: int
    error: str | None
    remarks: list[str]


class ProvenanceObject(TypedDict):
    """Where something was found."""

    input: str
    store: str | None
    location: str | None
    entry: str | None
    host: str | None


class PublicKeyObject(TypedDict):
    """A public key; null where it cannot be read."""

    type: str | None
    bits: int | None
    curve: str | None


class PrivateKeyObject(TypedDict):
    """What the evidence tells of a private key; null where it does not tell."""

    present: bool | None
    exportable: bool | None
    provider: str | None
    container: str | None


class PurposeObject(TypedDict):
    """A purpose of the extended key usage; `name` is null for an OID that is not known."""

    oid: str
    name: str | None


class ExtensionObject(TypedDict):
    """An extension of a certificate."""

    oid: str
    name: str | None
    critical: bool


class RoleObject(TypedDict):
    """A role that a certificate serves; `system` is null for a certificate of the trust lists."""

    role: str
    system: str | None


class CertificateObject(TypedDict):
    """A certificate, once for all places. A field that is absent or cannot be read is null; `anomalies` tells which."""

    sha256: Digest
    sha1: Sha1
    subject: str | None
    issuer: str | None
    serial: str
    not_before: Instant | None
    not_after: Instant | None
    version: int | None
    signature_algorithm: str | None
    signature_oid: str | None
    public_key: PublicKeyObject
    is_ca: bool | None
    path_length: int | None
    self_issued: bool | None
    names: list[str] | None
    key_usage: list[str] | None
    extended_key_usage: list[PurposeObject] | None
    key_identifier: str | None
    authority_key_identifier: str | None
    crl_distribution_points: list[str] | None
    authority_information_access: list[str] | None
    template: str | None
    extensions: list[ExtensionObject] | None
    private_key: PrivateKeyObject
    friendly_name: str | None
    anomalies: list[str]
    provenance: list[ProvenanceObject]
    roles: list[RoleObject]


class ProblemObject(TypedDict):
    """What is wrong with a path, at the element (SHA-256) that has it."""

    code: str
    certificate: Digest
    message: str


class RevocationObject(TypedDict):
    """What is known of the revocation of one element of a path."""

    certificate: Digest
    status: str
    message: str


class PathObject(TypedDict):
    """A candidate path: thumbprints and subjects leaf first."""

    certificates: list[Digest]
    subjects: list[str | None]
    anchored: bool
    valid: bool
    problems: list[ProblemObject]
    revocation: list[RevocationObject]
    refused_by_openssl: str | None
