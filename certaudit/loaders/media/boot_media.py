"""Boot media: what the files on them tell, whatever they lie in (an image, a folder, a Windows image)."""

from __future__ import annotations

import codecs
import configparser
import posixpath
from collections.abc import Iterator
from dataclasses import replace

from certaudit.evidence import Bootstrap, Input, Software
from certaudit.loaders import limits
from certaudit.loaders.files import MEDIA_VARIABLES, Files
from certaudit.loaders.media import boot_image, media_variables, portable_executable
from certaudit.loaders.source import MATERIAL_ENDINGS, Source, UnreadableError
from certaudit.printable import printable

_BOOTSTRAP = "SMS/data/TsmBootstrap.ini"
_POLICY = "sms/data/policy"


def load(source: Source, files: Files, format: str) -> Input:
    """The evidence on the media that `source` is. Raises UnreadableError where its variables cannot be had."""
    data = files.read(MEDIA_VARIABLES, limits.MAX_VARIABLES)
    if data is None:
        what = f"not boot media of Configuration Manager: there is no {MEDIA_VARIABLES} in it"
        raise source.refusal(what, "name the files that hold certificates", format, harmless=True)
    found = media_variables.read(source, data, files.kind)
    remarks = list(found.remarks)
    image = boot_image.look(files)
    media = replace(
        found.media,
        bootstrap=_bootstrap(files, remarks),
        has_policy=any(path.casefold().startswith(_POLICY) for path in files.paths),
        created=files.created,
        boot_image_has_variables=image.has_variables,
    )
    result = replace(found, media=media).to_input(source, format)
    remarks += (*_material(files), *image.remarks)
    return replace(result, software=(*image.software, *_usmt(files)), remarks=tuple(remarks))


def _bootstrap(files: Files, remarks: list[str]) -> Bootstrap | None:
    """What TsmBootstrap.ini claims; None where there is none, or none that can be read."""
    try:
        data = files.read(_BOOTSTRAP, limits.MAX_BOOTSTRAP)
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


def _usmt(files: Files) -> Iterator[Software]:
    """USMT, from its program."""
    programs = [path for path in files.paths if posixpath.basename(path).casefold() == portable_executable.NAMES[0]]
    for path in programs[: limits.MAX_NAMED]:
        try:
            data = files.read(path, limits.MAX_PROGRAM) or b""
        except (UnreadableError, OSError):
            data = b""
        yield Software("usmt", portable_executable.file_version(data), entry=path)


def _material(files: Files) -> list[str]:
    """The remark that certificate files lie on the media besides, which are not read."""
    named = [path for path in files.paths if posixpath.splitext(path)[1].casefold() in MATERIAL_ENDINGS]
    if not named:
        return []
    more = f" and {len(named) - limits.MAX_NAMED} more" if len(named) > limits.MAX_NAMED else ""
    listed = ", ".join(map(printable, named[: limits.MAX_NAMED]))
    return [f"Certificate files lie on the media besides, and were not read: {listed}{more}. Name them by themselves."]
