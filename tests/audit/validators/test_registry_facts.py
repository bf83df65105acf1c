"""What the registry says of roles, site, Windows, PXE and client, against the manifest."""

from __future__ import annotations

from typing import Any

import pytest

from certaudit.audit.validators import registry_facts as checks
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import ClientFacts, ComputerFacts, Evidence, Input
from certaudit.findings.result import Result, Status
from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.deployment import Deployment
from certaudit.site.site import System
from tests.pki import WS0001, context, system

CHECKS = {check.__name__: check for check in checks.CHECKS}
DP = system()
PASS, FAIL, NOT_APPLICABLE = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE


def result(check: str, facts: ComputerFacts, owner: System = DP, site: Any = None, **parameters: Any) -> Result:
    held = {owner.key: Evidence((Input("dp01/facts/roles.txt", "registry-query", computer=facts),))}
    known = context(held=held, systems=(owner,), **({"release": "current-branch"} | (site or {})))
    return CHECKS[check](WholeSite(known.site), known, **parameters)


@pytest.mark.parametrize(
    ("keys", "release", "status"),
    [
        (("DP", "Setup", "Identification"), "current-branch", PASS),
        (("dp", "MP"), "current-branch", FAIL),
        (("DP", "SMS_CLOUD_PROXYCONNECTOR"), "current-branch", FAIL),
        (("DP", "SMS_CLOUD_PROXYCONNECTOR"), "2012-r2", PASS),
        (("DP", "PXE"), "2007-sp2", FAIL),
        (("DP", "PXE"), "2012-r2", PASS),
        ((), "current-branch", NOT_APPLICABLE),
    ],
)
def test_roles_described(keys: tuple[str, ...], release: str, status: Status) -> None:
    assert result("roles_described", ComputerFacts(role_keys=keys), site={"release": release}).status is status


@pytest.mark.parametrize(
    ("facts", "owner", "code", "status"),
    [
        (ComputerFacts(site_code="s01"), DP, "S01", PASS),
        (ComputerFacts(site_code="S02"), DP, "S01", FAIL),
        (ComputerFacts(site_code="S02", parent_site_code="S01"), DP, "S01", PASS),
        (ComputerFacts(site_code="S01"), DP, None, FAIL),
        (ComputerFacts(client=ClientFacts(site_code="S02")), WS0001, "S01", FAIL),
        (ComputerFacts(client=ClientFacts(site_code="S01")), WS0001, "S01", PASS),
        (ComputerFacts(client=ClientFacts(site_code="S02")), DP, "S01", NOT_APPLICABLE),
        (ComputerFacts(), DP, "S01", NOT_APPLICABLE),
    ],
)
def test_site_code_as_described(facts: ComputerFacts, owner: System, code: str | None, status: Status) -> None:
    assert result("site_code_as_described", facts, owner, {"code": code}).status is status


@pytest.mark.parametrize(
    ("windows", "version", "status"),
    [
        ("6.3.9600", "2403", FAIL),
        ("6.2.9200", "2603", FAIL),
        ("6.3.9600", "2309", PASS),
        ("6.3.9600", None, Status.NOT_CHECKED),
        ("10.0.14393", "2603", PASS),
        ("10.0.14393", None, PASS),
        (None, "2603", NOT_APPLICABLE),
    ],
)
def test_windows_supported(windows: str | None, version: str | None, status: Status) -> None:
    site = {"deployment": Deployment(site_version=version)}
    found = result("windows_supported", ComputerFacts(windows=windows), DP, site, oldest=10, since="2403")
    assert found.status is status


@pytest.mark.parametrize(
    ("told", "described", "status"),
    [
        (True, True, PASS),
        (False, False, PASS),
        (True, False, FAIL),
        (False, True, FAIL),
        (None, True, NOT_APPLICABLE),
    ],
)
def test_pxe_as_described(told: bool | None, described: bool, status: Status) -> None:
    assert result("pxe_as_described", ComputerFacts(is_pxe=told), system(pxe=described)).status is status


SUBJECT = "SubjectStr:contoso.com"


@pytest.mark.parametrize(
    ("client", "selection", "release", "status"),
    [
        (ClientFacts("MY", SUBJECT, True), ClientSelection("My", criterion(SUBJECT)), "current-branch", PASS),
        (ClientFacts("Company"), ClientSelection(), "current-branch", FAIL),
        (ClientFacts(selection_criteria=SUBJECT), ClientSelection(), "current-branch", FAIL),
        (ClientFacts(selection_criteria="odd"), ClientSelection("My", criterion(SUBJECT)), "current-branch", FAIL),
        (ClientFacts(select_first=False), ClientSelection(), "current-branch", FAIL),
        (ClientFacts(select_first=False), ClientSelection(), "2007-sp2", PASS),
        (ClientFacts(select_first=False), ClientSelection(take_one_of_several=True), "2007-sp2", FAIL),
        (ClientFacts(version="5.00"), ClientSelection("Company"), "current-branch", NOT_APPLICABLE),
    ],
)
def test_client_selection_as_described(
    client: ClientFacts, selection: ClientSelection, release: str, status: Status
) -> None:
    site = {"client_selection": selection, "release": release}
    assert result("client_selection_as_described", ComputerFacts(client=client), WS0001, site).status is status


def test_of_no_site_nothing_is_compared() -> None:
    told = ComputerFacts(site_code="S02", role_keys=("MP",))
    for check in ("roles_described", "site_code_as_described"):
        assert result(check, told, site={"described": False}).status is NOT_APPLICABLE
