"""Certificates for tests, put together in DER: any field may be overridden, however odd, and nothing is validated.

    certificate(subject="CN=mp01.contoso.com", extensions=[key_usage("digitalSignature")])

The signature is a dummy unless `signer` is a private key; `key` may be a private key, a public key or raw
SubjectPublicKeyInfo. An empty subject is "". Names are written as RFC 4514 has them, last attribute first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.extensions import KEY_USAGE_BITS

_KEYWORDS = {
    "CN": "2.5.4.3",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "DC": "0.9.2342.19200300.100.1.25",
    "E": "1.2.840.113549.1.9.1",
}
_RSA_SIGNATURES = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha224": "1.2.840.113549.1.1.14",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
_ECDSA_SIGNATURES = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3"}
_DSA_SIGNATURES = {"sha1": "1.2.840.10040.4.3", "sha256": "2.16.840.1.101.3.4.3.2"}
_HASHES: dict[str, Any] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}

NOT_BEFORE = datetime(2009, 6, 1, 8, tzinfo=UTC)
NOT_AFTER = datetime(2011, 6, 1, 8, tzinfo=UTC)


# --- DER --------------------------------------------------------------------------------------------------------------


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for arc in (first * 40 + second, *rest):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(octets))
    return tlv(0x06, content)


def time(instant: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5)."""
    if 1950 <= instant.year < 2050:
        return tlv(0x17, instant.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, f"{instant.year:04d}{instant:%m%d%H%M%SZ}".encode())


# --- Names ------------------------------------------------------------------------------------------------------------


def name(text: str, tag: int = 0x0C) -> bytes:
    """The Name that RFC 4514 `text` stands for, its values in strings of type `tag` (0x1E: BMPString)."""
    parts = re.split(r"(?<!\\),", text) if text else []
    return sequence(*(tlv(0x31, attribute(part, tag)) for part in reversed(parts)))


def attribute(part: str, tag: int = 0x0C) -> bytes:
    """One attribute of a relative distinguished name, such as `CN=name`."""
    keyword, _, value = part.partition("=")
    value = re.sub(r"\\(.)", r"\1", value)
    content = value.encode("utf-16-be" if tag == 0x1E else "utf-8", "surrogatepass")
    return sequence(oid(_KEYWORDS.get(keyword, keyword)), tlv(tag, content))


def general_name(text: str) -> bytes:
    """`DNS:`, `email:`, `URI:`, `UPN:` or `dir:` and the value."""
    kind, _, value = text.partition(":")
    match kind:
        case "DNS" | "email" | "URI":
            return tlv({"email": 0x81, "DNS": 0x82, "URI": 0x86}[kind], value.encode())
        case "UPN":
            return tlv(0xA0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xA0, tlv(0x0C, value.encode())))
        case "dir":
            return tlv(0xA4, name(value))
    raise ValueError(text)


# --- Extensions -------------------------------------------------------------------------------------------------------


def extension(identifier: str, value: bytes, *, critical: bool = False) -> bytes:
    return sequence(oid(identifier), tlv(0x01, b"\xff") if critical else b"", tlv(0x04, value))


def key_usage(*bits: str, critical: bool = False) -> bytes:
    numbers = [KEY_USAGE_BITS.index(bit) for bit in bits]
    value = sum(1 << (15 - number) for number in numbers).to_bytes(2, "big")
    last = max(numbers, default=0)
    octets = value[: last // 8 + 1] if numbers else b""
    unused = 7 - last % 8 if numbers else 0
    return extension(oids.KEY_USAGE, tlv(0x03, bytes([unused]), octets), critical=critical)


def extended_key_usage(*purposes: str, critical: bool = False) -> bytes:
    return extension(oids.EXTENDED_KEY_USAGE, sequence(*map(oid, purposes)), critical=critical)


def application_policies(*purposes: str) -> bytes:
    return extension(oids.MS_APPLICATION_POLICIES, sequence(*(sequence(oid(purpose)) for purpose in purposes)))


def alternative_names(*names: str, critical: bool = False) -> bytes:
    return extension(oids.SUBJECT_ALTERNATIVE_NAME, sequence(*map(general_name, names)), critical=critical)


def basic_constraints(*, ca: bool, path_length: int | None = None, critical: bool = True) -> bytes:
    fields = (tlv(0x01, b"\xff") if ca else b"", b"" if path_length is None else integer(path_length))
    return extension(oids.BASIC_CONSTRAINTS, sequence(*fields), critical=critical)


def distribution_points(*urls: str) -> bytes:
    points = (sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, url.encode())))) for url in urls)
    return extension(oids.CRL_DISTRIBUTION_POINTS, sequence(*points))


def template_name(text: str) -> bytes:
    return extension(oids.MS_TEMPLATE_NAME, tlv(0x1E, text.encode("utf-16-be")))


def template(identifier: str, major: int | None = None, minor: int | None = None) -> bytes:
    versions = (integer(number) for number in (major, minor) if number is not None)
    return extension(oids.MS_TEMPLATE, sequence(oid(identifier), *versions))


# --- Keys and certificates --------------------------------------------------------------------------------------------


def rsa_key(bits: int = 2048, exponent: int = 65537) -> bytes:
    """SubjectPublicKeyInfo of an RSA key of that size, which has no private half."""
    modulus = (1 << (bits - 1)) | 0x1234567 | 1
    key = tlv(0x03, b"\x00", sequence(integer(modulus), integer(exponent)))
    return sequence(sequence(oid(oids.RSA), b"\x05\x00"), key)


def ec_key() -> bytes:
    """SubjectPublicKeyInfo of a P-256 key (its generator)."""
    point = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    return _spki(point)


def _spki(key: Any) -> bytes:
    if isinstance(key, bytes):
        return key
    public = key.public_key() if hasattr(key, "public_key") else key
    encoded: bytes = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded


def certificate_der(
    *,
    subject: str | bytes = "CN=mp01.contoso.com",
    issuer: str | bytes = "CN=Contoso Issuing CA 1,DC=contoso,DC=com",
    serial: int = 0x610A3C11000000000005,
    not_before: datetime = NOT_BEFORE,
    not_after: datetime = NOT_AFTER,
    key: Any = None,
    extensions: Iterable[bytes] = (),
    hash: str = "sha1",
    version: int = 3,
    signer: Any = None,
    signature: bytes = b"\x00" * 16,
) -> bytes:
    """The DER of a certificate. `subject` and `issuer` may be raw DER; `signer` is a private key that really signs."""
    algorithm = _algorithm(hash, signer)
    extensions = tuple(extensions)
    tbs = sequence(
        tlv(0xA0, integer(version - 1)) if version > 1 else b"",
        integer(serial),
        algorithm,
        issuer if isinstance(issuer, bytes) else name(issuer),
        sequence(time(not_before), time(not_after)),
        subject if isinstance(subject, bytes) else name(subject),
        rsa_key() if key is None else _spki(key),
        tlv(0xA3, sequence(*extensions)) if extensions else b"",
    )
    return sequence(tbs, algorithm, tlv(0x03, b"\x00", signature if signer is None else _signed(tbs, hash, signer)))


def certificate(**fields: Any) -> Certificate:
    """The certificate; `fields` as certificate_der takes them."""
    return Certificate(certificate_der(**fields))


def _algorithm(hash_name: str, signer: Any) -> bytes:
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return sequence(oid(_ECDSA_SIGNATURES[hash_name]))
    if isinstance(signer, dsa.DSAPrivateKey):
        return sequence(oid(_DSA_SIGNATURES[hash_name]))
    return sequence(oid(_RSA_SIGNATURES[hash_name]), b"\x05\x00")


def _signed(tbs: bytes, hash_name: str, signer: Any) -> bytes:
    algorithm = _HASHES[hash_name]()
    made: bytes
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        made = signer.sign(tbs, ec.ECDSA(algorithm))
    elif isinstance(signer, rsa.RSAPrivateKey):
        made = signer.sign(tbs, padding.PKCS1v15(), algorithm)
    else:
        made = signer.sign(tbs, algorithm)
    return made
