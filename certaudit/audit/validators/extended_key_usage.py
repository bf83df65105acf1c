"""Extended key usage and application policies: the purposes of a certificate (RFC 5280 4.2.1.12).

"Names" means by its own identifier: that CryptoAPI takes any purpose (2.5.29.37.0) for every purpose does not meet a
requirement which says that the certificate must contain one.
"""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.audit.validators.binding import Check, Oid
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.name import ORGANIZATIONAL_UNIT

_EVERYTHING = frozenset({oids.ANY_PURPOSE, oids.MS_ALL_APPLICATION_POLICIES})
_ABSENT = "no extended key usage extension"


def includes(subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...]) -> Result:
    """Extended key usage, where it is present, names every one of `purposes` (requirement
    `eku.client-authentication` and its like)."""
    found = subject.certificate.extended_key_usage
    if found is None:
        return not_applicable(f"The certificate has {_ABSENT}; requirement eku.present is about that.")
    missing = [purpose for purpose in purposes if purpose not in found]
    if not missing:
        return passed(_listed(found), _listed(purposes))
    remark = "; any purpose is not the same where purposes are matched by name" if oids.ANY_PURPOSE in found else ""
    message = f"The extended key usage does not name {_listed(missing)}{remark}."
    return failed(message, _listed(found), _listed(purposes))


def includes_or_names_unit(
    subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...], organizational_unit: str
) -> Result:
    """Extended key usage names every one of `purposes`, or an OU of the subject is exactly `organizational_unit`.

    The way out for a CA that cannot issue the purpose: same case, no trailing period (requirement
    `eku.amt-provisioning`).
    """
    found = subject.certificate.extended_key_usage or ()
    units = subject.certificate.subject.values(ORGANIZATIONAL_UNIT)
    expected = f"{_listed(purposes)}, or OU={printable(organizational_unit)}"
    observed = f"{_listed(found) if found else _ABSENT}; subject {subject.certificate.subject}"
    if set(purposes) <= set(found) or organizational_unit in units:
        return passed(observed, expected)
    message = f"The extended key usage does not name {_listed(purposes)}, and there is no such OU either."
    return failed(message, observed, expected)


def present(subject: AssignedCertificate, context: Context) -> Result:
    """The certificate has an extended key usage extension: the product's rows say "must contain", and without
    it CryptoAPI takes the certificate as good for every purpose (requirement `eku.present`)."""
    found, expected = subject.certificate.extended_key_usage, "an extended key usage extension"
    if found is None:
        message = "The certificate has no extended key usage extension: it names no purpose, and is good for every one."
        return failed(message, _ABSENT, expected)
    return passed(_listed(found), expected)


def excludes(subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...]) -> Result:
    """Neither extended key usage nor application policies name any of `purposes`."""
    found = (*(subject.certificate.extended_key_usage or ()), *(subject.certificate.application_policies or ()))
    if not found:
        return not_applicable("The certificate names no purposes; requirement eku.present is about that.")
    superfluous = [purpose for purpose in purposes if purpose in found]
    expected = f"none of {_listed(purposes)}" if len(purposes) > 1 else f"not {_listed(purposes)}"
    if superfluous:
        return failed(f"The certificate is also good for {_listed(superfluous)}.", _listed(found), expected)
    return passed(_listed(found), expected)


def policies_include(subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...]) -> Result:
    """Application policies, where present, name `purposes`: Windows goes by them where both extensions are there."""
    found = subject.certificate.application_policies
    if found is None:
        return not_applicable("The certificate has no application policies extension.")
    missing = [] if _EVERYTHING.intersection(found) else [purpose for purpose in purposes if purpose not in found]
    if missing:
        return failed(f"The application policies do not name {_listed(missing)}.", _listed(found), _listed(purposes))
    return passed(_listed(found), _listed(purposes))


def policies_agree(subject: AssignedCertificate, context: Context) -> Result:
    """Extended key usage and application policies name the same purposes, as AD CS writes them."""
    found, policies = subject.certificate.extended_key_usage, subject.certificate.application_policies
    if policies is None:
        return not_applicable("The certificate has no application policies extension.")
    observed = f"application policies: {_listed(policies)}"
    expected = f"extended key usage: {_listed(found)}" if found is not None else _ABSENT
    differing = sorted(set(found or ()) ^ set(policies))
    if differing:
        message = f"Extended key usage and application policies differ in {_listed(differing)}."
        return failed(message, observed, expected)
    return passed(observed, expected)


def allowed_by_issuers(subject: AssignedCertificate, context: Context, *, purposes: tuple[Oid, ...]) -> Result:
    """No CA above limits the certificate to other purposes: CryptoAPI intersects the purposes along the path."""
    path = context.chains.best(subject.certificate)
    certificates = path.certificates if path is not None else (subject.certificate,)
    expected = f"each CA above allows {_listed(purposes)}"
    for authority in certificates[1:]:
        for found in (authority.extended_key_usage, authority.application_policies):
            missing = [] if found is None or _EVERYTHING.intersection(found) else sorted(set(purposes) - set(found))
            if found is not None and missing:
                message = f"The CA {authority.subject or authority.sha1} may not issue for {_listed(missing)}."
                return failed(message, f"{authority.subject}: {_listed(found)}", expected)
    if not _is_complete(certificates):
        message = f"The issuer {certificates[-1].issuer} is not among the evidence; supply the CA certificates above."
        return not_checked(message, expected)
    return passed(f"{len(certificates) - 1} CA certificates above, none in the way", expected)


def _is_complete(certificates: tuple[Certificate, ...]) -> bool:
    return certificates[-1].is_self_issued


def _listed(purposes: Iterable[str]) -> str:
    return ", ".join(map(oids.purpose, dict.fromkeys(purposes))) or "no purpose"


CHECKS: tuple[Check, ...] = (
    includes,
    includes_or_names_unit,
    present,
    excludes,
    policies_include,
    policies_agree,
    allowed_by_issuers,
)
