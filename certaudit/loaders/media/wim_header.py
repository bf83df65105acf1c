"""Windows images (WIM): which Windows is in them, as header and XML say. Nothing is decompressed.

Header and XML are documented in Microsoft's WIM white paper and stay in the clear in compressed images too.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import BinaryIO
from xml.etree import ElementTree

from certaudit.evidence import Software
from certaudit.loaders import limits

MAGIC = b"MSWIM\0\0\0"

_SIZE = 208
_BEING_WRITTEN = 0x40
_PACKED = 0x04 | 0x10  # flags of a resource: compressed, or in a solid block
_ARCHITECTURES = {"0": "x86", "5": "ARM", "6": "ia64", "9": "x64", "12": "ARM64"}
WINDOWS_PE = "WindowsPE"


class WimError(ValueError):
    """An image that cannot be read; the message continues "it is …"."""


@dataclass(frozen=True, slots=True)
class Image:
    """The image that boots, or the first: what its XML says, None where it does not.

    `is_empty` is True where the file holds no contents of any image.
    """

    version: str | None
    architecture: str | None
    edition: str | None
    is_empty: bool = False

    @property
    def is_windows_pe(self) -> bool:
        """True where the image says so itself."""
        return self.edition == WINDOWS_PE

    def software(self, entry: str | None) -> Software:
        """The image as a part of the toolchain, found at `entry`."""
        return Software("windows-pe", self.version, self.architecture, entry)


def boot_image(file: BinaryIO) -> Image:
    """The image in a seekable file. Raises WimError, and what reading the file raises."""
    head = file.read(_SIZE)
    if len(head) < _SIZE or not head.startswith(MAGIC):
        raise WimError("not a Windows image")
    size, _version, flags = struct.unpack_from("<3I", head, 0x08)
    packed, offset, length = struct.unpack_from("<3Q", head, 0x48)
    number = struct.unpack_from("<I", head, 0x78)[0] or 1
    if size != _SIZE:
        raise WimError(f"a Windows image with a header of {size} bytes, which is not known")
    if flags & _BEING_WRITTEN:
        raise WimError("a Windows image whose writing was broken off")
    if packed >> 56 & _PACKED or not 0 < length <= limits.MAX_WIM_DESCRIPTION:
        raise WimError("a Windows image whose description is packed or has no sensible size")
    if offset >> 63:
        raise WimError("a Windows image that is cut off")
    file.seek(offset)
    text = file.read(length)
    if len(text) != length:
        raise WimError("a Windows image that is cut off")
    return replace(_image(text, str(number)), is_empty=_contents(head) == 0)


def _contents(head: bytes) -> int:
    """The size in bytes of the table that lists everything stored, which is 0 where nothing is."""
    size: int = struct.unpack_from("<Q", head, 0x30)[0] & (1 << 56) - 1
    return size


def _image(text: bytes, number: str) -> Image:
    try:
        decoded = text.decode("utf-16-le").removeprefix("\ufeff").rstrip("\0")
        if "<!DOCTYPE" in decoded.upper():
            raise WimError("a Windows image whose description declares a document type")
        root = ElementTree.fromstring(decoded)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise WimError("a Windows image whose description is damaged") from error
    images = {element.get("INDEX"): element for element in root.iter("IMAGE")}
    windows = images[number].find("WINDOWS") if number in images else None
    if windows is None:
        return Image(None, None, None)
    parts = [(windows.findtext(f"VERSION/{name}") or "").strip() for name in ("MAJOR", "MINOR", "BUILD", "SPBUILD")]
    architecture = (windows.findtext("ARCH") or "").strip()
    return Image(
        version=".".join(part for part in parts if part.isdecimal()) or None,
        architecture=_ARCHITECTURES.get(architecture),
        edition=(windows.findtext("INSTALLATIONTYPE") or windows.findtext("EDITIONID") or "").strip() or None,
    )
