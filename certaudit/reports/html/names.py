"""Systems and spans of time in the few words that a heading or a picture has room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


def clipped(text: str, width: int) -> str:
    """`text` in `width` characters at most."""
    return text if len(text) <= width else text[: width - 1] + "…"


def joined(names: Sequence[str], most: int) -> str:
    """The first names, and how many there are besides."""
    if len(names) <= most:
        return " and ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def counted(number: int, singular: str) -> str:
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"


def days_between(start: str, end: str) -> int:
    """Whole days from one instant of the document to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).days


def in_days(start: str, end: str) -> str:
    """How far off `end` is, in words."""
    days = days_between(start, end)
    if days < 0:
        return f"{counted(-days, 'day')} ago"
    return "within a day" if days == 0 else f"in {counted(days, 'day')}"
