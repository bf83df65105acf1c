"""Signatures, verified with the issuer's key: weak hashes too, for their weakness is another finding's business.

Libraries that judge a whole certificate refuse SHA-1 and MD5 outright, which would make a sound chain of 2007 look
broken. Here a signature is good, bad, or of a kind that cannot be verified: three answers, never two.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from certaudit.x509 import der, oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import UnreadableFieldError, if_readable
from certaudit.x509.name import der_encode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

    from certaudit.x509.algorithms import SignatureAlgorithm


# Keys that sign nothing. They are not loaded: the primes of a Diffie-Hellman key would be tested, for minutes where
# they are long.
_EXCHANGING = {
    "1.2.840.113549.1.3.1": "DH",
    "1.2.840.10046.2.1": "DH",
    "1.3.101.110": "X25519",
    "1.3.101.111": "X448",
}


class Verification(Enum):
    """What a signature turned out to be."""

    GOOD = "good"
    BAD = "bad"
    UNVERIFIABLE = "cannot be verified"


class UnusableKeyError(ValueError):
    """A public key that cannot be loaded; the message says why."""


def verify(signed: bytes, algorithm: SignatureAlgorithm, signature: bytes, spki: bytes) -> tuple[Verification, str]:
    """The verdict on `signature` over `signed` by the key in `spki`, and why where it is not good (else empty)."""
    if algorithm.key_type is None:
        return Verification.UNVERIFIABLE, f"signature algorithm {algorithm.name} is not known"
    try:
        key, kind = _key(spki)
    except UnusableKeyError as error:
        return Verification.UNVERIFIABLE, f"the issuer's key cannot be used: {error}"
    if kind != algorithm.key_type:
        return Verification.BAD, f"{algorithm.name} needs a key of type {algorithm.key_type}, the issuer's is {kind}"
    try:
        key.verify(signature, signed, *_parameters(algorithm))
    except Exception as error:  # sorted out there: importing its types here would cost as much as the rest
        return _failure(algorithm, error)
    return _GOOD


_GOOD = (Verification.GOOD, "")


def _failure(algorithm: SignatureAlgorithm, error: Exception) -> tuple[Verification, str]:
    """The verdict that an exception of `verify` means; one that means none is raised again."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if isinstance(error, InvalidSignature):
        return Verification.BAD, "the signature does not match the issuer's key"
    # OverflowError: the salt of a PSS signature is said to be longer than memory is.
    if isinstance(error, (UnsupportedAlgorithm, ValueError, KeyError, OverflowError)):
        return Verification.UNVERIFIABLE, f"{algorithm.name} cannot be verified: {error}"
    raise error


@lru_cache(maxsize=8192)
def certificate_signature(certificate: Certificate, spki: bytes) -> tuple[Verification, str]:
    """The verdict on a certificate's signature by the key in `spki`, and why where it is not good."""
    try:
        return verify(certificate.tbs, certificate.signature_algorithm, certificate.signature, spki)
    except UnreadableFieldError as error:
        return Verification.UNVERIFIABLE, str(error)


@lru_cache(maxsize=1024)
def crl_signature(crl: RevocationList, spki: bytes) -> tuple[Verification, str]:
    """The verdict on a CRL's signature by the key in `spki`, and why where it is not good."""
    try:
        return verify(crl.tbs, crl.signature_algorithm, crl.signature, spki)
    except UnreadableFieldError as error:
        return Verification.UNVERIFIABLE, str(error)


def is_self_signed(certificate: Certificate) -> bool:
    """True where it is self-issued and its own key made its signature.

    A self-issued certificate whose signature cannot be verified at all (MD2 roots of the nineties) counts as
    self-signed: there is nowhere else to look for its issuer.
    """
    if not if_readable(lambda: certificate.issuer == certificate.subject, otherwise=False):
        return False
    return certificate_signature(certificate, certificate.spki)[0] is not Verification.BAD


def completed_key(spki: bytes, issuer_spki: bytes | None) -> bytes:
    """`spki`, with the DSA parameters of the issuer's key where it leaves its own out (RFC 5280 6.1.4 (e), (f))."""
    if issuer_spki is None or not inherits_parameters(spki):
        return spki
    try:
        key = der.sequence(spki)[1]
        algorithm = der.sequence(issuer_spki)[0]
        if der.object_identifier(algorithm.children(der.SEQUENCE)[0]) != oids.DSA:
            return spki
        return der_encode(der.SEQUENCE, algorithm.raw + key.raw)
    except (ValueError, IndexError):
        return spki


@lru_cache(maxsize=1024)
def inherits_parameters(spki: bytes) -> bool:
    """True for a DSA key whose parameters are those of its issuer (RFC 3279 2.3.2)."""
    try:
        identifier, *parameters = der.sequence(spki)[0].children(der.SEQUENCE)
        return der.object_identifier(identifier) == oids.DSA and not (parameters and parameters[0].tag == der.SEQUENCE)
    except (ValueError, IndexError):
        return False


@lru_cache(maxsize=1024)
def _key(spki: bytes) -> tuple[Any, str]:
    """The key object and its type; None for one that signs nothing. Raises UnusableKeyError where it cannot be
    loaded."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if inherits_parameters(spki):
        raise UnusableKeyError("its DSA parameters are nowhere above it")
    if exchanging := _EXCHANGING.get(_algorithm(spki)):
        return None, exchanging
    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKeyError(str(error)) from error
    return key, key_type(key)


def _algorithm(spki: bytes) -> str:
    """The OID of the key's type. Raises UnusableKeyError."""
    try:
        return der.object_identifier(der.sequence(spki)[0].children(der.SEQUENCE)[0])
    except (ValueError, IndexError) as error:
        raise UnusableKeyError(der.reason(error)) from error


def _parameters(algorithm: SignatureAlgorithm) -> tuple[object, ...]:
    """What a key's `verify` takes beside signature and data. Raises KeyError for a hash that is not at hand."""
    if not algorithm.is_pss:
        return _plain_parameters(algorithm.key_type, algorithm.hash)
    from cryptography.hazmat.primitives.asymmetric import padding

    mask = padding.MGF1(_hash(algorithm.mask_hash))
    return padding.PSS(mask, algorithm.salt_length or 0), _hash(algorithm.hash)


@lru_cache(maxsize=64)
def _plain_parameters(key_type: str | None, hash_name: str | None) -> tuple[object, ...]:
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    if key_type in ("Ed25519", "Ed448"):
        return ()
    chosen = _hash(hash_name)
    if key_type == "RSA":
        return padding.PKCS1v15(), chosen
    return (ec.ECDSA(chosen),) if key_type == "EC" else (chosen,)


def _hash(name: str | None) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes

    known: dict[str, type[HashAlgorithm]] = {
        "md5": hashes.MD5,
        "sha1": hashes.SHA1,
        "sha224": hashes.SHA224,
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
    if name not in known:
        raise KeyError(f"hash {name or 'unknown'} is not at hand")
    return known[name]()


def key_type(key: object) -> str:
    """The type of a loaded key, as SignatureAlgorithm.key_type writes it."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    match key:
        case rsa.RSAPublicKey():
            return "RSA"
        case ec.EllipticCurvePublicKey():
            return "EC"
        case dsa.DSAPublicKey():
            return "DSA"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    return type(key).__name__
