"""Deployment as declared: systems, user state and methods against the release, methods against the systems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certaudit.audit.validators import deployment
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import WholeSite
from certaudit.errors import UsageError
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.deployment import (
    CLIENT_OPERATING_SYSTEMS,
    DEPLOYMENT_METHODS,
    SERVER_OPERATING_SYSTEMS,
    Deployment,
)
from certaudit.site.manifest import read_manifest
from certaudit.site.releases import RELEASES
from certaudit.site.site import Site, System
from tests import pki

PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED
CONTEXT = pki.context()
EVERY = read_catalogue().requirements
ROWS = [row for row in EVERY if row.check.startswith("deployment.")]


def site(
    methods: tuple[str, ...] | None = None, systems: tuple[str, ...] | None = None, *roles: str, described: bool = True
) -> WholeSite:
    holders = tuple(System(role, roles=(role,)) for role in roles)
    declared = Deployment(methods=methods, operating_systems=systems)
    return WholeSite(Site(Path(), described=described, systems=holders, deployment=declared))


def answer(release: str, requirement: str, of: WholeSite) -> Status:
    row = next(row for row in EVERY if row.id == requirement and release in row.releases)
    return bind(row, CHECKS)(of, CONTEXT).status


# What each release was the first to deploy (requirement `osd.operating-system`).
NEWEST = (
    ("2007-rtm", "windows-vista", "windows-server-2008"),
    ("2007-sp1", "windows-server-2008", "windows-7"),
    ("2007-r2", "windows-server-2008", "windows-7"),
    ("2007-sp2", "windows-7", "windows-8"),
    ("2007-r3", "windows-server-2008-r2", "windows-8"),
    ("2012", "windows-7", "windows-8"),
    ("2012-sp1", "windows-8", "windows-10"),
    ("2012-r2", "windows-8.1", "windows-11"),
    ("current-branch", "windows-server-2019", "windows-vista"),  # others by the version of the site
)


@pytest.mark.parametrize(("release", "deployed", "not_deployed"), NEWEST)
def test_operating_systems(release: str, deployed: str, not_deployed: str) -> None:
    assert answer(release, "osd.operating-system", site(systems=(deployed,))) is PASS
    assert answer(release, "osd.operating-system", site(systems=(deployed, not_deployed))) is FAIL
    assert answer(release, "osd.operating-system", site()) is NOT_CHECKED
    assert answer(release, "osd.operating-system", site(described=False)) is NOT_APPLICABLE


@pytest.mark.parametrize(("release", "system"), [("2012-sp1", "windows-8.1"), ("2012-r2", "windows-10")])
def test_operating_systems_that_take_an_update(release: str, system: str) -> None:
    assert answer(release, "osd.operating-system", site(systems=("windows-7", system))) is NOT_CHECKED
    assert answer(release, "osd.operating-system", site(systems=(system, "windows-11"))) is FAIL


@pytest.mark.parametrize(
    ("release", "restored", "not_restored"),
    [
        ("2007-sp1", "windows-xp", "windows-7"),
        ("2007-sp2", "windows-7", "windows-xp"),
        ("2012", "windows-xp", "windows-8"),
        ("2012-sp1", "windows-8", "windows-8.1"),
        ("2012-r2", "windows-8.1", "windows-10"),
    ],
)
def test_user_state(release: str, restored: str, not_restored: str) -> None:
    assert answer(release, "osd.user-state", site(systems=(restored, "windows-server-2003"))) is PASS
    assert answer(release, "osd.user-state", site(systems=(restored, not_restored))) is FAIL
    assert answer(release, "osd.user-state", site(systems=("windows-server-2003",))) is NOT_APPLICABLE
    assert answer(release, "osd.user-state", site()) is NOT_CHECKED
    assert answer(release, "osd.user-state", site(described=False)) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("release", "method", "expected"),
    [
        ("2007-rtm", "pxe", PASS),
        ("2007-sp1", "multicast", FAIL),
        ("2007-r2", "multicast", PASS),
        ("2007-r2", "unknown-computers", PASS),
        ("2007-r2", "prestaged-media", FAIL),
        ("2007-sp2", "stand-alone-media", PASS),
        ("2007-sp2", "unknown-computers", NOT_CHECKED),
        ("2007-sp2", "prestaged-media", FAIL),
    ],
)
def test_methods(release: str, method: str, expected: Status) -> None:
    assert answer(release, "osd.deployment-method", site((method, "client"))) is expected


def test_methods_that_are_not_declared() -> None:
    assert answer("2007-sp2", "osd.deployment-method", site()) is NOT_CHECKED
    assert answer("2007-sp2", "osd.deployment-method", site(described=False)) is NOT_APPLICABLE


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    ("methods", "roles", "server", "media"),
    [
        (None, (), NOT_APPLICABLE, NOT_APPLICABLE),
        (("client",), (), NOT_APPLICABLE, NOT_APPLICABLE),
        (("pxe", "boot-media"), (), NOT_CHECKED, NOT_CHECKED),
        (("pxe", "boot-media"), ("boot-media",), NOT_CHECKED, PASS),
        (("prestaged-media",), ("boot-media",), NOT_APPLICABLE, PASS),
        (("pxe", "boot-media"), ("pxe-service-point", "boot-media"), PASS, PASS),
    ],
)
def test_methods_have_their_systems(
    release: str, methods: tuple[str, ...] | None, roles: tuple[str, ...], server: Status, media: Status
) -> None:
    of = site(methods, None, *roles)
    assert answer(release, "osd.pxe-server", of) is server
    assert answer(release, "osd.boot-media-described", of) is media


@pytest.mark.parametrize(("pxe", "expected"), [(True, PASS), (False, NOT_CHECKED)])
def test_a_distribution_point_answers_pxe_where_it_says_so(pxe: bool, expected: Status) -> None:
    point = System("dp01.contoso.com", roles=("distribution-point",), pxe=pxe)
    of = WholeSite(replace(site(("pxe",)).site, systems=(point,)))
    assert answer("2012-r2", "osd.pxe-server", of) is expected


def test_rows_use_the_words_of_the_manifest() -> None:
    words = {*DEPLOYMENT_METHODS, *CLIENT_OPERATING_SYSTEMS, *SERVER_OPERATING_SYSTEMS}
    for row in ROWS:
        for name, values in row.parameters.items():
            assert name == "roles" or set(values) <= words, row.where


@pytest.mark.parametrize("line", ['methods = ["floppy"]', 'operating_systems = ["windows-9"]', 'methods = "pxe"'])
def test_words_that_the_manifest_does_not_know(line: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'[site]\nrelease = "2007-sp2"\n[deployment]\n{line}\n')
    with pytest.raises(UsageError, match="deployment"):
        read_manifest(path)


def test_checks_are_bound() -> None:
    assert {f"deployment.{check.__name__}" for check in deployment.CHECKS} == {row.check for row in ROWS}
