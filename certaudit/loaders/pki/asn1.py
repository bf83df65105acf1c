"""The formats that are DER or BER, in the order in which they are tried, and the reader that tries them."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.pki import (
    ocsp,
    pkcs7,
    pkcs12,
    private_key,
    x509,
)
from certaudit.loaders.protocol import Leaf
from certaudit.loaders.signatures import SUBMIT
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.structure import Kind
from certaudit.x509 import der

FORMATS: tuple[Leaf, ...] = (pkcs12, pkcs7, x509, ocsp, private_key)


def sniff(source: Source) -> bool:
    """True for data that begins as a SEQUENCE does; a text that begins with the digit 0 does not, nor does an element
    of a certificate store, which has its encoding (1) where a SEQUENCE has its first member."""
    begins = source.head[:2]
    if source.head[4:8] == b"\1\0\0\0":
        return False
    return begins[:1] == b"\x30" and len(begins) == 2 and (begins[1] >= 0x80 or begins[1] + 2 == source.size)


def load(source: Source) -> Input:
    """What the first format that knows the data makes of it. Raises UnreadableError where none does."""
    for format in FORMATS:
        if format.sniff(source):
            return format.load(source)
    raise _refusal(source)


def _refusal(source: Source) -> UnreadableError:
    """Why DER is none of ours: cut off, damaged, or something else."""
    try:
        der.read(source.data)
    except der.DerError as error:
        if missing := _missing(source.data):
            what = f"cut off: its first element ends {missing:,} bytes behind the end of the file"
            return UnreadableError(f"{source.shown} is {what}; copy or export it again.")
        return source.refusal(f"damaged ({error})", "copy or export it again", harmless=False)
    kind = source.kind or Kind.UNKNOWN
    format = {Kind.REQUEST: "certificate-request", Kind.PUBLIC_KEY: "public-key"}.get(kind)
    remedy = SUBMIT if kind is Kind.REQUEST else "name the certificate's own file"
    return source.refusal(f"{kind}, not a certificate", remedy, format or "unknown", harmless=format is not None)


def _missing(data: bytes) -> int:
    """How many bytes the outermost element claims beyond the end of the data."""
    count = data[1] & 0x7F if len(data) > 1 and data[1] > 0x80 else 0
    if not 1 <= count <= 4 or len(data) < 2 + count:
        return 0
    return max(0, int.from_bytes(data[2 : 2 + count], "big") + 2 + count - len(data))
