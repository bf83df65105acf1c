"""Certificates and CRLs as DER: one, or several one after another."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders import limits
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import Source
from certaudit.loaders.structure import Kind, kind_of
from certaudit.x509 import der


def sniff(source: Source) -> bool:
    """True where the first element is a certificate or a CRL."""
    return source.kind in (Kind.CERTIFICATE, Kind.CRL)


def load(source: Source) -> Input:
    """Every certificate and CRL. Raises UnreadableError where not one can be read."""
    contents = Contents(source)
    data = source.data
    first = der.read(data)
    several = first.end < len(data)
    offset = 0
    while offset < len(data) and len(contents.remarks) < limits.MAX_UNREADABLE:
        offset = _element(contents, offset, several)
    return contents.to_input("crl-der" if contents.crls and not contents.certificates else "x509-der")


def _element(contents: Contents, offset: int, several: bool) -> int:
    """Takes up the element at `offset`; where the next one starts."""
    data = contents.source.data
    try:
        element = der.read(data, offset)
        kind = kind_of(data, offset) if offset else contents.source.kind
    except der.DerError:
        if rest := data[offset:].strip(b"\0\r\n \x1a"):  # padding of one kind or another says nothing
            contents.lose(f"{len(rest):,} bytes after byte {offset:,} are neither a certificate nor a CRL.")
        return len(data)
    number = len(contents.certificates) + len(contents.crls) + len(contents.remarks) + 1
    if kind is Kind.CRL:
        contents.add_crl(element.raw, f"CRL {number}" if several else None)
    elif kind is Kind.CERTIFICATE:
        contents.add_certificate(element.raw, f"certificate {number}" if several else None)
    elif element.raw.strip(b"\0"):
        contents.lose(f"The {element.end - offset:,} bytes after byte {offset:,} are {kind}, and were not read.")
    return element.end
