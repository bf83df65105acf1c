"""What the tests of the formats share."""

from __future__ import annotations

import pytest

from certaudit.errors import UsageError
from certaudit.reports.pdf import find_browser
from tests.optional import missing


@pytest.fixture(autouse=True)
def _browser_for_pdf(request: pytest.FixtureRequest) -> None:
    """A test of the format pdf needs a browser."""
    node = request.node
    if isinstance(node, pytest.Function) and getattr(node, "callspec", None) and "pdf" in node.callspec.params.values():
        try:
            find_browser()
        except UsageError:
            missing("Chromium, Chrome or Edge is not installed")
