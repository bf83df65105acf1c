"""A folder on disk as a container: its files in an order that is the same on every run and every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from certaudit.loaders import limits
from certaudit.loaders.files import MEDIA_VARIABLES, Files, Place, of_media
from certaudit.loaders.protocol import Member
from certaudit.loaders.source import PasswordSource, Source, UnreadableError, cannot_open, encodable, of_file
from certaudit.printable import printable


def is_boot_media(folder: Path) -> bool:
    """True where the folder holds media variables in their place."""
    found: Path | None = folder
    for name in MEDIA_VARIABLES.split("/"):
        found = _child(found, name) if found is not None else None
    return found is not None


def _child(folder: Path, name: str) -> Path | None:
    """The entry of that name; the first in order where case alone tells several apart."""
    try:
        matching = sorted(entry for entry in os.listdir(folder) if entry.casefold() == name.casefold())
    except (OSError, ValueError):
        return None
    return folder / matching[0] if matching else None


def members(folder: Path, name: str, password: PasswordSource) -> Iterator[Member]:
    """Everything in the folder by name, sub-folders in their place; each real folder once, whatever links lead to it.

    A folder that is boot media is one member, and is not gone into. Walked with a stack of its own: folders may be
    nested deeper than Python's.
    """
    waiting, seen = [(folder, name)], set[tuple[int, int]]()
    while waiting:
        path, shown = waiting.pop()
        source = partial(_source, path, encodable(shown), password)
        try:
            is_folder = path.is_dir() and not is_boot_media(path)
            children = _children(path, shown, seen) if is_folder else ()
        except (OSError, ValueError) as error:
            yield Member(encodable(shown), source, cannot_open(error, path, shown))
            continue
        except UnreadableError as refusal:
            yield Member(encodable(shown), source, refusal)
            continue
        if not is_folder:
            yield Member(encodable(shown), source)
        waiting += [(path / child, f"{shown}/{child}") for child in reversed(children)]


def _children(folder: Path, name: str, seen: set[tuple[int, int]]) -> tuple[str, ...]:
    status = folder.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        sentence = f"{printable(name)} leads to a folder that is read under another name already."
        raise UnreadableError(sentence, "folder", harmless=True)
    seen.add(identity)
    return tuple(sorted(os.listdir(folder)))


def _source(path: Path, name: str, password: PasswordSource) -> Source:
    """The file, or the media that the folder is. Raises UnreadableError."""
    if not path.is_dir():
        return of_file(path, name, password)
    try:
        return of_media(_Folder(path), name, password)
    except OSError as error:
        raise cannot_open(error, path, name) from error


class _Folder(Files):
    """The files below a folder that is boot media."""

    def __init__(self, folder: Path) -> None:
        super().__init__("folder", _paths(folder))
        self._folder = folder

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        found = self._folder / path
        try:
            if not found.is_file():
                raise UnreadableError(f"{printable(path)} is no file, and was not opened: copy the media again.")
            return found.open("rb")
        except OSError as error:
            raise cannot_open(error, found, path) from error

    @contextmanager
    def place(self, path: str) -> Iterator[Place]:
        yield Place(str((self._folder / path).absolute()))


def _paths(folder: Path) -> Iterator[str]:
    """The paths of the files, in order; links to folders are not followed."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / inside), key=lambda entry: entry.name, reverse=True)
        except OSError:
            continue
        for entry in entries:
            path = f"{inside}/{entry.name}" if inside else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield path
            elif path.count("/") < limits.MAX_FOLDER_DEPTH:
                waiting.append(path)
