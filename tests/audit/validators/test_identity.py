"""Checks of identities."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import identity as checks
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Status
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki import (
    MEDIA,
    MP01,
    WS0001,
    assigned,
    context,
)

AMONG = ("client", "site-system-client", "boot-media")
LT0042 = System("lt0042.contoso.com", kind="client", roles=("client",))


def certificate(subject: str, *alternative_names: str, serial: int = 1) -> Certificate:
    extensions = [builder.alternative_names(*alternative_names)] if alternative_names else []
    return builder.certificate(subject=subject, extensions=extensions, serial=serial)


def client(found: Certificate, system: System | None = WS0001, role: str = "client") -> AssignedCertificate:
    return assigned(found, role, system)


OWN = certificate("CN=ws0001.contoso.com", "DNS:ws0001.contoso.com")
OTHER = client(certificate("CN=lt0042.contoso.com", "DNS:lt0042.contoso.com"), LT0042)


def unique(subject: AssignedCertificate, *others: AssignedCertificate, may_be_shared: bool = False) -> Status:
    return checks.unique(subject, context(subject, *others), among=AMONG, may_be_shared=may_be_shared).status


def test_an_identity_that_no_other_has_is_unique() -> None:
    assert unique(client(OWN), OTHER) is Status.PASS


def test_the_same_certificate_on_two_systems_is_not_unique() -> None:
    assert unique(client(OWN), OTHER, client(OWN, LT0042)) is Status.FAIL
    assert unique(client(OWN), client(OWN, MEDIA, "boot-media")) is Status.FAIL


def test_the_same_certificate_may_be_shared_where_that_is_allowed() -> None:
    assert unique(client(OWN), client(OWN, MEDIA, "boot-media"), may_be_shared=True) is Status.PASS


def test_another_certificate_of_the_same_name_is_not_unique() -> None:
    twin = certificate("CN=WS0001.contoso.com", "DNS:WS0001.contoso.com", "DNS:more.contoso.com", serial=2)
    result = checks.unique(client(OWN), context(client(twin, LT0042)), among=AMONG, may_be_shared=True)
    assert result.status is Status.FAIL
    assert "lt0042.contoso.com" in result.message


def test_another_first_alternative_name_makes_another_identity() -> None:
    mine = certificate("CN=clients", "DNS:ws0001.contoso.com", "DNS:shared.contoso.com")
    other = certificate("CN=clients", "DNS:lt0042.contoso.com", "DNS:shared.contoso.com")
    assert unique(client(mine), client(other, LT0042)) is Status.PASS


def test_a_client_on_a_site_system_may_share_its_certificate() -> None:
    same_computer = System("MP01.contoso.com", kind="client")
    assert unique(client(OWN, MP01, "site-system-client"), client(OWN, same_computer)) is Status.NOT_APPLICABLE


def test_certificates_in_other_roles_are_not_compared() -> None:
    assert unique(client(OWN), client(OWN, MP01, "web-server")) is Status.NOT_APPLICABLE


def test_alone_there_is_nothing_to_be_compared_with() -> None:
    assert unique(client(OWN)) is Status.NOT_APPLICABLE
    assert unique(client(OWN, None), OTHER) is Status.NOT_APPLICABLE


def test_no_name_cannot_be_unique() -> None:
    assert unique(client(certificate(""))) is Status.FAIL


def test_another_that_cannot_be_read_hides_nothing() -> None:
    broken = builder.certificate(extensions=[builder.extension("2.5.29.17", b"\x05\x00")])
    assert unique(client(OWN), client(broken, LT0042)) is Status.PASS


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("DNS:ws0001.contoso.com", "DNS:workstations.contoso.com"), Status.PASS),
        (("UPN:WS0001$@contoso.com", "DNS:ws0001.contoso.com"), Status.PASS),
        (("DNS:a.contoso.com", "DNS:b.contoso.com"), Status.PASS),
        (("DNS:workstations.contoso.com", "DNS:ws0001.contoso.com"), Status.FAIL),
        (("DNS:workstations.contoso.com", "DNS:WS0001"), Status.FAIL),
        (("email:ws0001.contoso.com", "DNS:ws0001.contoso.com"), Status.FAIL),
        (("DNS:ws0001.contoso.com",), Status.NOT_APPLICABLE),
        ((), Status.NOT_APPLICABLE),
    ],
)
def test_first_name_is_own(names: tuple[str, ...], status: Status) -> None:
    assert checks.first_name_is_own(client(certificate("CN=x", *names)), context()).status is status


@pytest.mark.parametrize(
    ("subject", "name", "subject_only", "status"),
    [
        ("CN=ws0001.contoso.com", None, True, Status.PASS),
        ("CN=WS0001", None, True, Status.PASS),
        ("CN=other", "DNS:ws0001.contoso.com", True, Status.FAIL),
        ("CN=other", "DNS:ws0001.contoso.com", False, Status.PASS),
        ("", "DNS:other.contoso.com", True, Status.NOT_APPLICABLE),
        ("", "DNS:other.contoso.com", False, Status.FAIL),
        ("", None, False, Status.FAIL),
    ],
)
def test_names_computer(subject: str, name: str | None, subject_only: bool, status: Status) -> None:
    found = certificate(subject, *filter(None, [name]))
    assert checks.names_computer(client(found), context(), subject_only=subject_only).status is status


@pytest.mark.parametrize("system", [None, MEDIA, System("-", kind="given")])
def test_names_computer_needs_a_computer(system: System | None) -> None:
    result = checks.names_computer(client(OWN, system), context(), subject_only=True)
    assert result.status is Status.NOT_APPLICABLE


def travelling(subject: str, *alternative_names: str) -> Status:
    found = certificate(subject, *alternative_names)
    return checks.names_no_computer(client(found, MEDIA, "boot-media"), context()).status


def test_a_name_of_no_account_may_travel() -> None:
    assert travelling("CN=S01 OSD media", "DNS:osd-media.contoso.com") is Status.PASS
    assert travelling("CN=Branch office USB stick") is Status.PASS


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("CN=MP01.contoso.com", None),
        ("CN=ws0001", None),
        ("CN=osd", "DNS:mp01.contoso.com"),
        ("CN=osd", "UPN:osd@contoso.com"),
        ("CN=osd", "URI:tag:microsoft.com,2022-09-14:sid:S-1-5-21-1-2-3-1107"),
    ],
)
def test_a_name_of_an_account_should_not_travel(subject: str, name: str | None) -> None:
    assert travelling(subject, *filter(None, [name])) is Status.FAIL


def test_the_sid_of_an_account_should_not_travel() -> None:
    found = builder.certificate(extensions=[builder.extension("1.3.6.1.4.1.311.25.2", b"\x30\x00")])
    result = checks.names_no_computer(client(found, MEDIA, "boot-media"), context())
    assert result.status is Status.FAIL


def test_without_a_manifest_nobody_knows_the_computers() -> None:
    subject = client(certificate("CN=osd"), System("-", kind="given"), "boot-media")
    assert checks.names_no_computer(subject, context(systems=())).status is Status.NOT_CHECKED
