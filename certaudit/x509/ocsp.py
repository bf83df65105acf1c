"""OCSP responses as bytes (RFC 6960 4.2.1): what they say of which certificate, and who signed them.

Read with the DER reader of this program for the reason that certificates are: one odd field must not hide the rest.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from certaudit.x509 import algorithms, der
from certaudit.x509.algorithms import SignatureAlgorithm
from certaudit.x509.certificate import Certificate
from certaudit.x509.extensions import REASONS
from certaudit.x509.name import Name, parse_name

BASIC = "1.3.6.1.5.5.7.48.1.1"
_STATUSES = {0: "good", 1: "revoked", 2: "unknown"}
_FAILURES = {1: "malformed request", 2: "internal error", 3: "try later", 5: "signature required", 6: "unauthorized"}
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class SingleResponse(NamedTuple):
    """What the responder says of one certificate; dates in UTC, `status` is good, revoked or unknown."""

    hash: str | None
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int
    status: str
    revoked_on: datetime | None
    reason: str | None
    this_update: datetime
    next_update: datetime | None

    def is_about(self, issuer_name: bytes, issuer_spki: bytes) -> bool:
        """True where it means a certificate of the issuer with this name (DER) and key (RFC 6960 4.1.1)."""
        if self.hash is None:
            return False
        key = der.bit_string(der.sequence(issuer_spki)[1])
        return (
            hashlib.new(self.hash, issuer_name, usedforsecurity=False).digest() == self.issuer_name_hash
            and hashlib.new(self.hash, key, usedforsecurity=False).digest() == self.issuer_key_hash
        )


class OcspResponse(NamedTuple):
    """A successful basic response: `responder` is a name or a key's SHA-1, `certificates` what it brought along."""

    sha256: str
    signed: bytes
    algorithm: SignatureAlgorithm
    signature: bytes
    responder: Name | bytes
    certificates: tuple[Certificate, ...]
    responses: tuple[SingleResponse, ...]

    def names(self, certificate: Certificate) -> bool:
        """True where the responder ID means `certificate`. Raises UnreadableFieldError."""
        if isinstance(self.responder, Name):
            return self.responder == certificate.subject
        key = der.bit_string(der.sequence(certificate.spki)[1])
        return hashlib.sha1(key, usedforsecurity=False).digest() == self.responder


def ocsp_response(data: bytes) -> OcspResponse:
    """The response in `data` (DER). Raises DerError where it is none, or says that there is no answer."""
    try:
        return _response(data)
    except der.DerError:
        raise
    except (ValueError, IndexError, TypeError, OverflowError, StopIteration, RuntimeError) as error:
        # Empty constructed elements end an iterator, which inside a generator is a RuntimeError.
        raise der.DerError(f"not an OCSP response: {der.reason(error)}") from error


def _response(data: bytes) -> OcspResponse:
    status, *body = der.sequence(data)
    code = der.integer(status, der.ENUMERATED)
    if code or not body:
        raise der.DerError(f"the OCSP responder gave no answer: {_FAILURES.get(code, f'status {code}')}")
    kind, octets = next(iter(body[0])).children(der.SEQUENCE)
    if der.object_identifier(kind) != BASIC:
        raise der.DerError(f"OCSP response of type {der.object_identifier(kind)}, which is not known")
    signed, algorithm, signature, *rest = der.sequence(octets.octets())
    responder, responses = _signed_part(signed)
    certificates = tuple(Certificate(member.raw) for wrapper in rest for member in next(iter(wrapper)))
    return OcspResponse(
        hashlib.sha256(data).hexdigest().upper(),
        signed.raw,
        algorithms.signature_algorithm(algorithm),
        der.bit_string(signature),
        responder,
        certificates,
        responses,
    )


def _signed_part(signed: der.Element) -> tuple[Name | bytes, tuple[SingleResponse, ...]]:
    fields = signed.children(der.SEQUENCE)
    if fields[0].tag == der.context(0):
        fields.pop(0)
    identifier, _, responses, *_ = fields
    inner = next(iter(identifier))
    responder = inner.content if identifier.tag == der.context(2) else parse_name(inner.raw)
    return responder, tuple(_single(member) for member in responses.children(der.SEQUENCE))


def _single(element: der.Element) -> SingleResponse:
    identifier, status, this_update, *rest = element.children(der.SEQUENCE)
    algorithm, name_hash, key_hash, serial = identifier.children(der.SEQUENCE)
    hash_oid = der.object_identifier(algorithm.children(der.SEQUENCE)[0])
    revoked_on, reason = _revoked_info(status) if status.tag & 0x1F == 1 else (None, None)
    ends = [der.time(next(iter(field))) for field in rest if field.tag == der.context(0)]
    return SingleResponse(
        _HASHES.get(hash_oid),
        name_hash.content,
        key_hash.content,
        der.integer(serial),
        _STATUSES.get(status.tag & 0x1F, "unknown"),
        revoked_on,
        reason,
        der.time(this_update),
        ends[0] if ends else None,
    )


def _revoked_info(status: der.Element) -> tuple[datetime, str | None]:
    date, *rest = list(status)
    if not rest:
        return der.time(date), None
    number = der.integer(next(iter(rest[0])), der.ENUMERATED)
    return der.time(date), REASONS[number] if 0 <= number < len(REASONS) else f"reason {number}"
