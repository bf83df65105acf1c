"""The texts of a document that are more than any text: instants, digests, and closed lists of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


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

SEVERITIES = ("error", "warning", "notice")
"""The worst first."""

StatusWord = Annotated[str, Limit(words=("pass", "fail", "not-applicable", "not-checked"))]
SeverityWord = Annotated[str, Limit(words=SEVERITIES)]
ConfidenceWord = Annotated[
    str, Limit(words=("documented", "documented-other-release", "reported", "inferred", "unverified"))
]
VerdictWord = Annotated[str, Limit(words=("compliant", "non-compliant", "incomplete"))]
StateWord = Annotated[str, Limit(words=("assigned", "missing", "ambiguous", "not-supplied", "not-needed"))]
StrengthWord = Annotated[str, Limit(words=("direct", "supporting"))]
AsOfSource = Annotated[str, Limit(words=("clock", "manifest", "command-line"))]
AnswerWord = Annotated[str, Limit(words=("yes", "no", "cannot-say"))]
WaiverState = Annotated[str, Limit(words=("in-force", "expired", "unused"))]
