"""Fetching over HTTP, when the user asks for it: one GET at a time, everything bounded, everything announced before.

A name is resolved once and the connection goes to the address that was looked at, so that a second answer of a name
server leads nowhere else. Over https the server's certificate is not verified: what is fetched is signed itself, and
is judged by that; nothing is sent that would need protection. No proxy is used, and no public root store.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import closing

from certaudit import loaders
from certaudit.errors import InputError
from certaudit.evidence import Input
from certaudit.loaders import limits
from certaudit.loaders.network.connection import addresses, connection, reason
from certaudit.loaders.network.web_address import (
    WebAddress,
    is_private,
    redirected,
    refusal,
    web_address,
)
from certaudit.loaders.source import of_bytes
from certaudit.loaders.structure import Kind
from certaudit.printable import printable

CONNECT_SECONDS = 10.0
SECONDS = 30.0
"""The time for one answer, from the connection to its last byte."""

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
        for _ in range(limits.MAX_REDIRECTS + 1):
            answer = self._asked(address)
            if isinstance(answer, bytes):
                return answer
            address = redirected(address, answer)
        raise InputError(f"{printable(address.url)} leads on and on: {limits.MAX_REDIRECTS} redirections are followed.")

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
            why = printable(reason(error))
            self._silent[server] = f"{printable(address.host)} did not answer before ({why})"
            raise InputError(f"{shown} cannot be fetched ({why}): see that the server can be reached.") from error

    def _target(self, address: WebAddress) -> str:
        """The address to connect to: the first of the name, if none of them is refused. Raises InputError, OSError."""
        found = self._resolve(address.host, address.port)
        if not found:
            raise OSError("the name has no address")
        for candidate in found:
            what = refusal(candidate)
            if what and not self._named & {address.host, candidate}:
                raise InputError(
                    f"{printable(address.url)} is not fetched: it leads to {candidate}, {what}; "
                    f"--fetch-host {printable(address.host)} allows it."
                )
        return found[0]


def _get(address: WebAddress, target: str) -> bytes | str:
    """The body, or where it is. Raises InputError for what the server says, OSError or HTTPException for no answer."""
    with (
        connection(target, address.port, CONNECT_SECONDS, SECONDS) as opened,
        closing(_http(address, opened)) as http_connection,
    ):
        http_connection.request("GET", address.target, headers={"User-Agent": "certaudit", "Connection": "close"})
        return _answer(http_connection.getresponse(), address)


def _http(address: WebAddress, opened: socket.socket) -> http.client.HTTPConnection:
    """HTTP over `opened`: with a socket of its own it resolves no name."""
    if address.scheme == "http":
        plain = http.client.HTTPConnection(address.host, address.port)
        plain.sock = opened
        return plain
    context = _unverified()
    secure = http.client.HTTPSConnection(address.host, address.port, context=context)
    secure.sock = context.wrap_socket(opened, server_hostname=address.host)
    return secure


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _answer(response: http.client.HTTPResponse, address: WebAddress) -> bytes | str:
    shown = printable(address.url)
    if response.status in _REDIRECTS and (location := response.getheader("Location")):
        return location
    if response.status != 200:
        words = printable(response.reason)[:80]
        raise InputError(f"{shown} cannot be fetched: the server answers {response.status} {words}.".replace(" .", "."))
    data = response.read(limits.MAX_FETCHED + 1)
    if response.length and len(data) <= limits.MAX_FETCHED:
        raise OSError("the answer is cut off")
    if len(data) > limits.MAX_FETCHED:
        raise InputError(f"{shown} is too big to be fetched: the limit is {limits.MAX_FETCHED:,} bytes.")
    return data
