"""ZIP archives, as Windows Explorer, PowerShell and other programs write them."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from certaudit.loaders import limits
from certaudit.loaders.archives.archive import DAMAGE, Archive, opened
from certaudit.loaders.archives.entries import Entry
from certaudit.loaders.protocol import Member
from certaudit.loaders.source import Source

FORMAT = "zip"

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # a first file, or the end of an empty archive
_ENCRYPTED = 0x01
# Others are written by hardly anybody, and the decompressors of bzip2 and LZMA cannot be bounded through zipfile.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TARGET = 4096
_KINDS = {
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}


def sniff(source: Source) -> bool:
    """True for a ZIP archive, and so for what other programs keep in one: documents, packages."""
    return source.head[:4] in _MAGIC


def members(source: Source) -> Iterator[Member]:
    """Its files. Raises UnreadableError where the archive has no whole directory, or too many files."""
    with opened(source, FORMAT) as file, zipfile.ZipFile(cast(BinaryIO, _Bounded(file))) as archive:
        entries = (_entry(archive, info, source.size) for info in archive.infolist() if not _is_folder(info))
        yield from Archive(source, FORMAT, entries).members()


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return _path(info).endswith("/")


def _path(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/")  # which some programs of Windows write, though APPNOTE 4.4.17 forbids it


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> Entry:
    mode = stat.S_IFMT(info.external_attr >> 16)
    refusal, link = None, None
    if info.flag_bits & _ENCRYPTED:
        refusal = "encrypted inside its archive: unpack the archive and name the folder"
    elif info.compress_type not in _METHODS:
        refusal = f"packed by method {info.compress_type}, which is not read: unpack the archive and name the folder"
    elif mode in _KINDS:
        refusal = f"{_KINDS[mode]}, not a file, and was not read: pack files alone"
    elif mode == stat.S_IFLNK:
        link = _target(archive, info)
    packed = min(info.compress_size, size)
    return Entry(_path(info), info.file_size, partial(archive.open, info), packed, link, refusal)


def _target(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Where the link leads, which its content says: the path inside the archive, or an absolute one."""
    try:
        with archive.open(info) as file:
            target = file.read(_TARGET).decode("utf-8", "replace")
    except DAMAGE:
        target = "an unknown place"
    return target if target.startswith("/") else f"{_path(info).rpartition('/')[0]}/{target}".lstrip("/")


class _Bounded(io.BufferedIOBase):
    """A file of which no long piece is read at once: zipfile reads the directory whole, however long it says it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int | None = -1) -> bytes:
        most = limits.MAX_DIRECTORY
        data = self._file.read(most + 1 if size is None or not 0 <= size <= most else size)
        if len(data) > most:
            raise zipfile.BadZipFile(f"more than {most:,} bytes of directory")
        return data
