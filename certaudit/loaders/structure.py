"""Which PKI structure some DER or BER is, told from its first elements alone, so that hostile data costs nothing."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice

from certaudit.x509 import der
from certaudit.x509.der import OBJECT_IDENTIFIER, SEQUENCE

SIGNED_DATA = "1.2.840.113549.1.7.2"


class Kind(StrEnum):
    """What a structure is, in the words of a sentence: "the file is …"."""

    CERTIFICATE = "a certificate"
    CRL = "a CRL"
    PKCS7 = "a PKCS #7 file"
    BARE_SIGNED_DATA = "PKCS #7 SignedData without its ContentInfo"
    OTHER_CMS = "a CMS message that is not signed"
    PKCS12 = "a PKCS #12 file"
    OCSP_RESPONSE = "an OCSP response"
    PRIVATE_KEY = "a private key"
    ENCRYPTED_PRIVATE_KEY = "an encrypted private key"
    PUBLIC_KEY = "a public key"
    REQUEST = "a certificate request"
    UNKNOWN = "ASN.1 data of no known kind"


def kind_of(data: bytes, offset: int = 0) -> Kind:
    """What the element at `offset` is. Raises DerError where no element is there."""
    outer = der.read(data, offset)
    if outer.tag != SEQUENCE:
        return Kind.UNKNOWN
    try:
        members = list(islice(outer, 4))
        return _by_members(members)
    except der.DerError:
        return Kind.UNKNOWN


def _by_members(members: list[der.Element]) -> Kind:
    match [member.tag for member in members]:
        case [der.OBJECT_IDENTIFIER, *_]:
            return Kind.PKCS7 if der.object_identifier(members[0]) == SIGNED_DATA else Kind.OTHER_CMS
        case [der.ENUMERATED] | [der.ENUMERATED, 0xA0]:
            return Kind.OCSP_RESPONSE
        case [der.INTEGER, der.SEQUENCE, (der.OCTET_STRING | 0x24), *_] if _begins_with_oid(members[1]):
            return Kind.PRIVATE_KEY
        case [der.INTEGER, der.SEQUENCE] | [der.INTEGER, der.SEQUENCE, der.SEQUENCE] if _begins_with_oid(members[1]):
            return Kind.PKCS12
        case [der.INTEGER, der.SET, der.SEQUENCE, *_] | [der.INTEGER, der.SEQUENCE, 0xA0, *_]:
            return Kind.BARE_SIGNED_DATA
        case [der.INTEGER, der.INTEGER, der.INTEGER, *_] | [der.INTEGER, der.OCTET_STRING, *_]:
            return Kind.PRIVATE_KEY  # RSAPrivateKey, DSA's, or ECPrivateKey (RFC 8017 A.1.2, RFC 5915 3)
        case [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING]:
            return _signed(members[0])
        case [der.SEQUENCE, der.BIT_STRING] if _begins_with_oid(members[0]):
            return Kind.PUBLIC_KEY
        case [der.SEQUENCE, der.OCTET_STRING | 0x24] if _begins_with_oid(members[0]):
            return Kind.ENCRYPTED_PRIVATE_KEY
    return Kind.UNKNOWN


def _begins_with_oid(element: der.Element) -> bool:
    return [member.tag for member in islice(element, 1)] == [OBJECT_IDENTIFIER]


def _signed(body: der.Element) -> Kind:
    """Certificate, CRL and request are all {body, algorithm, signature}: the body's first members tell them apart."""
    tags = [member.tag for member in islice(body, 5)]
    match tags:
        case [der.INTEGER, der.SEQUENCE, der.SEQUENCE] | [der.INTEGER, der.SEQUENCE, der.SEQUENCE, 0xA0, *_]:
            return Kind.REQUEST
        case [der.INTEGER, der.SEQUENCE, der.SEQUENCE, (der.UTC_TIME | der.GENERALIZED_TIME), *_]:
            return Kind.CRL
        case [der.SEQUENCE, der.SEQUENCE, (der.UTC_TIME | der.GENERALIZED_TIME), *_]:
            return Kind.CRL
    # Whatever else is signed like this counts as a certificate: its own reader says what is wrong with it.
    return Kind.CERTIFICATE
