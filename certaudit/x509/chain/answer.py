"""What can be said about the revocation of one certificate."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum
from typing import NamedTuple


class RevocationStatus(Enum):
    """The answers. GOOD alone says that a certificate is not revoked; all but NOT_APPLICABLE else leave it open."""

    GOOD = "good"
    REVOKED = "revoked"
    STALE = "stale"
    NOT_YET_VALID = "not-yet-valid"
    BAD_SIGNATURE = "bad-signature"
    NOT_SUPPLIED = "not-supplied"
    NO_DISTRIBUTION_POINT = "no-distribution-point"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"

    @property
    def settles(self) -> bool:
        """True where nothing speaks against the certificate: good, or a trust anchor that nobody revokes."""
        return self is RevocationStatus.GOOD or self is RevocationStatus.NOT_APPLICABLE


class Cause(StrEnum):
    """Why a CRL or an OCSP response at hand gives no answer: each has its own remedy (a table of remedies.toml)."""

    STALE = "stale"
    NOT_YET_VALID = "not-yet-valid"
    NO_NEXT_UPDATE = "no-next-update"
    UNREADABLE = "unreadable"
    UNKNOWN_VERSION = "unknown-version"
    ALGORITHMS_DIFFER = "algorithms-differ"
    UNKNOWN_EXTENSION = "unknown-critical-extension"
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURE_UNVERIFIABLE = "signature-unverifiable"
    OTHER_KEY = "signed-with-other-key"
    SIGNER_MISSING = "signer-missing"
    SIGNER_MAY_NOT = "signer-may-not-sign-crls"
    SIGNER_PATH = "signer-path-invalid"
    SIGNER_REVOCATION = "signer-revocation-open"
    DELTA_MISSING = "delta-missing"
    DELTA_TOO_FRESH = "delta-continues-later-crl"
    REASONS = "reasons-not-covered"
    OTHER_SCOPE = "for-other-certificates"
    CONTRADICTION = "crls-contradict"
    NOT_SUPPLIED = "not-supplied"
    OCSP_STALE = "ocsp-stale"
    OCSP_NOT_YET_VALID = "ocsp-not-yet-valid"
    OCSP_SIGNER = "ocsp-signer"
    OCSP_UNKNOWN = "ocsp-unknown"


class RevocationAnswer(NamedTuple):
    """The status, the sentence that explains it (safe to print), and the evidence.

    `sources` are the SHA-256 of the CRLs or OCSP responses that the answer rests on; `others` those at hand that
    speak of the same certificate and were set aside (older, stale, badly signed). `revoked_on`, `reason` and
    `invalid_since` come from the entry. `this_update` is the latest and `next_update` the earliest among the sources,
    UTC: when the answer began to hold and until when it does. `cause` says why there is no answer.
    """

    status: RevocationStatus
    message: str
    sources: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    revoked_on: datetime | None = None
    reason: str | None = None
    invalid_since: datetime | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    cause: Cause | None = None
