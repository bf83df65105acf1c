"""Text that carries DER in Base64: what is decoded here says nothing yet of what it is."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

_MARKER = re.compile(rb"-----(BEGIN|END) ([^\r\n]{0,80}?)-----")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Block(NamedTuple):
    """One PEM block: its label, and the DER, or why there is none (`problem`)."""

    label: str
    data: bytes
    problem: str | None = None


def plain_text(data: bytes) -> bytes:
    """`data` without a byte order mark, and in one byte a character where it was UTF-16, as Notepad may save it."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3:]
    for mark, encoding in _UTF16:
        if data.startswith(mark):
            return data[2:].decode(encoding, "replace").encode("latin-1", "replace")
    if data[1:2] == b"\0" and data[:1] in b"-M" and data[0]:
        return data.decode("utf-16-le", "replace").encode("latin-1", "replace")
    if data[:1] == b"\0" and data[1:2] in (b"-", b"M"):
        return data.decode("utf-16-be", "replace").encode("latin-1", "replace")
    return data


def blocks(text: bytes) -> Iterator[Block]:
    """Every PEM block of a text, whatever stands around and between them (RFC 7468 2)."""
    begin: re.Match[bytes] | None = None
    for marker in _MARKER.finditer(text):
        if marker[1] == b"BEGIN":
            if begin is not None:
                yield Block(_label(begin), b"", "it has no END line")
            begin = marker
        elif begin is not None:
            yield _block(begin, text[begin.end() : marker.start()], marker)
            begin = None
    if begin is not None:
        yield Block(_label(begin), b"", "it has no END line, so the file may be cut off")


def _label(marker: re.Match[bytes]) -> str:
    return marker[2].decode("latin-1")


def _block(begin: re.Match[bytes], inside: bytes, end: re.Match[bytes]) -> Block:
    label = _label(begin)
    if _is_encrypted(inside):
        return Block("ENCRYPTED PRIVATE KEY", b"")
    data = decoded(_without_headers(inside))
    if data is None:
        return Block(label, b"", "its Base64 is damaged")
    if end[2] != begin[2]:
        return Block(label, data, f"its END line says {_label(end)}" if not data else None)
    return Block(label, data, None if data else "it is empty")


def _is_encrypted(inside: bytes) -> bool:
    return b"Proc-Type:" in inside[:200] and b"ENCRYPTED" in inside[:200]


def _without_headers(inside: bytes) -> bytes:
    """RFC 1421 4.6: `Name: value` lines before the Base64, as OpenSSL and PGP write them."""
    lines = inside.strip().splitlines()
    start = 0
    while start < len(lines) and (_HEADER.match(lines[start].strip()) or not lines[start].strip()):
        start += 1
    return b"\n".join(lines[start:])


def decoded(text: bytes) -> bytes | None:
    """The bytes that Base64 `text` stands for, line breaks and missing padding aside; None where it is not Base64."""
    packed = b"".join(text.split())
    if packed and not _BASE64.fullmatch(packed):
        return None
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return None
