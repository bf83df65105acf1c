"""Revocation and the CRLs it is known from. What nobody says is unknown, and unknown is never good.

The best candidate path of a certificate counts, every element of it but the trust anchor: a client that checks
asks for each, and one CRL that it cannot get fails the connection (requirements.md A8.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from certaudit import oids
from certaudit.chain import RevocationAnswer, RevocationStatus
from certaudit.chain.client_view import Client, Location, Reach, location, locations
from certaudit.chain.signature import Verdict, crl_signature
from certaudit.instants import instant
from certaudit.printable import printable
from certaudit.result import Result, failed, not_applicable, not_checked, passed
from certaudit.site import SITE_SYSTEM_ROLES, Site
from certaudit.validators.binding import Check
from certaudit.validators.context import Context
from certaudit.validators.path import OPEN_ENDED
from certaudit.validators.subject import AssignedCertificate, SuppliedCrl
from certaudit.x509.certificate import Certificate, UnreadableFieldError
from certaudit.x509.crl import RevocationList
from certaudit.x509.name import URI

CrlChecking = Literal["any", "on", "off"]
"""The site property under which a requirement means anything: whether clients check CRLs (A8.1, A8.7)."""


# --- Certificates -----------------------------------------------------------------------------------------------------


def free_of(
    subject: AssignedCertificate,
    context: Context,
    *,
    statuses: tuple[str, ...],
    crl_checking: CrlChecking = "any",
) -> Result:
    """Nothing on the path has a revocation answer of `statuses` (RFC 5280 6.3, A8.3).

    An element whose revocation is not known leaves the question open, whatever the statuses.
    """
    if not _concerns(context.site, crl_checking):
        return _other_setting(context.site)
    elements = _elements(subject, context)
    expected = f"no element of the path is {' or '.join(statuses)}"
    found = [_said(certificate, answer) for certificate, answer in elements if answer.status.value in statuses]
    if found:
        return failed("; ".join(found), _observed(elements), expected)
    known = (RevocationStatus.GOOD, RevocationStatus.REVOKED)
    unknown = [_said(certificate, answer) for certificate, answer in elements if answer.status not in known]
    if unknown:
        return not_checked(f"No CRL in force tells; supply one: {'; '.join(unknown)}.", expected)
    if not elements:
        return not_applicable("The certificate heads its own path: no CRL speaks of it.")
    return passed("; ".join(_said(certificate, answer) for certificate, answer in elements), expected)


def distribution_point(subject: AssignedCertificate, context: Context, *, crl_checking: CrlChecking = "any") -> Result:
    """Each certificate of the path says where its CRL is published (RFC 5280 4.2.1.13, A8.3, A8.6)."""
    if not _concerns(context.site, crl_checking):
        return _other_setting(context.site)
    elements = _elements(subject, context)
    expected = "a CRL distribution point in each certificate below the root"
    lacking = [str(certificate.subject) for certificate, _ in elements if not certificate.crl_distribution_points]
    if lacking:
        return failed(f"No CRL distribution point in {'; '.join(lacking)}.", "none", expected)
    return _settled(subject, context, elements, expected)


def reachable(
    subject: AssignedCertificate,
    context: Context,
    *,
    client: Literal["windows-pe", "internet"],
    system_roles: tuple[str, ...] = (),
    with_internet_name: bool = False,
    crl_checking: CrlChecking = "any",
) -> Result:
    """Each certificate of the path has a distribution point that `client` can read (A8.2, A8.4, A8.5, F1).

    Windows PE is in no domain and logged on nowhere: `ldap:` and `file:` are closed to it. `system_roles` are those
    whose systems the client talks to; a system that tells none of its roles counts. `with_internet_name` passes over
    systems that have none.
    """
    if not _concerns(context.site, crl_checking):
        return _other_setting(context.site)
    system = subject.system
    if system and with_internet_name and not system.internet_name:
        return not_applicable("The system has no internet name, so no client on the internet talks to it.")
    roles = set(system.roles) & set(SITE_SYSTEM_ROLES) if system else set()
    if system_roles and roles and not roles & set(system_roles):
        return not_applicable(f"No client of this kind talks to a {_joined(sorted(roles))}.")
    who = _CLIENTS[Client(client)]
    expected = f"a distribution point that {who} can read, in each certificate below the root"
    elements = _elements(subject, context)
    reaches = {certificate: _reach(certificate, Client(client)) for certificate, _ in elements}
    closed = [certificate for certificate, reach in reaches.items() if reach.reachable is False]
    if closed:
        named = "; ".join(
            f"{certificate.subject or certificate.sha1} ({_named(certificate)})" for certificate in closed
        )
        return failed(f"{who} can read no CRL for: {named}.", named, expected)
    doubtful = [reach.reason for reach in reaches.values() if reach.reachable is None]
    if doubtful:
        return not_checked(f"Try it from such a computer: {_joined(dict.fromkeys(doubtful))}.", expected)
    return _settled(subject, context, elements, expected)


def no_plus_in_name(subject: AssignedCertificate, context: Context) -> Result:
    """No certificate of the path names a CRL or delta CRL over HTTP whose file name contains `+` (A8.9, F26)."""
    return _without_plus(found for certificate, _ in _elements(subject, context) for found in locations(certificate))


_CLIENTS = {Client.WINDOWS_PE: "Windows PE", Client.INTERNET: "a client on the internet"}


def _concerns(site: Site, crl_checking: CrlChecking) -> bool:
    return crl_checking == "any" or site.crl_checking == (crl_checking == "on")


def _other_setting(site: Site) -> Result:
    setting = "on" if site.crl_checking else "off"
    return not_applicable(f"The site property for CRL checking on clients is {setting}.")


def _elements(subject: AssignedCertificate, context: Context) -> list[tuple[Certificate, RevocationAnswer]]:
    """The certificates of the best path that somebody could revoke, with what is known."""
    path = context.chains.best(subject.certificate)
    pairs = zip(path.certificates, path.revocation, strict=True)
    return [pair for pair in pairs if pair[1].status is not RevocationStatus.NOT_APPLICABLE]


def _settled(
    subject: AssignedCertificate,
    context: Context,
    elements: list[tuple[Certificate, RevocationAnswer]],
    expected: str,
) -> Result:
    """The answer where no element at hand is at fault: a pass only if the path is complete."""
    if not elements:
        return not_applicable("The certificate heads its own path: it needs no CRL.")
    path = context.chains.best(subject.certificate)
    if any(problem.code in OPEN_ENDED for problem in path.problems):
        return not_checked("The path is not complete; supply the certificates of the issuing CAs.", expected)
    return passed("; ".join(_named(certificate) for certificate, _ in elements), expected)


def _reach(certificate: Certificate, client: Client) -> Reach:
    """The best that a distribution point of the certificate offers; one that cannot be read settles nothing."""
    points = certificate.crl_distribution_points
    if not points:
        return Reach(client, False, "the certificate names no distribution point")
    reaches = [reach for found in _complete(certificate) for reach in found.reaches if reach.client is client]
    return min(
        reaches,
        key=lambda reach: (True, None, False).index(reach.reachable),
        default=Reach(client, False, "the certificate names no URL"),
    )


def _complete(certificate: Certificate) -> list[Location]:
    return [found for found in locations(certificate) if not found.is_delta]


def _said(certificate: Certificate, answer: RevocationAnswer) -> str:
    return f"{certificate.subject or certificate.sha1}: {answer.message.rstrip('.')}"


def _observed(elements: list[tuple[Certificate, RevocationAnswer]]) -> str:
    return "; ".join(f"{certificate.subject}: {answer.status.value}" for certificate, answer in elements)


def _named(certificate: Certificate) -> str:
    return _joined(printable(found.url) for found in _complete(certificate)) or "no distribution point with a URL"


def _without_plus(found: Iterable[Location]) -> Result:
    urls = {printable(known.url): known.note for known in found}
    expected = "no + in the URL of a CRL that is published over HTTP"
    marked = _joined(url for url, note in urls.items() if note)
    if marked:
        return failed(f"The file name contains +, which IIS 7 and later refuse by default: {marked}.", marked, expected)
    return passed(_joined(urls) or "no URL", expected)


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


# --- CRLs -------------------------------------------------------------------------------------------------------------


def crl_in_date(subject: SuppliedCrl, context: Context) -> Result:
    """The CRL is in force at the instant of the audit (RFC 5280 5.1.2.4, 5.1.2.5; F27, A8.10).

    One that a newer CRL of the same issuer and kind replaces says nothing of the present.
    """
    crl = subject.entry.crl
    expected = f"in force at {instant(context.as_of)}"
    observed = _window(crl)
    if crl.this_update > context.as_of:
        return failed(f"The CRL of {crl.issuer} is not yet in force.", observed, expected)
    if crl.next_update is None:
        return failed(f"The CRL of {crl.issuer} does not say when the next one is due.", observed, expected)
    if crl.next_update >= context.as_of:
        return passed(observed, expected)
    if _is_replaced(crl, context):
        return not_applicable("A newer CRL of the same issuer is among the evidence.")
    return failed(f"The CRL of {crl.issuer} is out of date.", observed, expected)


def crl_renewed_in_time(subject: SuppliedCrl, context: Context, *, percent: int) -> Result:
    """At least `percent` of the time for which the CRL was issued is left (F27)."""
    crl = subject.entry.crl
    if crl.next_update is None or not crl.this_update <= context.as_of <= crl.next_update:
        return not_applicable("The CRL is not in force.")
    if _is_replaced(crl, context):
        return not_applicable("A newer CRL of the same issuer is among the evidence.")
    expected = f"at least {percent} % of its time left"
    left, whole = crl.next_update - context.as_of, crl.next_update - crl.this_update
    if left * 100 < whole * percent:
        return failed(f"The CRL of {crl.issuer} is due for renewal.", _window(crl), expected)
    return passed(_window(crl), expected)


def crl_lasts(subject: SuppliedCrl, context: Context, *, hours: int) -> Result:
    """The CRL is issued for `hours` at least, so that a bare-metal clock may be wrong (A8.10, F11)."""
    crl = subject.entry.crl
    expected = f"issued for at least {hours} hours"
    if crl.next_update is None:
        return not_applicable("The CRL does not say when the next one is due.")
    if (crl.next_update - crl.this_update).total_seconds() < hours * 3600:
        return failed(f"The CRL of {crl.issuer} is issued for less than {hours} hours.", _window(crl), expected)
    return passed(_window(crl), expected)


def crl_signed(subject: SuppliedCrl, context: Context) -> Result:
    """A CA of the name that the CRL bears made its signature (RFC 5280 6.3.3 (f), (g))."""
    crl = subject.entry.crl
    named = [certificate for certificate in _certificates(context) if _has_subject(certificate, crl)]
    expected = f"signed by {crl.issuer}"
    if not named:
        return not_checked(f"Supply the certificate of {crl.issuer}, which issued the CRL.", expected)
    verdicts = {certificate.sha1: crl_signature(crl, certificate.spki)[0] for certificate in named}
    for thumbprint, verdict in verdicts.items():
        if verdict is Verdict.GOOD:
            return passed(f"signed with the key of {crl.issuer} ({thumbprint})", expected)
    if Verdict.UNVERIFIABLE in verdicts.values():
        return not_checked("The signature is of a kind that cannot be verified here.", expected)
    message = f"No key of {crl.issuer} at hand made the signature of this CRL."
    return failed(message, f"tried {_joined(verdicts)}", expected)


def crl_no_plus_in_delta_name(subject: SuppliedCrl, context: Context) -> Result:
    """The CRL names no delta CRL over HTTP whose file name contains `+` (A8.9, F26)."""
    points = subject.entry.crl.freshest_crl or ()
    urls = (name.text for point in points for name in point.names if name.kind == URI)
    return _without_plus(location(url, is_delta=True) for url in urls)


def _window(crl: RevocationList) -> str:
    ends = instant(crl.next_update) if crl.next_update else "not said"
    return f"issued {instant(crl.this_update)}, next {ends}"


def _is_replaced(crl: RevocationList, context: Context) -> bool:
    """True where a later CRL of the same issuer, key and scope is at hand and begins before the audit's instant."""
    return any(
        _replaces(entry.crl, crl) and entry.crl.this_update <= context.as_of
        for item in context.evidence.inputs
        for entry in item.crls
    )


def _replaces(later: RevocationList, crl: RevocationList) -> bool:
    try:
        same = later.issuer == crl.issuer and (later.base_number is None) == (crl.base_number is None)
        return same and later.this_update > crl.this_update and _scope(later) == _scope(crl)
    except UnreadableFieldError:
        return False


def _scope(crl: RevocationList) -> tuple[bytes | None, ...]:
    present = (crl.extensions.get(oid) for oid in (oids.ISSUING_DISTRIBUTION_POINT, oids.AUTHORITY_KEY_IDENTIFIER))
    return tuple(extension.value if extension else None for extension in present)


def _certificates(context: Context) -> tuple[Certificate, ...]:
    return tuple(dict.fromkeys(entry.certificate for item in context.evidence.inputs for entry in item.certificates))


def _has_subject(certificate: Certificate, crl: RevocationList) -> bool:
    try:
        return certificate.subject == crl.issuer
    except UnreadableFieldError:
        return False


CHECKS: tuple[Check, ...] = (
    free_of,
    distribution_point,
    reachable,
    no_plus_in_name,
    crl_in_date,
    crl_renewed_in_time,
    crl_lasts,
    crl_signed,
    crl_no_plus_in_delta_name,
)
