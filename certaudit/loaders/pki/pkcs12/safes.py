"""The outer layers of a PFX (RFC 7292 4): integrity, and the safes, in the clear or encrypted."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.loaders.pki.pkcs12 import encryption
from certaudit.loaders.pki.pkcs12.encryption import Scheme
from certaudit.loaders.pki.pkcs12.mac import Mac, mac
from certaudit.x509 import der

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
ENVELOPED_DATA = "1.2.840.113549.1.7.3"
ENCRYPTED_DATA = "1.2.840.113549.1.7.6"


class Safe(NamedTuple):
    """One safe: `data` is its SafeContents, or what `scheme` makes them out of. `problem`: why it cannot be had."""

    data: bytes = b""
    scheme: Scheme | None = None
    problem: str | None = None


class Outer(NamedTuple):
    """A PFX with its outer layer off: what the MAC is over, the MAC, and whether a signature stands in its place."""

    content: bytes
    mac: Mac | None
    is_signed: bool
    trailing: int


def outer(data: bytes) -> Outer:
    """RFC 7292 4: PFX ::= SEQUENCE { version, authSafe, macData }. Raises DerError."""
    pfx = der.read(data)
    _, auth_safe, *rest = pfx.children(der.SEQUENCE)
    oid_element, wrapped = auth_safe.children(der.SEQUENCE)
    oid = der.object_identifier(oid_element)
    (content,) = wrapped.children(der.context(0))
    if oid == SIGNED_DATA:  # 4: public-key integrity mode
        content = content.children(der.SEQUENCE)[2].children(der.SEQUENCE)[1].children()[0]
    elif oid != DATA:
        raise der.DerError(f"its content is of type {oid}")
    trailing = len(data[pfx.end :].strip(b"\0\r\n"))
    return Outer(content.octets(), mac(rest[0]) if rest else None, oid == SIGNED_DATA, trailing)


def safes(content: bytes) -> list[Safe]:
    """The safes of an AuthenticatedSafe (RFC 7292 4.1), in order. Raises DerError."""
    return [_safe(element) for element in der.read(content).children(der.SEQUENCE)]


def _safe(info: der.Element) -> Safe:
    try:
        oid_element, wrapped = info.children(der.SEQUENCE)
        oid = der.object_identifier(oid_element)
        (content,) = wrapped.children(der.context(0))
        if oid == DATA:
            return Safe(content.octets())
        if oid == ENCRYPTED_DATA:
            return _encrypted(content)
    except (der.DerError, ValueError, IndexError) as error:
        return Safe(problem=f"is damaged ({der.reason(error)})")
    if oid == ENVELOPED_DATA:
        return Safe(problem="is encrypted to a certificate instead of a password")
    return Safe(problem=f"is of unknown type {oid}")


def _encrypted(content: der.Element) -> Safe:
    """EncryptedData (RFC 5652 8): the ciphertext is [0] IMPLICIT OCTET STRING, in pieces where BER wrote it."""
    _, info, *_ = content.children(der.SEQUENCE)
    _, algorithm, *ciphertext = info.children(der.SEQUENCE)
    return Safe(ciphertext[0].octets() if ciphertext else b"", encryption.scheme(algorithm))
