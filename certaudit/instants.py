"""Instants as every report and every message writes them."""

from __future__ import annotations

from datetime import datetime


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second; the year has four digits even where a certificate begins in the year 50."""
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
