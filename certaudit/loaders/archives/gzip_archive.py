"""gzip: one file packed by itself, or a tar archive."""

from __future__ import annotations

import gzip
import posixpath
from collections.abc import Iterator
from functools import partial
from io import BytesIO

from certaudit.loaders import limits
from certaudit.loaders.archives import tar_archive
from certaudit.loaders.archives.archive import DAMAGE, Archive, opened
from certaudit.loaders.archives.entries import Entry
from certaudit.loaders.protocol import Member
from certaudit.loaders.source import Source

FORMAT = "gzip"

_CHUNK = 1 << 20


def sniff(source: Source) -> bool:
    """True for gzip with the one method that there is."""
    return source.head[:3] == b"\x1f\x8b\x08"


def members(source: Source) -> Iterator[Member]:
    """The files of the tar archive, or the one file, which has the name of the archive without its ending.

    Raises UnreadableError at the end for one that is cut off.
    """
    data, loss = _unpacked(source)
    if tar_archive.is_tar(data[: tar_archive.BLOCK]):
        yield from tar_archive.members_in(source, BytesIO(data), loss)
        return
    base, ending = posixpath.splitext(posixpath.basename(source.name.replace("\\", "/")))
    path = base if ending.lower() == ".gz" else base + ending
    entry = Entry(path, len(data), partial(BytesIO, data))
    yield from Archive(source, FORMAT, [entry], lambda: loss).members()


def _unpacked(source: Source) -> tuple[bytes, str | None]:
    """What it holds as far as it can be unpacked, and what is wrong with the rest. Raises UnreadableError."""
    chunks, size, loss = list[bytes](), 0, None
    most = min(limits.MAX_MEMBER, source.allowance.size)
    most = min(most, max(limits.MAX_UNPROPORTIONED, limits.MAX_RATIO * source.size))
    with opened(source, FORMAT) as file:
        try:
            with gzip.GzipFile(fileobj=file) as packed:
                while size <= most and (chunk := packed.read(_CHUNK)):
                    chunks.append(chunk)
                    size += len(chunk)
        except DAMAGE:
            loss = "a gzip archive that is damaged or cut off"
    if size > most:
        what = f"a gzip archive that is too big to be unpacked (the limit is {most:,} bytes)"
        raise source.refusal(what, "unpack it and name what is in it", FORMAT, harmless=False)
    source.allowance.size -= size
    return b"".join(chunks), loss
