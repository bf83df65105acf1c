"""The entries of an archive, whatever kind of archive it is: which of them are read, and in which order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import IO

from certaudit.printable import printable

_LEADS_OUT = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One entry that is no folder, as the archive describes it: `packed` is None where nobody can tell.

    `refusal` says why it is not read, and continues "it is ..."; `is_harmless` that nothing is lost by that. `link` is
    the path inside the archive to which it leads, if it is a link.
    """

    path: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    packed: int | None = None
    link: str | None = None
    refusal: str | None = None
    is_harmless: bool = False


def judged(entries: Iterable[Entry]) -> list[Entry]:
    """All entries as a walk through folders would find them, with a refusal for those that are not to be read."""
    ordered = sorted(map(_plain, entries), key=lambda entry: entry.path.split("/"))
    named = list(_without_duplicates(ordered))
    read = {entry.path for entry in named if entry.refusal is None and entry.link is None}
    read |= {folder for path in read for folder in above(path)}
    return [entry if entry.link is None or entry.refusal else _link(entry, entry.link, read) for entry in named]


def above(path: str) -> Iterator[str]:
    """The folders in which `path` lies, the outermost first; "" is the archive itself."""
    yield ""
    yield from (path[:position] for position, sign in enumerate(path) if sign == "/")


def _plain(entry: Entry) -> Entry:
    """The entry without empty parts and dots in its path; one that leads out of the archive is refused."""
    if _LEADS_OUT.match(entry.path):
        return replace(entry, refusal="a name that leads out of the archive, and was not read: pack the file anew")
    path = "/".join(part for part in entry.path.split("/") if part not in ("", "."))
    return replace(entry, path=path, refusal=entry.refusal or (None if path else "a file without a name: pack it anew"))


def _without_duplicates(ordered: Iterable[Entry]) -> Iterator[Entry]:
    """Of several entries of one name the first is read; the others get a number, and are refused."""
    counts = Counter[str]()
    for entry in ordered:
        counts[entry.path] += 1
        if (number := counts[entry.path]) > 1:
            again = "another entry of the same name, of which the first alone was read: pack it anew"
            entry = replace(entry, path=f"{entry.path} ({number})", refusal=entry.refusal or again)
        yield entry


def _link(entry: Entry, target: str, read: set[str]) -> Entry:
    """A link is not followed; what it leads to is read under its own name, or not in the archive."""
    inside = _inside(target)
    if inside in read:
        shown = printable(inside or target)
        return replace(entry, refusal=f"a link to {shown}, which is read by itself", is_harmless=True)
    return replace(entry, refusal=f"a link to {printable(target)}, which is not in the archive: pack the file itself")


def _inside(target: str) -> str | None:
    """The path in the archive that `target` is, None where it leads out."""
    parts: list[str] = []
    for part in target.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return None if target.startswith("/") else "/".join(parts)
