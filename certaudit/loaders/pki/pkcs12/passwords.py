"""One password, as the programs that write PKCS #12 spell it in bytes."""

from __future__ import annotations

from typing import NamedTuple


class Spelling(NamedTuple):
    """The bytes of a password: `bmp` for the key derivation of PKCS #12 itself (RFC 7292 B.1: BMPString with its
    terminator), `plain` for those of PKCS #5 (RFC 8018, RFC 9579: UTF-8)."""

    bmp: bytes
    plain: bytes


# An absent password and an empty one differ in PKCS #12: without and with the terminator. Programs disagree on which
# they mean, some even between the MAC and the encryption of one file.
ABSENT = Spelling(b"", b"")
EMPTY = Spelling(b"\0\0", b"")


def spellings(password: str) -> tuple[Spelling, ...]:
    """Every way in which `password` may have been spelled, the right one first."""
    if not password:
        return EMPTY, ABSENT
    plain = password.encode("utf-8", "surrogatepass")
    proper = Spelling(password.encode("utf-16-be", "surrogatepass") + b"\0\0", plain)
    if password.isascii():
        return (proper,)
    # OpenSSL before 1.1.0 widened each byte of the password by itself: openssl-passphrase-encoding(7).
    return proper, Spelling(bytes(octet for byte in plain for octet in (0, byte)) + b"\0\0", plain)
