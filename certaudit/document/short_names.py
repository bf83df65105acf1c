"""Certificates in the few words that a heading or a picture has room for."""

from __future__ import annotations

import re

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import FindingObject

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


def owner(finding: FindingObject) -> str:
    """Whom and what a finding is about, in words."""
    system = finding["system"] or ("trust lists" if finding["role"] else "")
    subject = finding["subject"] if finding["subject"] != system else None
    return ", ".join(filter(None, (system, finding["role"], subject))) or "the site"
