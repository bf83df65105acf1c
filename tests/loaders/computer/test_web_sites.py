"""The web sites of IIS as appcmd lists them."""

from __future__ import annotations

import pytest

from certaudit.evidence import Input, SiteAddress, WebSite
from certaudit.loaders import load_bytes

SITES = (
    'SITE "Default Web Site" (id:1,bindings:http/*:80:,https/*:443:,net.tcp/808:*,net.pipe/*,state:Started)\r\n'
    'SITE "WSUS (alt)" (id:7,bindings:https/[::1]:8531:wsus.contoso.com,https/10.0.0.5:444:,state:Stopped)\r\n'
    'SITE "Empty" (id:8,bindings:,state:Unknown)\r\n'
)
EXPECTED = (
    WebSite("Default Web Site", 1, (SiteAddress("http", "*", 80), SiteAddress("https", "*", 443)), True),
    WebSite(
        "WSUS (alt)",
        7,
        (SiteAddress("https", "::1", 8531, "wsus.contoso.com"), SiteAddress("https", "10.0.0.5", 444)),
        False,
    ),
    WebSite("Empty", 8),
)


def load(text: str, encoding: str = "cp850") -> Input:
    return load_bytes(text.encode(encoding), "SMP01/facts/sites.txt")


@pytest.mark.parametrize("encoding", ["cp850", "utf-8-sig", "utf-16"])
def test_sites(encoding: str) -> None:
    item = load(SITES, encoding)
    assert (item.format, item.error, item.remarks) == ("iis-sites", None, ())
    assert item.web_sites == EXPECTED


def test_what_is_not_understood_is_said() -> None:
    item = load(SITES.replace("(id:7,", "(id:x,") + 'SITE "Cut" (id:9,bind')
    assert item.web_sites == (EXPECTED[0], EXPECTED[2])
    assert len(item.remarks) == 2


@pytest.mark.parametrize("length", range(0, len(SITES), 7))
def test_no_beginning_of_a_file_raises(length: int) -> None:
    assert set(load(SITES[:length]).web_sites) <= set(EXPECTED)
