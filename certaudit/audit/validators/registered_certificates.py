"""The certificates of boot media and PXE as the site itself lists them: known in their role, current, not blocked."""

from __future__ import annotations

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import RegisteredCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.instants import instant
from certaudit.site.roles import TABLE

_WANTED = (
    "The certificates that the site lists are not in the evidence; look for this one in the console, "
    "or supply an export of SMS_CertificateInfo as CSV (docs/manifest.md has the command)."
)

_NO_DATES = (
    "The export does not say whom each certificate was issued to and from when it is valid; export all columns of "
    "SMS_CertificateInfo."
)


def known_to_site(subject: AssignedCertificate, context: Context) -> Result:
    """The site lists the certificate in its role: else it was superseded, or never imported (requirement
    `osd.certificate-registered`)."""
    expected = f"listed by the site as {subject.role}"
    listed = _listed(context)
    if not listed:
        return not_checked(_WANTED, expected)
    entries = _entries(subject, listed)
    if not entries:
        return failed("The site does not list this certificate.", f"none of {len(listed)} certificates", expected)
    others = [role for role in map(_role, entries) if role not in (None, subject.role)]
    if len(others) == len(entries):
        return failed(f"The site lists the certificate as {others[0]} only.", f"listed as {others[0]}", expected)
    return passed("listed", expected)


def not_blocked(subject: AssignedCertificate, context: Context) -> Result:
    """The site has not blocked the certificate, with which the management point refuses it (requirement
    `osd.certificate-not-blocked`)."""
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


def not_superseded(subject: AssignedCertificate, context: Context) -> Result:
    """The site lists no later certificate of the same name in the role: else this is the one before the renewal, which
    media and PXE servers go on with until somebody replaces it (requirement `osd.certificate-current`)."""
    expected = "no later certificate of the same name"
    listed = _listed(context)
    if not listed:
        return not_checked(_WANTED, expected)
    own = next(iter(_entries(subject, listed)), None)
    if own is None:
        return not_applicable("The site does not list the certificate, which is a finding of its own.")
    if own.issued_to is None or own.begins is None:
        return not_checked(_NO_DATES, expected)
    namesakes = [entry for entry in listed if _is_namesake(entry, own, subject.role)]
    later = {entry.begins: entry for entry in namesakes if entry.begins and own.begins < entry.begins <= context.as_of}
    if later:
        newest = max(later)
        message = f"The site lists a later certificate of the same name, {later[newest].thumbprint}."
        return failed(message, f"valid from {instant(own.begins)}; the later one from {instant(newest)}", expected)
    if any(entry.begins is None for entry in namesakes):
        return not_checked(_NO_DATES, expected)
    return passed(f"valid from {instant(own.begins)}", expected)


def _is_namesake(entry: RegisteredCertificate, own: RegisteredCertificate, role: str) -> bool:
    """True for another certificate of the same name that may have the role, and is not blocked."""
    same_name = (entry.issued_to or "").casefold() == (own.issued_to or "").casefold()
    return same_name and entry.thumbprint != own.thumbprint and _role(entry) in (None, role) and not entry.blocked


def _role(entry: RegisteredCertificate) -> str | None:
    """The certificate role that the list gives it; None where that is none that certaudit knows."""
    return next((role.name for role in TABLE if role.registered_as and role.registered_as == entry.type), None)


def _listed(context: Context) -> tuple[RegisteredCertificate, ...]:
    return tuple(entry for item in context.evidence.inputs for entry in item.registered)


def _entries(subject: AssignedCertificate, listed: tuple[RegisteredCertificate, ...]) -> list[RegisteredCertificate]:
    return [entry for entry in listed if entry.thumbprint == subject.certificate.sha1]


CHECKS: tuple[Check, ...] = (known_to_site, not_blocked, not_superseded)
