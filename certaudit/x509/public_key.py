"""Subject public keys: type, size and the numbers that tell a weak one (RFC 3279, RFC 5480)."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.x509 import der, oids

_CURVES = {
    "1.2.840.10045.3.1.1": ("P-192", 192),
    "1.3.132.0.33": ("P-224", 224),
    "1.2.840.10045.3.1.7": ("P-256", 256),
    "1.3.132.0.34": ("P-384", 384),
    "1.3.132.0.35": ("P-521", 521),
    "1.3.132.0.10": ("secp256k1", 256),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
}


class PublicKey(NamedTuple):
    """A subject public key.

    `type` is RSA, DSA, EC, Ed25519, Ed448 or the OID; `bits` its size in bits, None where unknown;
    `spki` the DER SubjectPublicKeyInfo, equal for equal keys.
    """

    type: str
    bits: int | None
    spki: bytes
    curve: str | None = None
    modulus: int | None = None
    exponent: int | None = None
    inherits_parameters: bool = False

    def __str__(self) -> str:
        size = f" {self.bits} bits" if self.bits else ""
        return f"{self.type}{size}" + (f" ({self.curve})" if self.curve else "")


def public_key(spki: der.Element) -> PublicKey:
    """The key in a SubjectPublicKeyInfo. Raises DerError where the key's own structure cannot be read."""
    algorithm, key = spki.children(der.SEQUENCE)
    identifier, *parameters = algorithm.children(der.SEQUENCE)
    oid = der.object_identifier(identifier)
    bits = der.bit_string(key)
    match oid:
        case oids.RSA | oids.RSASSA_PSS:
            modulus, exponent = map(der.integer, der.sequence(bits)[:2])
            return PublicKey("RSA", modulus.bit_length(), spki.raw, modulus=modulus, exponent=exponent)
        case oids.DSA:
            return _dsa(spki.raw, parameters)
        case oids.EC:
            return _elliptic(spki.raw, parameters, bits)
        case oids.ED25519:
            return PublicKey("Ed25519", 256, spki.raw)
        case oids.ED448:
            return PublicKey("Ed448", 456, spki.raw)
    return PublicKey(oid, None, spki.raw)


def _dsa(spki: bytes, parameters: list[der.Element]) -> PublicKey:
    """A DSA key; its parameters may be inherited from the issuer's key (RFC 3279 2.3.2)."""
    if not parameters or parameters[0].tag != der.SEQUENCE:
        return PublicKey("DSA", None, spki, inherits_parameters=True)
    prime = der.integer(parameters[0].children(der.SEQUENCE)[0])
    return PublicKey("DSA", prime.bit_length(), spki)


def _elliptic(spki: bytes, parameters: list[der.Element], point: bytes) -> PublicKey:
    if parameters and parameters[0].tag == der.OBJECT_IDENTIFIER:
        oid = der.object_identifier(parameters[0])
        curve, bits = _CURVES.get(oid, (oid, None))
        return PublicKey("EC", bits, spki, curve=curve)
    return PublicKey("EC", (len(point) - 1) // 2 * 8 or None, spki, curve="explicit parameters")
