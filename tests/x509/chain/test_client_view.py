"""What clients would see of the CRLs of a path."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certaudit.site.releases import checks_revocation
from certaudit.x509 import oids
from certaudit.x509.chain.client_view import (
    Client,
    ElementView,
    client_view,
    location,
    locations,
    tolerance,
)
from tests import builder
from tests.builder import extension, sequence, tlv
from tests.pki import AS_OF, DAY, authority, chains

LDAP = "ldap:///CN=Contoso%20Issuing%20CA%201,CN=pki,CN=CDP,DC=contoso,DC=com?certificateRevocationList?base"
HTTP = "http://pki.contoso.com/issuing.crl"
JOINED, WORKGROUP, INTERNET, PE = Client


@pytest.mark.parametrize(
    ("url", "joined", "workgroup", "internet", "pe"),
    [
        (LDAP, True, False, False, False),
        ("ldap://dc01.contoso.com/CN=x", True, False, False, False),
        (HTTP, True, True, True, True),
        ("HTTP://PKI.CONTOSO.COM/issuing.crl", True, True, True, True),
        ("http://pki/issuing.crl", True, None, False, None),
        ("http://pki.contoso.local/issuing.crl", True, True, None, True),
        ("http://10.0.0.5/issuing.crl", True, True, False, True),
        ("http://8.8.8.8/issuing.crl", True, True, True, True),
        ("https://pki.contoso.com/issuing.crl", False, False, False, False),
        ("file://pki01/CertEnroll/issuing.crl", None, False, False, False),
        (r"\\pki01\CertEnroll\issuing.crl", None, False, False, False),
        ("ftp://pki.contoso.com/issuing.crl", False, False, False, False),
        ("http:///issuing.crl", False, False, False, False),
        ("http://[/x", False, False, False, False),
        ("http://localhost/issuing.crl", False, False, False, False),
        ("http://127.0.0.1/issuing.crl", False, False, False, False),
        ("http://[::1]/issuing.crl", False, False, False, False),
        ("http://169.254.1.1/issuing.crl", False, False, False, False),
        ("http://pki.contoso.com:99999/issuing.crl", False, False, False, False),
        ("http://pki contoso com/issuing.crl", False, False, False, False),
        ("http://%1/CertEnroll/%3%8%9.crl", False, False, False, False),
        ("http://pki_01.contoso.com:8080/issuing.crl", True, True, True, True),
        ("issuing.crl", False, False, False, False),
    ],
)
def test_who_reaches_what(
    url: str, joined: bool | None, workgroup: bool | None, internet: bool | None, pe: bool | None
) -> None:
    found = location(url)
    assert [reach.client for reach in found.reaches] == list(Client)
    assert [reach.reachable for reach in found.reaches] == [joined, workgroup, internet, pe]
    assert all(reach.reason for reach in found.reaches)


def test_scheme_and_host() -> None:
    assert (location(HTTP).scheme, location(HTTP).host) == ("http", "pki.contoso.com")
    assert (location(LDAP).scheme, location(LDAP).host) == ("ldap", None)
    assert location(r"\\pki01\CertEnroll\x.crl").host == "pki01"


@pytest.mark.parametrize("name", ["issuing+.crl", "issuing%2B.crl"])
def test_plus_in_a_name_meets_double_escaping(name: str) -> None:
    assert "double escaping" in location(f"http://pki.contoso.com/{name}").note
    assert location(f"file://pki01/{name}").note == ""
    assert location(HTTP).note == ""


def freshest(url: str) -> bytes:
    point = sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, url.encode()))))
    return extension(oids.FRESHEST_CRL, sequence(point))


def test_locations_in_order_and_deltas_behind() -> None:
    root = authority("CN=Root", number=1)
    leaf = root.issue(extensions=(builder.distribution_points(LDAP, HTTP), freshest("http://pki.contoso.com/a+.crl")))
    base = root.crl(extensions=(freshest("http://pki.contoso.com/b+.crl"),))
    found = locations(leaf, [base])
    assert [(each.url.rpartition("/")[2], each.is_delta) for each in found[1:]] == [
        ("issuing.crl", False),
        ("a+.crl", True),
        ("b+.crl", True),
    ]
    assert found[0].scheme == "ldap"


def view(*urls: str) -> tuple[ElementView, ...]:
    root = authority("CN=Root", number=1)
    leaf = root.issue(extensions=(builder.distribution_points(*urls),) if urls else ())
    base = root.crl()
    return client_view(chains(root, crls=[base]).best(leaf), AS_OF, [base])


def test_crl_in_active_directory_alone_fails_windows_pe() -> None:
    (element,) = view(LDAP)
    assert [reach.reachable for reach in element.reaches] == [True, False, False, False]
    assert "Windows PE is not bound to Active Directory" in element.reaches[3].reason


def test_one_address_that_is_reached_will_do() -> None:
    (element,) = view(LDAP, HTTP)
    assert [reach.reachable for reach in element.reaches] == [True, True, True, True]
    (element,) = view("http://pki/issuing.crl", LDAP)
    assert element.reaches[3].reachable is None


def test_no_distribution_point_is_reached_by_nobody() -> None:
    (element,) = view()
    assert [reach.reachable for reach in element.reaches] == [False] * 4
    assert element.reaches[0].reason == "the certificate names no distribution point"


def test_unreadable_distribution_points_are_left_out() -> None:
    leaf = authority("CN=Root", number=1).issue(extensions=(extension(oids.CRL_DISTRIBUTION_POINTS, b"\x30\x05"),))
    assert locations(leaf) == ()


def test_window_that_a_bare_metal_clock_would_miss() -> None:
    root = authority("CN=Root", number=1)
    for before, after, narrow in ((2 * DAY, 5 * DAY, False), (timedelta(hours=2), 5 * DAY, True), (DAY, DAY, False)):
        crl = root.crl(this_update=AS_OF - before, next_update=AS_OF + after)
        found = tolerance(chains(root, crls=[crl]).best(root.issue()).revocation[0], AS_OF)
        assert found is not None
        assert (found.behind, found.ahead, found.is_narrow) == (before, after, narrow)
    endless = root.crl(next_update=None, this_update=AS_OF - 9 * DAY)
    found = tolerance(chains(root, crls=[endless]).best(root.issue()).revocation[0], AS_OF)
    assert found is not None
    assert found.ahead is None
    assert not found.is_narrow


def test_no_window_without_a_crl_in_force() -> None:
    root = authority("CN=Root", number=1)
    for crls in ([], [root.crl(next_update=AS_OF - DAY)], [root.crl(this_update=AS_OF + DAY)]):
        assert tolerance(chains(root, crls=crls).best(root.issue()).revocation[0], AS_OF) is None


@pytest.mark.parametrize(
    ("release", "crl_checking", "in_task_sequence", "checks"),
    [
        ("2007-sp1", False, True, True),
        ("2007-r2", False, True, True),
        ("2007-rtm", False, False, False),
        ("2007-sp2", False, True, False),
        ("2007-r3", False, True, False),
        ("2007-sp2", True, True, True),
        ("current-branch", False, True, False),
    ],
)
def test_task_sequences_before_sp2_check_whatever_the_setting(
    release: str, crl_checking: bool, in_task_sequence: bool, checks: bool
) -> None:
    found, reason = checks_revocation(release=release, crl_checking=crl_checking, in_task_sequence=in_task_sequence)
    assert found is checks
    assert reason
