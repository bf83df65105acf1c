"""Live certificate stores of Windows: `windows:LocalMachine/My`, `windows:LocalMachine/*`, and, of another computer,
`windows:\\\\SMP01\\LocalMachine/My`.

Read twice, never written: crypt32 shows each store as programs see it, with what policies and the directory add, and
the registry adds what crypt32 does not show. One parser serves both, and the offline formats as well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from certaudit.evidence import Input
from certaudit.evidence.windows import system_store
from certaudit.evidence.windows.system_store import Address, StorePlace, canonical_store
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import UnreadableError, of_bytes
from certaudit.loaders.stores.crypt32 import Crypt32
from certaudit.loaders.stores.store_reader import StoreReader
from certaudit.loaders.stores.windows_registry import Registry
from certaudit.printable import printable

PREFIX = "windows:"
FORMAT = "windows-store"
ALL = "*"


@dataclass(frozen=True, slots=True)
class _Location:
    """A system store location: its flag for crypt32 (CERT_SYSTEM_STORE_*) and where it is in the registry.

    In `path`, {owner} stands for the service or the user that the location is of.
    """

    flag: int
    root: str
    path: str

    @property
    def has_owner(self) -> bool:
        return "{owner}" in self.path


_STORES = r"Microsoft\SystemCertificates"
_LOCATIONS = {
    system_store.LOCAL_MACHINE: _Location(0x20000, "HKEY_LOCAL_MACHINE", rf"SOFTWARE\{_STORES}"),
    system_store.CURRENT_USER: _Location(0x10000, "HKEY_CURRENT_USER", rf"Software\{_STORES}"),
    system_store.SERVICES: _Location(
        0x50000, "HKEY_LOCAL_MACHINE", r"SOFTWARE\Microsoft\Cryptography\Services\{owner}\SystemCertificates"
    ),
    system_store.USERS: _Location(0x60000, "HKEY_USERS", rf"{{owner}}\Software\{_STORES}"),
    system_store.USER_POLICY: _Location(0x70000, "HKEY_CURRENT_USER", rf"Software\Policies\{_STORES}"),
    system_store.MACHINE_POLICY: _Location(0x80000, "HKEY_LOCAL_MACHINE", rf"SOFTWARE\Policies\{_STORES}"),
    system_store.ENTERPRISE: _Location(0x90000, "HKEY_LOCAL_MACHINE", r"SOFTWARE\Microsoft\EnterpriseCertificates"),
}
_BY_NAME = {name.casefold(): name for name in _LOCATIONS}
_OF_USER = (system_store.CURRENT_USER, system_store.USER_POLICY)

_FILE_NOT_FOUND = 2
_ACCESS_DENIED = 5
_NO_SUCH_STORE = {_FILE_NOT_FOUND, 0x80092004}  # ERROR_FILE_NOT_FOUND, CRYPT_E_NOT_FOUND
_UNREACHABLE = {53, 1722}  # ERROR_BAD_NETPATH, RPC_S_SERVER_UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Target:
    """What a `windows:` source names: `store` is ALL for every store; `owner` is a service or the SID of a user."""

    location: str
    store: str
    host: str | None = None
    owner: str | None = None

    @property
    def place(self) -> str:
        """The location as provenances have it."""
        return self.location if self.owner is None else f"{self.location}\\{self.owner}"

    def named(self, store: str) -> str:
        """The source that names one store, without backslashes, which reports would have to double."""
        host = "" if self.host is None else f"//{self.host}/"
        owner = "" if self.owner is None else f"/{self.owner}"
        return f"{PREFIX}{host}{self.location}{owner}/{store}"


def target(text: str) -> Target:
    """What `text` names. Raises UnreadableError."""
    path = text.removeprefix(PREFIX)
    host = re.match(r"(?:\\\\|//)([^\\/]+)[\\/]", path)
    location, *rest = [part for part in re.split(r"[\\/]", path[host.end() if host else 0 :]) if part] or [""]
    known = _BY_NAME.get(location.casefold())
    if known is None or len(rest) != 1 + _LOCATIONS[known].has_owner:
        raise UnreadableError(
            f"{printable(text)} names no certificate store: write windows:LocalMachine/My, windows:LocalMachine/* or "
            rf"windows:\\SERVER\LocalMachine/My; locations are {', '.join(_LOCATIONS)} (after Services and Users "
            "comes the name of the service or the SID of the user).",
            FORMAT,
        )
    owner = rest[0] if len(rest) > 1 else None
    if host and known in _OF_USER:
        raise UnreadableError(
            f"{printable(text)} cannot be read: another computer has no current user; name Users and a SID.", FORMAT
        )
    return Target(known, rest[-1], host[1] if host else None, owner)


def load(text: str, crypt32: Crypt32 | None = None, registry: Registry | None = None) -> tuple[Input, ...]:
    """An input for each store that `text` names. Never raises: what cannot be read is an input with its `error`."""
    try:
        wanted = target(text)
        if sys.platform != "win32" and crypt32 is None:
            raise UnreadableError(
                f"{printable(text)} is a live certificate store, which only Windows has: run certaudit there, or "
                "export the stores with the script of `certaudit collect-script` and name what that wrote.",
                FORMAT,
            )
        live = _Live(wanted, crypt32 or Crypt32(), registry or Registry(wanted.host))
        if wanted.store != ALL:
            return (live.input(wanted.store),)
        inputs = tuple(live.input(store) for store in live.names())
        return tuple(item for item in inputs if item.certificates or item.crls or item.error) or inputs
    except UnreadableError as refusal:
        return (Input(text, FORMAT, error=str(refusal)),)
    except OSError as error:
        return (Input(text, FORMAT, error=_sentence(text, error)),)


@dataclass(frozen=True, slots=True)
class _Live:
    """The stores of one location of one computer."""

    target: Target
    crypt32: Crypt32
    registry: Registry

    @property
    def _location(self) -> _Location:
        return _LOCATIONS[self.target.location]

    @property
    def _key(self) -> str:
        return self._location.path.format(owner=self.target.owner)

    def names(self) -> list[str]:
        """Every store of the location, by either source, in the order of their names. OSError where both fail."""
        found: dict[str, None] = {}
        failures = []
        for source in (self._listed, self._registered):
            try:
                found |= dict.fromkeys(canonical_store(name) for name in source())
            except OSError as error:
                failures.append(error)
        if len(failures) == 2:
            raise failures[0]
        return sorted(found)

    def _listed(self) -> Iterator[str]:
        owner = None if self.target.owner is None else f"{self.target.owner}\\".casefold()
        for name in self.crypt32.names(self._location.flag, self.target.host):
            if owner is None:
                yield name
            elif name.casefold().startswith(owner):
                yield name[len(owner) :]

    def _registered(self) -> list[str]:
        return self.registry.stores(self._location.root, self._key)

    def input(self, store: str) -> Input:
        """What one store holds; with its `error` where neither source shows it."""
        store = canonical_store(store)
        name = self.target.named(store)
        reader = StoreReader(Contents(of_bytes(b"", name)), self.target.host)
        place = StorePlace(self.target.place, store)
        hidden, unrecorded = _failure(self._shown, reader, place), _failure(self._recorded, reader, place)
        if hidden and unrecorded:
            return Input(name, FORMAT, error=_sentence(name, hidden))
        if hidden and _number(hidden) not in _NO_SUCH_STORE:
            reader.damage(_sentence(name, hidden))
        try:
            return reader.result(FORMAT)
        except UnreadableError as refusal:
            return Input(name, FORMAT, error=str(refusal))

    def _shown(self, reader: StoreReader, place: StorePlace) -> None:
        assert place.store is not None
        parts = (f"\\\\{self.target.host}" if self.target.host else None, self.target.owner, place.store)
        for element in self.crypt32.elements(self._location.flag, "\\".join(filter(None, parts))):
            reader.take(element, Address(place, ""), "")

    def _recorded(self, reader: StoreReader, place: StorePlace) -> None:
        assert place.store is not None
        for record in self.registry.records(self._location.root, self._key, place.store):
            inside = f"{self._location.root}\\{self._key}\\{place.store}\\{record.part}\\{record.name}"
            reader.take(record.data, Address(place, record.name), inside)


def _failure(read: Callable[[StoreReader, StorePlace], None], reader: StoreReader, place: StorePlace) -> OSError | None:
    try:
        read(reader, place)
    except OSError as error:
        return error
    return None


def _sentence(name: str, error: OSError) -> str:
    """Why a store could not be read, and what to do."""
    number, shown = _number(error), printable(name)
    if number in _NO_SUCH_STORE:
        return f"{shown} is not there: look at the names of the stores with {PREFIX}LocalMachine/*."
    if number == _ACCESS_DENIED:
        return f"{shown} may not be read by this user: run certaudit as an administrator of that computer."
    if number in _UNREACHABLE:
        return f"{shown} is on a computer that does not answer: see that it is on and its Remote Registry service runs."
    reason = printable(error.strerror or str(error)).rstrip(".")
    return f"{shown} cannot be read ({reason}, {number:#x}): use an export of the store instead."


def _number(error: OSError) -> int:
    """The error code of Windows."""
    number: int = getattr(error, "winerror", None) or error.errno or 0
    return number & 0xFFFFFFFF
