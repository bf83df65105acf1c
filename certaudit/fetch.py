"""Fetching over HTTP, when the user asks for it: one GET at a time, everything bounded, everything announced before.

A name is resolved once and the connection goes to the address that was looked at, so that a second answer of a name
server leads nowhere else. Over https the server's certificate is not verified: what is fetched is signed itself, and
is judged by that; nothing is sent that would need protection. No proxy is used, and no public root store.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress

from certaudit import loaders
from certaudit.errors import InputError
from certaudit.evidence import Input
from certaudit.loaders.source import of_bytes
from certaudit.loaders.structure import Kind
from certaudit.printable import printable
from certaudit.web_address import WebAddress, is_private, redirected, refusal, web_address

MAX_BYTES = 32 << 20
CONNECT_SECONDS = 10.0
SECONDS = 30.0
"""The time for one answer, from the connection to its last byte."""
MAX_REDIRECTS = 3

Announce = Callable[[str], None]
"""Called with one sentence before each contact."""
Resolve = Callable[[str, int], list[str]]

_WANTED = (Kind.CERTIFICATE, Kind.CRL, Kind.PKCS7, Kind.BARE_SIGNED_DATA)
_REDIRECTS = (301, 302, 303, 307, 308)


class Fetcher:
    """Fetches CRLs and certificates; a server that did not answer once is not asked again."""

    def __init__(self, announce: Announce, named: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        """`named` are hosts and addresses that the user allows although they would be refused."""
        self._announce = announce
        self._named = frozenset(host.lower().strip("[]") for host in named)
        self._resolve = resolve or addresses
        self._silent: dict[tuple[str, int], str] = {}

    def __call__(self, url: str) -> Input:
        """What is published at `url`, as an input of that name; its `error` says why there is nothing."""
        try:
            data = self._fetched(web_address(url))
        except InputError as error:
            return Input(printable(url), "url", error=str(error))
        source = of_bytes(data, url)
        if source.kind not in _WANTED and b"-----BEGIN " not in source.head:
            shown = printable(url)
            what = f"{shown} gives no certificate and no CRL: see in a browser what the server publishes there."
            return Input(shown, "url", source.sha256, len(data), error=what)
        return loaders.load_bytes(data, url)

    def _fetched(self, address: WebAddress) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._asked(address)
            if isinstance(answer, bytes):
                return answer
            address = redirected(address, answer)
        raise InputError(f"{printable(address.url)} leads on and on: {MAX_REDIRECTS} redirections are followed.")

    def _asked(self, address: WebAddress) -> bytes | str:
        """The body, or where the server says that it is. Raises InputError."""
        server = address.host, address.port
        if server in self._silent:
            raise InputError(f"{printable(address.url)} was not asked for: {self._silent[server]}.")
        shown = printable(address.url)
        try:
            target = self._target(address)
            kind = "private" if is_private(target) else "public"
            self._announce(f"fetching {shown} from {target} port {address.port} ({kind} address)")
            return _get(address, target)
        except InputError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = _reason(error)
            self._silent[server] = f"{printable(address.host)} did not answer before ({reason})"
            raise InputError(f"{shown} cannot be fetched ({reason}): see that the server can be reached.") from error

    def _target(self, address: WebAddress) -> str:
        """The address to connect to: the first of the name, if none of them is refused. Raises InputError, OSError."""
        found = self._resolve(address.host, address.port)
        if not found:
            raise OSError("the name has no address")
        for candidate in found:
            reason = refusal(candidate)
            if reason and not self._named & {address.host, candidate}:
                raise InputError(
                    f"{printable(address.url)} is not fetched: it leads to {candidate}, {reason}; "
                    f"--fetch-host {printable(address.host)} allows it."
                )
        return found[0]


def addresses(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the order of the resolver. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("the name is none of a host") from error
    return list(dict.fromkeys(str(ipaddress.ip_address(item[4][0])) for item in found))


def _get(address: WebAddress, target: str) -> bytes | str:
    """The body, or where it is. Raises InputError for what the server says, OSError or HTTPException for no answer."""
    with socket.create_connection((target, address.port), CONNECT_SECONDS) as raw, _deadline(raw) as deadline:
        try:
            with closing(_connection(address, raw)) as connection:
                connection.request("GET", address.target, headers={"User-Agent": "certaudit", "Connection": "close"})
                answer = _answer(connection.getresponse(), address)
                # An answer that ends with the connection looks whole where the time was up.
                if deadline.is_set():
                    raise OSError
                return answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.is_set():
                raise TimeoutError(f"no whole answer within {SECONDS:.0f} s") from error
            raise


def _connection(address: WebAddress, raw: socket.socket) -> http.client.HTTPConnection:
    """An HTTP connection over `raw`: with a socket of its own it resolves no name."""
    if address.scheme == "http":
        connection = http.client.HTTPConnection(address.host, address.port)
        connection.sock = raw
        return connection
    context = _unverified()
    connection = http.client.HTTPSConnection(address.host, address.port, context=context)
    connection.sock = context.wrap_socket(raw, server_hostname=address.host)
    return connection


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _deadline(connection: socket.socket) -> Iterator[threading.Event]:
    """Ends the connection after SECONDS, however slowly the other side goes on; the event tells that it did."""
    event = threading.Event()
    watched = connection.dup()  # TLS takes the socket itself away

    def end() -> None:
        event.set()
        with suppress(OSError):
            watched.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield event
    finally:
        timer.cancel()
        timer.join()
        watched.close()


def _answer(response: http.client.HTTPResponse, address: WebAddress) -> bytes | str:
    shown = printable(address.url)
    if response.status in _REDIRECTS and (location := response.getheader("Location")):
        return location
    if response.status != 200:
        reason = printable(response.reason)[:80]
        raise InputError(
            f"{shown} cannot be fetched: the server answers {response.status} {reason}.".replace(" .", ".")
        )
    data = response.read(MAX_BYTES + 1)
    if response.length and len(data) <= MAX_BYTES:
        raise OSError("the answer is cut off")
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown} is too big to be fetched: the limit is {MAX_BYTES:,} bytes.")
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return str(error) if "within" in str(error) else "time is up"
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    return printable(getattr(error, "strerror", None) or str(error) or type(error).__name__)
