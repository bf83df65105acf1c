"""Windows images (WIM) as evidence: a boot image tells its Windows PE, prestaged media hold variables in the image.

The variables are compressed, so that an installed wimlib or 7-Zip has to fetch them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from certaudit.evidence import Input
from certaudit.loaders import boot_media, wim_header
from certaudit.loaders.boot_media import MediaFiles
from certaudit.loaders.folder import MEDIA_VARIABLES
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.wim_header import Image, WimError

FORMAT = "wim"

_SECONDS = 120
_MAX_LISTING = 64 << 20
_NO_TOOL = "neither wimlib-imagex nor 7z is installed"


@dataclass(frozen=True, slots=True)
class _Tool:
    """A program that looks into images: how it lists the paths, and how it writes one file to standard output."""

    program: str
    listing: Callable[[str], list[str]]
    extraction: Callable[[str, str], list[str]]
    paths: Callable[[str], Iterator[str]]


def _wimlib_paths(listing: str) -> Iterator[str]:
    return (line[1:] for line in listing.splitlines() if line.startswith("/") and len(line) > 1)


def _seven_zip_paths(listing: str) -> Iterator[str]:
    return (
        line.removeprefix("Path = ").replace("\\", "/") for line in listing.splitlines() if line.startswith("Path = ")
    )


_TOOLS = (
    _Tool(
        "wimlib-imagex",
        lambda file: ["dir", file, "1"],
        lambda file, path: ["extract", file, "1", f"/{path}", "--to-stdout", "--no-acls"],
        _wimlib_paths,
    ),
    _Tool(
        "7z",
        lambda file: ["l", "-slt", "-ba", "--", file],
        lambda file, path: ["e", "-so", "--", file, path],
        _seven_zip_paths,
    ),
)


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
        if source.path is None:
            return wim_header.boot_image(BytesIO(source.data))
        with source.path.open("rb") as file:
            return wim_header.boot_image(file)
    except (WimError, OSError) as error:
        raise source.refusal(str(error), "copy it again", FORMAT, harmless=False) from error


class _WindowsImage(MediaFiles):
    def __init__(self, source: Source, tool: _Tool, file: Path, kind: str) -> None:
        with _output(source, [tool.program, *tool.listing(str(file))]) as listing:
            text = listing.read(_MAX_LISTING).decode("utf-8", "replace")
        self._prefixed = dict(map(_without_number, tool.paths(text)))
        super().__init__(kind, self._prefixed)
        self._source, self._tool, self._file = source, tool, file

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        command = [self._tool.program, *self._tool.extraction(str(self._file), self._prefixed[path])]
        return _output(self._source, command)


def _without_number(path: str) -> tuple[str, str]:
    """(path, path as the tool has it): 7-Zip puts the number of the image before it, where there are several."""
    number, _, rest = path.partition("/")
    return (rest, path) if number == "1" and rest else (path, path)


def _files(source: Source, image: Image) -> MediaFiles:
    """The files of the first image. Raises UnreadableError where no program can list them."""
    tool = next((tool for tool in _TOOLS if shutil.which(tool.program)), None)
    if tool is None:
        what = f"a Windows image that was not looked into for media variables, because {_NO_TOOL}"
        raise source.refusal(what, "install one of them, or extract the image and name the folder", FORMAT)
    if source.path is None:
        raise source.refusal("a Windows image inside another file", "extract it and name it", FORMAT)
    return _WindowsImage(source, tool, source.path.absolute(), "boot-image" if image.is_windows_pe else "prestaged")


@contextmanager
def _output(source: Source, command: list[str]) -> Iterator[BinaryIO]:
    """What a program writes to standard output, as a file to read. Raises UnreadableError where it fails or hangs."""
    with tempfile.TemporaryFile() as file:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            what = f"a Windows image that {command[0]} does not read"
            remedy = "copy it again, or extract it and name the folder"
            raise source.refusal(what, remedy, FORMAT, harmless=False) from error
        file.seek(0)
        yield file
