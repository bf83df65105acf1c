"""Reports on the two bundled sites, audited once for all tests of the formats."""

from __future__ import annotations

import functools
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certaudit.audit import audit, load_site
from certaudit.errors import UsageError
from certaudit.report import Report
from certaudit.reports.document import Document
from certaudit.reports.json_report import document
from certaudit.reports.pdf import find_browser
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


def missing(what: str) -> None:
    """Skips the test where `what` is missing on the machine of a user; on that of the CI it must not be."""
    if "CI" in os.environ:
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


@pytest.fixture(autouse=True)
def _browser_for_pdf(request: pytest.FixtureRequest) -> None:
    """A test of the format pdf needs a browser."""
    node = request.node
    if isinstance(node, pytest.Function) and getattr(node, "callspec", None) and "pdf" in node.callspec.params.values():
        try:
            find_browser()
        except UsageError:
            missing("Chromium, Chrome or Edge")
