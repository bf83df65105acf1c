"""Detached signatures of reports: CMS SignedData (RFC 5652), which `openssl cms` and Windows read as well."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certaudit.errors import UsageError
from certaudit.x509 import der, oids
from certaudit.x509.algorithms import SignatureAlgorithm, signature_algorithm
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.signature import Verification, verify
from certaudit.x509.fields import UnreadableFieldError
from certaudit.x509.name import parse_name

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_DATA = "1.2.840.113549.1.7.1"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""What a signature may be made with; a report is not signed with SHA-1, whatever the certificates in it are."""


def sign(data: bytes, pfx: bytes, password: Callable[[], str | None], name: str) -> bytes:
    """The detached signature (DER) of `data` by the key in `pfx`, with its certificates in it.

    The password is asked for where the PFX needs one. Raises UsageError, which calls the PFX `name`.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    key, certificate, others = _opened(pfx, password, name)
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise UsageError(f"{name}: a signature needs an RSA or an EC key, and it has another kind")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data).add_signer(certificate, key, hashes.SHA256())
    for other in others:
        builder = builder.add_certificate(other)
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


def _opened(pfx: bytes, password: Callable[[], str | None], name: str) -> tuple[Any, Any, list[Any]]:
    """The private key, its certificate and the other certificates of a PFX, first tried without a password."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    for attempt in (lambda: None, password):
        given = attempt()
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(pfx, None if given is None else given.encode())
        except ValueError:
            continue
        if key is None or certificate is None:
            raise UsageError(f"{name}: holds no private key with its certificate; name a PFX that does")
        return key, certificate, others
    raise UsageError(f"{name}: cannot be opened; give its password with --password-file or --password-env")


@dataclass(frozen=True, slots=True)
class ReportSignature:
    """A signature and who made it.

    `signed_on` is what the signer says; `problem` is a sentence where the signature is not good, else None.
    """

    signer: Certificate
    certificates: tuple[Certificate, ...]
    signed_on: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class _SignerInfo:
    """RFC 5652 5.3. `attributes` are the signed ones, encoded as the set that was signed; `values` by their OID."""

    issuer: bytes
    serial: bytes
    digest: str
    attributes: bytes
    values: dict[str, der.Element]
    algorithm: SignatureAlgorithm
    signature: bytes


def read_signature(signature: bytes, data: bytes, name: str) -> ReportSignature:
    """What the detached `signature` says of `data`. Raises UsageError, which calls the signature `name`."""
    try:
        certificates, signer_info = _signed_data(signature)
        signer = _signer(certificates, signer_info)
        signed_on = _signing_time(signer_info)
    except (der.DerError, UnreadableFieldError, ValueError, IndexError, KeyError) as error:
        raise UsageError(f"{name}: is no signature of the kind that `certaudit sign` makes: {error}") from error
    return ReportSignature(signer, certificates, signed_on, _problem(signer_info, signer, data))


def _problem(info: _SignerInfo, signer: Certificate, data: bytes) -> str | None:
    digest = info.values.get(_MESSAGE_DIGEST)
    made = hashlib.new(info.digest, data).digest()
    if digest is None or not hmac.compare_digest(digest.content, made):
        return "the report has been changed since it was signed"
    kind = info.values.get(_CONTENT_TYPE)
    if kind is None or der.object_identifier(kind) != _DATA:
        return "the signature is over something else than a file"
    verdict, reason = verify(info.attributes, info.algorithm, info.signature, signer.spki)
    return None if verdict is Verification.GOOD else f"the signature is not by the key of its certificate: {reason}"


def _signed_data(signature: bytes) -> tuple[tuple[Certificate, ...], _SignerInfo]:
    """RFC 5652 5.1, with one signer and without the content."""
    kind, content = der.read_all(signature).children(der.SEQUENCE)
    if der.object_identifier(kind) != _SIGNED_DATA:
        raise ValueError("it is no signed data")
    (body,) = content.children()
    members = body.children(der.SEQUENCE)
    certificates = tuple(
        Certificate(choice.raw)
        for member in members
        if member.tag == der.context(0)
        for choice in member.children()
        if choice.tag == der.SEQUENCE
    )
    signers = members[-1].children(der.SET)
    if len(signers) != 1:
        raise ValueError(f"it has {len(signers)} signers, and one is expected")
    return certificates, _signer_info(signers[0])


def _signer_info(element: der.Element) -> _SignerInfo:
    _version, identifier, digest, attributes, algorithm, signature, *_ = element.children(der.SEQUENCE)
    if identifier.tag != der.SEQUENCE or attributes.tag != der.context(0):
        raise ValueError("the signer is not named by issuer and serial number, or nothing but the file is signed")
    issuer, serial = identifier.children(der.SEQUENCE)
    hash_name = _DIGESTS.get(der.object_identifier(digest.children(der.SEQUENCE)[0]))
    if hash_name is None:
        raise ValueError("its hash is none of SHA-256, SHA-384 and SHA-512")
    pairs = [attribute.children(der.SEQUENCE) for attribute in attributes.children()]
    return _SignerInfo(
        issuer=issuer.raw,
        serial=serial.content,
        digest=hash_name,
        attributes=bytes([der.SET]) + attributes.raw[1:],
        values={der.object_identifier(oid): values.children(der.SET)[0] for oid, values in pairs},
        algorithm=_algorithm(algorithm, hash_name),
        signature=signature.content,
    )


def _algorithm(identifier: der.Element, hash_name: str) -> SignatureAlgorithm:
    """The algorithm of the signature; plain rsaEncryption means PKCS #1 v1.5 with the digest named before."""
    if der.object_identifier(identifier.children(der.SEQUENCE)[0]) == oids.RSA:
        return SignatureAlgorithm(oids.RSA, f"RSA with {hash_name}", "RSA", hash_name)
    return signature_algorithm(identifier)


def _signer(certificates: tuple[Certificate, ...], info: _SignerInfo) -> Certificate:
    issuer = parse_name(info.issuer)
    for certificate in certificates:
        if bytes.fromhex(certificate.serial_hex) == info.serial and certificate.issuer == issuer:
            return certificate
    raise ValueError("the signer's certificate is not in it")


def _signing_time(info: _SignerInfo) -> datetime | None:
    element = info.values.get(_SIGNING_TIME)
    return None if element is None else der.time(element)
