"""Sound sites as they really are, built from what is documented of each release and not from the fixtures: none of
them fails, and what could not be checked is exactly what the evidence does not tell."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from certaudit.cli import run
from tests.realistic import site_2007, site_2012, site_2603

SITES = (site_2007, site_2012, site_2603)
_LISTED = ("osd.certificate-current", "osd.certificate-not-blocked", "osd.certificate-registered")
"""Nobody exported the list of SMS_CertificateInfo."""

NOT_CHECKED = {
    site_2007: {
        *((requirement, "pxe01.corp.example.com") for requirement in _LISTED),
        *((requirement, "Stick of the branch") for requirement in _LISTED),
    },
    site_2012: {
        ("osd.pxe-password", "dp01.ad.example.org"),
        *((requirement, "Boot CD") for requirement in _LISTED),
    },
    site_2603: {
        ("osd.pxe-password", "dp01.int.example.net"),
        ("chain.root-known-to-clients", "sup01.int.example.net"),
        *((requirement, "USB stick") for requirement in _LISTED),
    },
}
"""(requirement, system) of all that is not checked and no notice."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("realistic")


@functools.cache
def _report(site: ModuleType, folder: Path) -> dict[str, Any]:
    built = folder / site.__name__
    path = built / "report.json"
    run(["audit", str(site.build(built)), "--reproducible", "--format", f"json={path}"])
    report: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    return report


def _found(report: dict[str, Any], status: str) -> list[tuple[str, str]]:
    return [
        (finding["requirement"], finding["system"] or "-")
        for finding in report["findings"]
        if finding["status"] == status and finding["severity"] != "notice"
    ]


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.__name__)
def test_a_sound_site_is_ready(folder: Path, site: ModuleType) -> None:
    report = _report(site, folder)
    assert _found(report, "fail") == []
    assert report["verdict"] == "compliant"


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.__name__)
def test_what_is_not_checked_is_what_no_evidence_tells(folder: Path, site: ModuleType) -> None:
    found = _found(_report(site, folder), "not-checked")
    assert set(found) == NOT_CHECKED[site]
    assert len(found) == len(NOT_CHECKED[site])


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.__name__)
def test_a_computer_would_boot(folder: Path, site: ModuleType) -> None:
    ways = _report(site, folder)["boot"]["ways"]
    assert len(ways) == 2
    assert all(reach["answer"] == "yes" for way in ways for reach in way["reaches"])
