"""Boot media as an ISO image, read in place by pycdlib, an optional extra.

The wizard writes UDF beside ISO 9660, whose part may hold nothing but a note that this is UDF: so UDF is read first,
then Joliet, Rock Ridge and plain ISO 9660.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from certaudit.evidence import Input
from certaudit.loaders import limits
from certaudit.loaders.files import MEDIA_VARIABLES, Files
from certaudit.loaders.media import boot_media
from certaudit.loaders.source import Source

FORMAT = "iso"

_DESCRIPTOR = 0x8001  # where the identifier of the first volume descriptor is
_ISO_9660 = b"CD001"
_UDF_ALONE = (b"BEA01", b"NSR02", b"NSR03")
_QUARTER = timedelta(minutes=15)

# What pycdlib raises for damaged images, found by damaging some thousand of them, beside its own exception.
_DAMAGE = (IndexError, ValueError, KeyError, RecursionError, OSError, struct.error)


def sniff(source: Source) -> bool:
    """True for ISO 9660, and for UDF alone."""
    return source.head[_DESCRIPTOR : _DESCRIPTOR + 5] in (_ISO_9660, *_UDF_ALONE)


def load(source: Source) -> Input:
    """The evidence on the media. Raises UnreadableError where the image holds none or cannot be read."""
    if source.head[_DESCRIPTOR : _DESCRIPTOR + 5] != _ISO_9660:
        what = "a UDF image without ISO 9660, which cannot be read in place"
        raise source.refusal(what, "mount it and name the folder", FORMAT)
    try:
        import pycdlib
        from pycdlib.pycdlibexception import PyCdlibException
    except ImportError as error:
        what = "an ISO image, which takes the optional package pycdlib to read"
        remedy = "pip install 'certaudit[media]', or mount the image and name the folder"
        raise source.refusal(what, remedy, FORMAT) from error
    image: Any = pycdlib.PyCdlib()
    try:
        with source.open() as file:
            image.open_fp(file)
            try:
                return boot_media.load(source, _files(image, source), FORMAT)
            finally:
                image.close()
    except (PyCdlibException, *_DAMAGE) as error:
        what = "an ISO image that is damaged or unusual"
        raise source.refusal(what, "copy it again, or mount it and name the folder", FORMAT, harmless=False) from error


class _Image(Files):
    """The files in one of the views of an image; `view` is pycdlib's word for it."""

    def __init__(self, image: Any, view: str, paths: dict[str, str], created: datetime | None) -> None:
        super().__init__("iso", paths, created)
        self._image, self._view, self._real = image, view, paths

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with self._image.open_file_from_iso(**{self._view: self._real[path]}) as file:
            yield file


def _files(image: Any, source: Source) -> Files:
    """The first view that has the variables, else the first that there is."""
    views = [
        view
        for view, is_there in (
            ("udf_path", image.has_udf()),
            ("joliet_path", image.has_joliet()),
            ("rr_path", image.has_rock_ridge()),
            ("iso_path", True),
        )
        if is_there
    ]
    created = _created(image)
    found = (_Image(image, view, _paths(image, view, source), created) for view in views)
    first = next(found)
    return next((files for files in (first, *found) if files.find(MEDIA_VARIABLES)), first)


def _paths(image: Any, view: str, source: Source) -> dict[str, str]:
    """The path in the image by the path as people write it: without ISO 9660's version and trailing dot."""
    paths: dict[str, str] = {}
    for folder, _, names in image.walk(**{view: "/"}):
        if folder.count("/") > limits.MAX_FOLDER_DEPTH:
            continue
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            plain = path.rpartition(";")[0].rstrip(".") if view == "iso_path" and ";" in name else path
            paths[plain.lstrip("/")] = path
        if len(paths) > limits.MAX_MEDIA_FILES:
            what = f"an ISO image of more than {limits.MAX_MEDIA_FILES:,} files"
            raise source.refusal(what, "mount it and name the folder", FORMAT, harmless=False)
    return paths


def _created(image: Any) -> datetime | None:
    """When the volume was made, which the media cannot have been before; None where the image does not say."""
    date = image.pvd.volume_creation_date
    try:
        zone = timezone(_QUARTER * date.gmtoffset)
        moment = datetime(date.year, date.month, date.dayofmonth, date.hour, date.minute, date.second, tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, AttributeError):
        return None
