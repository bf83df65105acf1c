"""OCSP responses as files (RFC 6960 4.2.1): kept as they are for the revocation checks."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import Source
from certaudit.loaders.structure import Kind
from certaudit.x509 import der


def sniff(source: Source) -> bool:
    """True for an OCSPResponse."""
    return source.kind is Kind.OCSP_RESPONSE


def load(source: Source) -> Input:
    """The response, unread."""
    contents = Contents(source)
    contents.ocsp_responses.append(der.read(source.data).raw)
    return contents.to_input("ocsp-response")
