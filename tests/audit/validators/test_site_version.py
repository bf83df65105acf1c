"""The version of a current-branch site: support, removed roles, operating systems, kits and boot images by version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import Evidence, Input, Software
from certaudit.findings.result import Result, Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.deployment import CLIENT_OPERATING_SYSTEMS, SERVER_OPERATING_SYSTEMS, Deployment
from certaudit.site.site import Site, System
from tests import pki

PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED
ROWS = {row.id: row for row in read_catalogue(release="current-branch").requirements if row.subject == "site"}
LAST_DAY = datetime(2027, 5, 12, 23, 59, 59, tzinfo=UTC)


def context(*software: Software, as_of: datetime = LAST_DAY) -> Context:
    found = Evidence((Input("site.reg", "reg", software=software),))
    return replace(pki.context(held={("site-system", "site01"): found}), as_of=as_of)


def answer(requirement: str, known: Context | None = None, *systems: System, **declared: Any) -> Result:
    site = Site(Path(), release="current-branch", systems=systems, deployment=Deployment(**declared))
    return bind(ROWS[requirement], CHECKS)(WholeSite(site), known or context())


@pytest.mark.parametrize("version", ["2509", "5.00.9141", "5.00.9141.1000"])
def test_support_ends_with_its_last_day(version: str) -> None:
    assert answer("site.version-supported", context(as_of=LAST_DAY), site_version=version).status is PASS
    after = answer("site.version-supported", context(as_of=LAST_DAY + timedelta(seconds=1)), site_version=version)
    assert after.status is FAIL
    assert "2027-05-12" in after.message


def test_a_version_whose_end_is_not_known_is_out_once_a_later_one_is() -> None:
    oldest_end = datetime(2025, 10, 22, 23, 59, 59, tzinfo=UTC)
    assert answer("site.version-supported", context(as_of=oldest_end), site_version="1806").status is NOT_CHECKED
    after = context(as_of=oldest_end + timedelta(seconds=1))
    assert answer("site.version-supported", after, site_version="1806").status is FAIL


@pytest.mark.parametrize(("version", "word"), [("2709", "newer"), ("4.00.6487", "not one version"), (None, "declare")])
def test_what_version_it_is_may_not_be_known(version: str | None, word: str) -> None:
    result = answer("site.version-supported", site_version=version)
    assert result.status is NOT_CHECKED
    assert word in result.message


def test_the_registry_tells_the_version_too() -> None:
    registry = Software("site-version", "5.00.9141.1000")
    assert answer("site.version-supported", context(registry)).status is PASS
    assert answer("site.version-supported", context(registry), site_version="2509").status is PASS
    assert answer("site.version-supported", context(registry), site_version="2609").status is NOT_CHECKED


def test_a_site_that_no_manifest_describes_has_no_version() -> None:
    nobody = WholeSite(Site(Path(), release="current-branch", described=False))
    for requirement in ("site.version-supported", "site.no-removed-role", "osd.operating-system", "osd.adk"):
        assert bind(ROWS[requirement], CHECKS)(nobody, context()).status is NOT_APPLICABLE


OOB = System("oob01.contoso.com", roles=("out-of-band-service-point",))


@pytest.mark.parametrize("version", ["2609", None])
def test_amt_is_in_no_version(version: str | None) -> None:
    result = answer("site.no-removed-role", None, OOB, site_version=version)
    assert result.status is FAIL
    assert "oob01.contoso.com" in result.message


def test_a_certificate_pinned_to_a_removed_role_is_declared_too() -> None:
    pinned = System("oob01.contoso.com", roles=("management-point",), pins={"amt-provisioning": "AB" * 20})
    assert answer("site.no-removed-role", None, pinned).status is FAIL


def test_roles_that_are_there_are_fine() -> None:
    assert answer("site.no-removed-role", None, System("mp01", roles=("management-point",))).status is PASS


@pytest.mark.parametrize(
    ("version", "status"), [("2403", PASS), ("2309", FAIL), (None, NOT_CHECKED), ("2709", NOT_CHECKED)]
)
def test_a_role_that_a_version_removed(version: str | None, status: Status) -> None:
    row = replace(ROWS["site.no-removed-role"], parameters={"removed": [["management-point", "2403"]]})
    site = Site(
        Path(), systems=(System("mp01", roles=("management-point",)),), deployment=Deployment(site_version=version)
    )
    opposite = {PASS: FAIL, FAIL: PASS, NOT_CHECKED: NOT_CHECKED}
    assert bind(row, CHECKS)(WholeSite(site), context()).status is opposite[status]


@pytest.mark.parametrize(
    ("system", "version", "status"),
    [
        ("windows-server-2019", "2609", PASS),
        ("windows-server-2019", None, PASS),
        ("windows-11", "2107", PASS),
        ("windows-11", "2103", FAIL),
        ("windows-11", None, NOT_CHECKED),
        ("windows-server-2025", "2409", PASS),
        ("windows-server-2025", "2403", FAIL),
        ("windows-server-2012-r2", "2603", PASS),
        ("windows-server-2012-r2", "2609", FAIL),
        ("windows-server-2012", "5.00.9152.1000", FAIL),
        ("windows-7", "1606", PASS),
        ("windows-7", "1806", NOT_CHECKED),
        ("windows-7", "2002", FAIL),
        ("windows-7", None, NOT_CHECKED),
        ("windows-8.1", "2002", PASS),
        ("windows-8.1", "2403", NOT_CHECKED),
        ("windows-8.1", "2509", FAIL),
        ("windows-10", "2609", NOT_CHECKED),
        ("windows-vista", "1511", FAIL),
        ("windows-xp", None, FAIL),
    ],
)
def test_operating_systems_by_version(system: str, version: str | None, status: Status) -> None:
    assert answer("osd.operating-system", site_version=version, operating_systems=(system,)).status is status


def test_one_wrong_system_outweighs_what_is_open() -> None:
    declared = ("windows-10", "windows-11", "windows-xp")
    assert answer("osd.operating-system", operating_systems=declared).status is FAIL
    assert answer("osd.operating-system").status is NOT_CHECKED


@pytest.mark.parametrize(
    ("kit", "version", "status"),
    [
        ("10.1.26100.2454", "2609", PASS),
        ("26100.1", "2509", PASS),
        ("10.1.22621.1", "2603", PASS),
        ("10.1.26100.9457", "2609", NOT_CHECKED),
        ("10.1.26100.2454", "2503", NOT_CHECKED),
        ("10.1.26100.2454", None, NOT_CHECKED),
        ("10.1.28000.1", "2609", FAIL),
        ("10.1.28000.1", None, NOT_CHECKED),
        ("10.1.25398.1", "2509", FAIL),
        ("10.1.19041.1", "2509", FAIL),
        ("10.1.19041.1", "2103", NOT_CHECKED),
        (None, "2609", NOT_CHECKED),
    ],
)
def test_kits(kit: str | None, version: str | None, status: Status) -> None:
    assert answer("osd.adk", waik=kit, site_version=version).status is status


def test_a_kit_that_the_registry_tells() -> None:
    assert answer("osd.adk", context(Software("waik", "10.1.28000.1")), site_version="2609").status is FAIL


@pytest.mark.parametrize(
    ("architecture", "version", "status"),
    [
        ("ARM64", "2403", PASS),
        ("ARM64", "2309", FAIL),
        ("ARM64", None, NOT_CHECKED),
        ("x86", "2503", PASS),
        ("x86", "2509", FAIL),
        ("x64", None, PASS),
        (None, "2609", NOT_APPLICABLE),
    ],
)
def test_boot_images(architecture: str | None, version: str | None, status: Status) -> None:
    known = context(Software("windows-pe", "10.0.26100.1", architecture))
    assert answer("osd.boot-image-architecture", known, site_version=version).status is status


@pytest.mark.parametrize(
    ("version", "status"), [("10.0.26100.1", PASS), ("10.0.28000.1", FAIL), ("10.0.25398.1", FAIL)]
)
def test_windows_pe_of_a_kit_that_nothing_supports(version: str, status: Status) -> None:
    assert answer("osd.windows-pe", windows_pe=version).status is status


def test_the_row_of_operating_systems_uses_the_words_of_the_manifest() -> None:
    parameters = ROWS["osd.operating-system"].parameters
    named = (*parameters["deployed"], *parameters["editions"])
    bound = (row[0] for row in (*parameters["since"], *parameters["until"]))
    assert {*named, *bound} <= {*CLIENT_OPERATING_SYSTEMS, *SERVER_OPERATING_SYSTEMS}


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("2309", PASS),
        ("5.00.9122.1000", PASS),
        ("2403", FAIL),
        ("5.00.9128", FAIL),
        ("2703", FAIL),
        ("9.99", NOT_CHECKED),
        (None, NOT_CHECKED),
    ],
)
def test_plain_http_by_the_name_and_the_number_of_the_version(version: str | None, status: Status) -> None:
    plain = System("mp01.contoso.com", roles=("management-point",), connections="http")
    assert answer("coverage.http-supported", None, plain, site_version=version).status is status


def test_plain_http_is_left_open_where_two_things_tell_of_two_versions() -> None:
    plain = System("mp01.contoso.com", roles=("management-point",), connections="http")
    registry = context(Software("site-version", "5.00.9999.1000"))
    assert answer("coverage.http-supported", registry, plain, site_version="2309").status is NOT_CHECKED
    assert answer("coverage.http-supported", registry, plain).status is FAIL
