"""OCSP responses as files (RFC 6960 4.2.1): kept as they are for the revocation checks, if they answer at all."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import Source
from certaudit.loaders.structure import Kind
from certaudit.x509 import der
from certaudit.x509.ocsp import ocsp_response


def sniff(source: Source) -> bool:
    """True for an OCSPResponse."""
    return source.kind is Kind.OCSP_RESPONSE


def load(source: Source) -> Input:
    """The response, as it is. Raises UnreadableError where it says nothing of any certificate."""
    contents = Contents(source)
    data = der.read(source.data).raw
    try:
        ocsp_response(data)
    except der.DerError as error:
        what = f"an OCSP response that says nothing ({error})"
        raise source.refusal(what, "ask the responder again", "ocsp-response", harmless=False) from error
    contents.ocsp_responses.append(data)
    return contents.to_input("ocsp-response")
