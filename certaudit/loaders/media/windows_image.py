"""Windows images (WIM) as evidence: a boot image tells its Windows PE, prestaged media hold variables in the image.

The variables are compressed, so that an installed wimlib or 7-Zip has to fetch them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from certaudit.evidence import Input
from certaudit.loaders.files import MEDIA_VARIABLES, Files, Place
from certaudit.loaders.media import boot_media, wim_header, wim_tools
from certaudit.loaders.media.wim_header import Image, WimError
from certaudit.loaders.media.wim_tools import Tool, ToolError
from certaudit.loaders.source import Source, UnreadableError

FORMAT = "wim"


def sniff(source: Source) -> bool:
    """True for a Windows image."""
    return source.head.startswith(wim_header.MAGIC)


def load(source: Source) -> Input:
    """Windows PE's version, and what prestaged media hold. Raises UnreadableError where there is neither."""
    image = _image(source)
    bare = Input(source.name, FORMAT, software=(image.software(None),) if image.is_windows_pe else ())
    try:
        files = _files(source, image)
        if files.find(MEDIA_VARIABLES) is not None:
            found = boot_media.load(source, files, FORMAT)
            return replace(found, software=(*bare.software, *found.software))
    except UnreadableError as error:
        if not image.is_windows_pe:
            raise
        return replace(bare, remarks=(str(error),))
    if image.is_windows_pe:
        return bare
    what = f"a Windows image, but neither Windows PE nor boot media: there is no {MEDIA_VARIABLES} in it"
    raise source.refusal(what, "name the files that hold certificates", FORMAT, harmless=True)


def _image(source: Source) -> Image:
    try:
        with source.open() as file:
            return wim_header.boot_image(file)
    except (WimError, OSError) as error:
        raise source.refusal(str(error), "copy it again", FORMAT, harmless=False) from error


class _WindowsImage(Files):
    def __init__(self, source: Source, tool: Tool, place: Place, kind: str) -> None:
        self._source, self._tool, self._place = source, tool, place
        with _refusing(source):
            self._written = tool.list(place)
        super().__init__(kind, self._written)

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with _refusing(self._source):
            data = self._tool.read(self._place, self._written[path])
        yield BytesIO(data)


def _files(source: Source, image: Image) -> Files:
    """The files of the first image. Raises UnreadableError where no program can list them."""
    if source.path is None:
        raise source.refusal("a Windows image inside another file", "extract it and name it", FORMAT)
    place = Place(str(source.path.absolute()))
    tool = wim_tools.installed(place)
    if tool is None:
        what = f"a Windows image, which takes {wim_tools.wanted(place)} to look into for media variables"
        raise source.refusal(what, "install one, or extract the image and name the folder", FORMAT)
    return _WindowsImage(source, tool, place, "boot-image" if image.is_windows_pe else "prestaged")


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """Turns the failure of a program into an UnreadableError."""
    try:
        yield
    except ToolError as error:
        remedy = "copy it again, or extract it and name the folder"
        raise source.refusal(str(error), remedy, FORMAT, harmless=False) from error
