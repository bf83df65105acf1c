"""Fetching, from servers on the loopback address alone."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator

import pytest
from cryptography.x509 import load_der_x509_certificate
from OpenSSL import SSL

from certaudit.loaders import limits
from certaudit.loaders.network import fetcher as module
from certaudit.loaders.network.fetcher import Fetcher
from tests.loaders.network import servers
from tests.loaders.network.servers import (
    LOOPBACK,
    Server,
    http,
    listening,
    moved,
    ok,
)
from tests.pki import authority

ROOT = authority("CN=Contoso Root CA", number=1)
CRL = ROOT.crl().der


@pytest.fixture
def said() -> list[str]:
    """What was announced."""
    return []


@pytest.fixture
def fetcher(said: list[str]) -> Fetcher:
    """A fetcher that may contact this computer."""
    return Fetcher(said.append, [LOOPBACK])


def error(item: object) -> str:
    sentence = getattr(item, "error", None)
    assert isinstance(sentence, str)
    assert sentence.endswith(".")
    return sentence


def test_a_crl_becomes_an_input(fetcher: Fetcher, said: list[str]) -> None:
    with listening(http({"/ca.crl": ok(CRL)})) as server:
        url = f"http://{server.authority}/ca.crl"
        item = fetcher(url)
    assert item.error is None
    assert (item.path, item.size, item.sha256) == (url, len(CRL), hashlib.sha256(CRL).hexdigest().upper())
    assert [entry.crl.der for entry in item.crls] == [CRL]
    assert item.crls[0].provenance.input == url
    assert said == [f"fetching {url} from {LOOPBACK} port {server.port} (private address)"]


def test_a_certificate_in_pem(fetcher: Fetcher) -> None:
    pem = ssl.DER_cert_to_PEM_cert(ROOT.certificate.der).encode()
    with listening(http({"/ca.cer": ok(pem)})) as server:
        item = fetcher(f"http://{server.authority}/ca.cer")
    assert [entry.certificate for entry in item.certificates] == [ROOT.certificate]


def test_a_contact_is_announced_before_it_is_made() -> None:
    hits_when_said: list[int] = []
    with listening(http({"/ca.crl": ok(CRL)})) as server:
        Fetcher(lambda _: hits_when_said.append(len(server.seen)), [LOOPBACK])(f"http://{server.authority}/ca.crl")
        assert len(server.seen) == 1
    assert hits_when_said == [0]


def test_this_computer_is_not_contacted_unless_it_is_named(said: list[str]) -> None:
    with listening(http({"/ca.crl": ok(CRL)})) as server:
        item = Fetcher(said.append)(f"http://{server.authority}/ca.crl")
    assert "it leads to 127.0.0.1, this computer itself; --fetch-host 127.0.0.1 allows it" in error(item)
    assert not server.seen
    assert not said


@pytest.mark.parametrize("found", [["169.254.169.254"], ["10.0.0.5", "127.0.0.1"], ["::ffff:127.0.0.1"]])
def test_a_name_that_leads_to_a_refused_address(found: list[str], said: list[str]) -> None:
    item = Fetcher(said.append, resolve=lambda host, port: found)("http://pki.contoso.com/ca.crl")
    assert "is not fetched" in error(item)
    assert not said


def test_a_name_is_resolved_once_and_that_address_is_contacted(said: list[str]) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [LOOPBACK]

    with listening(http({"/ca.crl": ok(CRL)})) as server:
        item = Fetcher(said.append, ["pki.contoso.com"], resolve)(f"http://pki.contoso.com:{server.port}/ca.crl")
    assert item.error is None
    assert asked == ["pki.contoso.com"]
    assert f"Host: pki.contoso.com:{server.port}\r\n".encode() in server.seen[0]


def test_redirections_are_followed_and_announced(fetcher: Fetcher, said: list[str]) -> None:
    with listening(http({"/a": moved("/b"), "/b": moved("c"), "/c": ok(CRL)})) as server:
        item = fetcher(f"http://{server.authority}/a")
    assert item.error is None
    assert item.path == f"http://{server.authority}/a"
    assert len(said) == 3


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://127.0.0.1/a", "of another scheme"),
        ("file:///etc/passwd", "only http and https"),
        ("http://169.254.169.254/latest/meta-data", "the metadata service of a cloud"),
        ("/a", "leads on and on"),
    ],
)
def test_redirections_that_are_not_followed(fetcher: Fetcher, location: str, words: str) -> None:
    with listening(http({"/a": moved(location)})) as server:
        assert words in error(fetcher(f"http://{server.authority}/a"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ok(b"<html>404</html>", "text/html"), "gives no certificate and no CRL"),
        (ok(b""), "gives no certificate and no CRL"),
        (ok(CRL[:-40]), "gives no certificate and no CRL"),
        (b"HTTP/1.1 403 Forb\x1b[2Jidden\r\nContent-Length: 0\r\n\r\n", r"the server answers 403 Forb\x1B[2Jidden"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nshort", "cannot be fetched"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "cannot be fetched"),
    ],
)
def test_answers_that_hold_nothing(fetcher: Fetcher, body: bytes, words: str) -> None:
    with listening(http({"/a": body})) as server:
        assert words in error(fetcher(f"http://{server.authority}/a"))


def test_size_is_bounded(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FETCHED", 100)
    with listening(http({"/a": ok(CRL)})) as server:
        assert "too big to be fetched: the limit is 100 bytes" in error(fetcher(f"http://{server.authority}/a"))


@pytest.mark.parametrize("serve", [servers.dripping, servers.mute])
def test_time_is_bounded_and_a_silent_server_is_asked_once(
    fetcher: Fetcher, said: list[str], monkeypatch: pytest.MonkeyPatch, serve: Callable[..., None]
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    monkeypatch.setattr(module, "CONNECT_SECONDS", 5.0)
    with listening(serve) as server:
        assert "no whole answer within" in error(fetcher(f"http://{server.authority}/a"))
        assert "did not answer before" in error(fetcher(f"http://{server.authority}/b"))
    assert len(said) == 1


def test_nobody_listens(fetcher: Fetcher) -> None:
    with listening(servers.mute) as server:
        pass
    assert "cannot be fetched (Connection refused)" in error(fetcher(f"http://{server.authority}/a"))


def test_a_name_that_nobody_knows(said: list[str]) -> None:
    assert "cannot be fetched" in error(Fetcher(said.append)("http://pki.contoso.invalid/ca.crl"))
    assert not said


@pytest.fixture
def over_tls() -> Iterator[Server]:
    """A server with a certificate that nobody trusts."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(load_der_x509_certificate(ROOT.issue("CN=x", key=ROOT.key).der))
    context.use_privatekey(ROOT.key)
    with listening(servers.tls(context, http({"/ca.crl": ok(CRL)}))) as server:
        yield server


def test_https_needs_no_trust_since_a_crl_is_signed_itself(fetcher: Fetcher, over_tls: Server) -> None:
    item = fetcher(f"https://{over_tls.authority}/ca.crl")
    assert item.error is None
    assert len(item.crls) == 1


def test_https_is_bounded_too(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    with listening(servers.mute) as server:
        assert "no whole answer within" in error(fetcher(f"https://{server.authority}/a"))
