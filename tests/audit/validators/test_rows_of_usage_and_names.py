"""The rows on key usage, purposes, names, templates and identities fit their checks, and no release goes without."""

from __future__ import annotations

import pytest

from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.releases import RELEASES

SUBJECTS = ("key-usage", "eku", "name", "template", "identity")
ROWS = tuple(row for row in read_catalogue().requirements if row.id.partition(".")[0] in SUBJECTS)
# Out of band management aside, which began with 2007 SP1, these have certificates in every release.
ROLES = ("web-server", "site-system-client", "boot-media", "client", "mobile-client", "proxy-web-server")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.where}")
def test_the_row_fits_its_check(row: Requirement) -> None:
    bind(row, CHECKS)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("subject", ["key-usage", "eku", "name"])
def test_every_release_asks_something_of_severity_error(release: str, role: str, subject: str) -> None:
    assert any(
        row.id.startswith(f"{subject}.") and role in row.roles and release in row.releases and row.severity == "error"
        for row in ROWS
    )


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("role", ROLES)
def test_every_release_asks_for_the_purpose_of_the_role(release: str, role: str) -> None:
    checks = {row.check for row in ROWS if role in row.roles and release in row.releases}
    assert {
        "extended_key_usage.includes",
        "extended_key_usage.present",
        "extended_key_usage.policies_include",
        "extended_key_usage.allowed_by_issuers",
    } <= checks


def test_every_check_of_these_modules_is_used() -> None:
    modules = ("key_usage", "extended_key_usage", "names", "template", "identity")
    assert {name for name in CHECKS if name.partition(".")[0] in modules} <= {row.check for row in ROWS}
