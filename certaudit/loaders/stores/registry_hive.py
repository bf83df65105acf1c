"""Offline registry hives (SOFTWARE, NTUSER.DAT, UsrClass.dat, DEFAULT): every record of a certificate store in them,
and what they tell of the deployment toolchain.

Keys and values are read by regipy, an optional extra. It raises exceptions of its own and others' in the middle of a
walk, loads whole files and follows loops; so it gets a stream that counts, the walk has a fixed depth, and each key is
read on its own.
"""

from __future__ import annotations

import importlib
import logging
import mmap
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from certaudit.evidence import Input
from certaudit.evidence.windows import system_store
from certaudit.loaders import limits
from certaudit.loaders.contents import Contents
from certaudit.loaders.deployment.installed_software import InstalledSoftware, is_product_key
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.stores import registry_log
from certaudit.loaders.stores.store_reader import StoreReader
from certaudit.printable import printable

FORMAT = "registry-hive"

_BASE = 4096
_FIRST_CELL = 32
_SIZE = 4  # of the length before each cell
_LOG_ENDINGS = (".log", ".log1", ".log2")

_ANY = "*"
_Tree = dict[str, Any]
_RECORDS: _Tree = {_ANY: {kind: {_ANY: {}} for kind in system_store.KINDS}}
_PROGRAMS: _Tree = {
    "windows": {"currentversion": {"uninstall": {_ANY: {}}, "group policy": {"state": {"machine": {}}}}},
    "sms": {"setup": {}},
}
_MICROSOFT: _Tree = _PROGRAMS | {
    "systemcertificates": _RECORDS,
    "enterprisecertificates": _RECORDS,
    "cryptography": {"services": {_ANY: {"systemcertificates": _RECORDS}}},
}
_SOFTWARE: _Tree = {
    "microsoft": _MICROSOFT,
    "policies": {"microsoft": {"systemcertificates": _RECORDS}},
    "wow6432node": {"microsoft": _PROGRAMS},
}
_PACKAGES: _Tree = {_ANY: {"software": {"microsoft": {"systemcertificates": _RECORDS}}}}
_CLASSES: _Tree = {"microsoft": {"windows": {"currentversion": {"appcontainer": {"storage": _PACKAGES}}}}}
# Where stores are below the root of a hive, in lower case: of SOFTWARE, of a user, of a user's classes.
_KEYS: _Tree = _SOFTWARE | {"software": _SOFTWARE, "local settings": {"software": _CLASSES}}


class _OverrunError(Exception):
    """The hive has led further than any sound hive does."""


class _Stream:
    """What regipy reads from: a hive in memory or mapped, with an end to the patience for its loops."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = data
        self._position = 0
        self._seeks = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._seeks += 1
        if self._seeks > limits.MAX_HIVE_SEEKS:
            raise _OverrunError
        self._position = max(0, offset + (len(self._data) if whence == 2 else self._position if whence else 0))
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        length = min(size, limits.MAX_HIVE_READ) if size >= 0 else limits.MAX_HIVE_READ
        data = self._data[self._position : self._position + length]
        self._position += len(data)
        return data


def sniff(source: Source) -> bool:
    """True for a hive, and for its transaction logs, which begin as it does."""
    return source.head[:4] == b"regf" or _is_blank_log(source)


def _is_blank_log(source: Source) -> bool:
    """A log that Windows has made and not used holds zeros, or a header and zeros."""
    return _is_named_log(source) and not source.head.strip(b"\0")


def _is_named_log(source: Source) -> bool:
    return source.ending in _LOG_ENDINGS


def load(source: Source) -> Input:
    """Every certificate and CRL of every store. Raises UnreadableError where there is none, or regipy is missing."""
    _refuse_log(source)
    if len(source.head) < _BASE:
        raise UnreadableError(f"{source.shown} is a registry hive cut off in its header: copy it again.", FORMAT)
    regipy = _regipy(source)
    reader = StoreReader(Contents(source))
    with _opened(source) as data:
        current = _brought_up_to_date(reader, data)
        walk = _Walk(regipy, reader, _Stream(current), _owner(source))
        walk.run()
    software = walk.installed.result()
    found = replace(reader.result(FORMAT), software=software, computer=walk.installed.computer)
    if not walk.has_stores and not found.software:
        reader.contents.remark(
            f"{source.shown} has no certificate store: copy the hive SOFTWARE, or NTUSER.DAT of a user."
        )
        found = replace(found, remarks=tuple(reader.contents.remarks))
    return found


def _refuse_log(source: Source) -> None:
    """Raises for a log. Only one with the name of a log is harmless: a hive with a damaged header looks like one."""
    if not (_is_blank_log(source) or registry_log.is_log(source.head)):
        return
    what = f"{source.shown} is the transaction log of a registry hive"
    if _is_named_log(source):
        raise UnreadableError(f"{what}: put it beside its hive, it is read with it.", "registry-log", harmless=True)
    raise UnreadableError(
        f"{what} under another name, or a hive with a damaged header: copy the hive again, and its logs beside it.",
        FORMAT,
    )


def _regipy(source: Source) -> Any:
    logging.getLogger("regipy").addHandler(logging.NullHandler())  # else it writes to stderr what becomes a remark here
    try:
        return importlib.import_module("regipy.registry")
    except ImportError as error:
        raise UnreadableError(
            f"{source.shown} is a registry hive, and the package that reads hives is missing: "
            "pip install 'certaudit[hive]', or export the stores with reg export.",
            FORMAT,
        ) from error


@contextmanager
def _opened(source: Source) -> Iterator[bytes | mmap.mmap]:
    """The hive; a large one stays on disk, mapped so that it can be written to without changing the file."""
    if source.content is not None or source.size > limits.MAX_HIVE:
        yield source.data
    elif source.path is None:
        with source.open() as file:
            yield file.read()
    else:
        with source.open() as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as data:
            yield data


def _brought_up_to_date(reader: StoreReader, data: bytes | mmap.mmap) -> bytes | mmap.mmap:
    """The hive with the changes in the logs beside it, where it was in use when it was copied.

    Remarks say what was done and what not.
    """
    shown = reader.contents.source.shown
    (size,) = struct.unpack("<I", data[40:44])
    if (missing := _BASE + size - len(data)) > 0:
        reader.damage(f"{shown} is cut off: {missing:,} bytes are missing at its end.")
    primary, secondary = registry_log.sequences(data[:12])
    if primary == secondary:
        return data
    logs = tuple(_logs(reader.contents.source))
    written = bytearray(data) if isinstance(data, bytes) else data
    if registry_log.replay(written, logs):
        reader.contents.remark(f"{shown} was copied while in use: the changes in its transaction logs were applied.")
    else:
        why = "none lies beside it" if not logs else "those beside it do not follow on it"
        reader.contents.lose(f"{shown} is a dirty hive, logs not applied ({why}): its last changes may be missing.")
    return bytes(written) if isinstance(written, bytearray) else written


def _logs(source: Source) -> Iterator[bytes]:
    """The transaction logs beside the hive: its name, in whatever capitals, with .LOG, .LOG1 or .LOG2."""
    name = re.split(r"[\\/]", source.name if source.path is None else source.path.name)[-1].lower()
    for log in source.beside({name + ending for ending in _LOG_ENDINGS}):
        if log.content:
            yield log.content


def _owner(source: Source) -> str:
    """Whose hive it is, by its name, else by the name in its header, under which it was once made."""
    written = source.head[48:112].decode("utf-16-le", "replace").partition("\0")[0]
    for path in (source.name, written):
        name = re.split(r"[\\/]", path.lower())[-1]
        if name.startswith(("ntuser", "usrclass")) or name == "default":
            return system_store.owner_of_file(path)
        if name.startswith("software"):
            break
    return system_store.LOCAL_MACHINE


class _Walk:
    """The keys of the certificate stores, down the tree of their names; what cannot be read becomes a remark."""

    def __init__(self, regipy: Any, reader: StoreReader, stream: _Stream, owner: str) -> None:
        self._regipy = regipy
        self._reader = reader
        self._stream = stream
        self._owner = owner
        self.installed = InstalledSoftware()
        self.has_stores = False

    def run(self) -> None:
        """Reads every record that can be reached."""
        try:
            root = self._root()
            if root is None:
                self._reader.damage("The root key of the hive cannot be read.")
                return
            for path, key in self._records(root, _KEYS, ""):
                self._take(path, key)
        except _OverrunError:
            self._reader.damage("The keys of the hive lead in circles: reading was given up.")

    def _root(self) -> Any:
        """The root key where the header says it is, else the first cell, where Windows puts it."""
        self._stream.seek(36)
        (offset,) = struct.unpack("<I", self._stream.read(4))
        return self._key(offset) or self._key(_FIRST_CELL)

    def _key(self, offset: int) -> Any:
        """The key in the cell at `offset`; None where regipy cannot read it or none is there."""
        self._stream.seek(_BASE + offset + _SIZE)
        if self._stream.read(2) != b"nk":
            return None
        try:
            place = self._regipy.Cell(offset=_BASE + offset + _SIZE + 2, cell_type="nk", size=0)
            return self._regipy.NKRecord(place, self._stream)
        except _OverrunError:
            raise
        except Exception:
            return None

    def _records(self, key: Any, tree: _Tree, path: str) -> Iterator[tuple[str, Any]]:
        """(path, key) of the keys in which the branches of `tree` end. Its depth bounds the recursion."""
        for child in self._children(key, path):
            branch = tree.get(child.name.lower(), tree.get(_ANY))
            if branch is None:
                continue
            below = f"{path}\\{child.name}" if path else child.name
            self.has_stores = self.has_stores or branch is _RECORDS
            if branch:
                yield from self._records(child, branch, below)
            else:
                yield below, child

    def _children(self, key: Any, path: str) -> Iterator[Any]:
        """The keys below `key`, each read on its own: what regipy stumbles over hides no sibling."""
        if not key.subkey_count:
            return
        found = 0
        for offset in dict.fromkeys(self._offsets(key.header.subkeys_list_offset)):
            if child := self._key(offset):
                found += 1
                yield child
        if found < key.subkey_count:
            self._stumble(path, f"{key.subkey_count - found:,} of its {key.subkey_count:,} keys cannot be read")

    def _offsets(self, place: int, *, nested: bool = False) -> Iterator[int]:
        """The offsets of keys in the list at `place`: "lf" and "lh" with a hash beside each, "li" without, and "ri",
        which lists such lists. Nothing where there is no list."""
        self._stream.seek(_BASE + place + _SIZE)
        head = self._stream.read(4)
        step = {b"lf": 8, b"lh": 8, b"li": 4, b"ri": 4}.get(head[:2])
        if step is None or len(head) < 4:
            return
        entries = self._stream.read(step * int.from_bytes(head[2:], "little"))
        for start in range(0, len(entries) - step + 1, step):
            offset = int.from_bytes(entries[start : start + 4], "little")
            if head[:2] != b"ri":
                yield offset
            elif not nested:
                yield from self._offsets(offset, nested=True)

    def _take(self, path: str, key: Any) -> None:
        try:
            values = list(islice(key.iter_values(trim_values=False), limits.MAX_HIVE_VALUES))
        except _OverrunError:
            raise
        except Exception as error:
            self._stumble(path, f"its values cannot be read ({type(error).__name__})")
            return
        if is_product_key(f"\\{path}"):
            texts = [(value.name.lower(), value.value) for value in values if isinstance(value.value, str)]
            self.installed.take(f"\\{path}", texts)
            return
        blobs = [value.value for value in values if value.name.lower() == "blob" and isinstance(value.value, bytes)]
        if not blobs and key.values_count:
            self._stumble(path, "it has no Blob that can be read")
        address = system_store.of_key(path, self._owner)
        if address is None:
            return
        for blob in blobs:
            self._reader.take(blob, address, path)

    def _stumble(self, path: str, what: str) -> None:
        self._reader.damage(f"{printable(path) or 'The root key'} is damaged: {what}.")
