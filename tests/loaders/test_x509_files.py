"""Certificates, CRLs, P7B and OCSP responses in all their wrappings."""

from __future__ import annotations

import base64
import codecs
import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.builder import integer, oid, sequence, tlv
from tests.loaders.samples import EC, LEAF, OTHER, ROOT, ders, loaded, read, sample, sentence

DIFFIE_HELLMAN = oid("1.2.840.113549.1.3.1")
LEAF_PEM = read("leaf.pem")
BASE64 = base64.b64encode(LEAF)
WRAPPED = base64.encodebytes(LEAF)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (LEAF, "x509-der"),
        (LEAF_PEM, "x509-pem"),
        (LEAF_PEM.replace(b"\n", b"\r\n"), "x509-pem"),
        (LEAF_PEM.replace(b"\n", b"\r"), "x509-pem"),
        (LEAF_PEM.rstrip(), "x509-pem"),
        (b"".join(b"   " + line for line in LEAF_PEM.splitlines(keepends=True)), "x509-pem"),
        (codecs.BOM_UTF8 + LEAF_PEM, "x509-pem"),
        (LEAF_PEM.decode().encode("utf-16"), "x509-pem"),
        (codecs.BOM_UTF16_BE + LEAF_PEM.decode().encode("utf-16-be"), "x509-pem"),
        (LEAF_PEM.decode().encode("utf-16-le"), "x509-pem"),
        (b"Bag Attributes\n    friendlyName: leaf\nsubject=CN = leaf\n" + LEAF_PEM, "x509-pem"),
        ("Ausgestellt für Contoso\n".encode("latin-1") + LEAF_PEM, "x509-pem"),
        (b"x" * 100_000 + b"\n" + LEAF_PEM, "x509-pem"),
        (LEAF_PEM.replace(b"BEGIN CERT", b"BEGIN X509 CERT").replace(b"END CERT", b"END X509 CERT"), "x509-pem"),
        (LEAF_PEM.replace(b"BEGIN CERTIFICATE", b"BEGIN PKCS7"), "x509-pem"),
        (read("leaf-trusted.pem"), "x509-pem"),
        (read("leaf-with-text.pem"), "x509-pem"),
        (BASE64, "x509-base64"),
        (WRAPPED, "x509-base64"),
        (WRAPPED.replace(b"\n", b"\r\n"), "x509-base64"),
        (codecs.BOM_UTF8 + WRAPPED, "x509-base64"),
        (WRAPPED.decode().encode("utf-16"), "x509-base64"),
        (b"\r\n" + BASE64.rstrip(b"="), "x509-base64"),
        (LEAF + b"\r\n\0", "x509-der"),
    ],
)
def test_one_certificate_in_any_wrapping(data: bytes, format: str) -> None:
    item = loaded(data)
    assert item.error is None
    assert item.remarks == ()
    assert item.format == format
    assert ders(item) == [LEAF]
    assert item.certificates[0].private_key.present is None
    assert item.size == len(data)


@pytest.mark.parametrize(
    ("name", "format", "certificates", "crls"),
    [
        ("bundle.pem", "pem", [LEAF, ROOT], 1),
        ("concatenated.der", "x509-der", [LEAF, ROOT], 1),
        ("chain.p7b", "pkcs7-der", [LEAF, ROOT], 1),
        ("chain.p7b.pem", "pkcs7-pem", [LEAF, ROOT], 1),
        ("root.crl", "crl-der", [], 1),
        ("root.crl.pem", "crl-pem", [], 1),
    ],
)
def test_several_in_one_file(name: str, format: str, certificates: list[bytes], crls: int) -> None:
    item = sample(name)
    assert (item.error, item.remarks) == (None, ())
    assert item.format == format
    assert sorted(ders(item)) == sorted(certificates)
    assert len(item.crls) == crls


def test_where_each_was_found() -> None:
    assert [entry.provenance.entry for entry in sample("bundle.pem").certificates] == ["block 1", "block 2"]
    assert [entry.provenance.entry for entry in sample("concatenated.der").certificates] == [
        "certificate 1",
        "certificate 2",
    ]
    assert sample("chain.p7b.pem").certificates[0].provenance.entry == "certificate 1"
    assert sample("leaf.cer").certificates[0].provenance.entry is None
    assert sample("leaf.pem").certificates[0].provenance.input == "leaf.pem"


def test_signed_data_in_ber_gives_what_cryptography_gives() -> None:
    theirs = pkcs7.load_pem_pkcs7_certificates(read("chain.p7b.pem"))
    assert {cert.public_bytes(Encoding.DER) for cert in theirs} == set(ders(sample("chain.p7b")))
    assert sorted(ders(sample("signed-ber.p7s"))) == sorted([LEAF, ROOT])


def test_signed_data_without_its_content_info_is_read_and_said() -> None:
    item = sample("wine-bare.p7b")
    assert (len(item.certificates), len(item.crls)) == (1, 2)
    assert "lacks its ContentInfo" in item.remarks[0]


def test_an_ocsp_response_is_kept_as_it_is() -> None:
    item = sample("response.ors")
    assert item.format == "ocsp-response"
    assert item.ocsp_responses == (read("response.ors"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x30\x03\x0a\x01\x06", "the OCSP responder gave no answer: unauthorized"),
        (b"\x30\x0c\x0a\x01\x00\xa0\x07\x30\x05\x06\x03\x2a\x03\x04", "OCSP"),
    ],
)
def test_an_ocsp_response_without_an_answer_is_said(data: bytes, reason: str) -> None:
    item = loaded(data, name="response.ors")
    assert item.ocsp_responses == ()
    assert reason in (item.error or "")
    assert (item.error or "").startswith("response.ors is an OCSP response that says nothing (")


@pytest.mark.parametrize("name", ["leaf-and-key.pem", "ec-and-sec1-key.pem"])
def test_a_key_beside_its_certificate(name: str) -> None:
    (entry,) = sample(name).certificates
    assert (entry.private_key.present, entry.private_key.matches, entry.private_key.exportable) == (True, True, True)


def test_a_key_in_the_old_form_and_one_of_another_certificate() -> None:
    item = loaded(LEAF_PEM + read("leaf-traditional.key") + read("ec-sec1.key"))
    assert item.certificates[0].private_key.matches is True
    assert item.remarks == ("A private key (EC 256 bits (P-256)) belongs to no certificate in the file.",)


def test_an_encrypted_key_is_only_said_to_be_there() -> None:
    item = sample("leaf-and-encrypted-key.pem")
    assert item.certificates[0].private_key.present is None
    assert item.remarks == ("Block 2 (ENCRYPTED PRIVATE KEY) is an encrypted private key, which was not opened.",)


def test_no_byte_of_a_private_key_is_kept() -> None:
    secret = read("leaf-traditional.key").splitlines()[4]
    assert secret.decode() not in repr(sample("leaf-and-key.pem"))


def _pem(label: str, data: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(data) + f"-----END {label}-----\n".encode()


def test_unreadable_parts_hide_nothing() -> None:
    odd = (
        _pem("CERTIFICATE", LEAF[:-20]),
        b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n",
        LEAF_PEM,
        _pem("CERTIFICATE", b""),
        _pem("CERTIFICATE", b"text"),
        _pem("CERTIFICATE", read("leaf-request.der")),
        _pem("CERTIFICATE\x1b[31m", b"\x30\x02\x05\x00"),
        _pem("EC PARAMETERS", bytes.fromhex("06082a8648ce3d030107")),
        _pem("CERTIFICATE", ROOT),
        b"-----BEGIN CERTIFICATE-----\nMIIB",
    )
    item = loaded(b"".join(odd))
    assert item.error is None
    assert ders(item) == [LEAF, ROOT]
    assert len(item.remarks) == 9
    assert "\x1b" not in "".join(item.remarks)


def test_an_unreadable_certificate_between_others() -> None:
    broken = b"\x30\x0b\x30\x02\x05\x00\x30\x00\x03\x03\x00\x01\x02"
    item = loaded(LEAF + broken + OTHER + EC[:100])
    assert ders(item) == [LEAF, OTHER]
    assert len(item.remarks) == 2


def test_pem_that_holds_a_pfx() -> None:
    item = loaded(_pem("PKCS12", read("aes.pfx")))
    assert item.format == "pkcs12-pem"
    assert item.certificates[0].private_key.matches is True
    assert "needs a password" in sentence(loaded(_pem("PKCS12", read("aes.pfx")), None))
    assert loaded(base64.b64encode(read("aes.pfx"))).format == "pkcs12-base64"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hello world\n", "text without a certificate in it"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "data of no known certificate format (it begins with 89 50 4E 47)"),
        (LEAF[:200], "cut off: its first element ends 353 bytes behind the end of the file"),
        (b"\x30\x82\x00\x03\x02\x05\x00", "ASN.1 data of no known kind"),
        (b"\x30\x85\x01", "damaged"),
        (b"\x30\x01", "data of no known certificate format (it begins with 30 01)"),
        (read("root.jks"), "a Java keystore (JKS)"),
        (read("root.jceks"), "a Java keystore (JCEKS)"),
        (read("enveloped.p7m"), "a PKCS #7 message of another kind than signed data (enveloped data)"),
        (read("leaf-request.der"), "a certificate request"),
        (read("leaf-public.pem"), "a public key"),
        (read("leaf.p8"), "a private key (RSA 1024 bits) without a certificate"),
        (read("leaf-scrypt.p8"), "an encrypted private key without a certificate"),
        (read("leaf.key"), "PEM text without a certificate, only PRIVATE KEY"),
        (read("leaf-traditional-encrypted.key"), "PEM text without a certificate, only ENCRYPTED PRIVATE KEY"),
        (b"PuTTY-User-Key-File-2: ssh-rsa\n", "a PuTTY private key"),
        (b"ssh-rsa AAAAB3NzaC1yc2E user@host\n", "an SSH public key"),
        (_pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0"), "only OPENSSH PRIVATE KEY"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF==\n-----END PGP PUBLIC KEY BLOCK-----\n", "only PGP PUBLIC"),
        (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n", "an SSH key"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n", "it has no END line, so the file may be cut off"),
        (_pem("CERTIFICATE", LEAF[:300]), "cut off"),
    ],
)
def test_each_kind_of_other_file_is_called_by_its_name(data: bytes, words: str) -> None:
    error = sentence(loaded(data, name="evil\x1b[31m.pfx"))
    assert words in error
    assert "evil\\x1B[31m.pfx" in error
    assert "\x1b" not in error


def test_a_pfx_that_is_text_is_said_not_to_be_one() -> None:
    assert sentence(loaded(b"hello", name="pxe.pfx")) == (
        "pxe.pfx is not a PKCS #12 file but text without a certificate in it: export the certificate again."
    )


def test_a_broken_certificate_between_sound_ones_is_a_loss() -> None:
    blocks = [LEAF, b"\x30\x03\x02\x01\x05", ROOT]
    label = "-----{} CERTIFICATE-----\n"
    text = "".join(label.format("BEGIN") + base64.encodebytes(block).decode() + label.format("END") for block in blocks)
    item = loaded(text.encode())
    assert item.error is None
    assert ders(item) == [LEAF, ROOT]
    assert len(item.losses) == 1
    assert item.losses[0] in item.remarks


def test_diffie_hellman_key_is_named_and_not_tried() -> None:
    """Whoever loads one has its prime tested, and this number takes minutes."""
    prime = tlv(0x02, b"\x01" + bytes(4095) + b"\x01")
    key = sequence(integer(0), sequence(DIFFIE_HELLMAN, sequence(prime, integer(2))), tlv(0x04, integer(3)))
    started = time.process_time()
    assert "private key without a certificate" in sentence(loaded(key))
    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(key) + b"-----END PRIVATE KEY-----\n"
    assert ders(loaded(LEAF_PEM + pem)) == [LEAF]
    assert time.process_time() - started < 5
