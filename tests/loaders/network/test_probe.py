"""Probing servers on the loopback address: modern ones, old ones, and ones that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate
from OpenSSL import SSL

from certaudit.evidence import Input
from certaudit.loaders.network import probe as module
from certaudit.loaders.network.probe import Endpoint, is_name, probe
from tests.loaders.network import servers
from tests.loaders.network.servers import (
    LOOPBACK,
    Handshake,
    Server,
    flight,
    listening,
    saying,
    tls,
)
from tests.pki import key
from tests.x509.chain import test_ocsp as ocsp

CONTOSO = Path(__file__).parents[3] / "fixtures" / "contoso"
ISSUING = (CONTOSO / "ca" / "contoso-issuing-ca-1.cer").read_bytes()
LEAF = (CONTOSO / "clients" / "pda0007" / "pda0007.cer").read_bytes()


@pytest.fixture
def said() -> list[str]:
    """What was said of each contact."""
    return []


def probed(server: Server, said: list[str], name: str | None = "mp01.contoso.com") -> Input:
    return probe(Endpoint(LOOPBACK, server.port, name), said.append)


@pytest.mark.parametrize(
    ("highest", "spoken"),
    [
        (SSL.TLS1_VERSION, "TLS 1.0"),
        (SSL.TLS1_1_VERSION, "TLS 1.1"),
        (SSL.TLS1_2_VERSION, "TLS 1.2"),
        (None, "TLS 1.3"),
    ],
)
def test_the_chain_is_read_as_it_is_served(
    contoso_tls: SSL.Context, said: list[str], highest: int | None, spoken: str
) -> None:
    if highest is not None:
        contoso_tls.set_max_proto_version(highest)
    with listening(tls(contoso_tls)) as server:
        item = probed(server, said)
    assert item.error is None
    assert item.format == "tls"
    assert item.path == f"tls://{server.authority}"
    leaf, issuing = item.certificates
    assert str(leaf.certificate.subject).startswith("CN=mp01.contoso.com")
    assert issuing.certificate.der == ISSUING
    assert (leaf.private_key.present, leaf.private_key.matches) == (True, True)
    assert issuing.private_key.present is None
    assert (leaf.provenance.entry or "").startswith(f"certificate 1, {spoken} with ")
    assert server.names == [b"mp01.contoso.com"]
    assert said[0] == f"connecting to {server.authority} at {LOOPBACK}"
    assert said[1].startswith(f"{server.authority} speaks {spoken} with ")
    assert said[1].endswith("holds the private key of its certificate")


def test_an_address_is_no_name_to_ask_for(contoso_tls: SSL.Context, said: list[str]) -> None:
    with listening(tls(contoso_tls)) as server:
        assert probed(server, said, None).error is None
    assert server.names == [None]
    assert [is_name(host) for host in ("mp01", "10.0.0.5", "fd12::1")] == [True, False, False]


@pytest.mark.parametrize(("response", "kept"), [(ocsp.response(), True), (b"\x30\x03\x0a\x01\x06", False)])
def test_a_stapled_response_is_kept_if_it_says_anything(said: list[str], response: bytes, kept: bool) -> None:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(load_der_x509_certificate(ocsp.LEAF.der))
    context.use_privatekey(key(9))
    context.set_ocsp_server_callback(lambda connection, data: response)
    with listening(tls(context)) as server:
        item = probed(server, said)
    assert [entry.certificate for entry in item.certificates] == [ocsp.LEAF]
    assert item.ocsp_responses == ((response,) if kept else ())
    assert len(item.remarks) == 1 - kept


@pytest.mark.parametrize(
    ("version", "suite", "spoken"),
    [
        (0x0301, 0x0005, "TLS 1.0 with RSA_WITH_RC4_128_SHA"),
        (0x0301, 0x000A, "TLS 1.0 with RSA_WITH_3DES_EDE_CBC_SHA"),
        (0x0300, 0x0004, "SSL 3.0 with RSA_WITH_RC4_128_MD5"),
        (0x0301, 0x0064, "TLS 1.0 with RSA_EXPORT1024_WITH_RC4_56_SHA"),
    ],
)
def test_a_server_that_speaks_only_what_openssl_does_not(
    said: list[str], version: int, suite: int, spoken: str
) -> None:
    with listening(saying(flight(Handshake(version, suite, (LEAF, ISSUING))))) as server:
        item = probed(server, said)
    assert item.error is None
    assert [entry.certificate.der for entry in item.certificates] == [LEAF, ISSUING]
    assert item.certificates[0].private_key.present is None, "nothing has shown that the server holds it"
    assert "OpenSSL" in said[1]
    assert "for its first words alone" in said[1]
    assert said[2].startswith(f"{server.authority} speaks {spoken}; the handshake was not completed")


def test_a_server_that_wants_a_client_certificate(contoso_tls: SSL.Context, said: list[str]) -> None:
    contoso_tls.set_max_proto_version(SSL.TLS1_2_VERSION)
    contoso_tls.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    with listening(tls(contoso_tls)) as server:
        item = probed(server, said)
    assert len(item.certificates) == 2
    assert item.certificates[0].private_key.present is None


def test_a_certificate_that_openssl_cannot_read(said: list[str]) -> None:
    with listening(saying(flight(Handshake(0x0301, 0x002F, (b"\x30\x03\x02\x01\x01", ISSUING))))) as server:
        item = probed(server, said)
    assert [entry.certificate.der for entry in item.certificates] == [ISSUING]
    assert "certificate 1" in (item.remarks or item.losses or ("",))[0].lower()


ALERT_40, ALERT_255 = b"\x15\x03\x01\x00\x02\x02\x28", b"\x15\x03\x01\x00\x02\x02\xff"


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 mail.contoso.com ESMTP\r\n", ALERT_40, ALERT_255, b""],
)
def test_a_server_that_gives_none(said: list[str], answer: bytes) -> None:
    with listening(saying(answer) if answer else lambda connection, server: None) as server:
        item = probed(server, said)
    assert item.certificates == ()
    assert "gives no certificate (" in (item.error or "")
    assert "TLS 1.2: " in (item.error or "")
    assert (item.error or "").endswith("export the certificate on the server.")
    assert ": ;" not in (item.error or "")


def test_a_server_that_says_nothing_takes_no_longer_than_allowed(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)
    with listening(servers.mute) as server:
        item = probed(server, said)
    assert "no whole answer within 0.2 s" in (item.error or "")


def test_nobody_listens(said: list[str]) -> None:
    with listening(servers.mute) as server:
        pass
    assert "cannot be reached (Connection refused)" in (probed(server, said).error or "")
    assert "its name cannot be resolved" in (probe(Endpoint("mp01.contoso.invalid", 443), said.append).error or "")
