"""Writes small registry hives ("regf") and their transaction logs, sound or with a fault made on purpose."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SEGMENT = 16344
BASE = 4096
NONE = 0xFFFFFFFF


class HiveWriter:
    """Cells in one bin. Every method returns the offset of the cell that it wrote, as other cells refer to it."""

    def __init__(self) -> None:
        self._cells = bytearray(b"hbin" + bytes(28))
        self._root = self.node("ROOT", 0, NONE)  # regipy expects it in the first cell, where Windows puts it

    def cell(self, data: bytes) -> int:
        """An allocated cell."""
        offset = len(self._cells)
        size = -(-(len(data) + 4) // 8) * 8
        self._cells += struct.pack("<i", -size) + data.ljust(size - 4, b"\0")
        return offset

    def binary(self, name: str, data: bytes) -> int:
        """A REG_BINARY value; above 16,344 bytes in segments, as Windows writes it."""
        if len(data) > SEGMENT:
            starts = range(0, len(data), SEGMENT)
            segments = [self.cell(data[start : start + SEGMENT]) for start in starts]
            table = self.cell(struct.pack(f"<{len(segments)}I", *segments))
            place = self.cell(b"db" + struct.pack("<HI", len(segments), table))
        else:
            place = self.cell(data)
        encoded = name.encode("ascii")
        return self.cell(b"vk" + struct.pack("<HIIIHH", len(encoded), len(data), place, 3, 1, 0) + encoded)

    def text(self, name: str, value: str) -> int:
        """A REG_SZ value."""
        data = (value + "\0").encode("utf-16-le")
        head = struct.pack("<HIIIHH", len(name), len(data), self.cell(data), 1, 1, 0)
        return self.cell(b"vk" + head + name.encode("ascii"))

    def key(self, name: str, subkeys: Sequence[int] = (), values: Sequence[int] = ()) -> int:
        """A key with its subkeys in one "lf" list."""
        pairs = b"".join(struct.pack("<II", offset, 0) for offset in subkeys)
        keys = self.cell(b"lf" + struct.pack("<H", len(subkeys)) + pairs) if subkeys else NONE
        table = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else NONE
        return self.node(name, len(subkeys), keys, len(values), table)

    def node(self, name: str, subkeys: int, keys: int, values: int = 0, table: int = NONE) -> int:
        """A key whose lists are elsewhere."""
        encoded = name.encode("ascii")
        counts = (0, subkeys, 0, keys, NONE, values, table, NONE, NONE, 0, 0, 0, 0)
        head = struct.pack("<HQ4x13I4xHH", 0x20, 0, *counts, len(encoded), 0)
        return self.cell(b"nk" + head + encoded)

    def path(self, path: str, below: Sequence[int]) -> int:
        """The keys of a path, one in the other, with `below` in the last; the offset of the root key above them."""
        for name in reversed(path.split("\\")):
            below = [self.key(name, below)]
        return self.root(below)

    def root(self, subkeys: Sequence[int]) -> int:
        """The root key, in the first cell."""
        key, size = self.key("ROOT", subkeys), 76 + len("ROOT")
        start = self._root + 4
        self._cells[start : start + size] = self._cells[key + 4 : key + 4 + size]
        return self._root

    def pad(self, size: int) -> None:
        """Grows the hive to at least `size` bytes."""
        self.cell(bytes(max(0, size - len(self._cells))))

    def hive(self, root: int, sequences: tuple[int, int] = (1, 1), name: str = "") -> bytes:
        """The file."""
        cells = self._cells.ljust(-(-len(self._cells) // 4096) * 4096, b"\0")
        struct.pack_into("<II", cells, 4, 0, len(cells))
        return header(root, len(cells), sequences, 0, name).ljust(BASE, b"\0") + bytes(cells)


def header(root: int, size: int, sequences: tuple[int, int], kind: int, name: str = "") -> bytes:
    """The first 512 bytes of a hive (`kind` 0) or of a log (1 for the old form, 6 for the new)."""
    fields = struct.pack("<4sIIQIIIIIII", b"regf", *sequences, 0, 1, 5, kind, 1, root, size, 1)
    return (fields + name.encode("utf-16-le")).ljust(512, b"\0")


def new_log(hive: bytes, changes: Sequence[tuple[int, Sequence[tuple[int, bytes]]]]) -> bytes:
    """A log of Windows 8.1 and later: (sequence number, pages); a page is (offset in the hive's bins, bytes)."""
    log = bytearray(header(32, len(hive) - BASE, (changes[0][0],) * 2, 6))
    for sequence, pages in changes:
        table = b"".join(struct.pack("<II", offset, len(page)) for offset, page in pages)
        body = table + b"".join(page for _, page in pages)
        size = -(-(40 + len(body)) // 512) * 512
        fields = struct.pack("<4sIIIIIQQ", b"HvLE", size, 0, sequence, len(hive) - BASE, len(pages), 0, 0)
        log += (fields + body).ljust(size, b"\0")
    return bytes(log)


def old_log(old: bytes, new: bytes, sequence: int) -> bytes:
    """A log of Windows before 8.1 that turns one hive into another of the same size."""
    size = len(old) - BASE
    sectors = [start for start in range(BASE, len(old), 512) if old[start : start + 512] != new[start : start + 512]]
    bitmap = bytearray(size // 4096)
    for start in sectors:
        index = (start - BASE) // 512
        bitmap[index // 8] |= 1 << index % 8
    head = header(32, size, (sequence, sequence), 1) + b"DIRT" + bitmap
    return head.ljust(-(-len(head) // 512) * 512, b"\0") + b"".join(new[start : start + 512] for start in sectors)
