"""The files below a folder, in an order that is the same on every run and every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from certaudit.loaders.source import UnreadableError, cannot_open
from certaudit.printable import printable

MEDIA_VARIABLES = "SMS/data/Variables.dat"
"""Where boot media keeps its variables; names are matched without regard to case (source `mm-elevate`: ELEVATE-5
lists it)."""


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


@dataclass
class Walk:
    """Goes through a folder by name, sub-folders in their place; each real folder once, whatever links lead to it.

    A folder that is boot media is one piece of evidence, and is not gone into.
    """

    _seen: set[tuple[int, int]] = field(default_factory=set)

    def files(self, folder: Path, name: str) -> Iterator[tuple[Path, str, UnreadableError | None]]:
        """(path, name, what keeps it from being read) of everything that is no readable folder, or a whole one.

        Walked with a stack of its own: folders may be nested deeper than Python's.
        """
        waiting = [(folder, name)]
        while waiting:
            path, shown = waiting.pop()
            try:
                is_folder = path.is_dir() and not is_boot_media(path)
                children = self._children(path, shown) if is_folder else ()
            except (OSError, ValueError) as error:
                yield path, shown, cannot_open(error, path, shown)
                continue
            except UnreadableError as refusal:
                yield path, shown, refusal
                continue
            if not is_folder:
                yield path, shown, None
            waiting += [(path / child, f"{shown}/{child}") for child in reversed(children)]

    def _children(self, folder: Path, name: str) -> tuple[str, ...]:
        status = folder.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            sentence = f"{printable(name)} leads to a folder that is read under another name already."
            raise UnreadableError(sentence, "folder", harmless=True)
        self._seen.add(identity)
        return tuple(sorted(os.listdir(folder)))
