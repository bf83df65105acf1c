"""Which addresses of certificates are followed, and where they may lead."""

from __future__ import annotations

import pytest

from certaudit.errors import InputError
from certaudit.loaders.network.web_address import (
    is_private,
    redirected,
    refusal,
    web_address,
)


def test_an_address_taken_apart() -> None:
    found = web_address("HTTP://PKI.contoso.com/crl/Contoso%20CA 1+.crl?x=1#top")
    assert (found.scheme, found.host, found.port) == ("http", "pki.contoso.com", 80)
    assert found.target == "/crl/Contoso%20CA%201+.crl?x=1"
    assert web_address("https://[fd12::1]:8443").port == 8443
    assert web_address("https://pki").target == "/"


@pytest.mark.parametrize(
    "url",
    [
        "ldap:///CN=x",
        "file://pki01/x.crl",
        "ftp://pki.contoso.com/x.crl",
        "http:///x.crl",
        "http://user:secret@pki.contoso.com/",
        "http://pki.contoso.com/\r\nX: y",
        "http://pki.contoso.com/ä",
        "http://[/",
        "http://pki.contoso.com:99999/",
        "x.crl",
        "",
    ],
)
def test_what_is_not_followed(url: str) -> None:
    with pytest.raises(InputError, match=r"web address|only http and https"):
        web_address(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "169.254.1.1",
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fe80::1%2",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.251",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
    ],
)
def test_nobody_is_sent_there_unasked(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.1", "172.16.0.1", "fd12::1", "8.8.8.8", "2001:4860::88"])
def test_servers_of_an_internal_pki_are_allowed_and_known_to_be_private(address: str) -> None:
    assert refusal(address) is None
    assert is_private(address) == (not address.startswith(("8.", "2001:4860")))


def test_a_redirection_keeps_its_scheme() -> None:
    origin = web_address("http://pki.contoso.com/crl/a.crl")
    assert redirected(origin, "b.crl").target == "/crl/b.crl"
    assert redirected(origin, "//other.contoso.com/b.crl").host == "other.contoso.com"
    for location in ("https://pki.contoso.com/a.crl", "file:///etc/passwd", "http://[/"):
        with pytest.raises(InputError):
            redirected(origin, location)
