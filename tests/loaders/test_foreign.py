"""Files that are known and hold no evidence: each is called by its name, with what to run instead."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest

from certaudit.loaders import load
from certaudit.loaders.signatures import MAGIC, TEXT
from tests.builder import integer, oid, sequence, tlv
from tests.loaders.samples import LEAF, loaded, read, sentence

GERMAN = """my "Eigene Zertifikate"
================ Zertifikat 0 ================
Seriennummer: 61000000
Aussteller: CN=Contoso Issuing CA 1, DC=contoso, DC=com
"""
DUMP = """X509-Zertifikat:
Version: 3
Signaturalgorithmus:
    Algorithmus Objekt-ID: 1.2.840.113549.1.1.11 sha256RSA
    Algorithmusparameter:
    05 00
"""
CRL_LIST = 'CA "Autorités"\r\n================ Liste CRL 0 ================\r\nÉmetteur : CN=Contoso\r\n'
END = "CertUtil: -dump-Befehl wurde erfolgreich ausgeführt.\r\n"
OPENSSL = "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: 1 (0x1)\n"
CLIXML = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\r\n  <Obj RefId="0">\r\n'
HEXDUMP = "    0000  30 82 03 db 30 82 02 c3  a0 03 02 01 02 02 14 3e   0...0..........>\n"
TABLE = "   PSParentPath: Microsoft.PowerShell.Security\\Certificate::LocalMachine\\My\n\nThumbprint   Subject\n"
TEXTS = {
    "certutil in German": (GERMAN, "text that certutil printed", "collect.cmd"),
    "certutil -dump in German": (DUMP, "text that certutil printed", "reg export"),
    "certutil of CRLs in French": (CRL_LIST, "text that certutil printed", "certutil -store My"),
    "certutil's last line": ("\r\n" * 9 + END, "text that certutil printed", "reg export"),
    "openssl x509 -text": (OPENSSL, "text that openssl printed", "openssl x509 -in"),
    "openssl req -text": (OPENSSL.replace("ate:", "ate Request:", 1), "text that openssl printed", "openssl"),
    "openssl crl -text": ("Certificate Revocation List (CRL):\n        Version 2", "text that openssl printed", "name"),
    "PowerShell's table": (TABLE, "a list that PowerShell printed", "Export-Certificate -Type SST"),
    "Export-Clixml": (CLIXML, "objects that PowerShell saved (Export-Clixml)", "Export-Certificate"),
    "a console": (
        '<?xml version="1.0"?>\r\n<MMC_ConsoleFile ConsoleVersion="3.0">',
        "a console of the MMC",
        "All Tasks",
    ),
    "a page of certsrv": (
        '<HTML><Head>\n<A HREF="certnew.cer?ReqID=5&amp;Enc=b64">Download certificate</A>',
        "a saved page of the CA's web site (certsrv)",
        "Download certificate",
    ),
    "another page": ("<!DOCTYPE html><html><body>404</body>", "a web page (HTML)", "save the certificate itself"),
    "an INF": (
        '[Version]\nSignature="$Windows NT$"\n[NewRequest]\nSubject="CN=a"\n',
        "the description of a request",
        "-ret",
    ),
    "a hexadecimal dump": (HEXDUMP, "a hexadecimal dump", "certutil -decodehex"),
    "hexadecimal alone": ("30 82 03 db 30 82 02 c3 a0 03\n", "a hexadecimal dump", "certutil -decodehex"),
}
BYTES = {
    "CAB": (b"MSCF\0\0\0\0\x2c", "a cabinet (CAB)", "expand"),
    "PVK": (b"\x1e\xf1\xb5\xb0\0\0\0\0", "a private key in a PVK file", "PFX"),
    "EVTX": (b"ElfFile\0\0\0", "an event log (EVTX)", "collect.cmd"),
    "EVT": (b"\x30\0\0\0LfLe\1\0\0\0", "an event log (EVT)", "collect.cmd"),
    "Registry.pol": (b"PReg\1\0\0\0[\0S\0", "a policy of the registry (Registry.pol)", "collect.cmd"),
    "SQLite": (b"SQLite format 3\0", "an SQLite database", "PFX or P7B"),
    "a request": (read("leaf-request.der"), "a certificate request, not a certificate", "certreq -retrieve"),
}
TRUST_LIST, CMC_REQUEST = "1.3.6.1.4.1.311.10.1", "1.3.6.1.5.5.7.12.2"


def signed(content_type: str) -> bytes:
    """SignedData of that content, with the certificate of who signed it (RFC 5652 5.1)."""
    content = sequence(oid(content_type), tlv(0xA0, tlv(0x04, b"list")))
    members = integer(1), tlv(0x31), content, tlv(0xA0, LEAF), tlv(0x31)
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, sequence(*members)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp850", "latin-1"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_is_called_by_its_name_in_any_encoding(name: str, encoding: str) -> None:
    text, what, remedy = TEXTS[name]
    error = sentence(loaded(text.encode(encoding), name="sample.txt"))
    assert f"sample.txt is {what}" in error
    assert remedy in error.partition(": ")[2]


@pytest.mark.parametrize("name", BYTES)
def test_bytes_are_called_by_their_name(name: str) -> None:
    data, what, remedy = BYTES[name]
    error = sentence(loaded(data, name="sample.bin"))
    assert what in error
    assert remedy in error.partition(": ")[2]


def test_a_request_in_pem_is_sent_to_the_ca() -> None:
    lines = base64.encodebytes(read("leaf-request.der")).decode()
    text = f"-----BEGIN NEW CERTIFICATE REQUEST-----\n{lines}-----END NEW CERTIFICATE REQUEST-----\n"
    assert "certreq -retrieve" in sentence(loaded(text.encode()))


@pytest.mark.parametrize(("content", "what"), [(TRUST_LIST, "a list of trust"), (CMC_REQUEST, "request (CMC)")])
def test_who_signs_a_list_or_a_request_is_no_evidence(content: str, what: str) -> None:
    item = loaded(signed(content), name="authroot.stl")
    assert what in sentence(item)
    assert item.certificates == ()
    assert len(loaded(signed("1.2.840.113549.1.7.1")).certificates) == 1


def test_a_listing_beside_evidence_is_passed_over_with_its_advice(tmp_path: Path) -> None:
    (tmp_path / "leaf.cer").write_bytes(LEAF)
    (tmp_path / "my.txt").write_text(GERMAN)
    (tmp_path / "ssh.pub").write_text("ssh-rsa AAAA user@host\n")
    _, listing, key = load(tmp_path, "mp01", lambda name: None)
    assert (listing.error, key.error) == (None, None)
    assert listing.remarks[0].startswith(
        "mp01/my.txt is text that certutil printed, which holds no certificate, and was"
    )
    assert "collect.cmd" in listing.remarks[0]
    assert key.remarks == ("mp01/ssh.pub is an SSH public key, which is no X.509 certificate, and was passed over.",)


@pytest.mark.parametrize(
    "part", ["<html", 'href="cert', "= " * 9 + "1 ", "    0000  30 8", "1.2.840.113549.1.1.1 ", "\n"]
)
def test_hostile_text_costs_nothing(part: str) -> None:
    started = time.process_time()
    loaded((part * 20_000).encode(), name="sample.txt")
    assert time.process_time() - started < 2


def test_every_signature_says_what_to_do() -> None:
    for _, signature in (*MAGIC, *TEXT):
        assert signature.what.startswith(("a ", "an ", "the ", "text ", "objects ", "PGP "))
        assert ": " not in signature.what + signature.remedy
