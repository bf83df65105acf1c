"""Instants as every report and every message writes them."""

from __future__ import annotations

from datetime import datetime


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
