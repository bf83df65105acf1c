"""Connections that are bounded in time: to an address that was looked at, ended at a deadline however slow it goes."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class UnreachableError(OSError):
    """There is no connection to an address; `str()` says why."""


def addresses(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the order of the resolver. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("the name is none of a host") from error
    return list(dict.fromkeys(str(ipaddress.ip_address(item[4][0])) for item in found))


@contextmanager
def connection(address: str, port: int, connect_seconds: float, seconds: float) -> Iterator[socket.socket]:
    """A blocking connection to an IP address, ended after `seconds`.

    Raises UnreachableError where there is none, TimeoutError where time was up, and what its user raises.

    Whatever its user raises after the deadline is taken for the deadline's doing.
    """
    try:
        opened = socket.create_connection((address, port), connect_seconds)
    except OSError as error:
        raise UnreachableError(reason(error)) from error
    with opened:
        opened.settimeout(None)
        with _deadline(opened, seconds) as is_over:
            try:
                yield opened
            except Exception as error:
                if is_over.is_set():
                    raise TimeoutError(f"no whole answer within {seconds:g} s") from error
                raise
            if is_over.is_set():
                # An answer that ends with the connection looks whole.
                raise TimeoutError(f"no whole answer within {seconds:g} s")


@contextmanager
def _deadline(opened: socket.socket, seconds: float) -> Iterator[threading.Event]:
    is_over = threading.Event()
    watched = opened.dup()  # TLS takes the socket itself away

    def end() -> None:
        is_over.set()
        with suppress(OSError):
            watched.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        timer.join()
        watched.close()


def reason(error: Exception) -> str:
    """Why there was no connection or no answer, in words; not yet safe to print."""
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, TimeoutError):
        return str(error) if "within" in str(error) else "time is up"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
