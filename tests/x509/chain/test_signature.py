"""Signatures: good, bad, or of a kind that cannot be verified."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519

from certaudit.x509 import der
from certaudit.x509.algorithms import SignatureAlgorithm
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, PathSettings, Trust
from certaudit.x509.chain.signature import (
    Verification,
    certificate_signature,
    completed_key,
    verify,
)
from tests import builder
from tests.builder import oid, sequence, tlv
from tests.pki import AS_OF, authority, chains, codes

VECTORS = Path(cryptography_vectors.__file__).parent / "x509"
RSA = rsa.generate_private_key(65537, 1024)
DSA = dsa.generate_private_key(1024)
P256 = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("signer", "hash"),
    [(RSA, "md5"), (RSA, "sha1"), (RSA, "sha256"), (RSA, "sha512"), (DSA, "sha1"), (DSA, "sha256"), (P256, "sha1")],
)
def test_good_and_bad(signer: Any, hash: str) -> None:
    leaf = builder.certificate(signer=signer, hash=hash)
    spki = builder._spki(signer)
    assert certificate_signature(leaf, spki) == (Verification.GOOD, "")
    forged = Certificate(leaf.der.replace(b"mp01", b"mp02"))
    assert certificate_signature(forged, spki)[0] is Verification.BAD


@pytest.mark.parametrize("signer", [ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()])
def test_edwards_curves(signer: Any) -> None:
    name = type(signer).__name__.removesuffix("PrivateKey")
    algorithm = SignatureAlgorithm("x", name, name, None)
    assert verify(b"signed", algorithm, signer.sign(b"signed"), builder._spki(signer))[0] is Verification.GOOD
    assert verify(b"forged", algorithm, signer.sign(b"signed"), builder._spki(signer))[0] is Verification.BAD


def test_pss_with_sha1() -> None:
    leaf = Certificate(_from_pem("ee-pss-sha1-cert.pem"))
    assert leaf.signature_algorithm.is_pss
    root = Certificate(_from_pem("custom/ca/rsa_ca.pem"))
    assert certificate_signature(leaf, root.spki)[0] is Verification.BAD, "another key's"


def _from_pem(name: str) -> bytes:
    loaded = x509.load_pem_x509_certificate((VECTORS / name).read_bytes())
    return loaded.public_bytes(serialization.Encoding.DER)


def test_pss_uses_the_hash_that_its_parameters_name() -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signature = RSA.sign(b"signed", padding.PSS(padding.MGF1(hashes.SHA1()), 20), hashes.SHA256())
    pss = SignatureAlgorithm("1.2.840.113549.1.1.10", "RSASSA-PSS", "RSA", "sha256", 20, "sha1")
    assert verify(b"signed", pss, signature, builder._spki(RSA))[0] is Verification.GOOD
    other = SignatureAlgorithm("1.2.840.113549.1.1.10", "RSASSA-PSS", "RSA", "sha256", 20, "sha256")
    assert verify(b"signed", other, signature, builder._spki(RSA))[0] is Verification.BAD


def test_kinds_that_cannot_be_verified_are_never_good_and_never_bad() -> None:
    leaf = builder.certificate(signer=RSA, hash="sha1")
    spki = builder._spki(RSA)
    md2 = Certificate(leaf.der.replace(oid("1.2.840.113549.1.1.5"), oid("1.2.840.113549.1.1.2")))
    unknown = Certificate(leaf.der.replace(oid("1.2.840.113549.1.1.5"), oid("1.2.840.113549.1.1.99")))
    for odd in (md2, unknown):
        assert certificate_signature(odd, spki)[0] is Verification.UNVERIFIABLE
    assert certificate_signature(leaf, builder.rsa_key(exponent=65536))[0] is Verification.UNVERIFIABLE
    assert (
        certificate_signature(leaf, sequence(sequence(oid("1.2.3")), tlv(0x03, b"\x00")))[0]
        is Verification.UNVERIFIABLE
    )


@pytest.mark.parametrize("salt_length", [-1, 1 << 31, 1 << 63, 1 << 200])
def test_salt_of_an_impossible_length_cannot_be_verified(salt_length: int) -> None:
    pss = SignatureAlgorithm("1.2.840.113549.1.1.10", "RSASSA-PSS", "RSA", "sha256", salt_length, "sha256")
    verdict, _ = verify(b"signed", pss, bytes(128), builder._spki(RSA))
    assert verdict is not Verification.GOOD


def test_diffie_hellman_key_is_not_even_loaded() -> None:
    """Whoever loads one has its prime tested, and this number takes minutes."""
    prime = tlv(0x02, b"\x01" + bytes(4095) + b"\x01")
    algorithm = sequence(oid("1.2.840.113549.1.3.1"), sequence(prime, tlv(0x02, b"\x02")))
    spki = sequence(algorithm, tlv(0x03, b"\0", prime))
    started = time.process_time()
    verdict, reason = certificate_signature(builder.certificate(signer=P256, hash="sha256"), spki)
    assert verdict is Verification.BAD
    assert reason.endswith("needs a key of type EC, the issuer's is DH")
    assert time.process_time() - started < 5


def test_self_issued_certificate_of_a_key_that_signs_nothing_is_not_self_signed() -> None:
    """A CA may issue itself a certificate for key agreement: its own root is the one to look for."""
    root = authority("CN=R", number=1)
    leaf = root.issue("CN=R", key=x25519.X25519PrivateKey.from_private_bytes(bytes(range(32))))
    path = chains(root).best(leaf)
    assert path.certificates == (leaf, root.certificate)
    assert codes(path) == []


def test_unverifiable_signature_makes_no_valid_path() -> None:
    root = authority("CN=Root", number=1)
    leaf = root.issue()
    odd = Certificate(leaf.der.replace(oid("1.2.840.10045.4.3.2"), oid("1.2.840.10045.4.3.99")))
    path = chains(root).best(odd)
    assert codes(path) == ["signature-unverifiable"]
    assert not path.valid


def test_key_of_another_type_is_a_bad_signature() -> None:
    verdict, why = certificate_signature(builder.certificate(signer=RSA, hash="sha1"), builder._spki(P256))
    assert verdict is Verification.BAD
    assert "EC" in why


def test_dsa_parameters_are_inherited() -> None:
    whole = builder._spki(DSA)
    algorithm, key = der.sequence(whole)
    bare = sequence(sequence(algorithm.children()[0].raw), key.raw)
    leaf = builder.certificate(signer=DSA, hash="sha256")
    assert certificate_signature(leaf, bare)[0] is Verification.UNVERIFIABLE
    assert completed_key(bare, whole) == whole
    assert completed_key(bare, builder._spki(RSA)) == bare
    assert completed_key(whole, None) == whole
    assert certificate_signature(leaf, completed_key(bare, whole))[0] is Verification.GOOD


def test_genuine_md2_root_heads_a_path() -> None:
    """Nobody can verify MD2 any more, and nobody has to: the signature of a trust anchor on itself proves nothing."""
    root = Certificate(_from_pem("verisign_md2_root.pem"))
    path = Chains(Trust((root,)), AS_OF, PathSettings(revocation="off")).best(root)
    assert path.certificates == (root,)
    assert "signature-invalid" not in codes(path)
    assert "anchor-not-self-signed" not in codes(path)
