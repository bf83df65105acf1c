"""Servers on the loopback address, for what fetches and probes. Each serves until its `with` block ends."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from OpenSSL import SSL

LOOPBACK = "127.0.0.1"


@dataclass
class Server:
    """What listens at `port`; `seen` holds the first bytes of each request, `names` what each TLS client asked for."""

    port: int
    seen: list[bytes] = field(default_factory=list)
    names: list[bytes | None] = field(default_factory=list)

    @property
    def authority(self) -> str:
        """host:port, as in a URL."""
        return f"{LOOPBACK}:{self.port}"


@contextmanager
def listening(serve: Callable[[socket.socket, Server], None]) -> Iterator[Server]:
    """A server that hands each connection to `serve`, one after the other; what `serve` raises ends the connection."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        server = Server(listener.getsockname()[1])
        closing = threading.Event()

        def accept() -> None:
            while not closing.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(Exception):
                    connection.settimeout(10)
                    serve(connection, server)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def http(pages: dict[str, bytes]) -> Callable[[socket.socket, Server], None]:
    """Answers the path of a request with the whole response in `pages`; 404 where there is none."""

    def serve(connection: socket.socket, server: Server) -> None:
        request = connection.recv(65536)
        server.seen.append(request)
        path = request.split(b" ")[1].decode()
        connection.sendall(pages.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))

    return serve


def ok(body: bytes, kind: str = "application/pkix-crl") -> bytes:
    """A response that holds `body`."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def moved(location: str) -> bytes:
    """A response that leads on to `location`."""
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def tls(
    context: SSL.Context, serve: Callable[[Any, Server], None] = lambda connection, server: None
) -> Callable[[socket.socket, Server], None]:
    """Speaks TLS first, as `context` has it; keeps no key in a file."""

    def secured(connection: socket.socket, server: Server) -> None:
        connection.settimeout(None)
        secure = SSL.Connection(context, connection)
        secure.set_accept_state()
        secure.do_handshake()
        server.names.append(secure.get_servername())
        serve(secure, server)
        secure.shutdown()

    return secured


def dripping(connection: socket.socket, server: Server) -> None:
    """Sends a byte now and then, for ever."""
    server.seen.append(connection.recv(65536))
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def mute(connection: socket.socket, server: Server) -> None:
    """Reads and says nothing."""
    while data := connection.recv(65536):
        server.seen.append(data)


@dataclass(frozen=True)
class Handshake:
    """The first flight of a server, as TLS up to 1.2 sends it in the clear."""

    version: int
    suite: int
    certificates: tuple[bytes, ...]
    ocsp: bytes | None = None


def flight(handshake: Handshake, cut: int = 16384) -> bytes:
    """The records, each of `cut` bytes at most."""
    version = handshake.version.to_bytes(2)
    hello = version + bytes(32) + b"\x04sess" + handshake.suite.to_bytes(2) + b"\0"
    certificates = b"".join(_sized(each, 3) for each in handshake.certificates)
    messages = b"\x02" + _sized(hello, 3) + b"\x0b" + _sized(_sized(certificates, 3), 3)
    if handshake.ocsp is not None:
        messages += b"\x16" + _sized(b"\x01" + _sized(handshake.ocsp, 3), 3)
    messages += b"\x0e\0\0\0"
    parts = (messages[start : start + cut] for start in range(0, len(messages), cut))
    return b"".join(b"\x16" + version + _sized(part, 2) for part in parts)


def _sized(content: bytes, octets: int) -> bytes:
    return len(content).to_bytes(octets) + content


def saying(answer: bytes) -> Callable[[socket.socket, Server], None]:
    """Answers the first bytes of whoever connects, and waits for the end."""

    def serve(connection: socket.socket, server: Server) -> None:
        server.seen.append(connection.recv(65536))
        connection.sendall(answer)
        connection.recv(65536)

    return serve
