"""Registry exports as text (.reg), versions 4 and 5: every record of a certificate store in them, and what they tell of
the deployment toolchain.

Read in chunks and with bytes methods throughout: an export of 20,000 certificates has 200 MB and a million lines.
"""

from __future__ import annotations

import codecs
import re
from binascii import Error, unhexlify
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from certaudit.evidence import Input
from certaudit.evidence.windows import system_store
from certaudit.evidence.windows.system_store import Address
from certaudit.loaders import limits
from certaudit.loaders.contents import Contents
from certaudit.loaders.deployment.installed_software import InstalledSoftware
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.stores.store_reader import StoreReader
from certaudit.printable import printable

FORMAT = "registry-export"

_HEADERS = ("Windows Registry Editor Version", "REGEDIT")
_WINE = "WINE REGISTRY Version"
_CHUNK = 4 << 20

_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_CONTINUATION = re.compile(rb"\\[ \t]*\r?\n[ \t]*")
_VALUE = re.compile(rb'[ \t]*"Blob"[ \t]*=[ \t]*(?:hex(?:\([0-9a-f]+\))?:(?P<hex>.*)|(?P<deleted>-))', re.I | re.S)
_KEY = re.compile(r"^[ \t]*\[-?(?:HKEY_|HK)", re.MULTILINE)
_HEX_NOISE = b", \t\r\\"


def sniff(source: Source) -> bool:
    """True for the first line of an export, and for a .reg file without it that has the names of keys."""
    text = _beginning(source.head)
    return text.startswith((*_HEADERS, _WINE)) or (source.ending == ".reg" and bool(_KEY.search(text)))


def _beginning(head: bytes) -> str:
    encoding, skip = _encoding(head)
    return head[skip:4096].decode(encoding or "latin-1", "replace").lstrip()


def _encoding(head: bytes) -> tuple[str | None, int]:
    """The encoding and the length of its mark; None for bytes that are taken as they are (UTF-8 or a code page)."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return (None if encoding == "utf-8" else encoding), len(mark)
    if head[1:2] == b"\0" != head[:1]:
        return "utf-16-le", 0
    return None, 0


def load(source: Source) -> Input:
    """Every certificate and CRL of every store, and the toolchain. An export that names no key is that of an empty one.
    Raises UnreadableError where there are keys, and among them neither a store nor a part of the toolchain."""
    text = _beginning(source.head)
    if text.startswith(_WINE):
        raise UnreadableError(f"{source.shown} is Wine's own registry, not an export: use wine reg export.", FORMAT)
    export = _Export(StoreReader(Contents(source)))
    if not text.startswith(_HEADERS):
        export.reader.contents.remark(f"{source.shown} lacks the first line of a registry export.")
    with _opened(source) as file:
        export.read(file, *_encoding(source.head))
    software, contents = export.installed.result(), export.reader.contents
    computer = export.installed.computer
    if (software or computer) and not export.has_stores:
        remarks, losses = tuple(contents.remarks), tuple(contents.losses)
        return Input(source.name, FORMAT, software=software, computer=computer, remarks=remarks, losses=losses)
    if not export.has_stores and export.has_keys:
        raise UnreadableError(
            f"{source.shown} is a registry export without any certificate store: export "
            r"HKLM\SOFTWARE\Microsoft\SystemCertificates with reg export.",
            FORMAT,
            harmless=True,
        )
    return replace(export.reader.result(FORMAT), software=software, computer=computer)


def _opened(source: Source) -> AbstractContextManager[BinaryIO]:
    """The bytes as a stream: larger files than other formats may have are read, because they are read in chunks."""
    return source.open() if source.size <= limits.MAX_REGISTRY_EXPORT else BytesIO(source.data)


class _Export:
    """One pass over the text: `_address` is the record that the last key line named."""

    def __init__(self, reader: StoreReader) -> None:
        self.reader = reader
        self.installed = InstalledSoftware()
        self.has_keys = self.has_stores = False
        self._address: Address | None = None
        self._key = ""

    def read(self, file: BinaryIO, encoding: str | None, skip: int) -> None:
        file.read(skip)
        for block in _blocks(_chunks(file, encoding)):
            if block is None:
                self.reader.damage(f"A key of more than {limits.MAX_REGISTRY_KEY:,} bytes was passed over.")
                continue
            for line in _joined(block).split(b"\n"):
                self._take(line)

    def _take(self, line: bytes) -> None:
        begins = line[:1]
        if begins == b"[":
            self._take_key(line)
        elif begins == b'"' and self._address is not None:
            self._take_value(line)
        elif begins == b'"' and self.installed.is_wanted:
            self.installed.add(line)
        elif begins in (b" ", b"\t"):
            self._take(line.lstrip(b" \t"))

    def _take_key(self, line: bytes) -> None:
        """[HKEY_…\\…], or [-HKEY_…\\…] for a key that importing the file would delete."""
        path = _text(line.rstrip(b"\r \t")[1:].removesuffix(b"]"))
        self._address = None if path.startswith("-") else system_store.of_key(path)
        self._key = path
        self.has_keys = True
        self.installed.enter(path)
        self.has_stores = self.has_stores or self._address is not None or system_store.is_store_path(path)

    def _take_value(self, line: bytes) -> None:
        value = _VALUE.match(line)
        if value is None or value["deleted"] or self._address is None:
            if line[:6].lower() == b'"blob"' and not (value and value["deleted"]):
                self.reader.damage(f"{printable(self._key)} is damaged: its Blob is not of type hex.")
            return
        digits = value["hex"]
        try:
            data = unhexlify(digits.translate(None, _HEX_NOISE))
        except Error:
            data = _readable(digits)
            self.reader.damage(f"{printable(self._key)} is damaged: not all of its Blob is hexadecimal.")
        self.reader.take(data, self._address, self._key)


def _chunks(file: BinaryIO, encoding: str | None) -> Iterator[bytes]:
    """The text as UTF-8, or as it is where its encoding is not known."""
    decoder = None if encoding is None else codecs.getincrementaldecoder(encoding)("replace")
    while chunk := file.read(_CHUNK):
        yield chunk if decoder is None else decoder.decode(chunk).encode("utf-8", "replace")


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes | None]:
    """Whole keys, many at a time; None in the place of one that is too big to be kept."""
    parts, size = list[bytes](), 0
    for chunk in chunks:
        end = chunk.rfind(b"\n[")
        if end >= 0:
            yield b"".join((*parts, chunk[: end + 1])) if size <= limits.MAX_REGISTRY_KEY else None
            parts, size, chunk = [], 0, chunk[end + 1 :]
        size += len(chunk)
        if size <= limits.MAX_REGISTRY_KEY:
            parts.append(chunk)
    yield b"".join(parts) if size <= limits.MAX_REGISTRY_KEY else None


def _joined(block: bytes) -> bytes:
    """The block with each value on one line. `reg export` and regedit continue lines with two blanks."""
    joined = block.replace(b"\\\r\n  ", b"")
    return _CONTINUATION.sub(b"", joined) if b"\\\r" in joined or b"\\\n" in joined or b"\\ " in joined else joined


def _text(data: bytes) -> str:
    """A key's name: UTF-8, else the Western code page, the usual one of a REGEDIT4 file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _readable(digits: bytes) -> bytes:
    """The bytes up to the first that is no hexadecimal number; one digit alone is one, as regedit has it."""
    found = bytearray()
    for number in digits.translate(None, b" \t\r\\").split(b","):
        try:
            found.append(int(number, 16))
        except ValueError:
            break
    return bytes(found)
