"""The deployment toolchain: versions that files tell and the manifest declares, roles, and what is declared alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.validators import toolchain
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import WholeSite
from certaudit.errors import UsageError
from certaudit.evidence import Evidence, Input, Media, Software
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.deployment import Deployment
from certaudit.site.manifest import read_manifest
from certaudit.site.releases import RELEASES
from certaudit.site.site import Site
from tests import pki

PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED


def site(*, described: bool = True, systems: Any = (), **declared: Any) -> WholeSite:
    return WholeSite(Site(Path(), described=described, systems=systems, deployment=Deployment(**declared)))


def context(*software: Software, media: Media | None = None) -> Context:
    found = Evidence((Input("boot.wim", "wim", software=software, media=media),))
    return pki.context(held={("site-system", "site01"): found})


PE_3 = Software("windows-pe", "6.1.7600.16385")
PE_2 = Software("windows-pe", "6.0.6001.18000")


@pytest.mark.parametrize(
    ("of", "known", "expected"),
    [
        (site(windows_pe="3.0"), context(), PASS),
        (site(windows_pe="6.1.7600"), context(), PASS),
        (site(windows_pe="2.1"), context(), FAIL),
        (site(), context(PE_3), PASS),
        (site(), context(PE_3, PE_2), FAIL),
        (site(windows_pe="3.0"), context(PE_2), FAIL),
        (site(windows_pe="2.1"), context(PE_3), FAIL),
        (site(), context(PE_2, media=Media("iso")), NOT_CHECKED),
        (site(), context(Software("windows-pe", None)), NOT_CHECKED),
        (site(), context(Software("usmt", "6.1.7600")), NOT_CHECKED),
        (site(), context(), NOT_CHECKED),
        (site(described=False), context(), NOT_APPLICABLE),
    ],
)
def test_windows_pe(of: WholeSite, known: Context, expected: Status) -> None:
    result = toolchain.version_is_one_of(of, known, part="windows_pe", versions=("3.0", "6.1.7600"))
    assert result.status is expected


def test_usmt_is_read_from_media_too() -> None:
    known = context(Software("usmt", "6.1.7600.16385"), media=Media("iso"))
    result = toolchain.version_is_one_of(site(usmt="4.0"), known, part="usmt", versions=("4", "6.1.7600"))
    assert (result.status, result.observed) == (PASS, "4.0 (declared), 6.1.7600.16385 (boot.wim)")


SMP01 = pki.system("state-migration-point", name="smp01.contoso.com")


@pytest.mark.parametrize(
    ("of", "expected"),
    [(site(systems=(SMP01,)), PASS), (site(), FAIL), (site(described=False), NOT_APPLICABLE)],
)
def test_roles(of: WholeSite, expected: Status) -> None:
    assert toolchain.has_system_role(of, context(), roles=("state-migration-point",)).status is expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (site(older_waik_removed=True), PASS),
        (site(older_waik_removed=False), FAIL),
        (site(), NOT_CHECKED),
        (site(described=False), NOT_APPLICABLE),
    ],
)
def test_what_is_declared(of: WholeSite, expected: Status) -> None:
    assert toolchain.declared(of, context(), key="older_waik_removed").status is expected


def test_the_manifest_declares_it(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(
        '[site]\nrelease = "2007-sp2"\n[deployment]\nusmt = "4.0"\nwindows_pe = "3.0"\nwaik = "2.0"\n'
        'site_version = "4.00.6487.2000"\nolder_waik_removed = true\nboot_images_backed_up = false\n'
        'drivers = ["imported", "enabled"]\n'
    )
    expected = Deployment("4.0", "3.0", "2.0", "4.00.6487.2000", True, False, ("imported", "enabled"))
    assert read_manifest(path).deployment == expected


@pytest.mark.parametrize("line", ['umst = "4.0"', 'drivers = ["present"]', "older_waik_removed = 1", "usmt = 4.0"])
def test_what_the_manifest_cannot_say(tmp_path: Path, line: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'[site]\nrelease = "2007-sp2"\n[deployment]\n{line}\n')
    with pytest.raises(UsageError, match="deployment"):
        read_manifest(path)


ROWS = [row for row in read_catalogue().requirements if row.check.startswith(("toolchain.", "drivers."))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.where)
def test_rows_fit_their_checks(row: Any) -> None:
    bind(row, CHECKS)


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_judges_its_toolchain(release: str) -> None:
    ids = {row.id for row in ROWS if release in row.releases}
    assert {"osd.usmt", "osd.windows-pe", "osd.drivers", "osd.way-in"} <= ids
    assert release not in RELEASES[:5] or {"osd.waik", "osd.site-version"} <= ids


# What each release takes (requirements `osd.usmt`, `osd.windows-pe` and `osd.waik`).
@pytest.mark.parametrize(
    ("release", "declared"),
    [
        ("2007-rtm", {"usmt": "3.1", "windows_pe": "2.0", "waik": "1.0", "site_version": "4.00.5931.0000"}),
        ("2007-sp1", {"usmt": "3.0.1", "windows_pe": "2.1", "waik": "1.1", "site_version": "4.00.6221.1000"}),
        ("2007-r2", {"usmt": "3.1", "windows_pe": "6.0.6001", "waik": "1.1", "site_version": "4.00.6221.1000"}),
        ("2007-sp2", {"usmt": "4", "windows_pe": "3.0", "waik": "2.0", "site_version": "4.00.6487.2000"}),
        ("2007-r3", {"usmt": "4.0", "windows_pe": "6.1.7600", "waik": "2.0", "site_version": "4.00.6487.2157"}),
    ],
)
def test_the_matrix_of_2007(release: str, declared: dict[str, Any]) -> None:
    rows = [row for row in ROWS if release in row.releases and row.check == "toolchain.version_is_one_of"]
    assert len(rows) == 4
    for row in rows:
        assert bind(row, CHECKS)(site(**declared), context()).status is PASS, row.id


def test_an_estate_of_before_sp2_fails_after_it() -> None:
    old: dict[str, Any] = {"usmt": "3.1", "windows_pe": "2.1", "waik": "1.1", "site_version": "4.00.6221.1000"}
    rows = [row for row in ROWS if "2007-sp2" in row.releases and row.check == "toolchain.version_is_one_of"]
    assert {bind(row, CHECKS)(site(**old), context()).status for row in rows} == {FAIL}
