"""The certificates of boot media and PXE as the site itself lists them: known to it, in their role, and not blocked."""

from __future__ import annotations

from certaudit.evidence import RegisteredCertificate
from certaudit.result import Result, failed, not_applicable, not_checked, passed
from certaudit.validators.binding import Check
from certaudit.validators.context import Context
from certaudit.validators.subject import AssignedCertificate

_WANTED = (
    "The certificates that the site lists are not in the evidence; look for this one in the console, "
    "or supply an export of SMS_CertificateInfo as CSV (docs/manifest.md has the command)."
)


def known_to_site(subject: AssignedCertificate, context: Context) -> Result:
    """The site lists the certificate in its role: else it was superseded, or never imported (requirements.md A6.9)."""
    expected = f"listed by the site as {subject.role}"
    listed = _listed(context)
    if not listed:
        return not_checked(_WANTED, expected)
    entries = _entries(subject, listed)
    if not entries:
        return failed("The site does not list this certificate.", f"none of {len(listed)} certificates", expected)
    others = [entry.role for entry in entries if entry.role not in (None, subject.role)]
    if len(others) == len(entries):
        return failed(f"The site lists the certificate as {others[0]} only.", f"listed as {others[0]}", expected)
    return passed("listed", expected)


def not_blocked(subject: AssignedCertificate, context: Context) -> Result:
    """The site has not blocked the certificate, with which the management point refuses it (M11, A6.9)."""
    expected = "not blocked"
    listed = _listed(context)
    if not listed:
        return not_checked(_WANTED, expected)
    entries = _entries(subject, listed)
    if not entries:
        return not_applicable("The site does not list the certificate, which is a finding of its own.")
    if any(entry.blocked for entry in entries):
        return failed("The site has blocked this certificate.", "blocked", expected)
    if any(entry.blocked is None for entry in entries):
        return not_checked("The export does not say whether it is blocked; look in the console.", expected)
    return passed("not blocked", expected)


def _listed(context: Context) -> tuple[RegisteredCertificate, ...]:
    return tuple(entry for item in context.evidence.inputs for entry in item.registered)


def _entries(subject: AssignedCertificate, listed: tuple[RegisteredCertificate, ...]) -> list[RegisteredCertificate]:
    return [entry for entry in listed if entry.thumbprint == subject.certificate.sha1]


CHECKS: tuple[Check, ...] = (known_to_site, not_blocked)
