"""Certificate stores in the registry of a running Windows: the second source, which shows what crypt32 hides."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PARTS = ("Certificates", "CRLs", "CTLs")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the key below which it was found, its own name (a SHA-1), and the value of its Blob."""

    part: str
    name: str
    data: bytes


class Registry:
    """The registry of `computer`, or of this one. Only Windows has it. Everything is opened for reading alone."""

    def __init__(self, computer: str | None = None) -> None:
        self._computer = None if computer is None else f"\\\\{computer}"

    def stores(self, root: str, path: str) -> list[str]:
        """The names of the stores below a key such as SOFTWARE\\Microsoft\\SystemCertificates. Raises OSError."""
        with self._opened(root, path) as key:
            return list(_subkeys(key))

    def records(self, root: str, path: str, store: str) -> Iterator[Record]:
        """Every record of a store. Raises OSError where the store is not there or may not be read."""
        with self._opened(root, f"{path}\\{store}") as key:
            present = set(_subkeys(key))
            for part in PARTS:
                if part.casefold() in {name.casefold() for name in present}:
                    yield from self._part(root, f"{path}\\{store}\\{part}", part)

    def _part(self, root: str, path: str, part: str) -> Iterator[Record]:
        with self._opened(root, path) as key:
            for name in _subkeys(key):
                data = _blob(key, name)
                if data is not None:
                    yield Record(part, name, data)

    def _opened(self, root: str, path: str) -> Any:
        winreg = _winreg()
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with winreg.ConnectRegistry(self._computer, getattr(winreg, root)) as registry:
            return winreg.OpenKey(registry, path, 0, access)


def _subkeys(key: Any) -> Iterator[str]:
    winreg = _winreg()
    for number in range(winreg.QueryInfoKey(key)[0]):
        yield winreg.EnumKey(key, number)


def _blob(key: Any, name: str) -> bytes | None:
    winreg = _winreg()
    try:
        with winreg.OpenKey(key, name) as record:
            value = winreg.QueryValueEx(record, "Blob")[0]
    except OSError:
        return None
    return value if isinstance(value, bytes) else None


def _winreg() -> Any:
    if sys.platform != "win32":
        raise OSError("there is no registry on this system")
    import winreg

    return winreg
