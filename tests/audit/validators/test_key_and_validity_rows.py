"""The rows about keys, signatures, PFX files, validity and inputs: each fits its check, and no release goes without."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import (
    inputs,
    pfx,
    private_key,
    public_key,
    signature,
    validity,
)
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.releases import RELEASES

MODULES = (public_key, signature, private_key, pfx, validity, inputs)
NAMES = tuple(module.__name__.rpartition(".")[2] for module in MODULES)
ROWS = [row for row in read_catalogue().requirements if row.check.partition(".")[0] in NAMES]

PXE_ROLE = {
    release: "pxe-service-point" if release.startswith("2007") else "distribution-point-client" for release in RELEASES
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.where.rpartition('/')[2]}")
def test_row_fits_its_check(row: Requirement) -> None:
    bind(row, CHECKS)


def test_every_check_has_a_row() -> None:
    listed = {
        f"{name}.{check.__name__}" for name, module in zip(NAMES, MODULES, strict=True) for check in module.CHECKS
    }
    assert listed == {row.check for row in ROWS}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "requirement",
    [
        "public-key.type",
        "public-key.at-most-2048-bits",
        "public-key.at-least-1024-bits",
        "signature.not-md5",
        "signature.not-sha1",
        "private-key.present",
        "private-key.matches",
        "private-key.exportable",
        "private-key.not-in-key-storage-provider",
        "pfx.readable-by-windows",
        "validity.not-expired",
        "validity.has-begun",
        "validity.not-expiring-soon",
        "validity.within-issuers",
    ],
)
def test_certificates_for_deployment_are_covered_in_every_release(requirement: str, release: str) -> None:
    roles = {role for row in ROWS if row.id == requirement and release in row.releases for role in row.roles}
    assert {"boot-media", PXE_ROLE[release]} <= roles


def test_a_key_storage_provider_is_an_error_before_current_branch_alone() -> None:
    rows = [row for row in ROWS if row.id == "private-key.not-in-key-storage-provider"]
    severities = {release: row.severity.value for row in rows for release in row.releases}
    assert {release for release, severity in severities.items() if severity == "error"} == set(RELEASES[:8])


def test_nothing_that_2007_was_made_for_is_more_than_a_notice() -> None:
    rows = [row for row in ROWS if row.id == "signature.not-sha1" and "2007-sp2" in row.releases]
    assert {row.severity.value for row in rows} == {"notice"}
