"""Boot media: what the files on them tell, whatever they lie in (an image, a folder, a Windows image)."""

from __future__ import annotations

import codecs
import configparser
import posixpath
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from certaudit.evidence import Bootstrap, Input, Software
from certaudit.loaders import media_variables, portable_executable, wim_header
from certaudit.loaders.folder import MEDIA_VARIABLES
from certaudit.loaders.source import MATERIAL_ENDINGS, Source, UnreadableError
from certaudit.printable import printable

MAX_ENTRIES = 20_000

_BOOTSTRAP = "SMS/data/TsmBootstrap.ini"
_BOOT_IMAGE = "sources/boot.wim"
_POLICY = "sms/data/policy"
_MAX_BOOTSTRAP = 64 << 10
_MAX_NAMED = 5


class MediaFiles(ABC):
    """The files of a media by their paths, which are matched without case. `kind` is that of the evidence."""

    def __init__(self, kind: str, paths: Iterable[str], created: datetime | None = None) -> None:
        self.kind = kind
        self.created = created
        self._paths = {path.casefold(): path for path in paths}

    @property
    def paths(self) -> Iterable[str]:
        """Every path, as it is written, with slashes and none at the beginning."""
        return self._paths.values()

    def find(self, path: str) -> str | None:
        """`path` as it is written here; None where there is no such file."""
        return self._paths.get(path.casefold())

    @abstractmethod
    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """The file at `path`, as it is written here, to read in and seek. May raise UnreadableError and OSError."""

    def read(self, path: str, limit: int) -> bytes | None:
        """All bytes of a file, None where there is none of that name. Raises UnreadableError beyond `limit` bytes."""
        written = self.find(path)
        if written is None:
            return None
        with self.open(written) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise UnreadableError(
                f"{printable(written)} is bigger than the {limit:,} bytes that are read: make the media again."
            )
        return data


def load(source: Source, files: MediaFiles, format: str) -> Input:
    """The evidence on the media that `source` is. Raises UnreadableError where its variables cannot be had."""
    data = files.read(MEDIA_VARIABLES, media_variables.MAX_SIZE)
    if data is None:
        what = f"not boot media of Configuration Manager: there is no {MEDIA_VARIABLES} in it"
        raise source.refusal(what, "name the files that hold certificates", format, harmless=True)
    found = media_variables.read(source, data, files.kind)
    remarks = list(found.remarks)
    media = replace(
        found.media,
        bootstrap=_bootstrap(files, remarks),
        has_policy=any(path.casefold().startswith(_POLICY) for path in files.paths),
        created=files.created,
    )
    result = replace(found, media=media).to_input(source, format)
    remarks += _material(files)
    software = tuple(_software(files, remarks))
    return replace(result, software=software, remarks=tuple(remarks))


def _bootstrap(files: MediaFiles, remarks: list[str]) -> Bootstrap | None:
    """What TsmBootstrap.ini claims; None where there is none, or none that can be read."""
    try:
        data = files.read(_BOOTSTRAP, _MAX_BOOTSTRAP)
    except (UnreadableError, OSError):
        data = b"\0"
    if data is None:
        return None
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(_text(data))
        section = next(name for name in parser.sections() if name.casefold() == "mediainfo")
    except (configparser.Error, ValueError, StopIteration):
        remarks.append(f"{_BOOTSTRAP} cannot be read.")
        return None
    values = parser[section]  # its keys are compared without case
    return Bootstrap(values.get("MediaType"), _truth(values.get("PasswordRequired")), _truth(values.get("Unattended")))


def _text(data: bytes) -> str:
    """Text as administrators save it: UTF-8, or UTF-16 from PowerShell. Raises UnicodeDecodeError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le")
    return data.decode("utf-8-sig", "surrogateescape")


def _truth(value: str | None) -> bool | None:
    return {"true": True, "false": False}.get((value or "").strip().casefold())


def _software(files: MediaFiles, remarks: list[str]) -> Iterable[Software]:
    """Windows PE from the boot image, USMT from its program."""
    image = files.find(_BOOT_IMAGE)
    if image is not None:
        try:
            with files.open(image) as file:
                yield wim_header.boot_image(file).software(image)
        except (wim_header.WimError, UnreadableError, OSError) as error:
            remarks.append(f"The version of Windows PE is not known: {printable(image)} is {error}.")
    programs = [path for path in files.paths if posixpath.basename(path).casefold() == portable_executable.NAMES[0]]
    for path in programs[:_MAX_NAMED]:
        try:
            data = files.read(path, portable_executable.MAX_SIZE) or b""
        except (UnreadableError, OSError):
            data = b""
        yield Software("usmt", portable_executable.file_version(data), entry=path)


def _material(files: MediaFiles) -> list[str]:
    """The remark that certificate files lie on the media besides, which are not read."""
    named = [path for path in files.paths if posixpath.splitext(path)[1].casefold() in MATERIAL_ENDINGS]
    if not named:
        return []
    more = f" and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
    listed = ", ".join(map(printable, named[:_MAX_NAMED]))
    return [f"Certificate files lie on the media besides, and were not read: {listed}{more}. Name them by themselves."]
