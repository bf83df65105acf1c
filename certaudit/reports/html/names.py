"""Certificates, systems and spans of time in the few words that a heading or a picture has room for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from certaudit.document.evidence_objects import CertificateObject

_ATTRIBUTE = re.compile(r"(?:\\.|[^,+\\])+")
"""An attribute of an RFC 4514 name; what is escaped in a value separates nothing."""


def short_name(subject: str | None) -> str:
    """The first common name of an RFC 4514 name, which is the most specific one; else the whole of it."""
    common_names = (part[3:] for part in _ATTRIBUTE.findall(subject or "") if part.startswith("CN="))
    return next(common_names, subject) or "(no name)"


def certificate_name(certificate: CertificateObject) -> str:
    """The common name of a certificate, else its first alternative name, else its thumbprint."""
    if certificate["subject"]:
        return short_name(certificate["subject"])
    return certificate["names"][0] if certificate["names"] else f"certificate {certificate['sha1'][:16]}"


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
