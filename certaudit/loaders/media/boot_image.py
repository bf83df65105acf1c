"""The boot image on a media: which Windows PE it is, and whether variables are built into it.

Its header tells the first. The second takes a program that decompresses the list of its files.
"""

from __future__ import annotations

from typing import NamedTuple

from certaudit.evidence import Software
from certaudit.loaders.files import MEDIA_VARIABLES, Files
from certaudit.loaders.media import wim_header
from certaudit.loaders.media.wim_header import WimError
from certaudit.loaders.source import UnreadableError
from certaudit.printable import printable

PATH = "sources/boot.wim"


class BootImage(NamedTuple):
    """What was found: `has_variables` is None where the image was not looked into, and `remarks` say why."""

    software: tuple[Software, ...] = ()
    has_variables: bool | None = None
    remarks: tuple[str, ...] = ()


def look(files: Files) -> BootImage:
    """What the boot image of the media tells. Never raises for what is wrong with it."""
    path = files.find(PATH)
    if path is None:
        return BootImage(remarks=(f"There is no boot image on the media at {PATH}.",))
    try:
        with files.open(path) as file:
            image = wim_header.boot_image(file)
    except (WimError, UnreadableError, OSError) as error:
        return BootImage(remarks=(f"The version of Windows PE is not known: {printable(path)} is {error}.",))
    software = (image.software(path),)
    if image.is_empty:
        return BootImage(software, has_variables=False)
    try:
        return BootImage(software, _has_variables(files, path))
    except (UnreadableError, OSError) as error:
        sentence = f"{printable(path)} was not looked into for media variables of its own: {printable(str(error))}"
        return BootImage(software, remarks=(sentence.rstrip(".") + ".",))


def _has_variables(files: Files, path: str) -> bool:
    """Raises UnreadableError where no program can tell."""
    from certaudit.loaders.media import wim_tools

    with files.place(path) as place:
        tool = wim_tools.installed(place)
        if tool is None:
            raise UnreadableError(f"{wim_tools.wanted(place)} is not installed")
        try:
            return any(inside.casefold() == MEDIA_VARIABLES.casefold() for inside in tool.list(place))
        except wim_tools.ToolError as error:
            raise UnreadableError(f"it is {error}") from error
