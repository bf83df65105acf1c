"""Validity periods: against the day of the audit, the issuer's, and the time for which boot media are in use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.issuers import issuers_of
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.instants import instant

_NO_END_OF_USE = "The manifest does not say how long the media is in use; give in_use_until."


def not_expired(subject: AssignedCertificate, context: Context) -> Result:
    """The audit is not after notAfter, which is the last instant of validity (RFC 5280 4.1.2.5)."""
    end = subject.certificate.not_after
    expected = f"notAfter not before {instant(context.as_of)}"
    if context.as_of > end:
        return failed(f"The certificate expired on {instant(end)}.", f"notAfter {instant(end)}", expected)
    return passed(f"notAfter {instant(end)}", expected)


def has_begun(subject: AssignedCertificate, context: Context) -> Result:
    """The audit is not before notBefore, which is the first instant of validity (RFC 5280 4.1.2.5)."""
    begin = subject.certificate.not_before
    expected = f"notBefore not after {instant(context.as_of)}"
    if context.as_of < begin:
        return failed(f"The certificate is not valid before {instant(begin)}.", f"notBefore {instant(begin)}", expected)
    return passed(f"notBefore {instant(begin)}", expected)


def begun_hours_ago(subject: AssignedCertificate, context: Context, *, hours: int) -> Result:
    """The validity began long enough ago that a machine with a slow clock sees it too (requirement
    `validity.settled`)."""
    begin = subject.certificate.not_before
    if context.as_of < begin:
        return not_applicable("It is not valid yet, which is a finding of its own.")
    expected = f"notBefore at least {hours} hours before {instant(context.as_of)}"
    if context.as_of - begin < timedelta(hours=hours):
        return failed(f"The certificate is valid since {instant(begin)} only.", f"notBefore {instant(begin)}", expected)
    return passed(f"notBefore {instant(begin)}", expected)


def more_than_days_left(subject: AssignedCertificate, context: Context, *, days: int) -> Result:
    """There is time to renew it: more than `days` days remain."""
    end = subject.certificate.not_after
    left = end - context.as_of
    if left < timedelta(0):
        return not_applicable("It has expired, which is a finding of its own.")
    expected = f"more than {days} days left on {instant(context.as_of)}"
    observed = f"notAfter {instant(end)}, {left.days} days left"
    if left <= timedelta(days=days):
        return failed(f"The certificate expires on {instant(end)}, in {left.days} days.", observed, expected)
    return passed(observed, expected)


def ends_after_it_begins(subject: AssignedCertificate, context: Context) -> Result:
    """There is a time at which it is valid (RFC 5280 4.1.2.5)."""
    begin, end = subject.certificate.not_before, subject.certificate.not_after
    observed = f"{instant(begin)} to {instant(end)}"
    expected = "notBefore not after notAfter"
    if begin > end:
        return failed("The certificate is never valid: its end lies before its beginning.", observed, expected)
    return passed(observed, expected)


def ends_with_issuers(subject: AssignedCertificate, context: Context) -> Result:
    """No CA above it ends before it does: from that day on its path is broken (RFC 5280 6.1.3 (a)(2))."""
    certificate = subject.certificate
    issuers = issuers_of(certificate, context)
    expected = "notAfter not after that of every CA above it"
    if certificate.is_self_issued and not issuers.certificates:
        return not_applicable("It has no issuer but itself.")
    first = min(issuers.certificates, key=lambda issuer: issuer.not_after, default=None)
    if first is not None and first.not_after < certificate.not_after:
        return failed(
            f"The CA {first.subject} above it ends on {instant(first.not_after)} already.",
            f"notAfter {instant(certificate.not_after)}, the CA's {instant(first.not_after)}",
            expected,
        )
    if first is None or not issuers.complete:
        return not_checked(issuers.gap, expected)
    return passed(f"notAfter {instant(certificate.not_after)}, the CA's {instant(first.not_after)}", expected)


def outlives_media(subject: AssignedCertificate, context: Context) -> Result:
    """It is valid for as long as the media is in use: media keep the certificate they were made with (requirement
    `validity.outlives-media`)."""
    until = subject.system.in_use_until if subject.system else None
    if until is None:
        return not_applicable(_NO_END_OF_USE)
    end = subject.certificate.not_after
    observed = f"notAfter {instant(end)}"
    if end < until:
        return failed(
            f"The certificate ends on {instant(end)}, the media is in use longer.",
            observed,
            f"notAfter {instant(until)} or later",
        )
    return passed(observed, f"notAfter {instant(until)} or later")


def ends_soon_after_media(subject: AssignedCertificate, context: Context, *, days: int) -> Result:
    """It does not outlive its media by much: a scrapped media is a key to the site (requirement
    `validity.ends-soon-after-media`)."""
    until = subject.system.in_use_until if subject.system else None
    if until is None:
        return not_checked(_NO_END_OF_USE)
    end = subject.certificate.not_after
    beyond = end - until
    observed = f"notAfter {instant(end)}"
    expected = f"notAfter at most {days} days after {instant(until)}"
    if beyond > timedelta(days=days):
        return failed(
            f"The certificate is valid {beyond.days} days longer than the media is in use.", observed, expected
        )
    return passed(observed, expected)


def at_most_years(subject: AssignedCertificate, context: Context, *, years: int) -> Result:
    """The validity period is no longer than `years` calendar years."""
    begin, end = subject.certificate.not_before, subject.certificate.not_after
    observed = f"{instant(begin)} to {instant(end)}"
    expected = f"a validity of at most {years} years"
    if end > _years_later(begin, years):
        return failed(
            f"The certificate is valid from {instant(begin)} to {instant(end)}: more than {years} years.",
            observed,
            expected,
        )
    return passed(observed, expected)


def _years_later(moment: datetime, years: int) -> datetime:
    """The same day and time of a later year; 1 March for 29 February, the last instant there is beyond year 9999."""
    year = moment.year + years
    if year > datetime.max.year:
        return datetime.max.replace(tzinfo=UTC)
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, month=3, day=1)


CHECKS: tuple[Check, ...] = (
    not_expired,
    has_begun,
    begun_hours_ago,
    more_than_days_left,
    ends_after_it_begins,
    ends_with_issuers,
    outlives_media,
    ends_soon_after_media,
    at_most_years,
)
