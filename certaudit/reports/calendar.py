"""What breaks next as a calendar (iCalendar, RFC 5545): one event each, with alarms early enough to do something."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from certaudit import __version__
from certaudit.document.certificates import lead_days
from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import DeadlineObject, Document, by_thumbprint
from certaudit.reports import Options

CRL_LEAD = 2
"""Days before a CRL ends: a new one is published by itself, unless something is wrong."""
LAST_CALL = 7
SECOND_CALL = 30
"""Days before a CA certificate ends, where its renewal should long have begun."""


def write(document: Document, options: Options) -> bytes:
    """The calendar; importing a later one updates its events, because their UIDs are those of the certificates."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//certaudit//certaudit {__version__}//EN",
        "X-WR-CALNAME:certaudit: what breaks next",
    ]
    certificates = by_thumbprint(document)
    for deadline in document["next_failures"]:
        lines += _event(document, deadline, certificates.get(deadline["certificate"] or ""))
    return "".join(_folded(line) for line in (*lines, "END:VCALENDAR")).encode()


def _event(document: Document, deadline: DeadlineObject, certificate: CertificateObject | None) -> Iterator[str]:
    day = date.fromisoformat(deadline["when"][:10])
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(deadline)}"
    yield f"DTSTAMP:{document['as_of'].replace('-', '').replace(':', '')}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(deadline['what'])}"
    yield f"DESCRIPTION:{_text(_description(deadline, certificate))}"
    yield "TRANSP:TRANSPARENT"
    for days in alarms(certificate):
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_text(deadline['what'])}"
        yield f"TRIGGER:-P{days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def uid(deadline: DeadlineObject) -> str:
    """The same for the same certificate, or for the CRL of the same CA, in every report."""
    about = deadline["certificate"] or deadline["what"]
    return f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@certaudit"


def alarms(certificate: CertificateObject | None) -> list[int]:
    """How many days ahead to warn, earliest first."""
    if certificate is None:
        return [CRL_LEAD]
    if certificate["is_ca"]:
        return [lead_days(certificate), SECOND_CALL]
    return [lead_days(certificate), LAST_CALL]


def _description(deadline: DeadlineObject, certificate: CertificateObject | None) -> str:
    lines = [f"{deadline['what']} at {deadline['when'][11:16]} UTC."]
    if deadline["systems"]:
        lines.append(f"Takes along: {', '.join(deadline['systems'])}.")
    if certificate is not None:
        lines.append(f"Subject: {certificate['subject'] or '(not readable)'}")
        lines.append(f"SHA-1: {certificate['sha1']}")
    return "\n".join(lines)


def _text(value: str) -> str:
    """RFC 5545 3.3.11."""
    for character in "\\;,":
        value = value.replace(character, "\\" + character)
    return value.replace("\n", "\\n")


def _folded(line: str) -> str:
    """RFC 5545 3.1: no line of more than 75 octets, and none that ends inside a character."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts) + "\r\n"
