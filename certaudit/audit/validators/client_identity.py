"""Whom a certificate is for, and by what the site tells one client from another."""

from __future__ import annotations

from certaudit.x509.certificate import Certificate, UnreadableFieldError

ClientIdentity = tuple[object, ...]


def client_identity(certificate: Certificate) -> ClientIdentity | None:
    """Subject and first SAN value, which the site goes by (requirements.md A3.2, A4.9); None where there is neither."""
    names = certificate.subject_alternative_names
    if not certificate.subject and not names:
        return None
    first = (names[0].kind, names[0].content.lower()) if names else None
    return certificate.subject.comparable, first


def readable_identity(certificate: Certificate) -> ClientIdentity | None:
    """As client_identity, and None for a certificate that cannot be read, which has a finding of its own."""
    try:
        return client_identity(certificate)
    except UnreadableFieldError:
        return None


def bearer(certificate: Certificate) -> str:
    """Whom it is for, in words: its subject, or its alternative names where that is empty."""
    try:
        if certificate.subject:
            return str(certificate.subject)
        return ", ".join(str(name) for name in certificate.subject_alternative_names) or "an empty subject"
    except UnreadableFieldError:
        return f"the certificate {certificate.sha1}, whose names cannot be read"
