"""RC2 in CBC mode, decryption only (RFC 2268).

Windows XP to Server 2016 encrypt the certificates of a PFX with RC2 of 40 bits; cryptography has RC2 of 128 bits alone.
"""

from __future__ import annotations

import operator
import struct

_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)
_MIXING_BEFORE_MASHING = (5, 11)  # RFC 2268 3: five mixing rounds, mash, six, mash, five


def expanded_key(key: bytes, effective_bits: int) -> tuple[int, ...]:
    """The 64 words of RFC 2268 2 for a key of 1 to 128 bytes."""
    table = bytearray(key)
    for index in range(len(key), 128):
        table.append(_PI[(table[index - 1] + table[index - len(key)]) & 0xFF])
    effective_bytes = (effective_bits + 7) // 8
    table[128 - effective_bytes] = _PI[table[128 - effective_bytes] & (0xFF >> (8 * effective_bytes - effective_bits))]
    for index in range(127 - effective_bytes, -1, -1):
        table[index] = _PI[table[index + 1] ^ table[index + effective_bytes]]
    return struct.unpack("<64H", table)


def decrypt_cbc(key: bytes, effective_bits: int, iv: bytes, data: bytes) -> bytes:
    """`data` decrypted, its padding still on."""
    words = expanded_key(key, effective_bits)
    rounds = [
        (words[at + 3], words[at + 2], words[at + 1], words[at], at // 4 in _MIXING_BEFORE_MASHING)
        for at in range(60, -1, -4)
    ]
    plain: list[int] = []
    previous = struct.unpack("<4H", iv)
    for block in struct.iter_unpack("<4H", data):
        decrypted = _decrypt_block(words, rounds, *block)
        plain += map(operator.xor, decrypted, previous)
        previous = block
    return struct.pack(f"<{len(plain)}H", *plain)


def _decrypt_block(
    k: tuple[int, ...], rounds: list[tuple[int, int, int, int, bool]], a: int, b: int, c: int, d: int
) -> tuple[int, int, int, int]:
    """RFC 2268 4. Written out, because Python runs it a hundred thousand times for a truststore."""
    for k3, k2, k1, k0, mashes in rounds:
        d = ((d << 11 | d >> 5) - k3 - (c & b) - (~c & a)) & 0xFFFF
        c = ((c << 13 | c >> 3) - k2 - (b & a) - (~b & d)) & 0xFFFF
        b = ((b << 14 | b >> 2) - k1 - (a & d) - (~a & c)) & 0xFFFF
        a = ((a << 15 | a >> 1) - k0 - (d & c) - (~d & b)) & 0xFFFF
        if mashes:
            d = (d - k[c & 63]) & 0xFFFF
            c = (c - k[b & 63]) & 0xFFFF
            b = (b - k[a & 63]) & 0xFFFF
            a = (a - k[d & 63]) & 0xFFFF
    return a, b, c, d
