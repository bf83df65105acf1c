"""The keys, certificates and CRLs of the golden inputs: fixed, so that each run makes the same bytes.

Keys are worked out from the name of who has them and are kept nowhere; those of the Contoso CAs are the public ones of
fixtures/make/keys.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOMAIN = "DC=contoso,DC=com"
PURPOSES = (oids.SERVER_AUTHENTICATION, oids.CLIENT_AUTHENTICATION, oids.DOCUMENT_SIGNING, oids.AMT_PROVISIONING)
"""What makes a certificate fit for each role, so that only its one fault tells."""
CRL_URL = "http://pki.contoso.com/crl/Contoso%20Issuing%20CA%201.crl"
LEAF_USAGE = ("digitalSignature", "keyEncipherment")
CA_USAGE = ("keyCertSign", "cRLSign")


# --- Keys -------------------------------------------------------------------------------------------------------------


@functools.cache
def key(owner: str, bits: int = 1024, exponent: int = 65537) -> rsa.RSAPrivateKey:
    """The RSA key of `owner`, always the same."""
    p, q = (prime_of(f"{owner} {bits} {which}", bits // 2, exponent) for which in "pq")
    d = pow(exponent, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(exponent, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def prime_of(seed: str, bits: int, exponent: int) -> int:
    """The first prime from a number that `seed` gives; its two highest bits are set, so that a product is full size."""
    number = int.from_bytes(hashlib.shake_256(seed.encode()).digest(bits // 8), "big") | 3 << bits - 2 | 1
    while not (is_prime(number) and (number - 1) % exponent):
        number += 2
    return number


def is_prime(number: int) -> bool:
    """Fermat's test to a few bases: nothing hostile here makes pseudoprimes."""
    return all(number % small for small in (3, 5, 7, 11, 13, 17, 19)) and all(
        pow(base, number - 1, number) == 1 for base in (2, 3, 5)
    )


def modulus_key(modulus: int, exponent: int = 65537, algorithm: str = oids.RSA) -> bytes:
    """SubjectPublicKeyInfo of an RSA key with that modulus, of which nobody knows the private half."""
    parameters = b"\x05\x00" if algorithm == oids.RSA else b""
    numbers = builder.sequence(builder.integer(modulus), builder.integer(exponent))
    return builder.sequence(builder.sequence(builder.oid(algorithm), parameters), builder.tlv(3, b"\0", numbers))


def modulus(owner: str, bits: int = 1024) -> int:
    """The modulus of the key of `owner`."""
    return key(owner, bits).public_key().public_numbers().n


# --- Certificates and CRLs --------------------------------------------------------------------------------------------


class Authority:
    """A CA: its certificate and its key."""

    def __init__(self, certificate: bytes, signer: Any) -> None:
        self.certificate = certificate
        self.name = Certificate(certificate).subject.raw
        self.signer = signer

    @classmethod
    def of_fixture(cls, certificate: str, name: str) -> Authority:
        """A CA of fixtures/contoso."""
        secret = (FIXTURES / "make" / "keys" / "contoso" / f"{name}.pem").read_bytes()
        return cls((FIXTURES / "contoso" / certificate).read_bytes(), serialization.load_pem_private_key(secret, None))


ROOT = Authority.of_fixture("roots/contoso-root-ca.cer", "root")
ISSUING = Authority.of_fixture("ca/contoso-issuing-ca-1.cer", "issuing")


def leaf(common_name: str, *, issuer: Authority = ISSUING, without: tuple[str, ...] = (), **fields: Any) -> bytes:
    """A certificate that serves every role. `without` names extensions to leave out, `more` those to add; a keyword
    with the name of an extension replaces it."""
    extensions = {
        "usage": builder.key_usage(*LEAF_USAGE, critical=True),
        "purposes": builder.extended_key_usage(*PURPOSES),
        "names": builder.alternative_names(f"DNS:{common_name}"),
        "points": builder.distribution_points(CRL_URL),
    }
    extensions |= {name: fields.pop(name) for name in tuple(extensions) if name in fields}
    chosen = [value for name, value in extensions.items() if name not in without]
    values: dict[str, Any] = {"subject": f"CN={common_name},{DOMAIN}", "serial": serial_of(common_name)}
    values |= {"issuer": issuer.name, "signer": issuer.signer, "extensions": [*chosen, *fields.pop("more", ())]}
    if "key" not in fields:
        values["key"] = key(common_name)
    return builder.certificate_der(**values | fields)


def authority(common_name: str, *, issuer: Authority | None = ROOT, **fields: Any) -> Authority:
    """A CA below `issuer`, or a root where that is None. `usage` None leaves the key usage out."""
    signer = fields.pop("key", None) or key(common_name, 2048)
    usage = fields.pop("usage", CA_USAGE)
    extensions = [builder.basic_constraints(ca=True)]
    extensions += [builder.key_usage(*usage, critical=True)] if usage else []
    extensions += [builder.distribution_points(CRL_URL)] if issuer else []
    values: dict[str, Any] = {"subject": f"CN={common_name},{DOMAIN}", "serial": serial_of(common_name), "key": signer}
    values |= {"not_before": datetime(2008, 6, 1), "not_after": datetime(2015, 6, 1)}
    values |= {"extensions": [*extensions, *fields.pop("more", ())], "signer": issuer.signer if issuer else signer}
    values["issuer"] = issuer.name if issuer else values["subject"]
    return Authority(builder.certificate_der(**values | fields), signer)


def crl(issuer: Authority, this_update: datetime, next_update: datetime, *extensions: bytes) -> bytes:
    """A CRL that revokes nothing, signed with SHA-1."""
    algorithm = builder.sequence(builder.oid("1.2.840.113549.1.1.5"), b"\x05\x00")
    times = builder.time(this_update), builder.time(next_update)
    more = builder.tlv(0xA0, builder.sequence(*extensions)) if extensions else b""
    body = builder.sequence(builder.integer(1), algorithm, issuer.name, *times, more)
    signature = issuer.signer.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return builder.sequence(body, algorithm, builder.tlv(3, b"\0", signature))


def serial_of(owner: str) -> int:
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big") >> 1 | 1 << 61
