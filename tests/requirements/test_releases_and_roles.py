"""Rows speak of the roles that their releases have, by family where they can, and no role goes without its purposes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from certaudit.errors import UsageError
from certaudit.requirements.catalogue import BUILT_IN, read_catalogue
from certaudit.requirements.requirement import Requirement, Severity
from certaudit.site.releases import RELEASES
from certaudit.site.roles import CLIENT_ROLES, FAMILIES, SITE_SYSTEM_ROLES, TABLE, CertificateRole, role_exists

ROWS = read_catalogue().requirements
MOST_SINGLE_ROLES = 8
EXISTING = [(role, release) for role in TABLE for release in role.releases]

USED_BY_THE_PRODUCT = {"native", "https"}
"""The modes in which the product uses certificates; what holds in these alone holds where it matters."""

ISSUER_ROW = "chain.issuer-is-a-ca"
NOT_DEMANDED = {
    ("intermediate-ca", "CA"): f"{ISSUER_ROW} demands it of every CA in the path of what it issued",
}
"""What no error row demands of a certificate by itself, and why. What one does demand must not stand here."""

ROW = """
[[source]]
id = "s"
title = "S"
[[requirement]]
id = "eku.own"
title = "T"
check = "extended_key_usage.present"
severity = "error"
confidence = "inferred"
citations = [{ source = "s", clause = "1" }]
consequence = "C."
remediation = "R."
"""


@pytest.mark.parametrize("row", [row for row in ROWS if row.roles], ids=lambda row: row.id)
def test_each_role_exists_in_a_release_of_the_row(row: Requirement) -> None:
    dead = sorted(role for role in row.roles if not any(role_exists(role, release) for release in row.releases))
    assert not dead, f"{row.where}: take off {', '.join(dead)}, which no release of the row has"


def test_there_are_roles_that_some_release_lacks() -> None:
    assert not role_exists("site-server-signing", "2012")
    assert all(role.releases for role in TABLE)


def test_a_role_is_needed_by_what_a_manifest_can_describe() -> None:
    assert {name for role in TABLE for name in role.needed_by} <= {*SITE_SYSTEM_ROLES, *CLIENT_ROLES, "boot-media"}


# --- Families ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*/*.toml")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_long_list_of_roles_names_families(path: Path) -> None:
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]:
        single = [word for word in row.get("roles", ()) if word not in FAMILIES]
        assert len(single) <= MOST_SINGLE_ROLES, f"{row['id']}: name families of roles, {', '.join(FAMILIES)}"


def roles_of(tmp_path: Path, *lines: str) -> frozenset[str]:
    """The roles of a row that has these lines besides those of ROW."""
    path = tmp_path / "own.toml"
    path.write_text(ROW + "\n".join(lines), encoding="utf-8")
    (row,) = read_catalogue([path]).named("eku.own")
    return row.roles


def test_a_family_is_the_roles_of_it_that_a_release_of_the_row_has(tmp_path: Path) -> None:
    old, new = 'releases = ["2007"]', 'releases = ["2012"]'
    assert roles_of(tmp_path, old, 'roles = ["carried"]') == {"pxe-service-point", "boot-media"}
    assert roles_of(tmp_path, new, 'roles = ["carried"]') == set(FAMILIES["carried"])
    assert roles_of(tmp_path, old, 'roles = ["authorities", "client"]') == {"root-ca", "intermediate-ca", "client"}


def test_a_row_takes_roles_and_families_out_of_its_families(tmp_path: Path) -> None:
    found = roles_of(tmp_path, 'releases = ["all"]', 'roles = ["all"]', 'roles_except = ["end-entities", "root-ca"]')
    assert found == {"intermediate-ca"}


@pytest.mark.parametrize("excepted", ["mobile-client", "distribution-point-client"])
def test_what_is_not_there_cannot_be_taken_out(tmp_path: Path, excepted: str) -> None:
    with pytest.raises(UsageError, match=f"'roles_except' takes out what 'roles' does not name: {excepted}"):
        roles_of(tmp_path, 'releases = ["2007"]', 'roles = ["carried"]', f'roles_except = ["{excepted}"]')


# --- Purposes ---------------------------------------------------------------------------------------------------------


def demanded(role: str, release: str) -> frozenset[str]:
    """What error rows demand of a certificate in that role: purposes, bits of key usage, and `CA` of a CA."""
    keys = {
        "extended_key_usage.includes": "purposes",
        "extended_key_usage.includes_or_names_unit": "purposes",
        "key_usage.includes": "bits",
    }
    rows = [
        row
        for row in ROWS
        if role in row.roles
        and release in row.releases
        and row.severity is Severity.ERROR
        and row.modes >= USED_BY_THE_PRODUCT
    ]
    named = {value for row in rows if row.check in keys for value in row.parameters[keys[row.check]]}
    return frozenset(named | {"CA" for row in rows if row.check == "chain.root_is_a_ca"})


@pytest.mark.parametrize(("role", "release"), EXISTING, ids=lambda value: getattr(value, "name", value))
def test_an_error_row_demands_the_purposes_of_each_role(role: CertificateRole, release: str) -> None:
    wanted = set(role.purposes) or {"CA", "keyCertSign"}
    missing = wanted - demanded(role.name, release)
    assert missing == {what for name, what in NOT_DEMANDED if name == role.name}, f"{role.name} in {release}"


@pytest.mark.parametrize("release", RELEASES)
def test_what_a_ca_need_not_say_by_itself_is_asked_of_it_in_each_path(release: str) -> None:
    rows = [row for row in ROWS if row.id == ISSUER_ROW and release in row.releases and row.severity is Severity.ERROR]
    asked = {role for row in rows for role in row.roles}
    assert asked >= {role for role in FAMILIES["end-entities"] if role_exists(role, release)}
