"""Key derivation: PKCS #12's own (RFC 7292 B.2), PBKDF1 and PBKDF2 (RFC 8018 5), scrypt (RFC 7914); and its budget."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from certaudit.loaders import limits

COSTLY = 100_000
"""From so many iterations on a password is not tried for nothing: Python makes some 2.5 million a second."""


KEY, IV, MAC_KEY = 1, 2, 3


class CostError(ValueError):
    """A key derivation that would take too long; the message names its number."""


class UnsupportedError(ValueError):
    """An algorithm that cannot be computed here; the message names its OID."""


@dataclass
class Budget:
    """What the key derivations of one file may cost together, charged before any time is spent."""

    iterations: int = 0

    @property
    def is_costly(self) -> bool:
        """True where each password that is tried costs a noticeable time."""
        return self.iterations > COSTLY

    def charge(self, iterations: int) -> None:
        """Raises CostError where the file asks for more than MAX_ITERATIONS."""
        self.iterations += max(0, iterations)
        if self.iterations > limits.MAX_ITERATIONS:
            raise CostError(f"{self.iterations:,} iterations of key derivation, the limit is {limits.MAX_ITERATIONS:,}")

    def charge_scrypt(self, n: int, r: int, p: int) -> None:
        """Raises CostError where scrypt would need more than MAX_SCRYPT. A block of its work counts as an iteration."""
        if min(n, r, p) < 1 or n * r * p > limits.MAX_SCRYPT:
            raise CostError(f"scrypt with N·r·p of {n * r * p:,}, the limit is {limits.MAX_SCRYPT:,}")
        self.charge(n * r * p)


def new_hash(name: str, data: bytes = b"") -> hashlib._Hash:
    """A hash by its hashlib name. Raises UnsupportedError where this machine's OpenSSL lacks it."""
    try:
        return hashlib.new(name, data, usedforsecurity=False)
    except ValueError as error:
        raise UnsupportedError(f"hash {name}") from error


def pkcs12(hash_name: str, password: bytes, salt: bytes, iterations: int, purpose: int, size: int) -> bytes:
    """RFC 7292 B.2; `purpose` is KEY, IV or MAC_KEY, `password` a BMPString with its terminator."""
    probe = new_hash(hash_name)
    block = probe.block_size
    salted = bytearray(_filled(salt, block) + _filled(password, block))
    derived = b""
    while len(derived) < size:
        digest = new_hash(hash_name, bytes([purpose]) * block + salted).digest()
        digest = _rehashed(hash_name, digest, iterations - 1)
        derived += digest
        addend = int.from_bytes(_filled(digest, block), "big") + 1
        for start in range(0, len(salted), block):
            value = int.from_bytes(salted[start : start + block], "big") + addend
            salted[start : start + block] = (value % (1 << 8 * block)).to_bytes(block, "big")
    return derived[:size]


def _filled(data: bytes, block: int) -> bytes:
    """`data` repeated to a whole number of blocks (RFC 7292 B.2, steps 2 and 3)."""
    size = -(-len(data) // block) * block
    return (data * (size // len(data) + 1))[:size] if data else b""


def _rehashed(hash_name: str, digest: bytes, times: int) -> bytes:
    # The constructors that bear a name are twice as fast as hashlib.new, and this loop is all that a PFX costs.
    construct = getattr(hashlib, hash_name, None)
    if construct is None or hash_name == "md5":  # which a machine under FIPS 140 gives only when asked as new_hash asks
        for _ in range(times):
            digest = new_hash(hash_name, digest).digest()
        return digest
    for _ in range(times):
        digest = construct(digest).digest()
    return digest


def pbkdf1(hash_name: str, password: bytes, salt: bytes, iterations: int, size: int) -> bytes:
    """RFC 8018 5.1."""
    return _rehashed(hash_name, new_hash(hash_name, password + salt).digest(), iterations - 1)[:size]


def pbkdf2(hash_name: str, password: bytes, salt: bytes, iterations: int, size: int) -> bytes:
    """RFC 8018 5.2. Raises ValueError for numbers that make no sense."""
    if not 0 < size <= limits.MAX_DERIVED:
        raise ValueError(f"a derived key of {size:,} bytes makes no sense")
    new_hash(hash_name)
    return hashlib.pbkdf2_hmac(hash_name, password, salt, iterations, size)


def scrypt(password: bytes, salt: bytes, n: int, r: int, p: int, size: int) -> bytes:
    """RFC 7914 6. Raises ValueError for numbers that make no sense."""
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=256 << 20, dklen=size)
