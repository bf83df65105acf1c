"""CAs that really sign, what they issue, and the chains under them: any field may be overridden, however odd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, PathSettings, Trust
from certaudit.x509.crl import RevocationList
from certaudit.x509.extensions import REASONS
from tests import builder
from tests.builder import extension, integer, sequence, tlv
from tests.pki.keys import key

AS_OF = datetime(2010, 3, 1, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SIGNING = builder.key_usage("keyCertSign", "cRLSign", critical=True)
_serials = count(1000)


def key_identifier(of: ec.EllipticCurvePrivateKey) -> bytes:
    """The identifier that RFC 5280 4.2.1.2 suggests, of the whole SubjectPublicKeyInfo."""
    digest = hashes.Hash(hashes.SHA1())
    digest.update(builder._spki(of))
    return digest.finalize()


def subject_key(identifier: bytes) -> bytes:
    return extension(oids.SUBJECT_KEY_IDENTIFIER, tlv(0x04, identifier))


def authority_key(identifier: bytes) -> bytes:
    return extension(oids.AUTHORITY_KEY_IDENTIFIER, sequence(tlv(0x80, identifier)))


def name_constraints(*, permitted: Iterable[str] = (), excluded: Iterable[str] = ()) -> bytes:
    """Subtrees as builder.general_name writes names, or `IP:` and hexadecimal octets."""
    trees = [
        tlv(tag, *(sequence(_base(text)) for text in texts))
        for tag, texts in ((0xA0, tuple(permitted)), (0xA1, tuple(excluded)))
        if texts
    ]
    return extension(oids.NAME_CONSTRAINTS, sequence(*trees), critical=True)


def _base(text: str) -> bytes:
    kind, _, value = text.partition(":")
    if kind == "IP":
        return tlv(0x87, bytes.fromhex(value))
    return builder.general_name(text)


def policies(*identifiers: str) -> bytes:
    return extension(oids.CERTIFICATE_POLICIES, sequence(*(sequence(builder.oid(each)) for each in identifiers)))


@dataclass(frozen=True)
class Authority:
    """A CA: its subject, its key, its certificate, and what it issues; `name` is the DER that it writes as issuer."""

    subject: str
    key: Any
    certificate: Certificate
    name: bytes

    @classmethod
    def of(cls, certificate: Certificate, key: Any) -> Authority:
        """The CA that has this certificate and its key."""
        return cls(str(certificate.subject), key, certificate, certificate.subject.raw)

    def issue(self, subject: str | bytes = "CN=mp01.contoso.com", **fields: Any) -> Certificate:
        """A certificate, `fields` as builder.certificate takes them; it names the key of its issuer."""
        return _issue(self.name, self.key, {"subject": subject} | fields)

    def crl(self, *entries: bytes, **fields: Any) -> RevocationList:
        """A CRL of this CA; `entries` as `revoked_entry` makes them, `fields` as `crl` takes them."""
        values = {"issuer": self.name, "signer": self.key} | fields
        return crl(values.pop("issuer"), values.pop("signer"), *entries, **values)


def authority(
    subject: str,
    *,
    number: int,
    issuer: Authority | None = None,
    path_length: int | None = None,
    extensions: tuple[bytes, ...] = (),
    **fields: Any,
) -> Authority:
    """A CA below `issuer`, or a root where that is None; `number` is that of its key, `fields` as builder has them."""
    own = key(number)
    constraints = builder.basic_constraints(ca=True, path_length=path_length)
    fields = {"key": own, "extensions": (constraints, SIGNING, subject_key(key_identifier(own)), *extensions)} | fields
    made = issuer.issue(subject, **fields) if issuer else _issue(subject, own, {"subject": subject} | fields)
    return Authority(subject, own, made, builder.name(subject))


def _issue(issuer: str | bytes, signer: Any, fields: dict[str, Any]) -> Certificate:
    given = {
        "issuer": issuer,
        "serial": next(_serials),
        "not_before": datetime(2009, 6, 1, tzinfo=UTC),
        "not_after": datetime(2012, 6, 1, tzinfo=UTC),
        "key": key(9),
        "signer": signer,
        "hash": "sha256",
    }
    extensions = (authority_key(key_identifier(signer)), *fields.get("extensions", ()))
    return builder.certificate(**given | fields | {"extensions": extensions})


def revoked_entry(
    certificate: Certificate | int,
    *,
    date: datetime = AS_OF - 10 * DAY,
    reason: str | None = None,
    extensions: tuple[bytes, ...] = (),
) -> bytes:
    """The entry of a CRL about a certificate, or a serial number."""
    serial = certificate if isinstance(certificate, int) else certificate.serial
    if reason is not None:
        value = tlv(0x0A, bytes([REASONS.index(reason)]))
        extensions = (extension(oids.REASON_CODE, value), *extensions)
    return sequence(integer(serial), builder.time(date), sequence(*extensions) if extensions else b"")


def crl(
    issuer: str | bytes,
    signer: Any,
    *entries: bytes,
    this_update: datetime = AS_OF - DAY,
    next_update: datetime | None = AS_OF + 6 * DAY,
    number: int | None = 10,
    base: int | None = None,
    extensions: tuple[bytes, ...] = (),
    hash: str = "sha256",
) -> RevocationList:
    """A CRL, a delta CRL where `base` is the number of the CRL that it goes with."""
    algorithm = builder._algorithm(hash, signer)
    if number is not None:
        extensions = (*extensions, extension(oids.CRL_NUMBER, integer(number)))
    if base is not None:
        extensions = (*extensions, extension(oids.DELTA_CRL_INDICATOR, integer(base), critical=True))
    tbs = sequence(
        integer(1),
        algorithm,
        issuer if isinstance(issuer, bytes) else builder.name(issuer),
        builder.time(this_update),
        builder.time(next_update) if next_update is not None else b"",
        sequence(*entries) if entries else b"",
        tlv(0xA0, sequence(*extensions)) if extensions else b"",
    )
    signature = builder._signed(tbs, hash, signer)
    return RevocationList(sequence(tbs, algorithm, tlv(0x03, b"\x00", signature)))


def chains(
    *anchors: Authority | Certificate,
    intermediates: Iterable[Authority | Certificate] = (),
    crls: Iterable[RevocationList] = (),
    as_of: datetime = AS_OF,
    ocsp: tuple[bytes, ...] = (),
    revocation: Any = "off",
    **settings: Any,
) -> Chains:
    """Chains under these anchors; revocation is asked for only where a test says "required"."""
    trust = Trust(_certificates(anchors), _certificates(intermediates), tuple(crls), ocsp)
    return Chains(trust, as_of, PathSettings(revocation=revocation, **settings))


def _certificates(given: Iterable[Authority | Certificate]) -> tuple[Certificate, ...]:
    return tuple(each.certificate if isinstance(each, Authority) else each for each in given)


def codes(path: Any) -> list[str]:
    """The codes of a path's problems, in order."""
    return [problem.code for problem in path.problems]
