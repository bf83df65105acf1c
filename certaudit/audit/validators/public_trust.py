"""Certificates that a public CA issued, and what the rules of browsers and CAs leave them.

Nothing offline tells which roots the public trusts. A public CA marks what it issues for TLS servers with a policy of
the CA/Browser Forum (source `cabf-policies`: 2.23.140.1.1 and 2.23.140.1.2.1 to .3); a private one has no reason to.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from certaudit.audit.validators.binding import Check, Oid
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Result, failed, not_applicable, passed
from certaudit.instants import instant
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate

_POLICIES = (oids.CABF_EXTENDED, oids.CABF_DOMAIN, oids.CABF_ORGANIZATION, oids.CABF_INDIVIDUAL)
_PRIVATE = not_applicable("Nothing in the certificate says that a public CA issued it.")
_SECOND = timedelta(seconds=1)


def public_policy(certificate: Certificate) -> str | None:
    """The policy by which a public CA marks a TLS server certificate; None where it bears none of them."""
    found = certificate.policies or ()
    return next((policy for policy in _POLICIES if policy in found), None)


def lifetime_at_most(
    subject: AssignedCertificate, context: Context, *, since: tuple[str, ...], days: tuple[int, ...]
) -> Result:
    """A public certificate is valid for no more days than the rules of the day of its issue allow.

    `since` are the first days of each rule, oldest first, `days` what it allows; both ends of the validity count
    (requirement `validity.public-tls-lifetime`).
    """
    certificate = subject.certificate
    if public_policy(certificate) is None:
        return _PRIVATE
    begin, end = certificate.not_before, certificate.not_after
    rules = [(_day(first), limit) for first, limit in zip(since, days, strict=True)]
    limit = next((limit for first, limit in reversed(rules) if begin >= first), None)
    if limit is None:
        return not_applicable(f"It was issued before {since[0]}.")
    observed, expected = f"{instant(begin)} to {instant(end)}", f"at most {limit} days"
    if end - begin + _SECOND > timedelta(days=limit):
        whole = (end - begin + _SECOND).days
        return failed(f"The certificate says that it is public, and is valid for {whole} days.", observed, expected)
    return passed(observed, expected)


def not_for_clients(subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...], until: str) -> Result:
    """A certificate that has to name one of `purposes` is not a public one, which names none from `until` on."""
    expected = f"a certificate of a private CA: from {until} on public ones are for servers alone"
    policy = public_policy(subject.certificate)
    named = set(purposes) & set(subject.certificate.extended_key_usage or ())
    if policy is None:
        return passed("no policy of a public CA", expected)
    what = "still has the purpose, which its renewal will not have" if named else "does not have the purpose"
    return failed(f"A public CA issued the certificate; it {what}.", f"policy {policy}", expected)


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CHECKS: tuple[Check, ...] = (lifetime_at_most, not_for_clients)
