"""What a PKCS #12 file is, apart from the certificates in it."""

from __future__ import annotations

from typing import NamedTuple


class Protection(NamedTuple):
    """How a part of a PFX is protected: the algorithm as its OID names it, and the iteration count of its
    key derivation (None where it has none). `target` is "mac", "key" or "certificates". `bits` is how many bits of the
    cipher's key count, None for a MAC and for a cipher that is not known."""

    target: str
    oid: str
    algorithm: str
    iterations: int | None = None
    bits: int | None = None


class Pfx(NamedTuple):
    """What a PKCS #12 file is, apart from the certificates in it.

    `keys` counts the private keys found, `unpaired_keys` those that match no certificate inside.
    """

    keys: int
    unpaired_keys: int
    protections: tuple[Protection, ...]
    password_protected: bool
