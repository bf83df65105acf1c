"""Files by their paths, whatever they lie in: a folder, an archive, an image, a Windows image."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, NamedTuple

from certaudit.loaders import limits
from certaudit.loaders.source import PasswordSource, Source, UnreadableError, of_bytes
from certaudit.printable import printable

MEDIA_VARIABLES = "SMS/data/Variables.dat"
"""Where boot media keeps its variables; names are matched without regard to case (source `mm-elevate`: ELEVATE-5
lists it)."""

_CHUNK = 1 << 20


class Place(NamedTuple):
    """Where a file is for other programs: a path, and the descriptors that they have to inherit to open it."""

    path: str
    descriptors: tuple[int, ...] = ()


class Files(ABC):
    """Files by their paths, which are matched without case.

    `kind` is that of the evidence where they are boot media; `created` is when the media was made.
    """

    def __init__(self, kind: str, paths: Iterable[str], created: datetime | None = None) -> None:
        self.kind = kind
        self.created = created
        self._paths = {path.casefold(): path for path in paths}

    @property
    def paths(self) -> Iterable[str]:
        """Every path, as it is written, with slashes and none at the beginning."""
        return self._paths.values()

    def find(self, path: str) -> str | None:
        """`path` as it is written here; None where there is no such file."""
        return self._paths.get(path.casefold())

    @abstractmethod
    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """The file at `path`, as it is written here, to read in and seek. May raise UnreadableError and OSError."""

    @contextmanager
    def place(self, path: str) -> Iterator[Place]:
        """Where other programs find the file at `path`: here a copy in memory. Raises UnreadableError, OSError."""
        if not hasattr(os, "memfd_create"):
            raise UnreadableError(
                f"{printable(path)} can be looked into on Linux alone while it is inside another file."
            )
        with open(os.memfd_create("media"), "wb") as copy, self.open(path) as file:
            while chunk := file.read(_CHUNK):
                if copy.tell() + len(chunk) > limits.MAX_COPY:
                    raise UnreadableError(f"{printable(path)} is bigger than 1 GiB.")
                copy.write(chunk)
            copy.flush()
            yield Place(f"/proc/self/fd/{copy.fileno()}", (copy.fileno(),))

    def read(self, path: str, limit: int) -> bytes | None:
        """All bytes of a file, None where there is none of that name. Raises UnreadableError beyond `limit` bytes."""
        written = self.find(path)
        if written is None:
            return None
        with self.open(written) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise UnreadableError(
                f"{printable(written)} is bigger than the {limit:,} bytes that are read: make the media again."
            )
        return data


@dataclass(frozen=True, kw_only=True)
class MediaSource(Source):
    """A folder that is boot media: one piece of evidence, whole. Its bytes are those of its variables."""

    files: Files = field(compare=False)


def of_media(files: Files, name: str, password: PasswordSource) -> MediaSource:
    """The media that `files` are. Raises UnreadableError and OSError where their variables cannot be read."""
    variables = of_bytes(files.read(MEDIA_VARIABLES, limits.MAX_VARIABLES) or b"", name, password)
    return MediaSource(
        name=name,
        head=variables.head,
        size=variables.size,
        content=variables.content,
        password=password,
        files=files,
    )
