"""Boot media as a folder: a USB stick, or the files copied off an image."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from certaudit.evidence import Input
from certaudit.loaders import limits
from certaudit.loaders.folder import MEDIA_VARIABLES
from certaudit.loaders.media import boot_media
from certaudit.loaders.media.media_files import MediaFiles, MediaPlace
from certaudit.loaders.source import PasswordSource, UnreadableError, cannot_open, of_bytes
from certaudit.printable import printable

FORMAT = "boot-media-folder"


def load(folder: Path, name: str, password: PasswordSource) -> Input:
    """The evidence on the media in `folder`. Raises UnreadableError where its variables cannot be had."""
    files = _Folder(folder)
    data = files.read(MEDIA_VARIABLES, limits.MAX_VARIABLES) or b""
    source = replace(of_bytes(data, name, password), path=folder)
    return replace(boot_media.load(source, files, FORMAT), sha256=source.sha256, size=source.size)


class _Folder(MediaFiles):
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
    def place(self, path: str) -> Iterator[MediaPlace]:
        yield MediaPlace(str((self._folder / path).absolute()))


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
