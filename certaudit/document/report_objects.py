"""The JSON report, `certaudit-report/1`, as types: docs/report.schema.json is made from them."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from certaudit.document.evidence_objects import CertificateObject, InputObject, PathObject, RoleObject
from certaudit.document.vocabulary import (
    AnswerWord,
    AsOfSource,
    ConfidenceWord,
    Digest,
    Fingerprint,
    Instant,
    Limit,
    RequirementId,
    SeverityWord,
    StateWord,
    StatusWord,
    StrengthWord,
    VerdictWord,
    WaiverState,
)

SCHEMA = "certaudit-report/1"

SchemaName = Annotated[str, Limit(words=(SCHEMA,))]


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
    """The counts. `waived` findings are in no other of them; `not_checked_required` are those of severity error among
    `not_checked`."""

    failed: Failed
    passed: int
    not_checked: int
    not_checked_required: int
    not_applicable: int
    waived: int
    certificates: int
    inputs: int
    unreadable: int


class ControlObject(TypedDict):
    """A clause of a framework that a requirement speaks to; `strength` is "direct" or "supporting"."""

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
    fingerprint: Fingerprint
    waiver: str | None


class WhyNotObject(TypedDict):
    """A certificate at hand that does not serve the role, and why not: half a sentence."""

    certificate: Digest
    reason: str


class CoverageObject(TypedDict):
    """How it stands with one certificate role of one system; thumbprints are SHA-256."""

    system: str | None
    site_system_role: str | None
    role: str
    state: StateWord
    certificate: Digest | None
    candidates: list[Digest]
    why_not: NotRequired[list[WhyNotObject]]


class DeadlineObject(TypedDict):
    """Something that stops on a day to come."""

    when: Instant
    what: str
    certificate: Digest | None
    systems: list[str]


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


class CalledObject(TypedDict):
    """One site system, and whether it would be reached."""

    system: str
    answer: AnswerWord


class ReachObject(TypedDict):
    """Whether all site systems of one role would be reached, and which of them."""

    site_system_role: str
    answer: AnswerWord
    systems: list[CalledObject]


class WayObject(TypedDict):
    """Boot media or a PXE service point, what a computer that boots from it would reach, and what is wrong with it.
    `accepted` is true where everything would be reached, but for what waivers accept."""

    system: str
    site_system_role: str
    reaches: list[ReachObject]
    accepted: bool
    obstacles: list[ObstacleObject]


class ReachedObject(TypedDict):
    """A site system that such a computer has to reach, and what keeps it from there whatever it boots from."""

    system: str
    site_system_role: str
    obstacles: list[ObstacleObject]


class BootObject(TypedDict):
    """Would a computer that boots today reach its site systems? `reason` says why nothing was judged, where there is no
    way in; else it is null."""

    ways: list[WayObject]
    reached: list[ReachedObject]
    reason: str | None


class RenewalObject(TypedDict):
    """A certificate that took the place of another in the same role of the same system."""

    role: str
    system: str
    was: Digest
    now: Digest


class BaselineObject(TypedDict):
    """How the report compares with an older one, of the instant `as_of`.

    The lists hold fingerprints of failures and gaps; those of `fixed` and `unknown` are the older report's. `unknown`
    are those of which an incomplete run cannot tell, those of systems that are no longer part of it, and those of
    requirements that another release, mode or catalogue does not ask.
    `catalogue_differs` says that other requirements were asked then.
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


class Document(TypedDict):
    """The whole report. `started` and `finished` are left out of a reproducible one, `baseline` where none was given,
    `boot` where nothing is there to boot from.

    `controls` are the clauses that each requirement with a finding speaks to: 72 findings about each of thousands of
    certificates would make two fifths of the report of them.
    `complete` is false where a requirement of severity error could not be checked, an input could not be read, or it
    cannot be said what a way in leads to. `as_of_source` tells what fixed the instant.
    `redacted` is true where names were replaced by pseudonyms.
    """

    schema: SchemaName
    tool: ToolObject
    as_of: Instant
    as_of_source: AsOfSource
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
    controls: dict[RequirementId, list[ControlObject]]
    coverage: list[CoverageObject]
    next_failures: list[DeadlineObject]
    waivers: list[WaiverObject]
    boot: NotRequired[BootObject]
    baseline: NotRequired[BaselineObject]
    warnings: list[str]


def controls_of(document: Document, finding: FindingObject) -> list[ControlObject]:
    """The clauses of frameworks that a finding speaks to."""
    return document["controls"].get(finding["requirement"], [])


def by_thumbprint(document: Document) -> dict[str, CertificateObject]:
    """The certificates by their SHA-256."""
    return {certificate["sha256"]: certificate for certificate in document["certificates"]}
