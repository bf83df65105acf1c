"""The JSON report as data: the one truth that every format is written from. docs/report.schema.json says the same.

All text in a document is on one line and inert: `inert` sees to it, wherever the document comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

from certaudit.printable import inert

SCHEMA = "certaudit-report/1"

STATE_WORDS = {
    "assigned": "found",
    "missing": "missing",
    "ambiguous": "ambiguous",
    "not-supplied": "no evidence",
}
SEVERITIES = ("error", "warning", "notice")


class ToolObject(TypedDict):
    """What wrote the report; `catalogue` is SHA-256 by the name of a requirements file."""

    name: str
    version: str
    catalogue: dict[str, str]


class SiteObject(TypedDict):
    """The site as its manifest names it."""

    code: str | None
    name: str | None
    release: str
    mode: str


class Failed(TypedDict):
    """Failures by severity, waived ones left out."""

    error: int
    warning: int
    notice: int


class Summary(TypedDict):
    """The counts. `waived` findings are in no other of them."""

    failed: Failed
    passed: int
    not_checked: int
    not_applicable: int
    waived: int
    certificates: int
    inputs: int
    unreadable: int


class InputObject(TypedDict):
    """One file or store; `error` is a sentence where it could not be read."""

    path: str
    sha256: str | None
    size: int | None
    format: str
    certificates: int
    crls: int
    error: str | None
    remarks: list[str]


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


class RoleObject(TypedDict):
    """A role that a certificate serves; `system` is null for a certificate of the trust lists."""

    role: str
    system: str | None


class ProvenanceObject(TypedDict):
    """Where something was found."""

    input: str
    store: str | None
    location: str | None
    entry: str | None
    host: str | None


class PurposeObject(TypedDict):
    """A purpose of the extended key usage; `name` is null for an OID that is not known."""

    oid: str
    name: str | None


class ExtensionObject(TypedDict):
    """An extension of a certificate."""

    oid: str
    name: str | None
    critical: bool


class CertificateObject(TypedDict):
    """A certificate, once for all places. A field that is absent or cannot be read is null; `anomalies` tells which."""

    sha256: str
    sha1: str
    subject: str | None
    issuer: str | None
    serial: str
    not_before: str | None
    not_after: str | None
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


class ControlObject(TypedDict):
    """A clause of a framework that a finding is about; `strength` is "direct" or "supporting"."""

    framework: str
    id: str
    title: str
    strength: str


class FindingObject(TypedDict):
    """One requirement about one thing; `waiver` is the sentence of the waiver that accepts it."""

    requirement: str
    title: str
    status: str
    severity: str
    role: str | None
    system: str | None
    certificate: str | None
    subject: str | None
    message: str
    observed: str | None
    expected: str | None
    consequence: str
    remediation: str
    citations: list[str]
    confidence: str
    controls: list[ControlObject]
    fingerprint: str
    waiver: str | None


class CoverageObject(TypedDict):
    """How it stands with one certificate role of one system; thumbprints are SHA-256."""

    system: str | None
    site_system_role: str | None
    role: str
    state: str
    certificate: str | None
    candidates: list[str]


class DeadlineObject(TypedDict):
    """Something that stops on a day to come."""

    when: str
    what: str
    certificate: str | None
    systems: list[str]


class ProblemObject(TypedDict):
    """What is wrong with a path, at the element (SHA-256) that has it."""

    code: str
    certificate: str
    message: str


class RevocationObject(TypedDict):
    """What is known of the revocation of one element of a path."""

    certificate: str
    status: str
    message: str


class PathObject(TypedDict):
    """A candidate path: thumbprints and subjects leaf first."""

    certificates: list[str]
    subjects: list[str | None]
    anchored: bool
    valid: bool
    problems: list[ProblemObject]
    revocation: list[RevocationObject]
    refused_by_openssl: str | None


class ChainObject(PathObject):
    """The best candidate path of a certificate that serves a system."""

    certificate: str
    systems: list[RoleObject]


class WaiverObject(TypedDict):
    """A waiver; `state` is "in-force", "expired" or "unused", `findings` are the fingerprints that it covers."""

    requirement: str
    thumbprint: str | None
    role: str | None
    system: str | None
    owner: str
    reason: str
    until: str
    state: str
    findings: list[str]


class Document(TypedDict):
    """The whole report. `started` and `finished` are left out of a reproducible one."""

    schema: str
    tool: ToolObject
    as_of: str
    started: NotRequired[str]
    finished: NotRequired[str]
    site: SiteObject | None
    release: str
    mode: str
    verdict: str
    complete: bool
    summary: Summary
    inputs: list[InputObject]
    certificates: list[CertificateObject]
    chains: list[ChainObject]
    findings: list[FindingObject]
    coverage: list[CoverageObject]
    next_failures: list[DeadlineObject]
    waivers: list[WaiverObject]
    warnings: list[str]


def is_failure(finding: FindingObject) -> bool:
    """True where it failed and no waiver accepts it."""
    return finding["status"] == "fail" and finding["waiver"] is None


def is_gap(finding: FindingObject) -> bool:
    """True where a requirement of severity error could not be checked, and no waiver accepts it."""
    return finding["status"] == "not-checked" and finding["severity"] == "error" and finding["waiver"] is None


def needs_attention(finding: FindingObject) -> bool:
    """True where it failed or could not be checked, waived or not."""
    return finding["status"] in ("fail", "not-checked")


def owner(finding: FindingObject) -> str:
    """Whom and what a finding is about, in words."""
    system = finding["system"] or ("trust lists" if finding["role"] else "")
    return ", ".join(filter(None, (system, finding["role"], finding["subject"]))) or "the site"


def verdict_words(document: Document) -> str:
    """The verdict as a person reads it."""
    match document["verdict"]:
        case "non-compliant":
            return "NOT READY"
        case "incomplete":
            return "CANNOT SAY"
    return "READY WITH WARNINGS" if document["summary"]["failed"]["warning"] else "READY"


def site_words(document: Document) -> str:
    """The site, its release and mode in words."""
    site = document["site"] or {"code": None, "name": None}
    code = site["code"]
    label = " ".join(filter(None, (site["name"], f"({code})" if code else None)))
    return ", ".join(filter(None, (label, f"Configuration Manager {document['release']}", f"{document['mode']} mode")))


def by_thumbprint(document: Document) -> dict[str, CertificateObject]:
    """The certificates by their SHA-256."""
    return {certificate["sha256"]: certificate for certificate in document["certificates"]}


def worst_first(findings: Iterable[FindingObject]) -> list[FindingObject]:
    """The findings by severity, and else in the order of the report."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding["severity"]))


def made_inert(value: Any) -> Any:
    """A JSON value in which no text can do harm, its keys included."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, list):
        return [made_inert(item) for item in value]
    if isinstance(value, dict):
        return {inert(key): made_inert(item) for key, item in value.items()}
    return value
