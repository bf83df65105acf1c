"""Why not this one: the certificates at hand that do not serve a role, in a sentence of a finding."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable

_SHOWN = 5


def why_not(others: Iterable[tuple[Certificate, str]]) -> str:
    """A sentence to follow another, with each certificate and the reason: the first few, and how many more there are.

    Empty where there is none.
    """
    told = [f"{described(certificate)}: {reason}" for certificate, reason in others]
    if not told:
        return ""
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f" Not these: {'; '.join(told[:_SHOWN])}{more}."


def described(certificate: Certificate) -> str:
    """Its subject and its SHA-1 thumbprint."""
    name = if_readable(lambda: str(certificate.subject) or "empty subject", otherwise="unreadable subject")
    return f"{name} ({certificate.sha1})"
