"""The first flight of a TLS server, read without a TLS library: its version, its cipher, and its certificates.

Up to TLS 1.2 a server sends its certificates in the clear, before anything secret is agreed (RFC 5246 7.3). So the
chain of a server that speaks only what no library of today speaks (SSL 3.0, RC4, export ciphers, as Windows Server 2003
does) can still be read; that the server holds the private key is not shown by that. TLS 1.3 hides them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from certaudit.errors import InputError
from certaudit.loaders import limits

VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2"}
# IANA's TLS Cipher Suites registry; the export suites of 1024 bits are draft-ietf-tls-56-bit-ciphersuites.
CIPHERS = {
    0x0004: "RSA_WITH_RC4_128_MD5",
    0x0005: "RSA_WITH_RC4_128_SHA",
    0x000A: "RSA_WITH_3DES_EDE_CBC_SHA",
    0x002F: "RSA_WITH_AES_128_CBC_SHA",
    0x0035: "RSA_WITH_AES_256_CBC_SHA",
    0x003C: "RSA_WITH_AES_128_CBC_SHA256",
    0x003D: "RSA_WITH_AES_256_CBC_SHA256",
    0x009C: "RSA_WITH_AES_128_GCM_SHA256",
    0x009D: "RSA_WITH_AES_256_GCM_SHA384",
    0xC013: "ECDHE_RSA_WITH_AES_128_CBC_SHA",
    0xC014: "ECDHE_RSA_WITH_AES_256_CBC_SHA",
    0xC009: "ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    0xC00A: "ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    0xC02F: "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    0xC02B: "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    0x0033: "DHE_RSA_WITH_AES_128_CBC_SHA",
    0x0039: "DHE_RSA_WITH_AES_256_CBC_SHA",
    0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA",
    0x0032: "DHE_DSS_WITH_AES_128_CBC_SHA",
    0x0038: "DHE_DSS_WITH_AES_256_CBC_SHA",
    0x0013: "DHE_DSS_WITH_3DES_EDE_CBC_SHA",
    0x0009: "RSA_WITH_DES_CBC_SHA",
    0x0012: "DHE_DSS_WITH_DES_CBC_SHA",
    0x0064: "RSA_EXPORT1024_WITH_RC4_56_SHA",
    0x0062: "RSA_EXPORT1024_WITH_DES_CBC_SHA",
    0x0003: "RSA_EXPORT_WITH_RC4_40_MD5",
    0x0006: "RSA_EXPORT_WITH_RC2_CBC_40_MD5",
}

_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _CERTIFICATE, _CERTIFICATE_STATUS = 2, 11, 22
_AFTER_THE_CERTIFICATES = (12, 13, 14)  # ServerKeyExchange, CertificateRequest, ServerHelloDone
_ALERTS = {
    0: "close notify",
    10: "unexpected message",
    40: "handshake failure",
    70: "protocol version",
    80: "internal error",
}
_ALERTS |= {47: "illegal parameter", 50: "decode error", 71: "insufficient security", 112: "unrecognized name"}
_SCSV = 0x00FF  # RFC 5746 3.3: says that renegotiation is secure, in a hello without extensions too


@dataclass(frozen=True, slots=True)
class ServerFlight:
    """What a server sent in the clear: `certificates` in DER as served, `ocsp` the stapled response or None."""

    version: str = ""
    cipher: str = ""
    certificates: tuple[bytes, ...] = ()
    ocsp: bytes | None = None

    @property
    def spoken(self) -> str:
        """`TLS 1.0 with RSA_WITH_RC4_128_SHA`."""
        return f"{self.version} with {self.cipher}"


def client_hello(version: int, random: bytes, name: str | None = None, *, extensions: bool = True) -> bytes:
    """The record to open with: `version` is the highest spoken, a key of VERSIONS; `random` is 32 bytes.

    Old servers that stumble over extensions get none, and then no `name` either.
    """
    suites = b"".join(suite.to_bytes(2) for suite in (*CIPHERS, _SCSV))
    body = version.to_bytes(2) + random + b"\0" + _sized(suites, 2) + b"\1\0"
    if extensions:
        body += _sized(_extensions(name), 2)
    handshake = b"\1" + _sized(body, 3)
    return bytes([_HANDSHAKE]) + min(version, 0x0301).to_bytes(2) + _sized(handshake, 2)


def _extensions(name: str | None) -> bytes:
    server_name = _extension(0, _sized(b"\0" + _sized(name.encode("idna"), 2), 2)) if name else b""
    status_request = _extension(5, b"\1\0\0\0\0")
    groups = _extension(10, _sized(bytes.fromhex("0017 0018 0019 001d"), 2))
    point_formats = _extension(11, b"\1\0")
    algorithms = bytes.fromhex("0401 0501 0601 0403 0503 0603 0804 0805 0806 0301 0303 0201 0203 0202 0101")
    return server_name + status_request + groups + point_formats + _extension(13, _sized(algorithms, 2))


def _extension(kind: int, content: bytes) -> bytes:
    return kind.to_bytes(2) + _sized(content, 2)


def _sized(content: bytes, octets: int) -> bytes:
    return len(content).to_bytes(octets) + content


def server_flight(read: Callable[[int], bytes]) -> ServerFlight:
    """The first flight of the server, whose bytes `read` gives: up to that many, none at the end of the connection.

    Raises InputError where it is none: the words stand behind "the server ".
    """
    flight = ServerFlight()
    for kind, body in _messages(_handshake(read)):
        if kind == _SERVER_HELLO:
            flight = _hello(flight, body)
        elif kind == _CERTIFICATE:
            flight = replace(flight, certificates=tuple(_certificates(body)))
        elif kind == _CERTIFICATE_STATUS and body[:1] == b"\1":
            flight = replace(flight, ocsp=body[4 : 4 + int.from_bytes(body[1:4])])
        elif kind in _AFTER_THE_CERTIFICATES:
            break
    if not flight.certificates:
        raise InputError("sends no certificate")
    return flight


def _handshake(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The content of handshake records, until the connection ends."""
    total = 0
    while head := _exactly(read, 5):
        kind, size = head[0], int.from_bytes(head[3:])
        total += size
        if kind not in (_ALERT, _HANDSHAKE) or head[1] != 3:
            raise InputError("does not speak TLS")
        if total > limits.MAX_HANDSHAKE:
            raise InputError(f"sends more than {limits.MAX_HANDSHAKE:,} bytes and no end of its certificates")
        body = _exactly(read, size)
        if kind == _HANDSHAKE:
            yield body
        elif body[:1] == b"\2":
            number = body[1] if len(body) > 1 else 0
            raise InputError(f"refuses with the alert {number} ({_ALERTS.get(number, 'see RFC 5246 7.2')})")


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = read(size - len(data))
        if not more:
            return b""
        data += more
    return data


def _messages(contents: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Handshake messages, which records may cut or put together."""
    data = b""
    for content in contents:
        data += content
        while len(data) >= 4 and len(data) >= (end := 4 + int.from_bytes(data[1:4])):
            yield data[0], data[4:end]
            data = data[end:]


def _hello(flight: ServerFlight, body: bytes) -> ServerFlight:
    start = 35 + (body[34] if len(body) > 34 else 0)
    if len(body) < start + 2:
        raise InputError("does not speak TLS")
    version, suite = int.from_bytes(body[:2]), int.from_bytes(body[start : start + 2])
    return replace(
        flight,
        version=VERSIONS.get(version, f"version {version:04X} of TLS"),
        cipher=CIPHERS.get(suite, f"cipher suite {suite:04X}"),
    )


def _certificates(body: bytes) -> Iterator[bytes]:
    position, end = 3, min(len(body), 3 + int.from_bytes(body[:3]))
    for _ in range(limits.MAX_SERVED_CERTIFICATES):
        if position + 3 > end:
            return
        size = int.from_bytes(body[position : position + 3])
        yield body[position + 3 : position + 3 + size]
        position += 3 + size
