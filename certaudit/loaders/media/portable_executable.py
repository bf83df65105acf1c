"""Programs of the deployment toolchain: the file version of scanstate.exe and loadstate.exe is that of USMT."""

from __future__ import annotations

import os
import struct

from certaudit.evidence import Input, Software
from certaudit.loaders.source import Source

FORMAT = "program"
NAMES = ("scanstate.exe", "loadstate.exe")

_FIXED_INFO = b"\xbd\x04\xef\xfe"  # signature of VS_FIXEDFILEINFO, little-endian


def sniff(source: Source) -> bool:
    """True for a program that has the name of one of USMT's."""
    return source.head.startswith(b"MZ") and os.path.basename(source.name.replace("\\", "/")).casefold() in NAMES


def load(source: Source) -> Input:
    """The version of USMT. Raises UnreadableError where the program states none."""
    version = file_version(source.data)
    if version is None:
        raise source.refusal("a program that states no version", "copy it again from its package", FORMAT)
    return Input(source.name, FORMAT, software=(Software("usmt", version),))


def file_version(program: bytes) -> str | None:
    """The file version of a program, four numbers; None where it states none."""
    position = program.find(_FIXED_INFO)
    if position < 0 or len(program) < position + 16:
        return None
    high, low = struct.unpack_from("<2I", program, position + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
