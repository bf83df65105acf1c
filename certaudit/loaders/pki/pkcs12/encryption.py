"""The encryption of a key or of a safe: what its AlgorithmIdentifier means, and its undoing.

PKCS #12's own schemes (RFC 7292 C), PBES1 and PBES2 (RFC 8018 6, A.2 to A.4), with the ciphers that programs put in.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple

from certaudit.evidence import Protection
from certaudit.loaders import limits
from certaudit.loaders.pki.pkcs12 import kdf, rc2
from certaudit.loaders.pki.pkcs12.kdf import Budget, UnsupportedError
from certaudit.loaders.pki.pkcs12.passwords import Spelling
from certaudit.x509 import der

PBES2 = "1.2.840.113549.1.5.13"
PBKDF2 = "1.2.840.113549.1.5.12"
SCRYPT = "1.3.6.1.4.1.11591.4.11"

_PRFS = {
    "1.3.6.1.5.5.8.1.1": "md5",
    "1.2.840.113549.2.6": "md5",
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
    "1.2.840.113549.2.12": "sha512_224",
    "1.2.840.113549.2.13": "sha512_256",
    "2.16.840.1.101.3.4.2.13": "sha3_224",
    "2.16.840.1.101.3.4.2.14": "sha3_256",
    "2.16.840.1.101.3.4.2.15": "sha3_384",
    "2.16.840.1.101.3.4.2.16": "sha3_512",
    "1.2.156.10197.1.401.3.1": "sm3",
}


class Cipher(NamedTuple):
    """A cipher: `name` for reports, `algorithm` in cryptography, key size and block (IV) size in bytes."""

    name: str
    algorithm: str
    key: int
    block: int
    effective_bits: int = 0

    @property
    def bits(self) -> int:
        """How many bits of the key count: of each byte of a DES key one is parity, RC2 may be told to use fewer."""
        return self.key * 7 if self.algorithm == "TripleDES" else self.effective_bits or self.key * 8


class Scheme(NamedTuple):
    """A way of encrypting under a password, its parameters read: how it shows, what it costs, how it is undone."""

    oid: str
    name: str
    iterations: int | None
    charge: Callable[[Budget], None]
    keys: Callable[[Spelling], tuple[bytes, bytes]] | None
    cipher: Cipher | None

    def protection(self, target: str) -> Protection:
        """The row of the report."""
        return Protection(target, self.oid, self.name, self.iterations, self.cipher.bits if self.cipher else None)

    def decrypt(self, data: bytes, password: Spelling) -> bytes:
        """`data` in the clear. Raises UnsupportedError, or ValueError where password or data are wrong."""
        if self.keys is None or self.cipher is None:
            raise UnsupportedError(self.name)
        key, iv = self.keys(password)
        return _unpadded(_decrypted(self.cipher, key, iv, data), self.cipher.block)


_TRIPLE_DES = Cipher("3DES", "TripleDES", 24, 8)
_PKCS12 = {
    "1.2.840.113549.1.12.1.1": ("pbeWithSHAAnd128BitRC4", Cipher("RC4-128", "ARC4", 16, 0)),
    "1.2.840.113549.1.12.1.2": ("pbeWithSHAAnd40BitRC4", Cipher("RC4-40", "ARC4", 5, 0)),
    "1.2.840.113549.1.12.1.3": ("pbeWithSHAAnd3-KeyTripleDES-CBC", _TRIPLE_DES),
    "1.2.840.113549.1.12.1.4": ("pbeWithSHAAnd2-KeyTripleDES-CBC", Cipher("2DES", "TripleDES", 16, 8)),
    "1.2.840.113549.1.12.1.5": ("pbeWithSHAAnd128BitRC2-CBC", Cipher("RC2-128", "RC2", 16, 8, 128)),
    "1.2.840.113549.1.12.1.6": ("pbeWithSHAAnd40BitRC2-CBC", Cipher("RC2-40", "RC2", 5, 8, 40)),
}
_DES = Cipher("DES", "TripleDES", 8, 8)
_RC2_64 = Cipher("RC2-64", "RC2", 8, 8, 64)
_PBES1 = {
    "1.2.840.113549.1.5.1": ("pbeWithMD2AndDES-CBC", "md2", _DES),
    "1.2.840.113549.1.5.3": ("pbeWithMD5AndDES-CBC", "md5", _DES),
    "1.2.840.113549.1.5.4": ("pbeWithMD2AndRC2-CBC", "md2", _RC2_64),
    "1.2.840.113549.1.5.6": ("pbeWithMD5AndRC2-CBC", "md5", _RC2_64),
    "1.2.840.113549.1.5.10": ("pbeWithSHA1AndDES-CBC", "sha1", _DES),
    "1.2.840.113549.1.5.11": ("pbeWithSHA1AndRC2-CBC", "sha1", _RC2_64),
}
_RC2_CBC = "1.2.840.113549.3.2"
_CIPHERS = {
    "1.3.14.3.2.7": Cipher("DES-CBC", "TripleDES", 8, 8),
    "1.2.840.113549.3.7": Cipher("3DES-CBC", "TripleDES", 24, 8),
    "2.16.840.1.101.3.4.1.2": Cipher("AES-128-CBC", "AES", 16, 16),
    "2.16.840.1.101.3.4.1.22": Cipher("AES-192-CBC", "AES", 24, 16),
    "2.16.840.1.101.3.4.1.42": Cipher("AES-256-CBC", "AES", 32, 16),
    "1.2.392.200011.61.1.1.1.2": Cipher("Camellia-128-CBC", "Camellia", 16, 16),
    "1.2.392.200011.61.1.1.1.3": Cipher("Camellia-192-CBC", "Camellia", 24, 16),
    "1.2.392.200011.61.1.1.1.4": Cipher("Camellia-256-CBC", "Camellia", 32, 16),
    "1.2.410.200004.1.4": Cipher("SEED-CBC", "SEED", 16, 16),
    "1.2.156.10197.1.104.2": Cipher("SM4-CBC", "SM4", 16, 16),
}


def scheme(identifier: der.Element) -> Scheme:
    """What an encryption AlgorithmIdentifier means. Raises DerError; an unknown OID is a Scheme that cannot decrypt."""
    oid_element, *parameters = identifier.children(der.SEQUENCE)
    oid = der.object_identifier(oid_element)
    if oid == PBES2:
        return _pbes2(parameters[0])
    if oid in _PKCS12 or oid in _PBES1:
        salt, iterations = _salt_and_iterations(parameters[0])
        return _pkcs12(oid, salt, iterations) if oid in _PKCS12 else _pbes1(oid, salt, iterations)
    return _unknown(oid, f"encryption {oid}")


def _unknown(oid: str, name: str, iterations: int | None = None) -> Scheme:
    return Scheme(oid, name, iterations, lambda budget: None, None, None)


def _salt_and_iterations(parameters: der.Element) -> tuple[bytes, int]:
    salt, iterations = parameters.children(der.SEQUENCE)[:2]
    return salt.octets(), der.integer(iterations)


def _pkcs12(oid: str, salt: bytes, iterations: int) -> Scheme:
    name, cipher = _PKCS12[oid]

    def keys(password: Spelling) -> tuple[bytes, bytes]:
        key = kdf.pkcs12("sha1", password.bmp, salt, iterations, kdf.KEY, cipher.key)
        return key, kdf.pkcs12("sha1", password.bmp, salt, iterations, kdf.IV, cipher.block)

    return Scheme(oid, name, iterations, lambda budget: budget.charge(iterations), keys, cipher)


def _pbes1(oid: str, salt: bytes, iterations: int) -> Scheme:
    name, hash_name, cipher = _PBES1[oid]

    def keys(password: Spelling) -> tuple[bytes, bytes]:
        derived = kdf.pbkdf1(hash_name, password.plain, salt, iterations, 16)
        return derived[:8], derived[8:]

    return Scheme(oid, name, iterations, lambda budget: budget.charge(iterations), keys, cipher)


def _pbes2(parameters: der.Element) -> Scheme:
    derivation, encryption = parameters.children(der.SEQUENCE)
    cipher_oid, *cipher_parameters = encryption.children(der.SEQUENCE)
    cipher, iv = _cipher(der.object_identifier(cipher_oid), cipher_parameters)
    kdf_oid, *kdf_parameters = derivation.children(der.SEQUENCE)
    oid = der.object_identifier(kdf_oid)
    cipher_name = cipher.name if cipher else f"encryption {der.object_identifier(cipher_oid)}"
    if oid == PBKDF2:
        return _with_pbkdf2(kdf_parameters[0], cipher, cipher_name, iv)
    if oid == SCRYPT:
        return _with_scrypt(kdf_parameters[0], cipher, cipher_name, iv)
    return _unknown(PBES2, f"PBES2 (key derivation {oid}, {cipher_name})")


def _cipher(oid: str, parameters: list[der.Element]) -> tuple[Cipher | None, bytes]:
    if oid == _RC2_CBC:
        return _rc2(parameters[0])
    cipher = _CIPHERS.get(oid)
    return cipher, parameters[0].octets() if cipher else b""


def _rc2(parameters: der.Element) -> tuple[Cipher, bytes]:
    """RFC 8018 B.2.3: a version that stands for the effective key bits, 32 of them where it is left out, and the IV."""
    *version, iv = parameters.children(der.SEQUENCE)
    number = der.integer(version[0]) if version else None
    bits = {None: 32, 160: 40, 120: 64, 58: 128}.get(number, number or 0)
    if not 0 < bits <= 1024:
        raise der.DerError(f"RC2 with {bits} effective bits")
    return Cipher(f"RC2-CBC with {bits} bits", "RC2", (bits + 7) // 8, 8, bits), iv.octets()


class Pbkdf2(NamedTuple):
    """PBKDF2-params (RFC 8018 A.2): `prf` is a hashlib name, None where the OID `prf_oid` is unknown."""

    salt: bytes
    iterations: int
    key_length: int | None
    prf: str | None
    prf_oid: str

    def derive(self, password: bytes, size: int) -> bytes:
        """The key. Raises UnsupportedError, ValueError."""
        if self.prf is None:
            raise UnsupportedError(f"PBKDF2 with pseudo-random function {self.prf_oid}")
        return kdf.pbkdf2(self.prf, password, self.salt, self.iterations, size)

    def __str__(self) -> str:
        return f"PBKDF2 with HMAC-{self.prf.upper().replace('_', '-')}" if self.prf else f"PBKDF2 with {self.prf_oid}"


def pbkdf2(parameters: der.Element) -> Pbkdf2:
    """Reads PBKDF2-params. Raises DerError."""
    salt, iterations, *rest = parameters.children(der.SEQUENCE)
    key_length = der.integer(rest.pop(0)) if rest and rest[0].tag == der.INTEGER else None
    prf_oid = der.object_identifier(rest[0].children(der.SEQUENCE)[0]) if rest else "1.2.840.113549.2.7"
    return Pbkdf2(salt.octets(), der.integer(iterations), key_length, _PRFS.get(prf_oid), prf_oid)


def _with_pbkdf2(parameters: der.Element, cipher: Cipher | None, cipher_name: str, iv: bytes) -> Scheme:
    derivation = pbkdf2(parameters)
    iterations = derivation.iterations

    def keys(password: Spelling) -> tuple[bytes, bytes]:
        return derivation.derive(password.plain, _key_size(cipher, derivation.key_length)), iv

    name = f"PBES2 ({derivation}, {cipher_name})"
    return Scheme(PBES2, name, iterations, lambda budget: budget.charge(iterations), keys, cipher)


def _with_scrypt(parameters: der.Element, cipher: Cipher | None, cipher_name: str, iv: bytes) -> Scheme:
    salt, *numbers = parameters.children(der.SEQUENCE)
    n, r, p, *key_length = map(der.integer, numbers)
    octets = salt.octets()

    def keys(password: Spelling) -> tuple[bytes, bytes]:
        size = _key_size(cipher, key_length[0] if key_length else None)
        return kdf.scrypt(password.plain, octets, n, r, p, size), iv

    name = f"PBES2 (scrypt with N={n} r={r} p={p}, {cipher_name})"
    return Scheme(PBES2, name, None, lambda budget: budget.charge_scrypt(n, r, p), keys, cipher)


def _key_size(cipher: Cipher | None, stated: int | None) -> int:
    """How long a key to derive: RC2 takes what the parameters say, all others know it themselves."""
    if cipher is None:
        return 1
    return stated if stated and cipher.algorithm == "RC2" and stated <= 128 else cipher.key


def _decrypted(cipher: Cipher, key: bytes, iv: bytes, data: bytes) -> bytes:
    if len(iv) != cipher.block:
        raise ValueError(f"an initialization vector of {len(iv)} bytes does not suit {cipher.name}")
    if cipher.block and (not data or len(data) % cipher.block):
        raise ValueError("the encrypted data is no whole number of blocks")
    if cipher.algorithm == "RC2":
        if len(data) > limits.MAX_RC2:
            raise UnsupportedError(f"{cipher.name} over more than {limits.MAX_RC2:,} bytes")
        # The last block alone tells most wrong passwords, before our slow cipher goes through the rest.
        _unpadded(rc2.decrypt_cbc(key, cipher.effective_bits, (iv + data)[-16:-8], data[-8:]), cipher.block)
        return rc2.decrypt_cbc(key, cipher.effective_bits, iv, data)
    return _by_cryptography(cipher, key, iv, data)


def _by_cryptography(cipher: Cipher, key: bytes, iv: bytes, data: bytes) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.decrepit.ciphers import algorithms as decrepit
    from cryptography.hazmat.primitives import ciphers
    from cryptography.hazmat.primitives.ciphers import algorithms, modes

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a cipher is outdated is a finding, not a warning
            construct = getattr(decrepit, cipher.algorithm, None) or getattr(algorithms, cipher.algorithm)
            if cipher.algorithm == "TripleDES":
                key = (key + key + key)[:24] if cipher.key == 8 else (key + key[:8])[:24]
            mode = modes.CBC(iv) if cipher.block else None
            decryptor = ciphers.Cipher(construct(key), mode).decryptor()
    except (UnsupportedAlgorithm, AttributeError) as error:
        raise UnsupportedError(f"{cipher.name}, which the OpenSSL of this machine lacks") from error
    return decryptor.update(data) + decryptor.finalize()


def _unpadded(data: bytes, block: int) -> bytes:
    """RFC 8018 6.1.1 step 4: as many bytes off as the last one says, all of which say so. Raises ValueError."""
    if not block:
        return data
    count = data[-1] if data else 0
    if not 1 <= count <= block or data[-count:] != bytes([count]) * count:
        raise ValueError("the padding is wrong")
    return data[:-count]
