"""Signatures of reports: made, read back, and judged by OpenSSL as well."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12

from certaudit.cli import run
from certaudit.document.signing import read_signature, sign
from certaudit.errors import UsageError
from tests.optional import need_program

REPORT = b'{"schema": "certaudit-report/1"}\r\n'
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Auditor:
    """A root CA and an auditor's certificate below it."""

    def __init__(self, folder: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey) -> None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = self._certificate("Root", root_key.public_key(), "Root", root_key, ca=True)
        self.certificate = self._certificate("Auditor", key.public_key(), "Root", root_key, ca=False)
        self.root, self.pfx = folder / "root.pem", folder / "auditor.pfx"
        self.root.write_bytes(root.public_bytes(Encoding.PEM))
        data = pkcs12.serialize_key_and_certificates(b"a", key, self.certificate, [root], BestAvailableEncryption(b"p"))
        self.pfx.write_bytes(data)
        (folder / "password").write_text("p\n")

    def _certificate(
        self,
        name: str,
        key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey,
        issuer: str,
        issuer_key: ec.EllipticCurvePrivateKey,
        *,
        ca: bool,
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(BEGIN)
            .not_valid_after(BEGIN + timedelta(days=36500))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .sign(issuer_key, hashes.SHA256())
        )


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    return Auditor(tmp_path_factory.mktemp("auditor"), rsa.generate_private_key(65537, 2048))


def signed(auditor: Auditor, data: bytes = REPORT) -> bytes:
    return sign(data, auditor.pfx.read_bytes(), lambda: "p", "auditor.pfx")


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_signature_says_who_signed_and_that_nothing_changed(tmp_path: Path, auditor: Auditor, kind: str) -> None:
    who = auditor if kind == "rsa" else Auditor(tmp_path, ec.generate_private_key(ec.SECP384R1()))
    found = read_signature(signed(who), REPORT, "x")
    assert found.problem is None
    assert found.signer.der == who.certificate.public_bytes(Encoding.DER)
    assert len(found.certificates) == 2
    assert found.signed_on is not None


@pytest.mark.parametrize("data", [REPORT + b" ", REPORT.replace(b"\r\n", b"\n"), b""])
def test_a_changed_report_is_found_out(auditor: Auditor, data: bytes) -> None:
    assert read_signature(signed(auditor), data, "x").problem == "the report has been changed since it was signed"


def test_a_changed_signature_is_found_out(auditor: Auditor) -> None:
    signature = bytearray(signed(auditor))
    signature[-1] ^= 1
    problem = read_signature(bytes(signature), REPORT, "x").problem
    assert problem is not None
    assert problem.startswith("the signature is not by the key of its certificate")


@pytest.mark.parametrize("data", [b"", b"text", b"\x30\x00", b"\x30\x80\x00\x00", (b"\x30\x84\xff\xff\xff\xff")])
def test_what_is_no_signature_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"x\.p7s: is no signature of the kind"):
        read_signature(data, REPORT, "x.p7s")


def test_no_truncated_or_flipped_signature_passes_or_crashes(auditor: Auditor) -> None:
    signature = signed(auditor)
    key = read_signature(signature, REPORT, "x").signer.spki
    for position in range(0, len(signature), 7):
        for damaged in (signature[:position], signature[:position] + b"\xff" + signature[position + 1 :]):
            try:
                found = read_signature(damaged, REPORT, "x")
            except UsageError:
                continue
            # What is not signed may be damaged; what is accepted was still signed by the auditor's key.
            assert found.problem is not None or found.signer.spki == key


def test_a_wrong_password_and_a_pfx_without_a_key_are_sentences(auditor: Auditor) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        sign(REPORT, auditor.pfx.read_bytes(), lambda: "q", "a.pfx")
    bare = pkcs12.serialize_key_and_certificates(b"a", None, auditor.certificate, None, NoEncryption())
    with pytest.raises(UsageError, match="no private key"):
        sign(REPORT, bare, lambda: None, "a.pfx")


def test_a_key_that_cms_is_not_made_with_is_a_sentence(tmp_path: Path) -> None:
    who = Auditor(tmp_path, dsa.generate_private_key(2048))
    with pytest.raises(UsageError, match="needs an RSA or an EC key"):
        signed(who)


def test_the_commands(tmp_path: Path, auditor: Auditor, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    report.write_bytes(REPORT)
    password = str(auditor.pfx.with_name("password"))
    assert run(["sign", str(report), "--pfx", str(auditor.pfx), "--password-file", password]) == 0
    assert run(["verify-report", str(report), "--root", str(auditor.root)]) == 0
    assert "the signer leads to CN=Root" in capsys.readouterr().out
    assert run(["verify-report", str(report)]) == 4
    assert "whom to trust" in capsys.readouterr().err
    contoso = Path(__file__).parents[2] / "fixtures/contoso/roots"
    assert run(["verify-report", str(report), "--root", str(contoso)]) == 1
    assert "NOT TRUSTED" in capsys.readouterr().err
    assert run(["verify-report", str(report), "--root", str(auditor.root), "--as-of", "2025-01-01"]) == 1
    report.write_bytes(REPORT + b"\n")
    assert run(["verify-report", str(report), "--root", str(auditor.root)]) == 1
    assert "NOT AS SIGNED: the report has been changed" in capsys.readouterr().err


def test_openssl_agrees(tmp_path: Path, auditor: Auditor) -> None:
    need_program("openssl")
    (tmp_path / "report").write_bytes(REPORT)
    (tmp_path / "report.p7s").write_bytes(signed(auditor))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "report.p7s", "-content", "report"]
    command += ["-CAfile", str(auditor.root), "-purpose", "any", "-out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "report").write_bytes(REPORT + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
