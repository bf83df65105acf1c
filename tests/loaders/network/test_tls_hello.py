"""The first words of TLS, against bytes and against OpenSSL."""

from __future__ import annotations

import io
import random
import socket

import pytest
from OpenSSL import SSL

from certaudit.errors import InputError
from certaudit.loaders import limits
from certaudit.loaders.network.tls_hello import (
    ServerFlight,
    client_hello,
    server_flight,
)
from tests.loaders.network.servers import (
    LOOPBACK,
    Handshake,
    Server,
    flight,
    listening,
    tls,
)

RANDOM = bytes(range(32))


def sized(content: bytes, octets: int) -> bytes:
    return len(content).to_bytes(octets) + content


def test_a_hello_without_extensions_is_as_old_servers_know_it() -> None:
    hello = client_hello(0x0300, RANDOM, "mp01.contoso.com", extensions=False)
    assert hello[:5] == b"\x16\x03\x00" + (len(hello) - 5).to_bytes(2)
    assert hello[5:6] == b"\x01"
    assert hello[9:11] == b"\x03\x00"
    assert hello[11:43] == RANDOM
    assert hello.endswith(b"\x01\x00")
    assert b"contoso" not in hello


def test_a_hello_names_the_server() -> None:
    hello = client_hello(0x0303, RANDOM, "mp01.contoso.com")
    assert hello[1:3] == b"\x03\x01"
    assert hello[9:11] == b"\x03\x03"
    assert b"mp01.contoso.com" in hello


@pytest.mark.parametrize(
    ("version", "suite", "words"),
    [
        (0x0300, 0x0004, "SSL 3.0 with RSA_WITH_RC4_128_MD5"),
        (0x0301, 0x000A, "TLS 1.0 with RSA_WITH_3DES_EDE_CBC_SHA"),
        (0x0303, 0xFFFE, "TLS 1.2 with cipher suite FFFE"),
    ],
)
@pytest.mark.parametrize("cut", [1, 7, 50, 16384])
def test_a_flight_is_read_however_records_cut_it(version: int, suite: int, words: str, cut: int) -> None:
    sent = flight(Handshake(version, suite, (b"leaf", b"issuer"), b"stapled"), cut)
    found = server_flight(io.BytesIO(sent).read)
    assert found.spoken == words
    assert found.certificates == (b"leaf", b"issuer")
    assert found.ocsp == b"stapled"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "sends no certificate"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak TLS"),
        (b"\x15\x03\x01\x00\x02\x02\x28", r"refuses with the alert 40 \(handshake failure\)"),
        (b"\x15\x03\x01\x00\x02\x02\xff", "refuses with the alert 255"),
        (b"\x16\x03\x01\x00\x04\x0e\x00\x00\x00", "sends no certificate"),
        (b"\x16\x03\x01\x00\x08\x02\x00\x00\x04\x03\x01\x00\x00", "does not speak TLS"),
        (b"\x16\x03\x01\xff\xff" + b"\0" * 0xFFFF, "sends no certificate"),
        (
            (b"\x16\x03\x01\xff\xff" + b"\x0b\xff\xff\xff" + b"\0" * 0xFFFB) * (limits.MAX_HANDSHAKE // 0xFFFF + 1),
            "sends more than 1,048,576 bytes",
        ),
    ],
)
def test_what_is_no_flight(sent: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        server_flight(io.BytesIO(sent).read)


def test_damaged_flights_raise_nothing_else() -> None:
    sent = flight(Handshake(0x0301, 0x0005, (b"leaf" * 20, b"issuer"), b"stapled"), 16384)
    chance = random.Random(1)
    for _ in range(3000):
        damaged = bytearray(sent)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            server_flight(io.BytesIO(damaged[: chance.randrange(len(damaged) + 1)]).read)
        except InputError:
            continue


@pytest.mark.parametrize(
    ("highest", "spoken"),
    [(SSL.TLS1_VERSION, "TLS 1.0"), (SSL.TLS1_1_VERSION, "TLS 1.1"), (SSL.TLS1_2_VERSION, "TLS 1.2")],
)
@pytest.mark.parametrize("extensions", [True, False])
def test_openssl_understands_the_hello(contoso_tls: SSL.Context, highest: int, spoken: str, extensions: bool) -> None:
    contoso_tls.set_min_proto_version(SSL.TLS1_VERSION)
    contoso_tls.set_max_proto_version(highest)
    with listening(tls(contoso_tls)) as server:
        found = _asked(server, extensions)
    assert found.version == spoken
    assert len(found.certificates) == 2


def _asked(server: Server, extensions: bool) -> ServerFlight:
    with socket.create_connection((LOOPBACK, server.port), 5) as connection:
        connection.sendall(client_hello(0x0303, RANDOM, "mp01.contoso.com", extensions=extensions))
        return server_flight(connection.recv)
