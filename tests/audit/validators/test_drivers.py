"""Drivers: what exports of the catalog show, what the manifest declares, and both together."""

from __future__ import annotations

from pathlib import Path

import pytest

from certaudit.audit.validators import drivers
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import Driver, DriverCatalog, Evidence, Input
from certaudit.findings.result import Status
from certaudit.site.deployment import Deployment
from certaudit.site.site import Site
from tests import pki

PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED

E1000, IASTOR = Driver("1", "e1000", True), Driver("2", "iastor", True)
CONTENTS = DriverCatalog(contents=(("1", "301"), ("2", "302")))
PACKAGES = DriverCatalog(packages=(("301", "S0100017"), ("302", "S0100018")))
LOCATIONS = DriverCatalog(locations=(("S0100017", "DP01"), ("S0100018", "DP01")))
ALL = (DriverCatalog((E1000, IASTOR)), CONTENTS, PACKAGES, LOCATIONS)


def site(*states: str, declared: bool = True, described: bool = True) -> WholeSite:
    return WholeSite(Site(Path(), described=described, deployment=Deployment(drivers=states if declared else None)))


def context(*exports: DriverCatalog) -> Context:
    inputs = tuple(Input(f"{n}.csv", "csv", driver_catalog=export) for n, export in enumerate(exports))
    return pki.context(held={("site-system", "site01"): Evidence(inputs)})


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("imported", "enabled", "distributed"), PASS),
        (("imported", "enabled"), FAIL),
        ((), FAIL),
    ],
)
def test_declared_alone(states: tuple[str, ...], expected: Status) -> None:
    assert drivers.in_place(site(*states), context()).status is expected


UNDECLARED = site(declared=False)


@pytest.mark.parametrize(
    ("exports", "expected", "words"),
    [
        (ALL, PASS, ""),
        ((DriverCatalog((E1000, IASTOR._replace(enabled=False))), *ALL[1:]), FAIL, "iastor is not enabled."),
        ((DriverCatalog((E1000._replace(enabled=None),)), *ALL[1:]), NOT_CHECKED, "whether each driver is enabled"),
        ((ALL[0], CONTENTS, DriverCatalog(packages=PACKAGES.packages[:1]), LOCATIONS), FAIL, "in no driver package"),
        (
            (*ALL[:3], DriverCatalog(locations=LOCATIONS.locations[:1])),
            FAIL,
            "iastor is in S0100018, on no distribution point.",
        ),
        (ALL[:1], NOT_CHECKED, "are distributed; export SMS_CIToContent, SMS_PackageToContent, SMS_DistributionPoint"),
        (ALL[:3], NOT_CHECKED, "are distributed; export SMS_DistributionPoint as CSV"),
        (ALL[1:], NOT_CHECKED, "export SMS_Driver as CSV"),
        ((), NOT_CHECKED, "are imported and enabled and distributed; export SMS_Driver, SMS_CIToContent"),
    ],
)
def test_exports_alone(exports: tuple[DriverCatalog, ...], expected: Status, words: str) -> None:
    result = drivers.in_place(UNDECLARED, context(*exports))
    assert result.status is expected
    assert words in result.message


@pytest.mark.parametrize(
    ("states", "exports", "expected"),
    [
        (("distributed",), ALL[:1], PASS),
        (("imported", "enabled"), ALL[:1], FAIL),
        (("imported", "enabled", "distributed"), (DriverCatalog((E1000._replace(enabled=False),)),), FAIL),
        (
            ("imported", "enabled", "distributed"),
            (ALL[0], CONTENTS, PACKAGES, DriverCatalog(locations=(("X", "Y"),))),
            FAIL,
        ),
    ],
)
def test_what_is_declared_and_what_exports_show_have_to_fit(
    states: tuple[str, ...], exports: tuple[DriverCatalog, ...], expected: Status
) -> None:
    assert drivers.in_place(site(*states), context(*exports)).status is expected


def test_the_first_faults_are_named_and_the_others_counted() -> None:
    off = DriverCatalog(tuple(Driver(str(n), None, False) for n in range(5)))
    result = drivers.in_place(UNDECLARED, context(off))
    assert result.message == ("driver 0 is not enabled; driver 1 is not enabled; driver 2 is not enabled; and 2 more.")


def test_without_a_manifest_there_is_no_site() -> None:
    assert drivers.in_place(site(described=False), context()).status is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("count", "expected"), [(499, PASS), (500, FAIL), (0, NOT_APPLICABLE)], ids=["499", "500", "none"]
)
def test_a_package_holds_less_than_500_drivers(count: int, expected: Status) -> None:
    numbers = [str(number) for number in range(count)]
    exports = (
        DriverCatalog(drivers=tuple(Driver(number, None, True) for number in numbers)),
        DriverCatalog(contents=tuple((number, "301") for number in [*numbers, "an update"])),
        PACKAGES,
    )
    assert drivers.packages_hold_at_most(UNDECLARED, context(*exports), drivers=499).status is expected
