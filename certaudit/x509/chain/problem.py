"""Problems of a path: one code each, kept in one table so that reports and documents can say what they mean."""

from __future__ import annotations

from typing import NamedTuple

CODES = {
    "issuer-missing": "The path ends because no certificate of the issuer was supplied.",
    "issuer-loop": "The path ends because every issuer at hand is already in it.",
    "path-not-followed": "The path goes on beyond what is followed (paths.MAX_LENGTH, paths.MAX_STEPS).",
    "untrusted-root": "The path ends at a self-signed certificate that is no trust anchor.",
    "anchor-expired": "The trust anchor's own validity has ended: Windows and OpenSSL ask, RFC 5280 does not.",
    "anchor-not-yet-valid": "Its own validity has not begun: Windows and OpenSSL ask, RFC 5280 does not.",
    "anchor-not-self-signed": "It is not self-signed: Windows and OpenSSL end a path at a self-signed one only.",
    "anchor-not-a-ca": "The trust anchor says that it is no certification authority or may not sign certificates.",
    "signature-invalid": "The signature is not by the issuer's key (RFC 5280 6.1.3 (a)(1)).",
    "signature-unverifiable": "The signature or the issuer's key is of a kind that cannot be verified here.",
    "signature-algorithms-differ": "The algorithm inside the signed part is not the one outside (RFC 5280 4.1.1.2).",
    "expired": "The audit's instant is after notAfter (RFC 5280 6.1.3 (a)(2)).",
    "not-yet-valid": "The audit's instant is before notBefore (RFC 5280 6.1.3 (a)(2)).",
    "issuer-name-mismatch": "The issuer's name is not the subject of the certificate above (RFC 5280 6.1.3 (a)(4)).",
    "name-not-permitted": "A name lies outside the permitted subtrees of a CA above (RFC 5280 6.1.3 (b)).",
    "name-excluded": "A name lies inside an excluded subtree of a CA above (RFC 5280 6.1.3 (c)).",
    "name-constraint-unsupported": "A name is of a form whose constraint cannot be processed (RFC 5280 4.2.1.10).",
    "policy-not-acceptable": "A certificate policy is required and none is left (RFC 5280 6.1.3 (f), 6.1.5 (g)).",
    "policy-mapping-any": "anyPolicy is mapped from or to (RFC 5280 6.1.4 (a)).",
    "not-a-ca": "It issued the certificate below but is no certification authority (RFC 5280 6.1.4 (k)).",
    "path-too-long": "More CA certificates follow than a CA above allows (RFC 5280 6.1.4 (l)).",
    "may-not-sign-certificates": "It issued the certificate below but lacks keyCertSign (RFC 5280 6.1.4 (n)).",
    "unknown-critical-extension": "A critical extension is not known (RFC 5280 6.1.4 (o), 6.1.5 (f)).",
    "duplicate-extension": "An extension appears twice (RFC 5280 4.2).",
    "unreadable-field": "A field that validation needs cannot be read.",
    "revoked": "The issuer has revoked the certificate.",
    "revocation-stale": "The revocation information at hand is out of date.",
    "revocation-not-yet-valid": "The revocation information at hand was issued after the audit's instant.",
    "revocation-bad-signature": "The revocation information at hand is not signed by someone entitled to.",
    "revocation-not-supplied": "No revocation information for the certificate was supplied.",
    "revocation-no-distribution-point": "None was supplied, and the certificate does not say where it is published.",
    "revocation-unknown": "The revocation information at hand gives no answer.",
}

BROKEN_LINK = ("signature-invalid", "signature-unverifiable", "issuer-name-mismatch")
"""Problems after which nothing shows that the certificate above issued the one below."""


class Problem(NamedTuple):
    """One thing wrong with a path, at the element that has it.

    `code` is a key of CODES, `certificate` the SHA-256 thumbprint of the element, `message` one sentence, safe
    to print.
    """

    code: str
    certificate: str
    message: str
