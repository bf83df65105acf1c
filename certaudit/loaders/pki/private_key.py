"""The public half of a private key, by which a key is matched with its certificate.

The private numbers live as long as one call: no object that holds them is returned, kept or shown.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable

from certaudit.evidence import Input
from certaudit.loaders import limits
from certaudit.loaders.source import Source
from certaudit.loaders.structure import Kind, kind_of
from certaudit.x509 import der, oids
from certaudit.x509.name import der_encode
from certaudit.x509.public_key import PublicKey, public_key

# Diffie-Hellman is left out on purpose: OpenSSL tests its primes, for minutes where a file has long ones.
_LOADED = (oids.EC, oids.DSA, oids.ED25519, oids.ED448)
_RSA_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")


class UnusablePrivateKeyError(ValueError):
    """A private key whose public half cannot be had; the message says why."""


def sniff(source: Source) -> bool:
    """True for a private key in DER, encrypted or not."""
    return source.kind in (Kind.PRIVATE_KEY, Kind.ENCRYPTED_PRIVATE_KEY)


def load(source: Source) -> Input:
    """Never anything: raises UnreadableError that says which key this is."""
    what = f"{described(source.data)} without a certificate"
    raise source.refusal(what, "name the certificate's own file, or a PFX", "private-key", harmless=True)


def described(data: bytes) -> str:
    """A private key in words: its type and size as far as they can be had."""
    if kind_of(data) is Kind.ENCRYPTED_PRIVATE_KEY:
        return Kind.ENCRYPTED_PRIVATE_KEY
    try:
        return f"{Kind.PRIVATE_KEY} ({public_half(data)})"
    except UnusablePrivateKeyError:
        return Kind.PRIVATE_KEY


def public_half(data: bytes) -> PublicKey:
    """The public key of a PrivateKeyInfo, RSAPrivateKey, ECPrivateKey or DSA key. Raises UnusablePrivateKeyError."""
    if len(data) > limits.MAX_PRIVATE_KEY:
        raise UnusablePrivateKeyError(f"a key of {len(data):,} bytes is bigger than any in use")
    try:
        members = der.read(data).children(der.SEQUENCE)
        if len(members) >= 9 and members[1].tag == der.INTEGER:
            return _rsa(members)
        if len(members) >= 3 and members[1].tag == der.SEQUENCE:
            algorithm = der.object_identifier(members[1].children()[0])
            if algorithm in (oids.RSA, oids.RSASSA_PSS):
                return _rsa(der.sequence(members[2].octets()))
            if algorithm not in _LOADED:
                raise UnusablePrivateKeyError(f"its type ({algorithm}) is not supported")
            return _of_spki(_loaded(data) or _embedded(members))
        return _of_spki(_loaded(data))
    except (der.DerError, IndexError) as error:
        raise UnusablePrivateKeyError(str(error)) from error


def signs_only(data: bytes) -> bool | None:
    """Whether a PrivateKeyInfo is marked as an AT_SIGNATURE key of Windows; None where it has no mark.

    The mark is a key usage among its attributes (RFC 5958 2): digitalSignature alone, where a key of AT_KEYEXCHANGE has
    dataEncipherment. `openssl pkcs12` writes the same marks with -keysig and -keyex.
    """
    try:
        members = der.read(data).children(der.SEQUENCE)
        attributes = next((member for member in members[3:] if member.tag == der.context(0)), ())
        for attribute in attributes:
            name, values = attribute.children(der.SEQUENCE)
            if der.object_identifier(name) == oids.KEY_USAGE:
                (usage,) = values.children(der.SET)
                first = der.bit_string(usage)[0]
                return not first & _DECRYPTING if first & (_SIGNING | _DECRYPTING) else None
    except (der.DerError, ValueError, IndexError):
        return None
    return None


_SIGNING, _DECRYPTING = 0x80, 0x38
"""In the first octet of a key usage: digitalSignature; keyEncipherment, dataEncipherment and keyAgreement."""


def _of_spki(spki: bytes | None) -> PublicKey:
    if spki is None:
        raise UnusablePrivateKeyError("its type is not supported, or it is damaged")
    return public_key(der.read_all(spki))


def _rsa(members: list[der.Element]) -> PublicKey:
    """RFC 8017 A.1.2, with the relations of 3.2 between its numbers: a damaged key matches nothing."""
    if len(members) < 9:
        raise UnusablePrivateKeyError(f"an RSA key of {len(members)} numbers instead of 9 is damaged")
    _, modulus, exponent, private, p, q, dp, dq, coefficient = map(der.integer, members[:9])
    if not 0 < modulus.bit_length() <= limits.MAX_KEY_BITS or min(modulus, exponent, p, q) < 2:
        raise UnusablePrivateKeyError(f"an RSA key of {modulus.bit_length():,} bits is not usable")
    sound = p * q == modulus and coefficient * q % p == 1
    sound = sound and all(
        exponent * number % (prime - 1) == 1 % (prime - 1) and (private - number) % (prime - 1) == 0
        for prime, number in ((p, dp), (q, dq))
    )
    if not sound:
        raise UnusablePrivateKeyError("its numbers do not belong together, so the key is damaged")
    numbers = der_encode(der.SEQUENCE, members[1].raw + members[2].raw)
    return _of_spki(der_encode(der.SEQUENCE, _RSA_ALGORITHM + der_encode(der.BIT_STRING, b"\0" + numbers)))


def _loaded(data: bytes) -> bytes | None:
    """The SubjectPublicKeyInfo as cryptography works it out, None where it cannot."""
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is weak in the key is for the checks to say
            key = load_der_private_key(data, None)
            return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):  # the last: X25519 and others of odd sizes
        return None


def _embedded(members: list[der.Element]) -> bytes | None:
    """The SubjectPublicKeyInfo out of the public key that an ECPrivateKey of any curve may carry (RFC 5915 3)."""
    for field in der.sequence(members[2].octets()) if members[2].octets()[:1] == b"\x30" else ():
        if field.tag == der.context(1):
            return der_encode(der.SEQUENCE, members[1].raw + field.content)
    return None


def identity(spki: bytes) -> Hashable:
    """What is equal for SubjectPublicKeyInfo of the same key, however their algorithms and points are written."""
    try:
        return _essence(spki)
    except (der.DerError, ValueError, IndexError):
        return spki


def _essence(spki: bytes) -> tuple[object, ...]:
    """RSA: the numbers, whether the OID is that of RSA or of PSS. Otherwise the key bits, points as (x, sign of y)."""
    algorithm, bits = der.sequence(spki)
    oid = der.object_identifier(algorithm.children()[0])
    key = der.bit_string(bits)
    if oid in (oids.RSA, oids.RSASSA_PSS):
        return (oids.RSA, *map(der.integer, der.sequence(key)[:2]))
    if oid == oids.EC and key[:1] == b"\x04":
        half = len(key) // 2
        return oid, key[1 : 1 + half], key[-1] & 1
    if oid == oids.EC and key[:1] in (b"\x02", b"\x03"):
        return oid, key[1:], key[0] & 1
    return oid, key
