"""Reports on the two bundled sites, audited once for all tests of the formats."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certaudit.audit import audit, load_site
from certaudit.report import Report
from certaudit.reports.document import Document
from certaudit.reports.json_report import document
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site import read_manifest

FIXTURES = Path(__file__).parents[2] / "fixtures"
AS_OF = datetime(2010, 3, 1, tzinfo=UTC)


@functools.cache
def report_on(name: str) -> Report:
    """The report on the bundled site `name`."""
    site = read_manifest(FIXTURES / name / "site.toml")
    return audit(site, load_site(site), read_catalogue(), AS_OF)


@pytest.fixture(scope="session")
def sound() -> Document:
    """The sound site."""
    return document(report_on("contoso"))


@pytest.fixture(scope="session")
def broken() -> Document:
    """The site in which each fault is made once."""
    return document(report_on("contoso-broken"))
