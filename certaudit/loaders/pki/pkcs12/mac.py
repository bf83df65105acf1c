"""The MAC over a PFX: MacData with PKCS #12's own key derivation (RFC 7292 4), or PBMAC1 (RFC 9579)."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from certaudit.evidence import Protection
from certaudit.loaders.pki.pkcs12 import encryption, kdf
from certaudit.loaders.pki.pkcs12.kdf import UnsupportedError
from certaudit.loaders.pki.pkcs12.passwords import Spelling
from certaudit.x509 import der

_PBMAC1 = "1.2.840.113549.1.5.14"
_MIN_PBMAC1_KEY = 20  # RFC 9579 9: shorter ones must be refused
_HASHES = {
    "1.2.840.113549.2.2": "md2",
    "1.2.840.113549.2.4": "md4",
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "1.3.36.3.2.1": "ripemd160",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.5": "sha512_224",
    "2.16.840.1.101.3.4.2.6": "sha512_256",
    "2.16.840.1.101.3.4.2.7": "sha3_224",
    "2.16.840.1.101.3.4.2.8": "sha3_256",
    "2.16.840.1.101.3.4.2.9": "sha3_384",
    "2.16.840.1.101.3.4.2.10": "sha3_512",
}


class Mac(NamedTuple):
    """A MacData, read. `hash` is a hashlib name, None where the OID is unknown; `derivation` is that of PBMAC1."""

    oid: str
    hash: str | None
    digest: bytes
    salt: bytes
    iterations: int
    derivation: encryption.Pbkdf2 | None = None

    @property
    def protection(self) -> Protection:
        """The row of the report."""
        hash_name = f"HMAC-{self.hash.upper().replace('_', '-')}" if self.hash else f"MAC {self.oid}"
        name = f"PBMAC1 ({self.derivation}, {hash_name})" if self.derivation else hash_name
        return Protection("mac", self.oid, name, self.iterations)

    def is_made_with(self, password: Spelling, content: bytes) -> bool:
        """True where the MAC over `content` is right under `password`. Raises UnsupportedError, ValueError."""
        if self.hash is None:
            raise UnsupportedError(f"MAC {self.oid}")
        if self.derivation:
            size = self.derivation.key_length or 0
            if size < _MIN_PBMAC1_KEY:
                raise ValueError(f"a PBMAC1 key of {size} bytes proves nothing")
            key = self.derivation.derive(password.plain, size)
        else:
            size = kdf.new_hash(self.hash).digest_size
            key = kdf.pkcs12(self.hash, password.bmp, self.salt, self.iterations, kdf.MAC_KEY, size)
        computed = hmac.new(key, content, self.hash).digest()
        return hmac.compare_digest(computed, self.digest)


def mac(element: der.Element) -> Mac:
    """Reads a MacData. Raises DerError."""
    info, salt, *iterations = element.children(der.SEQUENCE)
    identifier, digest = info.children(der.SEQUENCE)
    oid_element, *parameters = identifier.children(der.SEQUENCE)
    oid = der.object_identifier(oid_element)
    if oid == _PBMAC1:
        return _pbmac1(parameters[0], digest.octets())
    count = der.integer(iterations[0]) if iterations else 1
    return Mac(oid, _HASHES.get(oid), digest.octets(), salt.octets(), count)


def _pbmac1(parameters: der.Element, digest: bytes) -> Mac:
    """RFC 9579 4: the salt and the count of MacData mean nothing, those of PBMAC1-params count."""
    derivation_id, scheme_id = parameters.children(der.SEQUENCE)
    kdf_oid, *kdf_parameters = derivation_id.children(der.SEQUENCE)
    scheme = der.object_identifier(scheme_id.children(der.SEQUENCE)[0])
    oid = der.object_identifier(kdf_oid)
    if oid != encryption.PBKDF2:
        return Mac(f"{_PBMAC1} with key derivation {oid}", None, digest, b"", 0)
    derivation = encryption.pbkdf2(kdf_parameters[0])
    return Mac(_PBMAC1, encryption._PRFS.get(scheme), digest, b"", derivation.iterations, derivation)
