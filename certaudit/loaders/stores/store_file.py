"""SST files (source `ms-oshared`: 2.3.9.1), and the files in which Windows keeps the stores of users."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.evidence.windows import system_store
from certaudit.evidence.windows.system_store import NOWHERE, Address
from certaudit.loaders import limits
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import Source
from certaudit.loaders.stores.serialized_store import (
    CERTIFICATE,
    ENCODING,
    HEADER,
    KEY,
    NAMES,
    ElementError,
    pieces,
)
from certaudit.loaders.stores.store_reader import StoreReader

_MAGIC = b"CERT"
_FIRST_ELEMENT = 8
_ENCODING_BYTES = ENCODING.to_bytes(4, "little")
_NO_ADDRESS = Address(NOWHERE, "")


def sniff(source: Source) -> bool:
    """True for an SST, for elements that lead to a certificate, CRL, CTL or key, and for a file of a user's store."""
    head = source.head
    if _is_sst(head):
        return True
    if head[4:8] == _ENCODING_BYTES:
        return _is_store_file(source) or _leads_to_context(head, 0)
    return source.ending == ".sst" and _leads_to_context(head, _FIRST_ELEMENT)


def _is_sst(head: bytes) -> bool:
    return head[4:8] == _MAGIC and head[1:4] == b"\0\0\0"


def _is_store_file(source: Source) -> bool:
    return _address(source) is not None


def _address(source: Source) -> Address | None:
    """Where in a user's stores the file lies, by its whole path: its name in the report may be short."""
    if source.entry is not None:
        return None
    return system_store.of_file(source.name if source.path is None else str(source.path.absolute()))


def _leads_to_context(head: bytes, offset: int) -> bool:
    for _ in range(limits.MAX_PROPERTIES):
        if offset + HEADER.size >= len(head):
            return False
        id, encoding, length = HEADER.unpack_from(head, offset)
        if encoding != ENCODING or not 0 < id <= 0xFFFF:
            return False
        if CERTIFICATE <= id <= KEY:
            return id == KEY or head[offset + HEADER.size] == 0x30
        offset += HEADER.size + length
    return False


def load(source: Source) -> Input:
    """Every certificate and CRL with its properties. Raises UnreadableError where damage leaves none."""
    return _load_record(source) if source.head[4:8] == _ENCODING_BYTES else _load_sst(source)


def _load_record(source: Source) -> Input:
    """A file of a user's store, or what CertSerializeCertificateStoreElement wrote: one context with its properties."""
    reader = StoreReader(Contents(source))
    reader.take(source.data, _address(source) or _NO_ADDRESS, "")
    return reader.result("store-file")


def _load_sst(source: Source) -> Input:
    data, reader, number = source.data, StoreReader(Contents(source)), 0
    _look_at_header(reader, data)
    for piece in pieces(data, _FIRST_ELEMENT, marked=True):
        if isinstance(piece, ElementError):
            reader.damage(f"The store is damaged after its element {number}: {piece}.")
        else:
            number += 1
            reader.add(piece, _NO_ADDRESS, f"{NAMES[piece.kind]} {number}")
    return reader.result("sst")


def _look_at_header(reader: StoreReader, data: bytes) -> None:
    shown = reader.contents.source.shown
    if not _is_sst(data):
        begins = data[:8].hex(" ").upper()
        reader.damage(f"{shown} does not begin as an SST does (00 00 00 00 43 45 52 54), but with {begins}.")
    elif version := data[0]:
        reader.contents.lose(f"{shown} is an SST of version {version}: only version 0 is known.")
