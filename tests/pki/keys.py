"""Keys that are the same in every run: worked out from a number or from the name of who has them, and kept nowhere."""

from __future__ import annotations

import functools
import hashlib

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certaudit.x509 import oids
from tests import builder


@functools.cache
def key(number: int) -> ec.EllipticCurvePrivateKey:
    """The P-256 key that `number` stands for: the key of a test, made and used in no time."""
    return ec.derive_private_key(number + 1000, ec.SECP256R1())


OTHER_KEY = key(66)
"""The key of somebody else, where a test needs a forger."""


@functools.cache
def rsa_key(owner: str, bits: int = 1024, exponent: int = 65537) -> rsa.RSAPrivateKey:
    """The RSA key of `owner`: where the certificate must be one that Windows of 2007 reads."""
    p, q = (prime_of(f"{owner} {bits} {which}", bits // 2, exponent) for which in "pq")
    d = pow(exponent, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(exponent, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def prime_of(seed: str, bits: int, exponent: int) -> int:
    """The first prime from a number that `seed` gives; its two highest bits are set, so that a product is full size."""
    number = int.from_bytes(hashlib.shake_256(seed.encode()).digest(bits // 8), "big") | 3 << bits - 2 | 1
    while not (is_prime(number) and (number - 1) % exponent):
        number += 2
    return number


def is_prime(number: int) -> bool:
    """Fermat's test to a few bases: nothing hostile here makes pseudoprimes."""
    return all(number % small for small in (3, 5, 7, 11, 13, 17, 19)) and all(
        pow(base, number - 1, number) == 1 for base in (2, 3, 5)
    )


def modulus_key(modulus: int, exponent: int = 65537, algorithm: str = oids.RSA) -> bytes:
    """SubjectPublicKeyInfo of an RSA key with that modulus, of which nobody knows the private half."""
    parameters = b"\x05\x00" if algorithm == oids.RSA else b""
    numbers = builder.sequence(builder.integer(modulus), builder.integer(exponent))
    return builder.sequence(builder.sequence(builder.oid(algorithm), parameters), builder.tlv(3, b"\0", numbers))


def modulus(owner: str, bits: int = 1024) -> int:
    """The modulus of the key of `owner`."""
    return rsa_key(owner, bits).public_key().public_numbers().n
