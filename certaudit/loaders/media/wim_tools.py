"""Programs that look into Windows images, whose contents are compressed: wimlib and 7-Zip, where one is installed."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from certaudit.loaders import limits
from certaudit.loaders.files import Place

_CHUNK = 1 << 20


class ToolError(Exception):
    """A program that failed, hung, or wrote more than 1 GiB; the message continues "it is ..."."""

    def __init__(self, program: str) -> None:
        super().__init__(f"a Windows image that {program} does not read")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: how it lists the paths in the first image, and how it writes one file to standard output."""

    program: str
    listing: Callable[[str], list[str]]
    extraction: Callable[[str, str], list[str]]
    paths: Callable[[str], Iterator[str]]
    opens_descriptors: bool

    def list(self, place: Place) -> dict[str, str]:
        """Every path in the first image, and how this program writes it. Raises ToolError."""
        text = _output([self.program, *self.listing(place.path)], place).decode("utf-8", "replace")
        return dict(map(_without_number, self.paths(text)))

    def read(self, place: Place, path: str) -> bytes:
        """The file at `path`, as this program writes it. Raises ToolError."""
        return _output([self.program, *self.extraction(place.path, path)], place)


def installed(place: Place) -> Tool | None:
    """The first program there is that can open what lies at `place`; None where there is none."""
    return next((tool for tool in _fitting(place) if shutil.which(tool.program)), None)


def wanted(place: Place) -> str:
    """The programs of which one has to be installed to look at `place`, in words."""
    return " or ".join(tool.program for tool in _fitting(place))


def _fitting(place: Place) -> Iterator[Tool]:
    return (tool for tool in TOOLS if tool.opens_descriptors or not place.descriptors)


def _wimlib_paths(listing: str) -> Iterator[str]:
    return (line[1:] for line in listing.splitlines() if line.startswith("/") and len(line) > 1)


def _seven_zip_paths(listing: str) -> Iterator[str]:
    return (
        line.removeprefix("Path = ").replace("\\", "/") for line in listing.splitlines() if line.startswith("Path = ")
    )


def _without_number(path: str) -> tuple[str, str]:
    """(path, path as the tool has it): 7-Zip puts the number of the image before it, where there are several."""
    number, _, rest = path.partition("/")
    return (rest, path) if number == "1" and rest else (path, path)


TOOLS = (
    Tool(
        "wimlib-imagex",
        lambda file: ["dir", file, "1"],
        lambda file, path: ["extract", file, "1", f"/{path}", "--to-stdout", "--no-acls"],
        _wimlib_paths,
        opens_descriptors=False,  # it asks for the full path of a file, and a descriptor has none
    ),
    Tool(
        "7z",
        lambda file: ["l", "-slt", "-ba", "--", file],
        lambda file, path: ["e", "-so", "--", file, path],
        _seven_zip_paths,
        opens_descriptors=True,
    ),
)


def _output(command: list[str], place: Place) -> bytes:
    """What a program writes to standard output, kept in memory, for a private key may be in it."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=place.descriptors,
        )
    except OSError as error:
        raise ToolError(command[0]) from error
    with process:
        watch = threading.Timer(limits.MAX_TOOL_SECONDS, process.kill)
        watch.start()
        try:
            data = _read(process.stdout)
            if len(data) > limits.MAX_TOOL_OUTPUT:
                process.kill()
            process.wait()
        finally:
            watch.cancel()
    if process.returncode or len(data) > limits.MAX_TOOL_OUTPUT:
        raise ToolError(command[0])
    return data


def _read(file: IO[bytes] | None) -> bytes:
    """All bytes, or the first beyond MAX_TOOL_OUTPUT."""
    chunks: list[bytes] = []
    size = 0
    while file is not None and size <= limits.MAX_TOOL_OUTPUT and (chunk := file.read(_CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)
