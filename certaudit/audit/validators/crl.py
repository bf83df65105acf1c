"""CRLs among the evidence: in force, renewed in time, and signed by whom they name."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SuppliedCrl
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.instants import instant
from certaudit.printable import printable
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Cause
from certaudit.x509.chain.client_view import Location, location
from certaudit.x509.chain.crl_signer import mismatch
from certaudit.x509.chain.signature import Verification, crl_signature
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import if_readable
from certaudit.x509.name import URI


def in_date(subject: SuppliedCrl, context: Context) -> Result:
    """The CRL is in force at the instant of the audit (RFC 5280 5.1.2.4, 5.1.2.5; failure F27)."""
    crl = subject.entry.crl
    expected = f"in force at {instant(context.as_of)}"
    observed = _window(crl)
    if crl.this_update > context.as_of:
        message = f"The CRL of {crl.issuer} is not yet in force."
        return failed(message, observed, expected, (Cause.NOT_YET_VALID,))
    if crl.next_update is None:
        message = f"The CRL of {crl.issuer} does not say when the next one is due."
        return failed(message, observed, expected, (Cause.NO_NEXT_UPDATE,))
    if crl.next_update >= context.as_of:
        return passed(observed, expected)
    return failed(f"The CRL of {crl.issuer} is out of date.", observed, expected, (Cause.STALE,))


def renewed_in_time(subject: SuppliedCrl, context: Context, *, percent: int) -> Result:
    """At least `percent` of the time for which the CRL was issued is left, or its CA is not due to publish yet
    (requirement `revocation.crl-renewed-in-time`).

    AD CS says when it publishes the next one (its extension Next CRL Publish): by default half a day before the end of
    a weekly CRL, which is less than a tenth of its time.
    """
    crl = subject.entry.crl
    if crl.next_update is None or not crl.this_update <= context.as_of <= crl.next_update:
        return not_applicable("The CRL is not in force.")
    expected = f"at least {percent} % of its time left"
    left, whole = crl.next_update - context.as_of, crl.next_update - crl.this_update
    is_due = crl.next_publish is None or crl.next_publish < context.as_of
    if left * 100 < whole * percent and is_due:
        return failed(f"The CRL of {crl.issuer} is due for renewal.", _window(crl), expected)
    return passed(_window(crl), expected)


def lasts(subject: SuppliedCrl, context: Context, *, hours: int, delta_hours: int) -> Result:
    """The CRL is issued for `hours` at least, a delta CRL for `delta_hours`, so that a bare-metal clock may be wrong
    (requirement `revocation.crl-lasts`): AD CS publishes a delta CRL every day unless it is told otherwise."""
    crl = subject.entry.crl
    hours = hours if crl.base_number is None else delta_hours
    expected = f"issued for at least {hours} hours"
    if crl.next_update is None:
        return not_applicable("The CRL does not say when the next one is due.")
    if (crl.next_update - crl.this_update).total_seconds() < hours * 3600:
        return failed(f"The CRL of {crl.issuer} is issued for less than {hours} hours.", _window(crl), expected)
    return passed(_window(crl), expected)


def signed(subject: SuppliedCrl, context: Context) -> Result:
    """A CA of the name that the CRL bears made its signature (RFC 5280 6.3.3 (f), (g))."""
    crl = subject.entry.crl
    named = [certificate for certificate in context.evidence.every_certificate if _has_subject(certificate, crl)]
    expected = f"signed by {crl.issuer}"
    if not named:
        return not_checked(f"Supply the certificate of {crl.issuer}, which issued the CRL.", expected)
    verdicts = {certificate.sha1: crl_signature(crl, certificate.spki)[0] for certificate in named}
    for thumbprint, verdict in verdicts.items():
        if verdict is Verification.GOOD:
            return passed(f"signed with the key of {crl.issuer} ({thumbprint})", expected)
    if Verification.UNVERIFIABLE in verdicts.values():
        return not_checked("The signature is of a kind that cannot be verified here.", expected)
    causes = dict(mismatch(certificate, crl, "the signature does not hold") for certificate in named)
    message = f"No key of {crl.issuer} at hand made the signature of this CRL: {'; '.join(causes.values())}."
    return failed(message, f"tried {', '.join(verdicts)}", expected, tuple(causes))


def no_plus_in_delta_name(subject: SuppliedCrl, context: Context) -> Result:
    """The CRL names no delta CRL over HTTP whose file name contains `+` (requirement
    `revocation.crl-names-no-plus`)."""
    points = subject.entry.crl.freshest_crl or ()
    urls = (name.text for point in points for name in point.names if name.kind == URI)
    return without_plus((location(url, is_delta=True) for url in urls), context)


def without_plus(found: Iterable[Location], context: Context) -> Result:
    """No address of `found` has a file name that IIS refuses to serve (source `iis-delta`: names of delta CRLs), unless
    it was fetched."""
    served = {item.path for item in context.evidence.crls.inputs if item.crls}
    urls = {printable(known.url): known.note for known in found}
    expected = "no + in the URL of a CRL that is published over HTTP"
    marked = ", ".join(url for url, note in urls.items() if note and url not in served)
    if marked:
        return failed(f"The file name contains +, which IIS 7 and later refuse by default: {marked}.", marked, expected)
    return passed(", ".join(urls) or "no URL", expected)


def _window(crl: RevocationList) -> str:
    ends = instant(crl.next_update) if crl.next_update else "not said"
    return f"issued {instant(crl.this_update)}, next {ends}"


def _has_subject(certificate: Certificate, crl: RevocationList) -> bool:
    return if_readable(lambda: certificate.subject == crl.issuer, otherwise=False)


CHECKS: tuple[Check, ...] = (
    in_date,
    renewed_in_time,
    lasts,
    signed,
    no_plus_in_delta_name,
)
