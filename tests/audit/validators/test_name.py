"""Checks of names."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import name as checks
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import PrivateKey
from certaudit.findings.result import Status
from certaudit.site.site import System
from certaudit.x509.name import folded
from tests import builder
from tests.pki import (
    MP01,
    WS0001,
    assigned,
    context,
)

CONTEXT = context()
SENTENCE = "The site code of this site server is ???"
FARM = System(
    "mp01.contoso.com",
    roles=("management-point",),
    internet_name="mp.contoso.net",
    nlb_name="mp.contoso.com",
)


def named(subject: str = "", *alternative_names: str, system: System | None = MP01) -> AssignedCertificate:
    extensions = [builder.alternative_names(*alternative_names)] if alternative_names else []
    return assigned(builder.certificate(subject=subject, extensions=extensions), owner=system)


@pytest.mark.parametrize(
    "subject",
    [
        named("", "DNS:mp01.contoso.com"),
        named("CN=something else", "DNS:other.contoso.com", "DNS:MP01.Contoso.COM"),
        named("CN=mp01.contoso.com"),
        named("CN=mp01.contoso.com", "UPN:mp01$@contoso.com"),
        named("OU=Servers,CN=mp01.contoso.com"),
        named("CN=mp01.contoso.com,CN=Computers,DC=contoso,DC=com"),
    ],
)
def test_the_intranet_name_is_borne(subject: AssignedCertificate) -> None:
    assert checks.bears(subject, CONTEXT, kind="intranet").status is Status.PASS


@pytest.mark.parametrize(
    ("subject", "remark"),
    [
        (named("CN=mp02.contoso.com", "DNS:mp02.contoso.com"), "mp01.contoso.com."),
        (named("CN=mp01", "DNS:mp01"), "short name only"),
        (named("CN=mp01.contoso.com", "DNS:mp02.contoso.com"), "common name does not count"),
        (named("", "DNS:*.contoso.com"), "wildcard only"),
        (named("", "DNS:mp01.contoso.com&mp.contoso.net"), "mp01.contoso.com."),
        (named("", "DNS:mp01.contoso.com\0.example.com"), "mp01.contoso.com."),
        (named("", "URI:https://mp01.contoso.com"), "mp01.contoso.com."),
        (named("OU=mp01.contoso.com"), "mp01.contoso.com."),
        (named("CN=mp02.contoso.com,CN=mp01.contoso.com"), "mp01.contoso.com"),
        (named(), "mp01.contoso.com."),
    ],
)
def test_the_intranet_name_is_not_borne(subject: AssignedCertificate, remark: str) -> None:
    result = checks.bears(subject, CONTEXT, kind="intranet")
    assert result.status is Status.FAIL
    assert remark in result.message


def test_each_kind_of_name_is_looked_up_by_itself() -> None:
    subject = named("", "DNS:mp01.contoso.com", "DNS:mp.contoso.net", system=FARM)
    assert checks.bears(subject, CONTEXT, kind="intranet").status is Status.PASS
    assert checks.bears(subject, CONTEXT, kind="internet").status is Status.PASS
    assert checks.bears(subject, CONTEXT, kind="NLB").status is Status.FAIL
    assert checks.bears(subject, CONTEXT, kind="given").status is Status.NOT_APPLICABLE


def test_a_short_name_of_the_system_is_enough_where_the_site_uses_it() -> None:
    subject = named("CN=mp01", system=System("mp01"))
    assert checks.bears(subject, CONTEXT, kind="intranet").status is Status.PASS


@pytest.mark.parametrize("name", ["mp", "10.0.0.7", "fd00::7"])
def test_a_cluster_must_have_a_name_that_dns_can_resolve(name: str) -> None:
    subject = named("", f"DNS:{name}", system=System("mp01.contoso.com", nlb_name=name))
    result = checks.bears(subject, CONTEXT, kind="NLB", fully_qualified=True)
    assert result.status is Status.FAIL
    assert "not a fully qualified domain name" in result.message


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("cmg.contoso.com", Status.PASS),
        ("contoso.com", Status.FAIL),
        ("a.cmg.contoso.com", Status.FAIL),
    ],
)
def test_a_wildcard_stands_for_one_label_where_it_counts(name: str, status: Status) -> None:
    subject = named("", "DNS:*.contoso.com", system=System("-", kind="given", given_names=(name,)))
    assert checks.bears(subject, CONTEXT, kind="given", wildcard=True).status is status


def test_every_given_name_must_be_borne() -> None:
    system = System("-", kind="given", given_names=("a.contoso.com", "b.contoso.com"))
    result = checks.bears(named("", "DNS:a.contoso.com", system=system), CONTEXT, kind="given")
    assert (result.status, result.message) == (Status.FAIL, "The certificate does not bear b.contoso.com.")


def test_a_needed_name_that_nobody_told_is_left_open() -> None:
    nameless = System("-", kind="given")
    result = checks.bears(named("CN=x", system=nameless), CONTEXT, kind="given", needed=True)
    assert result.status is Status.NOT_CHECKED
    assert "--name" in result.message
    assert checks.bears(named("CN=x"), CONTEXT, kind="internet", needed=True).status is Status.NOT_CHECKED
    assert checks.bears(named("CN=x"), CONTEXT, kind="given", needed=True).status is Status.NOT_APPLICABLE
    assert checks.bears(named("CN=x", system=None), CONTEXT, kind="given", needed=True).status is Status.NOT_CHECKED


def test_subject_bears() -> None:
    assert checks.subject_bears(named("CN=MP01.contoso.com"), CONTEXT, kind="intranet").status is Status.PASS
    assert checks.subject_bears(named("CN=x", "DNS:mp01.contoso.com"), CONTEXT, kind="intranet").status is Status.FAIL
    assert checks.subject_bears(named("CN=x"), CONTEXT, kind="internet").status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        (named("CN=mp01.contoso.com", "DNS:mp01.contoso.com"), Status.PASS),
        (named("CN=mp01.contoso.com", "DNS:*.contoso.com"), Status.FAIL),
        (named("CN=*.contoso.com"), Status.FAIL),
    ],
)
def test_no_wildcard(subject: AssignedCertificate, status: Status) -> None:
    assert checks.no_wildcard(subject, CONTEXT).status is status


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        (named("CN=mp01.contoso.com", "DNS:mp01.contoso.com", "DNS:mp.contoso.net"), Status.PASS),
        (named("CN=Research & Development"), Status.PASS),
        (named("", "DNS:mp01&mp.contoso.net"), Status.FAIL),
        (named("CN=mp01.contoso.com&mp.contoso.net"), Status.FAIL),
    ],
)
def test_no_joined_names(subject: AssignedCertificate, status: Status) -> None:
    assert checks.no_joined_names(subject, CONTEXT).status is status


def test_subject_present() -> None:
    assert checks.subject_present(named("CN=mp01"), CONTEXT).status is Status.PASS
    assert checks.subject_present(named("", "DNS:mp01.contoso.com"), CONTEXT).status is Status.FAIL


def test_present() -> None:
    assert checks.present(named("CN=ws0001"), CONTEXT).status is Status.PASS
    assert checks.present(named("", "DNS:ws0001"), CONTEXT).status is Status.PASS
    assert checks.present(named(), CONTEXT).status is Status.FAIL


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        (named("CN=ws0001", "DNS:ws0001.contoso.com"), Status.PASS),
        (named("CN=Müller"), Status.PASS),
        (named("CN=Ā"), Status.FAIL),
        (named("CN=ws0001", "UPN:東京@contoso.com"), Status.FAIL),
        (named("CN=ws0001", "dir:CN=Рабочая"), Status.FAIL),
        (named("CN=ws0001", "DNS:müller.contoso.com"), Status.FAIL),
    ],
    ids=["ASCII", "the last that Latin-1 holds", "the first that it does not", "UPN", "directory name", "DNS"],
)
def test_single_byte(subject: AssignedCertificate, status: Status) -> None:
    assert checks.single_byte(subject, CONTEXT).status is status


def test_characters_of_two_bytes_are_found_in_any_kind_of_string() -> None:
    subject = assigned(builder.certificate(subject=builder.name("CN=東京", 0x1E)))
    result = checks.single_byte(subject, CONTEXT)
    assert (result.status, result.message[:23]) == (Status.FAIL, "The character U+6771 in")


@pytest.mark.parametrize(
    ("common_name", "status"),
    [
        ("The site code of this site server is S01", Status.PASS),
        ("The site code of this site server is S01.", Status.FAIL),
        ("The site code of this site server is s01", Status.FAIL),
        ("the site code of this site server is S01", Status.FAIL),
        ("The site code of this site server is S02", Status.FAIL),
        ("The site code of this site server is", Status.FAIL),
        (" The site code of this site server is S01", Status.FAIL),
        ("Der Standortcode dieses Standortservers ist S01", Status.FAIL),
    ],
)
def test_the_signing_subject_is_held_to_the_letter(common_name: str, status: Status) -> None:
    subject = named(f"CN={common_name},O=Contoso")
    assert checks.signing_subject(subject, CONTEXT, sentence=SENTENCE).status is status


def test_without_a_site_code_a_fitting_signing_subject_is_left_open() -> None:
    unknown = context(code=None)
    fitting = named("CN=The site code of this site server is S01")
    assert checks.signing_subject(fitting, unknown, sentence=SENTENCE).status is Status.NOT_CHECKED
    for text in ("CN=Contoso", "CN=The site code of this site server is ???"):
        assert checks.signing_subject(named(text), unknown, sentence=SENTENCE).status is Status.FAIL


def test_a_sentence_without_a_site_code_needs_none() -> None:
    unknown = context(code=None)
    assert checks.signing_subject(named("CN=Site Server"), unknown, sentence="Site Server").status is Status.PASS
    assert checks.signing_subject(named("CN=Site Servers"), CONTEXT, sentence="Site Server").status is Status.FAIL


@pytest.mark.parametrize(
    ("common_name", "status"),
    [
        ("abc.contoso.com", Status.PASS),
        ("ab.contoso.com", Status.FAIL),
        (f"{'a' * 24}.contoso.com", Status.PASS),
        (f"{'a' * 25}.contoso.com", Status.FAIL),
        ("contoso-cmg.contoso.com", Status.FAIL),
        ("*.contoso.com", Status.PASS),
    ],
)
def test_service_name_prefix(common_name: str, status: Status) -> None:
    assert checks.service_name_prefix(named(f"CN={common_name}"), CONTEXT, shortest=3, longest=24).status is status


def test_friendly_name_without_nul() -> None:
    certificate = builder.certificate()
    in_pfx = PrivateKey(present=True)

    def status(friendly_name: str | None, key: PrivateKey = in_pfx) -> Status:
        subject = assigned(certificate, "client", WS0001, friendly_name=friendly_name, private_key=key)
        return checks.friendly_name_without_nul(subject, CONTEXT).status

    assert status("ws0001 computer") is Status.PASS
    assert status(None) is Status.PASS
    assert status("ConfigMgr client\0") is Status.FAIL
    assert status(None, PrivateKey()) is Status.NOT_CHECKED


def test_friendly_name_excludes() -> None:
    certificate, unwanted = builder.certificate(), ("SMS Signing Certificate",)

    def status(friendly_name: str | None) -> Status:
        subject = assigned(certificate, friendly_name=friendly_name)
        return checks.friendly_name_excludes(subject, CONTEXT, names=unwanted).status

    assert status("mp01 web") is Status.PASS
    assert status("SMS Signing Certificate") is Status.FAIL
    assert status(None) is Status.NOT_APPLICABLE


def test_hostile_names_are_shown_inert() -> None:
    result = checks.bears(named("CN=\x1b[31m##vso[x]", "DNS:evil\r\n::set-output"), CONTEXT, kind="intranet")
    assert result.observed is not None
    assert not set(result.observed + result.message) & set("\x1b\r\n#")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MP01.contoso.com", "mp01.CONTOSO.com", True),
        ("M\u00dcLLER.contoso.com", "m\u00fcller.contoso.com", True),
        ("bo\u00df01.contoso.com", "boss01.contoso.com", False),
        ("o\ufb03ce.contoso.com", "office.contoso.com", False),
        ("mp01.contoso.com", "mp01.contoso\u212aom", False),
        ("\u212a01.contoso.com", "k01.contoso.com", False),
        ("\u017fup01.contoso.com", "sup01.contoso.com", False),
        ("\u0130is.contoso.com", "iis.contoso.com", False),
    ],
)
def test_names_are_compared_letter_by_letter(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same
