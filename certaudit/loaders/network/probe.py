"""The chain that a server really serves, read over TLS as evidence. The TLS library verifies nothing: we judge.

First a whole handshake, with everything old that OpenSSL still speaks: its end shows that the server holds the private
key. Where that fails (a server that speaks only RC4 or SSL 3.0, or that wants a client certificate) the first flight of
the server is read alone, which holds the certificates up to TLS 1.2 and shows nothing of the key.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certaudit.errors import InputError
from certaudit.evidence import UNKNOWN_KEY, Input, PrivateKey
from certaudit.loaders.contents import Contents
from certaudit.loaders.network import tls_hello
from certaudit.loaders.network.connection import (
    UnreachableError,
    addresses,
    connection,
    reason,
)
from certaudit.loaders.network.tls_hello import ServerFlight
from certaudit.loaders.source import UnreadableError, of_bytes
from certaudit.printable import printable
from certaudit.x509.der import DerError
from certaudit.x509.ocsp import ocsp_response

if TYPE_CHECKING:
    from OpenSSL import SSL

CONNECT_SECONDS = 10.0
SECONDS = 20.0
"""The time for one attempt."""

Say = Callable[[str], None]
"""Called with a sentence before each contact, and with what the server speaks after it."""

_NAMES = {"TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1", "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}
_HELD = PrivateKey(present=True, matches=True)
# What is tried without a library: the highest version, and whether extensions are sent.
_ATTEMPTS = ((0x0303, True), (0x0301, False), (0x0300, False))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server to probe; `name` is what it is asked for (SNI), None where only its address is known."""

    host: str
    port: int
    name: str | None = None

    @property
    def shown(self) -> str:
        """host:port, safe to print."""
        return printable(f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}")


def probe(endpoint: Endpoint, say: Say) -> Input:
    """The certificates that the server serves, in its order; `error` says why there are none.

    A stapled OCSP response is kept. The place of a certificate in the input names protocol and cipher.
    """
    try:
        target = addresses(endpoint.host, endpoint.port)[0]
    except (OSError, IndexError) as error:
        return _failed(endpoint, f"cannot be reached ({printable(reason(error))}): see that the name is right")
    say(f"connecting to {endpoint.shown} at {target}")
    try:
        flight = _whole(endpoint, target)
        say(f"{endpoint.shown} speaks {flight.spoken} and holds the private key of its certificate")
        return _evidence(endpoint, flight, _HELD)
    except UnreachableError as error:
        return _failed(endpoint, f"cannot be reached ({printable(str(error))}): see that the server answers there")
    except (InputError, OSError) as error:
        refusal = printable(reason(error))
    say(f"connecting to {endpoint.shown} at {target} again, for its first words alone ({refusal})")
    return _by_first_words(endpoint, target, refusal, say)


def _by_first_words(endpoint: Endpoint, target: str, refusal: str, say: Say) -> Input:
    """What the server sends before it refuses, or before this OpenSSL does."""
    said = []
    for version, extensions in _ATTEMPTS:
        try:
            flight = _first_flight(endpoint, target, version, extensions=extensions)
        except (InputError, OSError) as error:
            said.append(f"{tls_hello.VERSIONS[version]}: {printable(reason(error))}")
            continue
        shown = "the handshake was not completed, so nothing shows that it holds the private key"
        say(f"{endpoint.shown} speaks {flight.spoken}; {shown}")
        return _evidence(endpoint, flight, UNKNOWN_KEY)
    return _failed(
        endpoint,
        f"gives no certificate ({refusal}; {'; '.join(said)}): it speaks nothing that is understood here, "
        "or it is no TLS server; export the certificate on the server",
    )


def _failed(endpoint: Endpoint, what: str) -> Input:
    return Input(f"tls://{endpoint.shown}", "tls", error=f"{endpoint.shown} {what}.")


def _evidence(endpoint: Endpoint, flight: ServerFlight, key: PrivateKey) -> Input:
    contents = Contents(of_bytes(b"", f"tls://{endpoint.shown}"))
    for number, data in enumerate(flight.certificates, 1):
        contents.add_certificate(data, f"certificate {number}, {flight.spoken}", key if number == 1 else UNKNOWN_KEY)
    if flight.ocsp:
        _keep_stapled(contents, flight.ocsp)
    try:
        return contents.to_input("tls")
    except UnreadableError as error:
        return Input(f"tls://{endpoint.shown}", "tls", error=str(error))


def _keep_stapled(contents: Contents, response: bytes) -> None:
    try:
        ocsp_response(response)
    except DerError as error:
        contents.remark(f"The stapled OCSP response says nothing ({printable(str(error))}).")
    else:
        contents.ocsp_responses.append(response)


def _first_flight(endpoint: Endpoint, target: str, version: int, *, extensions: bool) -> ServerFlight:
    hello = tls_hello.client_hello(version, os.urandom(32), endpoint.name, extensions=extensions)
    with connection(target, endpoint.port, CONNECT_SECONDS, SECONDS) as opened:
        opened.sendall(hello)
        return tls_hello.server_flight(opened.recv)


def _whole(endpoint: Endpoint, target: str) -> ServerFlight:
    """A handshake by OpenSSL. Raises InputError where it does not come about, OSError where nobody answers."""
    with connection(target, endpoint.port, CONNECT_SECONDS, SECONDS) as opened:
        return _handshake(endpoint, opened)


def _handshake(endpoint: Endpoint, opened: socket.socket) -> ServerFlight:
    from OpenSSL import SSL
    from OpenSSL.crypto import FILETYPE_ASN1, dump_certificate

    stapled: list[bytes] = []
    context = _context(stapled)
    secure = SSL.Connection(context, opened)
    secure.set_connect_state()
    secure.request_ocsp()
    if endpoint.name:
        secure.set_tlsext_host_name(endpoint.name.encode("idna"))
    try:
        secure.do_handshake()
    except SSL.SysCallError as error:
        raise InputError(f"the server ends the connection, {_openssl()} asking") from error
    except SSL.Error as error:
        raise InputError(f"{_openssl()}: {_words(error)}") from error
    chain = [dump_certificate(FILETYPE_ASN1, certificate) for certificate in secure.get_peer_cert_chain() or ()]
    version, cipher = secure.get_protocol_version_name(), secure.get_cipher_name() or "no cipher"
    return ServerFlight(_NAMES.get(version, version), cipher, tuple(chain), stapled[0] if stapled else None)


def _context(stapled: list[bytes]) -> SSL.Context:
    """Everything that this OpenSSL speaks, however weak, and nothing verified; stapled responses go to `stapled`."""
    from OpenSSL import SSL

    def keep(_: SSL.Connection, response: bytes, data: None) -> bool:
        if response:
            stapled.append(response)
        return True

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(b"ALL:!aNULL:!PSK:!SRP:@SECLEVEL=0")
    # Servers without secure renegotiation (RFC 5746) are what is probed for.
    context.set_options(SSL.OP_ALL | SSL.OP_LEGACY_SERVER_CONNECT)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_ocsp_client_callback(keep)
    return context


def _openssl() -> str:
    from OpenSSL import SSL

    return " ".join(SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode("ascii", "replace").split()[:2])


def _words(error: SSL.Error) -> str:
    """What OpenSSL gives as the reason, the last one first."""
    entries = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return (printable(entries[-1][-1]) if entries else "") or "the handshake fails"


def is_name(host: str) -> bool:
    """True for a name that a server can be asked for, False for an address (RFC 6066 3)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False
