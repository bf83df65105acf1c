"""Transaction logs of registry hives (.LOG, .LOG1, .LOG2): what Windows had written there and not yet in the hive.

Both forms are replayed: HvLE entries (Windows 8.1 and later) and the DIRT bitmap (before). Described in M. Suhanov,
"Windows registry file format specification". Ours because regipy takes entries of earlier rounds for current ones, and
looks for the pages of a DIRT log at byte 1024, which is right for hives of up to 2 MB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from certaudit.loaders import limits

_BASE = 4096  # size of the hive's header; all offsets count from its end
_SECTOR = 512
_ENTRY = struct.Struct("<4sIIIII16x")
_PAGE = struct.Struct("<II")


class Hive(Protocol):
    """A hive that can be written to: a bytearray, or a mapping of a file that keeps changes to itself."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: slice, /) -> bytes | bytearray: ...
    def __setitem__(self, key: slice, value: bytes, /) -> None: ...


@dataclass(frozen=True, slots=True)
class _Change:
    """Pages (offset, bytes) that belong together; `sequence` orders the changes."""

    sequence: int
    pages: tuple[tuple[int, bytes], ...]


def sequences(header: bytes | bytearray) -> tuple[int, int]:
    """The two sequence numbers in the header of a hive or a log; where they differ, writing was interrupted."""
    primary, secondary = struct.unpack_from("<II", header, 4)
    return primary, secondary


def is_log(header: bytes) -> bool:
    """True for the header of a log: its type is not 0, or a HvLE or DIRT part follows a copy of the hive's header."""
    return header[:4] == b"regf" and (
        header[28:32] != b"\0\0\0\0" or header[_SECTOR : _SECTOR + 4] in (b"HvLE", b"DIRT")
    )


def replay(hive: Hive, logs: Sequence[bytes]) -> int:
    """Writes the changes that the hive lacks into it; how many there were. Pages beyond its end are left out."""
    _, written = sequences(hive[:12])
    changes = {change.sequence: change for log in logs for change in _changes(log) if change.sequence >= written}
    applied = 0
    expected = min(changes, default=0)
    while change := changes.get(expected):
        for offset, page in change.pages:
            if _BASE + offset + len(page) <= len(hive):
                hive[_BASE + offset : _BASE + offset + len(page)] = page
        applied += 1
        expected += 1
    return applied


def _changes(log: bytes) -> Iterator[_Change]:
    kind = log[_SECTOR : _SECTOR + 4]
    if log[:4] != b"regf":
        return
    if kind == b"HvLE":
        yield from _entries(log)
    elif kind == b"DIRT":
        primary, secondary = sequences(log)
        if primary == secondary:
            yield _Change(primary, tuple(_dirty_pages(log)))


def _entries(log: bytes) -> Iterator[_Change]:
    """Entries of one round: where the next sequence number does not follow, the rest is of an earlier round."""
    offset, expected = _SECTOR, None
    while offset + _ENTRY.size <= len(log):
        magic, size, _, sequence, _, count = _ENTRY.unpack_from(log, offset)
        body = offset + _ENTRY.size + count * _PAGE.size
        if magic != b"HvLE" or size < _ENTRY.size or count > limits.MAX_LOG_PAGES or expected not in (None, sequence):
            return
        if offset + size > len(log) or body > offset + size:
            return
        pages = tuple(_entry_pages(log, offset + _ENTRY.size, body, offset + size))
        if len(pages) < count:
            return
        yield _Change(sequence, pages)
        offset, expected = offset + size, sequence + 1


def _entry_pages(log: bytes, table: int, body: int, end: int) -> Iterator[tuple[int, bytes]]:
    for offset, size in _PAGE.iter_unpack(log[table:body]):
        if body + size > end:
            return
        yield offset, log[body : body + size]
        body += size


def _dirty_pages(log: bytes) -> Iterator[tuple[int, bytes]]:
    """A bit for each 512 bytes of the hive, then, from the next sector on, those that are dirty, one after another."""
    (size,) = struct.unpack_from("<I", log, 40)
    start = _SECTOR + 4
    bitmap = log[start : start + size // (8 * _SECTOR)]
    position = -(-(start + len(bitmap)) // _SECTOR) * _SECTOR
    for index, byte in enumerate(bitmap):
        for bit in range(8) if byte else ():
            if byte >> bit & 1 and position + _SECTOR <= len(log):
                yield (8 * index + bit) * _SECTOR, log[position : position + _SECTOR]
                position += _SECTOR
