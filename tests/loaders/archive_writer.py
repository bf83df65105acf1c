"""Writes archives for tests: ZIP, tar and tar.gz of the same files, and reads folders to compare them with."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from certaudit import loaders
from certaudit.evidence import Input
from tests.loaders.samples import PASSWORD

Files = Mapping[str, bytes] | Sequence[tuple[str | zipfile.ZipInfo | tarfile.TarInfo, bytes]]


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            assert not isinstance(name, tarfile.TarInfo)
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(str(name))
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tarred_and_packed(files: Files) -> bytes:
    return gzip.compress(tarred(files))


PACKERS: dict[str, Callable[[Files], bytes]] = {"x.zip": zipped, "x.tar": tarred, "x.tar.gz": tarred_and_packed}
every_kind = pytest.mark.parametrize("name", PACKERS)


def tree_of(folder: Path) -> dict[str, bytes]:
    """The files below a folder by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def load(path: Path, password: str | None = PASSWORD) -> tuple[Input, ...]:
    return loaders.load(path, path.name, lambda name: password)


def load_data(tmp_path: Path, name: str, data: bytes, password: str | None = PASSWORD) -> tuple[Input, ...]:
    (tmp_path / name).write_bytes(data)
    return load(tmp_path / name, password)


def found(items: Iterable[Input]) -> list[str]:
    """The SHA-1 of every certificate."""
    return [entry.certificate.sha1 for item in items for entry in item.certificates]
