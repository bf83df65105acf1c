"""tar archives: those of GNU tar, bsdtar and Python, as tarfile reads them."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from functools import partial
from typing import IO, BinaryIO, cast

from certaudit.loaders import limits
from certaudit.loaders.archives.archive import DAMAGE, Archive, opened
from certaudit.loaders.archives.entries import Entry
from certaudit.loaders.protocol import Member
from certaudit.loaders.source import Source

FORMAT = "tar"
BLOCK = tarfile.BLOCKSIZE

_EXTENDED = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_DAMAGED = "a tar archive that is damaged or cut off"
_CHUNK = 1 << 20


def is_tar(head: bytes) -> bool:
    """True where the first block is the header of a file, whose checksum fits."""
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def sniff(source: Source) -> bool:
    """True for a tar archive that is not compressed."""
    return is_tar(source.head)


def members(source: Source) -> Iterator[Member]:
    """Its files. Raises UnreadableError at the end where the archive is cut off, or has too many."""
    with opened(source, FORMAT) as file:
        yield from members_in(source, file)


def members_in(source: Source, file: BinaryIO, loss: str | None = None) -> Iterator[Member]:
    """The files of the archive in `file`, unpacked from `source`; `loss` is what was wrong with it before."""
    listing = _Listing(file)
    yield from Archive(source, FORMAT, listing, lambda: loss or listing.loss).members()


class _Header(tarfile.TarInfo):
    """A header that makes no reader work without end: not with a size below zero, nor with a long extension."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in _EXTENDED and header.size > limits.MAX_TAR_HEADER):
            raise tarfile.HeaderError("a size that no archive has")
        return header


class _Listing:
    """The entries one after another; then `loss`, since tarfile takes damage behind the first of them for the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.loss: str | None = None

    def __iter__(self) -> Iterator[Entry]:
        try:
            archive = tarfile.TarFile(fileobj=self._file, tarinfo=_Header, encoding="utf-8")
            last = -1
            while (info := archive.next()) is not None:
                if info.offset <= last or info.size < 0:
                    raise tarfile.ReadError("its headers lead backwards")
                last = info.offset
                if not info.isdir():
                    yield _entry(archive, info)
            self._expect_end(archive.offset)
        except DAMAGE:
            self.loss = _DAMAGED

    def _expect_end(self, offset: int) -> None:
        """Raises ReadError where no block of zeros is at `offset`, or anything else behind it (POSIX, pax)."""
        self._file.seek(offset)
        rest = iter(partial(self._file.read, _CHUNK), b"")
        if len(first := next(rest, b"")) < BLOCK or first.strip(b"\0") or any(chunk.strip(b"\0") for chunk in rest):
            raise tarfile.ReadError("it does not end as an archive does")


def _entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Entry:
    refusal, link = None, None
    if info.issym():
        absolute = info.linkname.startswith("/")
        link = info.linkname if absolute else f"{info.name.rpartition('/')[0]}/{info.linkname}".lstrip("/")
    elif info.islnk():
        link = info.linkname
    elif not info.isreg():
        kind = "a named pipe" if info.isfifo() else "a device" if info.isdev() else "something special"
        refusal = f"{kind}, not a file, and was not read: pack files alone"
    return Entry(info.name, info.size, partial(_open, archive, info), None, link, refusal)


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    return cast(IO[bytes], archive.extractfile(info))  # None for what is no file alone
