"""OCSP responses supplied as files (RFC 6960)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import RevocationAnswer, RevocationStatus
from tests import builder
from tests.builder import extension, integer, oid, sequence, tlv
from tests.pki import AS_OF, DAY, SECOND, Authority, authority, chains, key, revoked_entry

ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority("CN=Contoso Issuing CA 1", number=2, issuer=ROOT)
LEAF = ISSUING.issue()
NO_CHECK = extension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00")
SIGNS_OCSP = builder.extended_key_usage(oids.OCSP_SIGNING)
GOOD, UNKNOWN = b"\x80\x00", b"\x82\x00"
Status = RevocationStatus


def generalized(instant: datetime) -> bytes:
    return tlv(0x18, instant.strftime("%Y%m%d%H%M%SZ").encode())


def revoked(date: datetime, reason: int = 1) -> bytes:
    return tlv(0xA1, generalized(date), tlv(0xA0, tlv(0x0A, bytes([reason]))))


def response(
    status: bytes = GOOD,
    *,
    signer: Any = ISSUING.key,
    responder: str | None = ISSUING.subject,
    certificates: tuple[Certificate, ...] = (),
    this_update: datetime = AS_OF - DAY,
    next_update: datetime | None = AS_OF + DAY,
    issuer: Authority = ISSUING,
    serial: int = LEAF.serial,
    hash: str = "sha1",
) -> bytes:
    spki_bits = builder._spki(issuer.key)[-65:]  # an uncompressed P-256 point
    name_hash = hashlib.new(hash, builder.name(issuer.subject)).digest()
    hash_oid = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1"}[hash]
    identifier = sequence(
        sequence(oid(hash_oid)), tlv(0x04, name_hash), tlv(0x04, hashlib.new(hash, spki_bits).digest()), integer(serial)
    )
    ends = tlv(0xA0, generalized(next_update)) if next_update else b""
    single = sequence(identifier, status, generalized(this_update), ends)
    key_hash = tlv(0xA2, tlv(0x04, hashlib.sha1(builder._spki(signer)[-65:]).digest()))
    who = key_hash if responder is None else tlv(0xA1, builder.name(responder))
    signed = sequence(who, generalized(this_update), sequence(single))
    brought = tlv(0xA0, sequence(*(each.der for each in certificates))) if certificates else b""
    basic = sequence(
        signed,
        builder._algorithm("sha256", signer),
        tlv(0x03, b"\x00", builder._signed(signed, "sha256", signer)),
        brought,
    )
    return sequence(b"\x0a\x01\x00", tlv(0xA0, sequence(oid("1.3.6.1.5.5.7.48.1.1"), tlv(0x04, basic))))


def answer(*responses: bytes, crls: Any = (), **more: Any) -> RevocationAnswer:
    known = chains(ROOT, intermediates=[ISSUING], crls=crls, ocsp=responses, **more)
    return known.best(LEAF).revocation[0]


def delegate(**more: Any) -> Certificate:
    extensions = more.pop("extensions", (SIGNS_OCSP, NO_CHECK))
    issuer = more.pop("issued_by", ISSUING)
    issued: Certificate = issuer.issue("CN=OCSP", key=key(30), extensions=extensions, **more)
    return issued


def delegated(certificate: Certificate, **more: Any) -> bytes:
    return response(signer=key(30), responder="CN=OCSP", certificates=(certificate,), **more)


@pytest.mark.parametrize("hash", ["sha1", "sha256"])
@pytest.mark.parametrize("responder", [ISSUING.subject, None])
def test_good_by_the_issuer_itself(hash: str, responder: str | None) -> None:
    data = response(hash=hash, responder=responder)
    found = answer(data)
    assert found.status is Status.GOOD
    assert found.sources == (hashlib.sha256(data).hexdigest().upper(),)
    assert found.next_update == AS_OF + DAY


def test_path_settled_by_ocsp_is_valid() -> None:
    known = chains(ROOT, intermediates=[ISSUING], crls=[ROOT.crl()], ocsp=(response(),), revocation="required").best(
        LEAF
    )
    assert known.valid


def test_revoked() -> None:
    found = answer(response(revoked(AS_OF - 2 * DAY)))
    assert found.status is Status.REVOKED
    assert found.reason == "keyCompromise"
    assert found.revoked_on == AS_OF - 2 * DAY


def test_responder_that_does_not_know() -> None:
    assert answer(response(UNKNOWN)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"next_update": AS_OF}, Status.GOOD),
        ({"next_update": AS_OF - SECOND}, Status.STALE),
        ({"next_update": None}, Status.STALE),
        ({"this_update": AS_OF + SECOND}, Status.NOT_YET_VALID),
        ({"signer": key(66)}, Status.BAD_SIGNATURE),
        ({"responder": "CN=Nobody"}, Status.BAD_SIGNATURE),
        ({"serial": 1}, Status.NO_DISTRIBUTION_POINT),
        ({"issuer": ROOT}, Status.NO_DISTRIBUTION_POINT),
    ],
)
def test_responses_that_settle_nothing(changed: dict[str, Any], expected: Status) -> None:
    assert answer(response(**changed)).status is expected


def test_delegated_responder() -> None:
    assert answer(delegated(delegate())).status is Status.GOOD


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"extensions": (NO_CHECK,)}, "OCSP Signing"),
        ({"issued_by": ROOT}, "was not issued by"),
        ({"not_after": AS_OF - SECOND}, "It was valid until"),
        ({"extensions": (SIGNS_OCSP,)}, "No CRL"),
    ],
)
def test_responder_that_may_not_speak(made: dict[str, Any], why: str) -> None:
    found = answer(delegated(delegate(**made)))
    assert found.status is Status.BAD_SIGNATURE
    assert why in found.message


def test_responder_without_no_check_is_held_against_the_crl() -> None:
    responder = delegate(extensions=(SIGNS_OCSP,))
    assert answer(delegated(responder), crls=[ISSUING.crl()]).status is Status.GOOD
    stale = ISSUING.crl(revoked_entry(responder), next_update=AS_OF - SECOND)
    assert answer(delegated(responder), crls=[stale]).status is Status.STALE


def test_revoked_by_either_is_revoked() -> None:
    assert answer(response(), crls=[ISSUING.crl(revoked_entry(LEAF))]).status is Status.REVOKED
    assert answer(response(revoked(AS_OF - DAY)), crls=[ISSUING.crl()]).status is Status.REVOKED
    assert answer(response(), response(revoked(AS_OF - DAY))).status is Status.REVOKED


def test_good_by_either_is_good() -> None:
    assert answer(response(), crls=[ISSUING.crl(next_update=AS_OF - SECOND)]).status is Status.GOOD
    assert answer(response(next_update=AS_OF - SECOND), crls=[ISSUING.crl()]).status is Status.GOOD


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x30\x03\x0a\x01\x06", response()[:-20], response()[4:]])
def test_what_is_no_response_says_nothing(data: bytes) -> None:
    assert answer(data).status is Status.NO_DISTRIBUTION_POINT
