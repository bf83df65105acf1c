"""A stand-in for crypt32 with the functions that certaudit calls, and one for the registry: for tests on any system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from certaudit.loaders.stores.serialized_store import (
    CERTIFICATE,
    CRL,
    CTL,
    ENCODING,
    HEADER,
)
from certaudit.loaders.stores.windows_registry import Record

OPEN_EXISTING, READONLY, ENUM_ARCHIVED = 0x4000, 0x8000, 0x200
LOCATION = 0x00FF0000


def element(kind: int, value: bytes, *properties: tuple[int, bytes]) -> bytes:
    """A serialized store element."""
    return b"".join(HEADER.pack(id, ENCODING, len(data)) + data for id, data in (*properties, (kind, value)))


def certificate(value: bytes, *properties: tuple[int, bytes]) -> bytes:
    return element(CERTIFICATE, value, *properties)


@dataclass
class FakeCrypt32:
    """`stores` is by the location's flag and the name as crypt32 takes it (in lower case): a list of elements.

    `open_handles` counts what was opened and not closed, contexts included; `flags` are those of every opening.
    """

    stores: dict[tuple[int, str], list[bytes]] = field(default_factory=dict)
    open_handles: int = 0
    flags: list[int] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    refuses_to_serialize: bool = False
    _opened: dict[int, list[bytes]] = field(default_factory=dict)
    _contexts: dict[int, bytes] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A function of the DLL: a plain one, since it gets result and argument types like a real one."""
        if not name.startswith("Cert") or name in self.missing:
            raise AttributeError(name)
        kinds = {"Certificate": CERTIFICATE, "CRL": CRL, "CTL": CTL}
        kind = next((number for word, number in kinds.items() if word in name), CERTIFICATE)
        if name == "CertSerializeCertificateStoreElement":
            kind = CERTIFICATE

        def call(*arguments: Any) -> Any:
            match name:
                case "CertOpenStore":
                    return self._open(arguments)
                case "CertCloseStore":
                    return self._close(arguments[0])
                case "CertEnumSystemStore":
                    return self._names(*arguments)
            if name.startswith("CertEnum"):
                return self._next(kind, *arguments)
            if name.startswith("CertSerialize"):
                return self._serialize(*arguments)
            return self._free(arguments[0])

        return call

    def _open(self, arguments: tuple[Any, ...]) -> int | None:
        provider, _, _, flags, name = arguments
        assert provider == 10
        self.flags.append(flags)
        key = (flags & LOCATION, ctypes.wstring_at(name).lower())
        if key not in self.stores:
            return None
        self.open_handles += 1
        handle = 1000 + self.open_handles
        self._opened[handle] = self.stores[key]
        return handle

    def _close(self, handle: int) -> int:
        del self._opened[handle]
        self.open_handles -= 1
        return 1

    def _names(self, flags: int, computer: int | None, _: object, callback: Any) -> int:
        host = "" if computer is None else ctypes.wstring_at(computer).lower() + "\\"
        found = [name for location, name in self.stores if location == flags and name.startswith(host or name[:1])]
        if not found:
            return 0
        for name in (*found, found[0]):  # Wine names Root twice
            buffer = ctypes.create_unicode_buffer(name.removeprefix(host))
            callback(ctypes.addressof(buffer), flags, None, None, None)
        return 1

    def _next(self, kind: int, handle: int, before: int | None) -> int | None:
        if before is not None:
            self._free(before)
        elements = [data for data in self._opened[handle] if _kind(data) == kind]
        number = 0 if before is None else (before & 0xFFFF) + 1
        if number >= len(elements):
            return None
        context = kind << 16 | number
        self._contexts[context] = elements[number]
        self.open_handles += 1
        return context

    def _free(self, context: int) -> int:
        del self._contexts[context]
        self.open_handles -= 1
        return 1

    def _serialize(self, context: int, flags: int, buffer: int | None, size: Any) -> int:
        if self.refuses_to_serialize:
            return 0
        data = self._contexts[context]
        size._obj.value = len(data)
        if buffer is not None:
            ctypes.memmove(buffer, data, len(data))
        return 1


def _kind(data: bytes) -> int:
    """Which kind of context an element is, by its last id."""
    offset = 0
    while True:
        id, _, length = HEADER.unpack_from(data, offset)
        if id in (CERTIFICATE, CRL, CTL):
            return int(id)
        offset += HEADER.size + length


@dataclass
class FakeRegistry:
    """`keys` is by root, path and store: the records of the store."""

    keys: dict[tuple[str, str, str], list[Record]] = field(default_factory=dict)
    failure: OSError | None = None

    def stores(self, root: str, path: str) -> list[str]:
        found = [store for has_root, has_path, store in self.keys if (has_root, has_path) == (root, path)]
        if self.failure or not found:
            raise self.failure or OSError(2, "not found")
        return found

    def records(self, root: str, path: str, store: str) -> Iterator[Record]:
        if self.failure:
            raise self.failure
        try:
            yield from {(r, p, s.lower()): found for (r, p, s), found in self.keys.items()}[root, path, store.lower()]
        except KeyError:
            raise OSError(2, "not found") from None
