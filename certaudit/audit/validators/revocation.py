"""Revocation of a certificate and of those above it. What nobody says is unknown, and unknown is never good.

The best candidate path of a certificate counts, every element of it but the trust anchor: a client that checks
asks for each, and one CRL that it cannot get fails the connection (source `d07-crl`: a CRL
that cannot be had makes every certificate of the chain count as revoked).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.chain import OPEN_ENDED
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.crl import without_plus
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.site.roles import SITE_SYSTEM_ROLES
from certaudit.site.site import Site
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.client_view import (
    Client,
    Location,
    Reach,
    locations,
)

CrlChecking = Literal["any", "on", "off"]
"""The site property under which a requirement means anything: whether clients check CRLs (source `d07-crl`:
from 2007 SP2 on task sequences obey it too)."""


def free_of(
    subject: AssignedCertificate,
    context: Context,
    *,
    statuses: tuple[str, ...],
    crl_checking: CrlChecking = "any",
) -> Result:
    """Nothing on the path has a revocation answer of `statuses` (RFC 5280 6.3; requirement `revocation.crl-usable`).

    An element whose revocation is not known leaves the question open, whatever the statuses.
    """
    if not _concerns(context.site, crl_checking):
        return _other_setting(context.site)
    elements = _elements(subject, context)
    expected = f"no certificate of the path whose revocation status is {' or '.join(statuses)}"
    found = [pair for pair in elements if pair[1].status.value in statuses]
    if found:
        message = f"{'; '.join(_said(*pair) for pair in found)}."
        return failed(message, _observed(elements), expected, _causes(found))
    known = (RevocationStatus.GOOD, RevocationStatus.REVOKED)
    unknown = [pair for pair in elements if pair[1].status not in known]
    if unknown:
        said = "; ".join(_said(*pair) for pair in unknown)
        causes = _causes(unknown)
        lacking = (
            "No CRL in force says whether it is revoked; supply one" if _SUPPLIED.issuperset(causes) else _UNUSABLE
        )
        return not_checked(f"{lacking}: {said}.", expected, causes)
    if not elements:
        return not_applicable("The certificate heads its own path: no CRL speaks of it.")
    return passed("; ".join(_said(certificate, answer) for certificate, answer in elements), expected)


def distribution_point(subject: AssignedCertificate, context: Context, *, crl_checking: CrlChecking = "any") -> Result:
    """Each certificate of the path says where its CRL is published (RFC 5280 4.2.1.13; requirement
    `revocation.distribution-point`)."""
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
    """Each certificate of the path has a distribution point that `client` can read (requirement
    `revocation.http-distribution-point`, failure F1).

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
    """No certificate of the path names a CRL or delta CRL over HTTP whose file name contains `+` (requirement
    `revocation.no-plus-in-name`)."""
    found = (place for certificate, _ in _elements(subject, context) for place in locations(certificate))
    return without_plus(found, context)


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


_SUPPLIED = {Cause.NOT_SUPPLIED, Cause.STALE, Cause.NOT_YET_VALID, Cause.OTHER_SCOPE, Cause.OCSP_STALE}
"""The causes that another CRL of the same CA does away with."""
_UNUSABLE = "Whether it is revoked is not known"


def _causes(elements: Iterable[tuple[Certificate, RevocationAnswer]]) -> tuple[Cause, ...]:
    return tuple(dict.fromkeys(answer.cause for _, answer in elements if answer.cause is not None))


def _said(certificate: Certificate, answer: RevocationAnswer) -> str:
    return f"{certificate.subject or certificate.sha1}: {answer.message.rstrip('.')}"


def _observed(elements: list[tuple[Certificate, RevocationAnswer]]) -> str:
    return "; ".join(f"{certificate.subject}: {answer.status.value}" for certificate, answer in elements)


def _named(certificate: Certificate) -> str:
    return _joined(printable(found.url) for found in _complete(certificate)) or "no distribution point with a URL"


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


CHECKS: tuple[Check, ...] = (
    free_of,
    distribution_point,
    reachable,
    no_plus_in_name,
)
