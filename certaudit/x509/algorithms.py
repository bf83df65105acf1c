"""Signature algorithms: which hash and which key type an object identifier means."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.x509 import der, oids

_HASHES = {
    "1.2.840.113549.2.2": "md2",
    "1.2.840.113549.2.4": "md4",
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_SIGNATURES = {
    "1.2.840.113549.1.1.2": ("md2WithRSAEncryption", "RSA", "md2"),
    "1.2.840.113549.1.1.3": ("md4WithRSAEncryption", "RSA", "md4"),
    "1.2.840.113549.1.1.4": ("md5WithRSAEncryption", "RSA", "md5"),
    "1.2.840.113549.1.1.5": ("sha1WithRSAEncryption", "RSA", "sha1"),
    "1.3.14.3.2.29": ("sha1WithRSA", "RSA", "sha1"),
    "1.2.840.113549.1.1.14": ("sha224WithRSAEncryption", "RSA", "sha224"),
    "1.2.840.113549.1.1.11": ("sha256WithRSAEncryption", "RSA", "sha256"),
    "1.2.840.113549.1.1.12": ("sha384WithRSAEncryption", "RSA", "sha384"),
    "1.2.840.113549.1.1.13": ("sha512WithRSAEncryption", "RSA", "sha512"),
    "1.2.840.10040.4.3": ("dsa-with-sha1", "DSA", "sha1"),
    "1.3.14.3.2.27": ("dsaWithSHA1", "DSA", "sha1"),
    "2.16.840.1.101.3.4.3.1": ("dsa-with-sha224", "DSA", "sha224"),
    "2.16.840.1.101.3.4.3.2": ("dsa-with-sha256", "DSA", "sha256"),
    "1.2.840.10045.4.1": ("ecdsa-with-SHA1", "EC", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa-with-SHA224", "EC", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa-with-SHA256", "EC", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa-with-SHA384", "EC", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa-with-SHA512", "EC", "sha512"),
    oids.ED25519: ("Ed25519", "Ed25519", None),
    oids.ED448: ("Ed448", "Ed448", None),
}


class SignatureAlgorithm(NamedTuple):
    """A signature algorithm: its OID, usual name, the key type that makes it and its hash in lower case.

    `key_type` and `hash` are None where the OID is unknown; `hash` is None too where the algorithm has no hash
    of its own (Ed25519). `salt_length` (bytes) and `mask_hash` (of MGF1) belong to RSASSA-PSS alone.
    """

    oid: str
    name: str
    key_type: str | None
    hash: str | None
    salt_length: int | None = None
    mask_hash: str | None = None

    @property
    def is_pss(self) -> bool:
        """True for RSASSA-PSS (RFC 4055), which Windows Server 2003 cannot verify."""
        return self.oid == oids.RSASSA_PSS


def signature_algorithm(identifier: der.Element) -> SignatureAlgorithm:
    """The algorithm that an AlgorithmIdentifier names. Raises DerError."""
    oid_element, *parameters = identifier.children(der.SEQUENCE)
    oid = der.object_identifier(oid_element)
    if oid == oids.RSASSA_PSS:
        hash_name, salt_length, mask_hash = _pss_parameters(parameters[0] if parameters else None)
        return SignatureAlgorithm(oid, "RSASSA-PSS", "RSA", hash_name, salt_length, mask_hash)
    name, key_type, hash_name = _SIGNATURES.get(oid, (oid, None, None))
    return SignatureAlgorithm(oid, name, key_type, hash_name)


def _pss_parameters(parameters: der.Element | None) -> tuple[str | None, int, str | None]:
    """Hash, salt length and mask hash of RSASSA-PSS-params (RFC 4055 3.1): SHA-1, 20 bytes, SHA-1 where left out."""
    hash_name: str | None = "sha1"
    mask_hash: str | None = "sha1"
    salt_length = 20
    for field in parameters if parameters is not None else ():
        (value,) = field
        if field.tag == der.context(0):
            hash_name = _HASHES.get(der.object_identifier(value.children(der.SEQUENCE)[0]))
        elif field.tag == der.context(1):
            _, inner = value.children(der.SEQUENCE)
            mask_hash = _HASHES.get(der.object_identifier(inner.children(der.SEQUENCE)[0]))
        elif field.tag == der.context(2):
            salt_length = der.integer(value)
    return hash_name, salt_length, mask_hash
