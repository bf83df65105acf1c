"""PKCS #12 files that no program would write, put together piece by piece (RFC 7292).

Keys are derived with hashlib and encrypted with cryptography, so that nothing here leans on the code under test. Only
the key derivation of PKCS #12 itself is borrowed, which files of OpenSSL, NSS and Java hold to account elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from certaudit.loaders.pki.pkcs12 import kdf
from certaudit.x509 import der
from certaudit.x509.name import der_encode

DATA = "1.2.840.113549.1.7.1"
ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
BAG = "1.2.840.113549.1.12.10.1."
SHA1 = "1.3.14.3.2.26"
SALT = b"salt of 16 bytes"


def sequence(*members: bytes) -> bytes:
    return der_encode(der.SEQUENCE, b"".join(members))


def integer(number: int) -> bytes:
    return der_encode(der.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(data: bytes) -> bytes:
    return der_encode(der.OCTET_STRING, data)


def oid(dotted: str) -> bytes:
    first, second, *arcs = map(int, dotted.split("."))
    encoded = bytearray()
    for arc in (40 * first + second, *arcs):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        encoded += bytes(reversed(groups))
    return der_encode(der.OBJECT_IDENTIFIER, bytes(encoded))


def explicit(*members: bytes) -> bytes:
    return der_encode(der.context(0), b"".join(members))


def attribute(dotted: str, value: bytes) -> bytes:
    return sequence(oid(dotted), der_encode(der.SET, value))


def friendly_name(content: bytes) -> bytes:
    return attribute("1.2.840.113549.1.9.20", der_encode(der.BMP_STRING, content))


def local_key_id(value: bytes) -> bytes:
    return attribute("1.2.840.113549.1.9.21", octets(value))


def bag(kind: int, value: bytes, *attributes: bytes) -> bytes:
    tail = [der_encode(der.SET, b"".join(attributes))] if attributes else []
    return sequence(oid(f"{BAG}{kind}"), explicit(value), *tail)


def certificate_bag(certificate: bytes, *attributes: bytes) -> bytes:
    return bag(3, sequence(oid("1.2.840.113549.1.9.22.1"), explicit(octets(certificate))), *attributes)


def crl_bag(crl: bytes) -> bytes:
    return bag(4, sequence(oid("1.2.840.113549.1.9.23.1"), explicit(octets(crl))))


def key_bag(key: bytes, *attributes: bytes) -> bytes:
    return bag(1, key, *attributes)


def shrouded_bag(key: bytes, password: bytes, *attributes: bytes, iterations: int = 10) -> bytes:
    algorithm, data = pbes2(key, password, iterations)
    return bag(2, sequence(algorithm, octets(data)), *attributes)


def pbes2(data: bytes, password: bytes, iterations: int = 10, claimed: int | None = None) -> tuple[bytes, bytes]:
    """AlgorithmIdentifier of PBES2 with PBKDF2 and AES-256, and `data` under it; may claim other iterations."""
    key = hashlib.pbkdf2_hmac("sha1", password, SALT, iterations, 32)
    derivation = sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(SALT), integer(claimed or iterations)))
    return _pbes2(derivation), _aes(key, data)


def pbes2_scrypt(data: bytes, password: bytes, n: int, r: int, p: int, *, real: bool = True) -> tuple[bytes, bytes]:
    """The same with scrypt (RFC 7914); without `real`, the data is under another key."""
    key = hashlib.scrypt(password, salt=SALT, n=n, r=r, p=p, dklen=32) if real else bytes(32)
    derivation = sequence(oid("1.3.6.1.4.1.11591.4.11"), sequence(octets(SALT), integer(n), integer(r), integer(p)))
    return _pbes2(derivation), _aes(key, data)


def _pbes2(derivation: bytes) -> bytes:
    cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(bytes(16)))
    return sequence(oid("1.2.840.113549.1.5.13"), sequence(derivation, cipher))


def _aes(key: bytes, data: bytes) -> bytes:
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def safe(*bags: bytes) -> bytes:
    return sequence(oid(DATA), explicit(octets(sequence(*bags))))


def encrypted_safe(algorithm: bytes, data: bytes) -> bytes:
    info = sequence(oid(DATA), algorithm, der_encode(der.context(0, constructed=False), data))
    return sequence(oid(ENCRYPTED_DATA), explicit(sequence(integer(0), info)))


def sealed_safe(password: bytes, *bags: bytes, iterations: int = 10) -> bytes:
    return encrypted_safe(*pbes2(sequence(*bags), password, iterations))


def pfx(*safes: bytes, mac_password: bytes | None = None, iterations: int = 10, claimed: int | None = None) -> bytes:
    """A PFX; `mac_password` is the BMPString with its terminator, None for no MAC."""
    content = sequence(*safes)
    members = [integer(3), sequence(oid(DATA), explicit(octets(content)))]
    if mac_password is not None:
        key = kdf.pkcs12("sha1", mac_password, SALT, iterations, kdf.MAC_KEY, 20)
        digest = hmac.digest(key, content, "sha1")
        info = sequence(sequence(oid(SHA1)), octets(digest))
        members.append(sequence(info, octets(SALT), integer(claimed or iterations)))
    return sequence(*members)


def pfx_with_pbmac1(password: bytes, *safes: bytes, key_length: int = 32) -> bytes:
    """A PFX whose MAC is PBMAC1 (RFC 9579) with HMAC-SHA-256 and PBKDF2 under HMAC-SHA-512."""
    content = sequence(*safes)
    digest = hmac.digest(hashlib.pbkdf2_hmac("sha512", password, SALT, 7, key_length), content, "sha256")
    prf = sequence(oid("1.2.840.113549.2.11"))
    derivation = sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(SALT), integer(7), integer(key_length), prf))
    algorithm = sequence(oid("1.2.840.113549.1.5.14"), sequence(derivation, sequence(oid("1.2.840.113549.2.9"))))
    mac_data = sequence(sequence(algorithm, octets(digest)), octets(b"unused"), integer(1))
    return sequence(integer(3), sequence(oid(DATA), explicit(octets(content))), mac_data)


def bmp(password: str) -> bytes:
    return password.encode("utf-16-be") + b"\0\0"
