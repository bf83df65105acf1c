"""RC2 in CBC mode, decryption only (RFC 2268).

Windows XP to Server 2016 encrypt the certificates of a PFX with RC2 of 40 bits; cryptography has RC2 of 128 bits alone.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Sequence

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
    """`data` decrypted, its padding still on. Raises ValueError where it is no whole number of blocks.

    In CBC mode every block decrypts by itself, so all are decrypted at once: each of the four words of a block is a
    lane of 32 bits in one long integer, which Python adds and shifts as a whole.
    """
    if len(data) % 8:
        raise ValueError("the data is no whole number of blocks")
    words = struct.unpack(f"<{len(data) // 2}H", data)
    lanes = _Lanes(len(data) // 8)
    decrypted = lanes.decrypt(expanded_key(key, effective_bits), [words[word::4] for word in range(4)])
    previous = struct.unpack("<4H", iv) + words
    plain = [value for block in zip(*decrypted, strict=True) for value in block]
    return struct.pack(f"<{len(plain)}H", *map(operator.xor, plain, previous))


class _Lanes:
    """Arithmetic modulo 2**16 on `count` lanes of 32 bits at once; the upper half of a lane takes up carries."""

    def __init__(self, count: int) -> None:
        self._form = f"<{count}I"
        self._ones = self._packed([1] * count)
        self._mask = self._ones * 0xFFFF

    def _packed(self, values: Sequence[int]) -> int:
        return int.from_bytes(struct.pack(self._form, *values), "little")

    def _unpacked(self, lanes: int) -> tuple[int, ...]:
        return struct.unpack(self._form, lanes.to_bytes(struct.calcsize(self._form), "little"))

    def decrypt(self, k: Sequence[int], block: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """RFC 2268 4: the four words of every block, each as a row of lanes."""
        r = [self._packed(word) for word in block]
        for mixing in range(15, -1, -1):
            for at, rotation in ((3, 5), (2, 3), (1, 2), (0, 1)):
                chosen = (r[at - 1] & r[at - 2]) + ((r[at - 1] ^ self._mask) & r[at - 3])
                rotated = (r[at] << 16 - rotation | r[at] >> rotation) & self._mask
                # Two subtrahends of 16 bits each: 2 x 65536 keeps every lane above zero.
                r[at] = (rotated + self._ones * (0x20000 - k[4 * mixing + at]) - chosen) & self._mask
            if mixing in _MIXING_BEFORE_MASHING:
                for at in (3, 2, 1, 0):
                    chosen = self._packed([k[word & 63] for word in self._unpacked(r[at - 1])])
                    r[at] = (r[at] + self._ones * 0x10000 - chosen) & self._mask
        return [self._unpacked(word) for word in r]
