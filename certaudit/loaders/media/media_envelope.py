"""The envelope of media variables (Variables.dat, *.boot.var): header, key derivation, cipher.

No document of Microsoft's describes it; it is known from public tools and published file headers. The key comes from
one SHA-1 of the secret, without salt or iterations, and the cipher has no IV and no MAC: two files with the same
password begin with the same block, and a wrong password cannot be told from a damaged file.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from certaudit.loaders import limits

MAGIC = b"\0\0\xed\xec"
NO_PASSWORD = "{BAC6E688-DE21-4ABE-B7FB-C9F54E6DB664}"
"""What media without a password are encrypted with: public, and the same everywhere."""

_HEADER = struct.Struct("<4s5I")  # magic, length of what follows it, plain bytes, cipher bytes, ALG_ID, zero
_HEADER_REST = _HEADER.size - len(MAGIC)


class EnvelopeError(ValueError):
    """Bytes that are no whole envelope; the message continues "it is …"."""


class UnknownHeaderError(EnvelopeError):
    """A header of a format that is not known."""


class ClosedEnvelopeError(ValueError):
    """A secret that does not open the envelope, or an envelope that is damaged: nobody can tell which."""


class Algorithm(NamedTuple):
    """A cipher as CryptoAPI numbers it; sizes in bytes."""

    name: str
    key_size: int
    block_size: int


ALGORITHMS = {
    0x6603: Algorithm("3DES", 24, 8),
    0x660E: Algorithm("AES-128", 16, 16),
    0x660F: Algorithm("AES-192", 24, 16),
    0x6610: Algorithm("AES-256", 32, 16),
}


class Envelope(NamedTuple):
    """A whole envelope: `plain_size` is the length of the text in bytes, `trailing` counts bytes after the envelope,
    and `has_more` says that they are not zeros alone."""

    algorithm: Algorithm
    plain_size: int
    ciphertext: bytes
    trailing: int
    has_more: bool = False

    @property
    def first_block(self) -> str:
        """A digest of algorithm and first cipher block, upper-case hexadecimal."""
        block = self.ciphertext[: self.algorithm.block_size]
        return hashlib.sha256(self.algorithm.name.encode() + block).hexdigest().upper()

    def open(self, secret: str) -> str:
        """The text inside. Raises ClosedEnvelopeError."""
        padded = _decrypted(self.algorithm, derived_key(secret, self.algorithm.key_size), self.ciphertext)
        padding = padded[self.plain_size :]
        if padding != bytes([len(padding)]) * len(padding):
            raise ClosedEnvelopeError("the padding does not fit")
        try:
            text = padded[: self.plain_size].decode("utf-16-le").removeprefix("\ufeff").rstrip("\0")
        except UnicodeDecodeError as error:
            raise ClosedEnvelopeError("it is no text") from error
        if not text.lstrip().startswith("<"):
            raise ClosedEnvelopeError("it is no XML")
        return text


def envelope(data: bytes) -> Envelope:
    """The envelope at the beginning of `data`. Raises EnvelopeError."""
    if len(data) < _HEADER.size:
        raise EnvelopeError(f"shorter than its header of {_HEADER.size} bytes")
    magic, rest, plain, cipher, number, zero = _HEADER.unpack_from(data)
    algorithm = ALGORITHMS.get(number)
    if (magic, rest, zero) != (MAGIC, _HEADER_REST, 0):
        raise UnknownHeaderError("a file whose header is not known")
    if algorithm is None:
        raise UnknownHeaderError(f"encrypted with algorithm 0x{number:04X}, which is not known")
    if cipher > limits.MAX_CIPHERTEXT:
        most = limits.MAX_CIPHERTEXT
        raise EnvelopeError(f"{cipher:,} bytes long by its header, more than the {most:,} that are read")
    if plain % 2 or cipher != (plain // algorithm.block_size + 1) * algorithm.block_size:
        raise EnvelopeError("damaged: the lengths in its header do not fit each other")
    missing = _HEADER.size + cipher - len(data)
    if missing > 0:
        raise EnvelopeError(f"cut off: {missing:,} bytes are missing")
    end = _HEADER.size + cipher
    return Envelope(algorithm, plain, data[_HEADER.size : end], -missing, bool(data[end:].strip(b"\0")))


def derived_key(secret: str, size: int) -> bytes:
    """The key that CryptDeriveKey makes of a SHA-1 hash of `secret` in UTF-16LE, for ciphers of `size` bytes of key."""
    digest = _sha1(secret.encode("utf-16-le", "surrogatepass"))
    halves = (_sha1(bytes(byte ^ pad for byte in digest.ljust(64, b"\0"))) for pad in (0x36, 0x5C))
    return b"".join(halves)[:size]


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()  # the file format demands SHA-1


def _decrypted(algorithm: Algorithm, key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = TripleDES(key) if algorithm.name == "3DES" else algorithms.AES(key)
    decryptor = Cipher(cipher, modes.CBC(bytes(algorithm.block_size))).decryptor()
    return decryptor.update(data) + decryptor.finalize()
