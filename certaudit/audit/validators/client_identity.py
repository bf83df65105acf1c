"""Whom a certificate is for, and by what the site tells one client from another."""

from __future__ import annotations

from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable

ClientIdentity = tuple[object, ...]


def client_identity(certificate: Certificate) -> ClientIdentity | None:
    """Subject and first SAN value, which the site goes by (requirement `identity.unique`); None where there is
    neither."""
    names = certificate.subject_alternative_names
    if not certificate.subject and not names:
        return None
    first = (names[0].kind, names[0].content.lower()) if names else None
    return certificate.subject.comparable, first


def readable_identity(certificate: Certificate) -> ClientIdentity | None:
    """As client_identity, and None for a certificate that cannot be read, which has a finding of its own."""
    return if_readable(lambda: client_identity(certificate), otherwise=None)


def bearer(certificate: Certificate) -> str:
    """Whom it is for, in words: its subject, or its alternative names where that is empty."""
    unreadable = f"the certificate {certificate.sha1}, whose names cannot be read"
    return if_readable(lambda: _names(certificate), otherwise=unreadable)


def _names(certificate: Certificate) -> str:
    if certificate.subject:
        return str(certificate.subject)
    return ", ".join(str(name) for name in certificate.subject_alternative_names) or "an empty subject"
