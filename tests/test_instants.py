"""Instants as text, in every year that a certificate can name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certaudit.instants import instant


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2010, 3, 1, tzinfo=UTC), "2010-03-01T00:00:00Z"),
        (datetime(50, 1, 1, tzinfo=UTC), "0050-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z"),
        (datetime(2026, 11, 23, 2, 0, 0, 999_999, tzinfo=UTC), "2026-11-23T02:00:00Z"),
    ],
    ids=["a usual one", "a year of two digits", "no end", "parts of a second"],
)
def test_an_instant_is_written_to_the_second_with_four_digits_of_the_year(moment: datetime, text: str) -> None:
    assert instant(moment) == text
