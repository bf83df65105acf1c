"""The functions of Windows' crypt32 by which certificate stores are read, and never written (wincrypt.h).

Whoever has the DLL passes it in, so that a stand-in can take its place on other systems.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_STORE_PROV_SYSTEM_W = 10
_OPEN_EXISTING = 0x4000
_READONLY = 0x8000
_ENUM_ARCHIVED = 0x200  # without it, Windows hides archived certificates

_Pointer = ctypes.c_void_p
_Dword = ctypes.c_uint32
_Bool = ctypes.c_int
_Size = ctypes.POINTER(_Dword)
_function_type: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
_EnumStores = _function_type(_Bool, _Pointer, _Dword, _Pointer, _Pointer, _Pointer)

# For each kind of context: how to go through the store, how to put one into bytes, how to let one go.
_KINDS = (
    ("CertEnumCertificatesInStore", "CertSerializeCertificateStoreElement", "CertFreeCertificateContext"),
    ("CertEnumCRLsInStore", "CertSerializeCRLStoreElement", "CertFreeCRLContext"),
    ("CertEnumCTLsInStore", "CertSerializeCTLStoreElement", "CertFreeCTLContext"),
)


class Crypt32:
    """Certificate stores as crypt32 shows them. Every failure is an OSError with the code of Windows in `errno`."""

    def __init__(self, dll: Any = None) -> None:
        """`dll` is crypt32, or what stands in for it; None loads it, which only Windows can. Raises OSError."""
        self._dll = _load() if dll is None else dll

    def names(self, location: int, computer: str | None = None) -> list[str]:
        """The stores of a location (CERT_SYSTEM_STORE_*), of `computer` or this one, each once."""
        found: dict[str, None] = {}

        def remember(name: int, flags: int, info: int, reserved: int, argument: int) -> int:
            found[ctypes.wstring_at(name)] = None
            return 1

        callback = _EnumStores(remember)
        function = self._function("CertEnumSystemStore", _Bool, _Dword, _Pointer, _Pointer, _EnumStores)
        where = None if computer is None else ctypes.create_unicode_buffer(f"\\\\{computer}")
        if not function(location, where and ctypes.addressof(where), None, callback):
            raise self._error()
        return list(found)

    def elements(self, location: int, name: str) -> Iterator[bytes]:
        """Each certificate, CRL and CTL of a store with its properties, as serialized store elements.

        `name` is that of the store, after `\\\\COMPUTER\\` and, for services and users, their name and a backslash.
        """
        with self._opened(location, name) as store:
            for enumerate_, serialize, free in _KINDS:
                yield from self._contexts(store, enumerate_, serialize, free)

    @contextmanager
    def _opened(self, location: int, name: str) -> Iterator[int]:
        opened = self._function("CertOpenStore", _Pointer, _Pointer, _Dword, _Pointer, _Dword, _Pointer)
        wanted = ctypes.create_unicode_buffer(name)
        flags = location | _OPEN_EXISTING | _READONLY | _ENUM_ARCHIVED
        store: int | None = opened(_STORE_PROV_SYSTEM_W, 0, None, flags, ctypes.addressof(wanted))
        if not store:
            raise self._error()
        try:
            yield store
        finally:
            self._function("CertCloseStore", _Bool, _Pointer, _Dword)(store, 0)

    def _contexts(self, store: int, enumerate_: str, serialize: str, free: str) -> Iterator[bytes]:
        following = self._function(enumerate_, _Pointer, _Pointer, _Pointer)
        context: int | None = None
        try:
            while context := following(store, context):  # this lets the one before go
                yield self._serialized(serialize, context)
        finally:
            if context:
                self._function(free, _Bool, _Pointer)(context)

    def _serialized(self, name: str, context: int) -> bytes:
        function = self._function(name, _Bool, _Pointer, _Dword, _Pointer, _Size)
        size = _Dword(0)
        if not function(context, 0, None, ctypes.byref(size)):
            raise self._error()
        buffer = ctypes.create_string_buffer(max(size.value, 1))
        if not function(context, 0, ctypes.addressof(buffer), ctypes.byref(size)):
            raise self._error()
        return buffer.raw[: size.value]

    def _function(self, name: str, result: Any, *arguments: Any) -> Any:
        """A function of the DLL with its types. Looked up when it is needed: not every Windows has every one."""
        try:
            function = getattr(self._dll, name)
        except AttributeError as error:
            raise OSError(_CALL_NOT_IMPLEMENTED, f"crypt32 of this Windows has no {name}") from error
        function.restype, function.argtypes = result, arguments
        return function

    def _error(self) -> OSError:
        number = _last_error()
        return OSError(number, _message(number))


_CALL_NOT_IMPLEMENTED = 120


def _load() -> Any:
    return ctypes.WinDLL("crypt32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]


def _last_error() -> int:
    last: Any = getattr(ctypes, "get_last_error", lambda: 0)
    return int(last()) & 0xFFFFFFFF


def _message(number: int) -> str:
    text: Any = getattr(ctypes, "FormatError", lambda number: "")
    return str(text(number)).strip() or "no reason given"
