"""An archive as a container: its entries as members, unpacked in memory within limits."""

from __future__ import annotations

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from certaudit.loaders import limits
from certaudit.loaders.archives.entries import Entry, above, judged
from certaudit.loaders.files import MEDIA_VARIABLES, Files, of_media
from certaudit.loaders.protocol import Member
from certaudit.loaders.source import HEAD, Source, UnreadableError, encodable
from certaudit.printable import printable

DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, struct.error),
    *(ValueError, OverflowError, LookupError, RuntimeError),
)
"""What the standard library raises for damaged archives, found by damaging some thousand of them."""

_CHUNK = 1 << 20


@contextmanager
def opened(source: Source, format: str) -> Iterator[BinaryIO]:
    """The archive as a file. Raises UnreadableError where it cannot be opened, or what its user reads is damaged."""
    try:
        with source.open() as file:
            yield file
    except DAMAGE as error:
        what = f"a {format} archive that is damaged or cut off"
        raise source.refusal(what, "copy it again", format, harmless=False) from error


class Archive:
    """The entries of an archive; `loss` says, when they have been listed, what of it could not be."""

    def __init__(
        self, source: Source, format: str, entries: Iterable[Entry], loss: Callable[[], str | None] = lambda: None
    ) -> None:
        self._source, self._format, self._loss = source, format, loss
        most = source.allowance.members
        listed = list(islice(entries, most + 1))
        self._is_cut = len(listed) > most
        source.allowance.members -= len(listed[:most])
        self._entries = judged(listed[:most])
        self._readable = {entry.path: entry for entry in self._entries if entry.refusal is None}

    def members(self) -> Iterator[Member]:
        """Every entry, and each folder that is boot media, whole.

        Raises UnreadableError for what is lost, at the end.
        """
        yielded = set[str]()
        roots = self._media_roots()
        for entry in self._entries:
            root = None if entry.refusal else next((folder for folder in above(entry.path) if folder in roots), None)
            if root is None:
                yield Member(self._name(entry.path), partial(self.source, entry), self._refusal(entry))
            elif root not in yielded:
                yielded.add(root)
                yield Member(self._name(root), partial(self._media, root))
        if self._is_cut:
            what = f"an archive of more files than are read (in one file, {limits.MAX_MEMBERS:,})"
            raise self._source.refusal(what, "unpack it and name the folder", self._format, harmless=False)
        if (loss := self._loss()) is not None:
            raise self._source.refusal(loss, "copy it again", self._format, harmless=False)

    def _name(self, path: str) -> str:
        return encodable(f"{self._source.name}/{path}") if path else self._source.name

    def _refusal(self, entry: Entry) -> UnreadableError | None:
        return None if entry.refusal is None else self._error(entry, entry.refusal, harmless=entry.is_harmless)

    def _error(self, entry: Entry, what: str, *, harmless: bool = False) -> UnreadableError:
        return UnreadableError(f"{printable(self._name(entry.path))} is {what}.", self._format, harmless=harmless)

    def _media_roots(self) -> frozenset[str]:
        ending = f"/{MEDIA_VARIABLES}".casefold()
        found = (path for path in self._readable if f"/{path}".casefold().endswith(ending))
        return frozenset(path[: -len(ending)] for path in found)

    def _media(self, root: str) -> Source:
        files = _MediaFolder(self, f"{root}/" if root else "", self._readable)
        return of_media(files, self._name(root), self._source.password)

    def source(self, entry: Entry) -> Source:
        """The bytes of an entry. Raises UnreadableError where they cannot be had."""
        is_whole = entry.size <= limits.MAX_SIZE
        data = self.unpacked(entry, entry.size if is_whole else min(entry.size, HEAD))
        return Source(
            self._name(entry.path),
            data[:HEAD],
            entry.size,
            data if is_whole else None,
            self._source.password,
            opener=partial(self.open, entry.path),
            neighbours=partial(self._beside, entry),
            nesting=self._source.nesting + 1,
            allowance=self._source.allowance,
        )

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """The entry at `path`, all of it. Raises UnreadableError."""
        entry = self._readable[path]
        yield BytesIO(self.unpacked(entry, entry.size))

    def unpacked(self, entry: Entry, size: int) -> bytes:
        """The first `size` bytes of an entry. Raises UnreadableError where they cannot be had, or not within limits."""
        self._expect_allowed(entry, size)
        self._source.allowance.size -= size
        chunks, missing = list[bytes](), size
        try:
            with entry.open() as file:
                while missing and (chunk := file.read(min(missing, _CHUNK))):
                    chunks.append(chunk)
                    missing -= len(chunk)
        except DAMAGE as error:
            raise self._error(entry, "damaged inside its archive: copy the archive again") from error
        if missing:
            raise self._error(entry, "cut off inside its archive: copy the archive again")
        return b"".join(chunks)

    def _expect_allowed(self, entry: Entry, size: int) -> None:
        remedy = "unpack the archive and name the folder"
        most = limits.MAX_RATIO * entry.packed if entry.packed is not None else entry.size
        if entry.size > max(most, limits.MAX_UNPROPORTIONED):
            what = f"packed more tightly than any evidence is ({limits.MAX_RATIO} to 1), and was not unpacked"
            raise self._error(entry, f"{what}: {remedy}")
        if size > limits.MAX_MEMBER:
            what = f"too big to be unpacked ({size:,} bytes; the limit is {limits.MAX_MEMBER:,})"
            raise self._error(entry, f"{what}: {remedy}")
        if size > self._source.allowance.size:
            what = f"not unpacked, because no more than {limits.MAX_UNPACKED:,} bytes are unpacked out of one file"
            raise self._error(entry, f"{what}: {remedy}")

    def _beside(self, entry: Entry, names: Set[str]) -> Iterator[Source]:
        folder = entry.path.rpartition("/")[0]
        for path, other in self._readable.items():
            if path.rpartition("/")[0] == folder and path.rpartition("/")[2].lower() in names:
                try:
                    yield self.source(other)
                except UnreadableError:
                    continue


class _MediaFolder(Files):
    """The readable files below a folder of an archive that is boot media; `prefix` is that folder with its slash."""

    def __init__(self, archive: Archive, prefix: str, paths: Iterable[str]) -> None:
        super().__init__("folder", (path.removeprefix(prefix) for path in paths if path.startswith(prefix)))
        self._archive, self._prefix = archive, prefix

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with self._archive.open(self._prefix + path) as file:
            yield file
