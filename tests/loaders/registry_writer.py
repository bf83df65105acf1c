"""Writes registry exports as reg.exe does: UTF-16LE with its mark, CRLF, values of 80 columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from certaudit.evidence.windows import store_properties
from certaudit.loaders.stores.serialized_store import (
    CERTIFICATE,
    CRL,
    ENCODING,
    HEADER,
)

MACHINE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates"
USER = r"HKEY_CURRENT_USER\Software\Microsoft\SystemCertificates"
CSP = "Microsoft RSA SChannel Cryptographic Provider"


@dataclass(frozen=True)
class Record:
    """A certificate (or a CRL) of a store, with its properties: number and value."""

    store: str
    value: bytes
    properties: tuple[tuple[int, bytes], ...] = ()
    root: str = MACHINE
    kind: int = CERTIFICATE

    @property
    def sha1(self) -> str:
        return hashlib.sha1(self.value, usedforsecurity=False).hexdigest().upper()

    @property
    def key(self) -> str:
        return rf"{self.root}\{self.store}\{'CRLs' if self.kind == CRL else 'Certificates'}\{self.sha1}"

    @property
    def blob(self) -> bytes:
        recorded = (store_properties.SHA1_HASH, bytes.fromhex(self.sha1))
        given = dict((recorded, *self.properties))
        parts = (*given.items(), (self.kind, self.value))
        return b"".join(HEADER.pack(number, ENCODING, len(data)) + data for number, data in parts)


def text(value: str) -> bytes:
    """A string as properties hold it."""
    return (value + "\0").encode("utf-16-le")


def key_provider(container: str, provider: str = CSP, type: int = 12, flags: int = 0x20, spec: int = 1) -> bytes:
    """Property 2: where the private key is. Windows leaves eight zero bytes between the names."""
    name, of = text(container), text(provider)
    first = 28
    second = first + len(name) + 8
    header = b"".join(number.to_bytes(4, "little") for number in (first, second, type, flags, 0, 0, spec))
    return header + name + bytes(8) + of


def write(path: Path, records: Iterable[Record]) -> None:
    """Writes an export with `records`, each below its key, the keys above them as reg.exe names them."""
    lines = ["Windows Registry Editor Version 5.00", ""]
    named: set[str] = set()
    for record in sorted(records, key=lambda record: record.key.upper()):
        parents = record.key.split("\\")
        for depth in range(len(record.root.split("\\")), len(parents)):
            parent = "\\".join(parents[:depth])
            if parent not in named:
                named.add(parent)
                lines += [f"[{parent}]", ""]
        lines += [f"[{record.key}]", *_value(record.blob), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\r\n".join([*lines, ""]).encode("utf-16"))


def _value(data: bytes) -> Iterable[str]:
    """ "Blob"=hex:… with continuation lines of 25 bytes, as reg.exe breaks them."""
    digits = [f"{octet:02x}" for octet in data]
    first, rest = digits[:22], digits[22:]
    rows = [",".join(first), *(",".join(rest[start : start + 25]) for start in range(0, len(rest), 25))]
    for number, row in enumerate(rows):
        lead = '"Blob"=hex:' if number == 0 else "  "
        yield lead + row + (",\\" if number < len(rows) - 1 else "")
