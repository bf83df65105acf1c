"""PKCS #7 and CMS SignedData (RFC 2315, RFC 5652): the certificates and CRLs that a P7B carries."""

from __future__ import annotations

from collections.abc import Callable

from certaudit.evidence import Input
from certaudit.loaders.contents import Contents
from certaudit.loaders.signatures import SUBMIT
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.structure import Kind
from certaudit.x509 import der

_CONTENT_TYPES = {
    "1.2.840.113549.1.7.1": "data",
    "1.2.840.113549.1.7.3": "enveloped data",
    "1.2.840.113549.1.7.4": "signed and enveloped data",
    "1.2.840.113549.1.7.5": "digested data",
    "1.2.840.113549.1.7.6": "encrypted data",
    "1.2.840.113549.1.9.16.1.2": "authenticated data",
    "2.16.840.1.113730.2.5": "a Netscape certificate sequence",
}
_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"  # RFC 5940 2
_KINDS = (Kind.PKCS7, Kind.BARE_SIGNED_DATA, Kind.OTHER_CMS)


def sniff(source: Source) -> bool:
    """True for a ContentInfo of any type, and for SignedData that lacks it."""
    return source.kind in _KINDS


def load(source: Source) -> Input:
    """Every certificate and CRL. Raises UnreadableError where it holds none, or is another kind of message."""
    try:
        contents = Contents(source)
        outer = der.read(source.data)
        _signed_data(contents, _content(contents, outer))
    except der.DerError as error:
        sentence = f"{source.shown} is PKCS #7 that cannot be read ({error}): export it again."
        raise UnreadableError(sentence, "pkcs7-der") from error
    if not contents and not contents.remarks:
        raise UnreadableError(
            f"{source.shown} is PKCS #7 without any certificate or CRL: export it again.", "pkcs7-der"
        )
    return contents.to_input("pkcs7-der")


def _content(contents: Contents, outer: der.Element) -> der.Element:
    """The SignedData inside a ContentInfo (RFC 5652 3)."""
    kind = contents.source.kind
    if kind is Kind.BARE_SIGNED_DATA:  # as Wine's crypt32 writes it
        contents.remark("The PKCS #7 data lacks its ContentInfo; Windows and OpenSSL may refuse it.")
        return outer
    content_type, *content = outer.children(der.SEQUENCE)
    if kind is Kind.OTHER_CMS:
        oid = der.object_identifier(content_type)
        raise UnreadableError(
            f"{contents.source.shown} is a PKCS #7 message of another kind than signed data "
            f"({_CONTENT_TYPES.get(oid, oid)}): export the certificates as P7B or CER.",
            "pkcs7-der",
        )
    if not content:
        raise der.DerError("it has no content")
    (signed_data,) = content[0].children()[:1] or [outer]
    return signed_data


def _signed_data(contents: Contents, signed_data: der.Element) -> None:
    """RFC 5652 5.1: [0] certificates and [1] CRLs stand behind version, digest algorithms and content."""
    members = signed_data.children(der.SEQUENCE)
    _refuse_other_content(contents.source, members)
    for member in members:
        if member.tag == der.context(0):
            _each(contents, member, "certificate", _certificate)
        elif member.tag == der.context(1):
            _each(contents, member, "CRL", _crl)


def _refuse_other_content(source: Source, members: list[der.Element]) -> None:
    """Raises UnreadableError where the certificates are those of who signed a list of others, or asks for one."""
    content = next((member for member in members if member.tag == der.SEQUENCE), None)
    try:
        found = None if content is None else _OTHER_CONTENT.get(der.object_identifier(content.children()[0]))
    except (der.DerError, IndexError):
        found = None  # Wine's crypt32 leaves the type empty
    if found is not None:
        what, remedy, format = found
        raise source.refusal(what, remedy, format, harmless=True, advised=True)


_OTHER_CONTENT = {
    "1.3.6.1.4.1.311.10.1": (
        "a list of trust (STL, CTL or CAT), such as authroot.stl, which names certificates by their thumbprints and "
        "holds only those of who signed the list",
        "export the root certificates themselves (certutil -generateSSTFromWU roots.sst)",
        "certificate-trust-list",
    ),
    "1.3.6.1.5.5.7.12.2": (
        "a certificate request (CMC), not a certificate",
        SUBMIT,
        "certificate-request",
    ),
}
"""RFC 5652 5.2: the type of what is signed tells what the certificates beside it are."""


def _each(
    contents: Contents, choices: der.Element, what: str, take: Callable[[Contents, der.Element, str], None]
) -> None:
    """Gives every choice of a set to `take`; one that cannot be read hides only those whose start it hides."""
    entry = what
    try:
        for number, choice in enumerate(choices, 1):
            if number > der.MAX_CHILDREN:
                raise der.DerError(f"there are more than {der.MAX_CHILDREN:,}")
            entry = f"{what} {number}"
            take(contents, choice, entry)
    except der.DerError as error:
        contents.lose(f"What follows {entry} cannot be read ({error}).")


def _certificate(contents: Contents, choice: der.Element, entry: str) -> None:
    if choice.tag == der.SEQUENCE:
        contents.add_certificate(choice.raw, entry)
    else:  # RFC 5652 10.2.2: PKCS #6 extended and attribute certificates, and others
        contents.remark(f"{entry.capitalize()} is no X.509 public-key certificate (choice [{choice.tag & 0x1F}]).")


def _crl(contents: Contents, choice: der.Element, entry: str) -> None:
    if choice.tag == der.SEQUENCE:
        contents.add_crl(choice.raw, entry)
    elif (response := _ocsp_response(choice)) is not None:
        contents.ocsp_responses.append(response)
    else:
        contents.remark(f"{entry} is revocation information of another kind, and was not read.")


def _ocsp_response(choice: der.Element) -> bytes | None:
    """The response in an OtherRevocationInfoFormat (RFC 5652 10.2.1, RFC 5940 2)."""
    try:
        oid, info = choice
        return info.raw if der.object_identifier(oid) == _OCSP_RESPONSE else None
    except ValueError:
        return None
