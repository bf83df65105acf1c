"""The JSON report as data: the one truth that every format is written from. docs/report.schema.json says the same.

All text in a document is on one line and inert: `inert` sees to it, wherever the document comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import is_
from typing import Annotated, Any, NotRequired, TypedDict

from certaudit.printable import inert

SCHEMA = "certaudit-report/1"


@dataclass(frozen=True, slots=True)
class Limit:
    """What a text must be beside being one: as a regular expression has it, or one of some words."""

    pattern: str | None = None
    words: tuple[str, ...] = ()


Instant = Annotated[str, Limit(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
"""ISO 8601 in UTC, to the second."""
Digest = Annotated[str, Limit(pattern="^[0-9A-F]{64}$")]
"""SHA-256; of a certificate it is the thumbprint."""
Sha1 = Annotated[str, Limit(pattern="^[0-9A-F]{40}$")]
Fingerprint = Annotated[str, Limit(pattern="^[0-9a-f]{32}$")]
RequirementId = Annotated[str, Limit(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
StatusWord = Annotated[str, Limit(words=("pass", "fail", "not-applicable", "not-checked"))]
SeverityWord = Annotated[str, Limit(words=("error", "warning", "notice"))]
ConfidenceWord = Annotated[
    str, Limit(words=("documented", "documented-other-release", "reported", "inferred", "unverified"))
]
VerdictWord = Annotated[str, Limit(words=("compliant", "non-compliant", "incomplete"))]
StateWord = Annotated[str, Limit(words=("assigned", "missing", "ambiguous", "not-supplied"))]
StrengthWord = Annotated[str, Limit(words=("direct", "supporting"))]
AnswerWord = Annotated[str, Limit(words=("yes", "no", "cannot-say"))]
WaiverState = Annotated[str, Limit(words=("in-force", "expired", "unused"))]

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
    catalogue: dict[str, Digest]


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
    sha256: Digest | None
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


class ControlObject(TypedDict):
    """A clause of a framework that a finding is about; `strength` is "direct" or "supporting"."""

    framework: str
    id: str
    title: str
    strength: StrengthWord


class FindingObject(TypedDict):
    """One requirement about one thing; `waiver` is the sentence of the waiver that accepts it."""

    requirement: RequirementId
    title: str
    status: StatusWord
    severity: SeverityWord
    role: str | None
    system: str | None
    certificate: Digest | None
    subject: str | None
    message: str
    observed: str | None
    expected: str | None
    consequence: str
    remediation: str
    citations: list[str]
    confidence: ConfidenceWord
    controls: list[ControlObject]
    fingerprint: Fingerprint
    waiver: str | None


class CoverageObject(TypedDict):
    """How it stands with one certificate role of one system; thumbprints are SHA-256."""

    system: str | None
    site_system_role: str | None
    role: str
    state: StateWord
    certificate: Digest | None
    candidates: list[Digest]


class DeadlineObject(TypedDict):
    """Something that stops on a day to come."""

    when: Instant
    what: str
    certificate: Digest | None
    systems: list[str]


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


class ChainObject(PathObject):
    """The best candidate path of a certificate that serves a system."""

    certificate: Digest
    systems: list[RoleObject]


class WaiverObject(TypedDict):
    """A waiver; `findings` are the fingerprints of what it covers, whether it still holds or not."""

    requirement: str
    thumbprint: str | None
    role: str | None
    system: str | None
    owner: str
    reason: str
    until: Instant
    state: WaiverState
    findings: list[Fingerprint]


class ObstacleObject(TypedDict):
    """What keeps a computer from a site system, or may (`answer`). `failure` is the number of a documented failure in
    the field, null where it is none of them; `shows` is what is seen then, in a log as a rule."""

    answer: AnswerWord
    failure: str | None
    shows: str
    requirement: RequirementId
    message: str


class ReachObject(TypedDict):
    """Whether all site systems of one role would be reached."""

    site_system_role: str
    answer: AnswerWord


class WayObject(TypedDict):
    """Boot media or a PXE service point, what a computer that boots from it would reach, and what is wrong with it."""

    system: str
    site_system_role: str
    reaches: list[ReachObject]
    obstacles: list[ObstacleObject]


class ReachedObject(TypedDict):
    """A site system that such a computer has to reach, and what keeps it from there whatever it boots from."""

    system: str
    site_system_role: str
    obstacles: list[ObstacleObject]


class BootObject(TypedDict):
    """Would a computer that boots today reach its site systems?"""

    ways: list[WayObject]
    reached: list[ReachedObject]


class RenewalObject(TypedDict):
    """A certificate that took the place of another in the same role of the same system."""

    role: str
    system: str
    was: Digest
    now: Digest


class BaselineObject(TypedDict):
    """How the report compares with an older one, of the instant `as_of`.

    The lists hold fingerprints of failures and gaps; those of `fixed` and `unknown` are the older report's. `unknown`
    are those of which an incomplete run cannot tell. `catalogue_differs` says that other requirements were asked then.
    """

    as_of: Instant
    verdict: VerdictWord
    complete: bool
    catalogue_differs: bool
    new: list[Fingerprint]
    fixed: list[Fingerprint]
    changed: list[Fingerprint]
    unchanged: list[Fingerprint]
    unknown: list[Fingerprint]
    renewed: list[RenewalObject]


SchemaName = Annotated[str, Limit(words=(SCHEMA,))]


class Document(TypedDict):
    """The whole report. `started` and `finished` are left out of a reproducible one, `baseline` where none was given,
    `boot` where nothing is there to boot from.

    `complete` is false where a requirement of severity error could not be checked or an input could not be read.
    `redacted` is true where names were replaced by pseudonyms.
    """

    schema: SchemaName
    tool: ToolObject
    as_of: Instant
    started: NotRequired[Instant]
    finished: NotRequired[Instant]
    redacted: NotRequired[bool]
    site: SiteObject | None
    release: str
    mode: str
    verdict: VerdictWord
    complete: bool
    summary: Summary
    inputs: list[InputObject]
    certificates: list[CertificateObject]
    chains: list[ChainObject]
    findings: list[FindingObject]
    coverage: list[CoverageObject]
    next_failures: list[DeadlineObject]
    waivers: list[WaiverObject]
    boot: NotRequired[BootObject]
    baseline: NotRequired[BaselineObject]
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


def counted(number: int, singular: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def summary_words(document: Document) -> str:
    """The verdict and the counts behind it, on one line."""
    summary = document["summary"]
    counts = [counted(summary["failed"][severity], severity) for severity in ("error", "warning")]
    counts.append(f"{sum(map(is_gap, document['findings']))} not checked")
    if summary["unreadable"]:
        counts.append(counted(summary["unreadable"], "unreadable input"))
    return f"{verdict_words(document)}: {', '.join(counts)}"


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
    """A JSON value in which no text can do harm, its keys included; `value` itself where that is so already."""
    return value if all(inert(text) == text for text in _texts(value)) else _inert(value)


def _texts(value: Any) -> set[str]:
    """Every text in a JSON value, each once: reports repeat most of theirs hundreds of times."""
    texts: set[str] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            texts.add(item)
        elif isinstance(item, dict):
            texts.update(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return texts


def _inert(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, list):
        items = [_inert(item) for item in value]
        return value if all(map(is_, items, value)) else items
    if isinstance(value, dict):
        members = {inert(key): _inert(item) for key, item in value.items()}
        same = all(map(is_, members.values(), value.values())) and members.keys() == value.keys()
        return value if same else members
    return value
