"""Wine for the tests that need it: where it is not installed they are skipped, under CI they fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.optional import missing
from tests.wine.windows import Windows, lacking


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A fresh Windows without certificates of its own, save those that Wine brings along."""
    reason = lacking()
    if reason is not None:
        missing(reason)
    system = Windows(tmp_path_factory.mktemp("wine") / "prefix")
    system.install()
    try:
        yield system
    finally:
        system.stop()
