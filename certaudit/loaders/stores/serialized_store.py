"""Serialized store elements, of which SST files, the files of users' stores and the values of registry keys are made
(source `ms-gpef`: 2.2.1.1.1.1; source `ms-oshared`: 2.3.2.5.3).

An element is id, encoding, length (each 32 bits, little-endian) and value, without padding. Properties come before
the certificate, CRL or CTL that they belong to. An SST
ends in an element of zeros.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from certaudit.evidence import StoreProperty
from certaudit.loaders import limits

CERTIFICATE = 32
CRL = 33
CTL = 34
KEY = 35

NAMES = {CERTIFICATE: "certificate", CRL: "CRL", CTL: "CTL", KEY: "key record"}
HEADER = struct.Struct("<III")
_unpack = HEADER.unpack_from
ENCODING = 1
_CONTEXT = re.compile(rb"[\x20-\x22]\0\0\0\x01\0\0\0....\x30\x82", re.DOTALL)


class ElementError(ValueError):
    """Bytes that are not a sequence of elements; the message says which byte and why, `offset` is that byte."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason} at byte {offset:,}")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class StoreContext:
    """A certificate, CRL, CTL or key record (`kind`: CERTIFICATE, CRL, CTL or KEY) and the properties before it."""

    kind: int
    value: bytes
    properties: tuple[StoreProperty, ...]


def contexts(data: bytes, offset: int = 0, *, marked: bool = False) -> Iterator[StoreContext]:
    """The contexts from `offset` on. Raises ElementError at the first byte that is none, after all before it; where the
    data is `marked`, at its end too unless the end marker stands there."""
    end, properties = len(data), list[StoreProperty]()
    while offset < end:
        if offset + 12 > end:
            raise ElementError(offset, "the data is cut off in the header of an element")
        id, encoding, length = _unpack(data, offset)
        if id == 0:
            _expect_end(data, offset, encoding or length)
            break
        start = offset + 12
        if encoding != ENCODING or id > 0xFFFF:
            raise ElementError(offset, f"no element starts (id {id}, encoding {encoding})")
        if length > end - start:
            raise ElementError(offset, f"element {id} claims {length:,} bytes, {end - start:,} are left,")
        offset = start + length
        value = data[start:offset]
        if CERTIFICATE <= id <= KEY:
            yield StoreContext(id, value, tuple(properties))
            properties.clear()
        elif len(properties) < limits.MAX_PROPERTIES:
            properties.append(StoreProperty(id, value))
        else:
            raise ElementError(start - 12, f"more than {limits.MAX_PROPERTIES:,} properties belong to one certificate")
    else:
        if marked and not properties:
            raise ElementError(offset, "the data is cut off: the end marker is missing")
    if properties:
        raise ElementError(offset, "the certificate to which the last properties belong is missing")


def _expect_end(data: bytes, offset: int, more: int) -> None:
    """The end marker is the last thing in its file."""
    if more or data[offset + 12 :].strip(b"\0"):
        raise ElementError(offset, "data follows the end marker")


def resynchronized(data: bytes, offset: int) -> int | None:
    """Where the next certificate, CRL or CTL starts whose two lengths agree, behind damage at `offset`.

    Its properties are lost with the damage. None where there is none.
    """
    for found in _CONTEXT.finditer(data, offset + 1):
        start = found.start()
        length = int.from_bytes(data[start + 8 : start + 12], "little")
        if length == int.from_bytes(data[start + 14 : start + 16], "big") + 4 and start + 12 + length <= len(data):
            return start
    return None


def pieces(data: bytes, offset: int = 0, *, marked: bool = False) -> Iterator[StoreContext | ElementError]:
    """The contexts from `offset` on, and an ElementError in the place of each stretch that cannot be read."""
    start: int | None = offset
    while start is not None:
        try:
            yield from contexts(data, start, marked=marked)
            return
        except ElementError as error:
            yield error
            start = resynchronized(data, error.offset)
