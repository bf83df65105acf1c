"""Identities: by what the site tells one client from another, and whom a certificate that travels could pose as."""

from __future__ import annotations

from collections import Counter

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.client_identity import client_identity
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
from certaudit.site.site import System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.name import COMMON_NAME, DNS_NAME, OTHER_NAME, UPN, URI, GeneralName, folded

_COMPUTERS = ("site-system", "client")
_SID_URI = "tag:microsoft.com,2022-09-14:sid:"


def unique(
    subject: AssignedCertificate, context: Context, *, among: tuple[str, ...], may_be_shared: bool = False
) -> Result:
    """No other system has, in one of the roles `among`, the same certificate or the same subject and first SAN value.

    Client identity follows the certificate, and of several SAN values the first alone counts (requirement
    `identity.unique`). `may_be_shared` allows one and the same certificate on several systems.
    """
    mine, expected = client_identity(subject.certificate), "an identity that no other system has"
    if mine is None:
        return failed("The certificate has no name that could be unique.", "no name at all", expected)
    others = _certificates_elsewhere(subject.system, context, among)
    if not others:
        return not_applicable("There is no other system among the evidence that it could be compared with.")
    alike = [
        (system, certificate)
        for role in among
        for system, certificate in context.identities.get((role, mine), ())
        if _is_other_system(system, subject)
    ]
    clones = [system for system, certificate in alike if certificate == subject.certificate]
    if clones and not may_be_shared:
        return failed(f"The very same certificate serves {_named(clones)}.", subject.certificate.sha1, expected)
    twins = [system for system, certificate in alike if certificate != subject.certificate]
    if twins:
        message = f"Another certificate with the same subject and first alternative name serves {_named(twins)}."
        return failed(message, _shown(subject.certificate), expected)
    return passed(f"{_shown(subject.certificate)}; compared with those of {others} others", expected)


def _certificates_elsewhere(system: System | None, context: Context, roles: tuple[str, ...]) -> int:
    """How many certificates serve the roles on systems of other names; 0 where the own system is not known."""
    if system is None:
        return 0
    served = [context.served.get(role, Counter()) for role in roles]
    return sum(counts.total() - counts[folded(system.name)] for counts in served)


def first_name_is_own(subject: AssignedCertificate, context: Context) -> Result:
    """Of several SAN values the first is the computer's own name, because the product looks at no other
    (requirement `name.identity`)."""
    names = subject.certificate.subject_alternative_names
    own = _own_names(subject.system)
    if not own or len(names) < 2:
        return not_applicable("There are no several alternative names, or no name of the computer, to choose among.")
    expected = f"{printable(own[0])} first among the alternative names"
    observed = ", ".join(map(str, names))
    if not _names_any(names[0], own) and any(_names_any(name, own) for name in names[1:]):
        message = f"{names[0]} comes first and is the identity; the computer's own name does not count."
        return failed(message, observed, expected)
    return passed(observed, expected)


def names_computer(subject: AssignedCertificate, context: Context, *, subject_only: bool) -> Result:
    """The subject contains the short name of the computer that holds the certificate (requirement
    `identity.names-computer`).

    With `subject_only` an empty subject is in order, as "if used" says; otherwise an alternative name will do too.
    """
    own = _own_names(subject.system)
    if not own:
        return not_applicable("The certificate is assigned to no computer with a name.")
    if subject_only and not subject.certificate.subject:
        return not_applicable("The subject is empty; the requirement is about one that is used.")
    texts = [attribute.text for attribute in subject.certificate.subject]
    if not subject_only:
        texts += [name.text for name in subject.certificate.subject_alternative_names]
    expected = f"a name that contains {printable(own[-1])}"
    if any(own[-1] in folded(text) for text in texts):
        return passed(_shown(subject.certificate), expected)
    return failed(f"The certificate does not name {printable(own[-1])}.", _shown(subject.certificate), expected)


def names_no_computer(subject: AssignedCertificate, context: Context) -> Result:
    """A certificate that travels names no computer or user account of the site: whoever finds it could log on as that
    (requirement `identity.names-no-computer`). Names, a user principal name and the SID of an account are looked
    for."""
    certificate, expected = subject.certificate, "no name, UPN or SID of an account"
    if oids.MS_NTDS_CA_SECURITY in certificate.extensions:
        message = "The certificate holds the SID of the account it was issued to."
        return failed(message, oids.extension(oids.MS_NTDS_CA_SECURITY), expected)
    for name in certificate.subject_alternative_names:
        if (name.kind == OTHER_NAME and name.other_oid == UPN) or (name.kind == URI and name.text.startswith(_SID_URI)):
            return failed(f"{name} stands for an account of the directory.", str(name), expected)
    entries = {folded(entry) for entry in (*certificate.dns_names, *certificate.subject.values(COMMON_NAME))}
    for system in context.site.systems:
        if found := entries.intersection(_own_names(system)):
            message = f"The certificate bears the name of {printable(system.name)}: its holder could pose as that."
            return failed(message, printable(min(found)), expected)
    if not any(map(_own_names, context.site.systems)):
        message = "Whether it bears the name of a computer is unknown: no computer is known; audit the site's manifest."
        return not_checked(message, expected)
    return passed(_shown(certificate), expected)


def _is_other_system(system: System | None, subject: AssignedCertificate) -> bool:
    """A site system and a client of the same name are one computer; it may use one certificate for both."""
    if system is None or subject.system is None:
        return False
    return folded(system.name) != folded(subject.system.name)


def _own_names(system: System | None) -> tuple[str, ...]:
    """The names of a computer, case folded, its short name last; empty for a boot media and for no system."""
    if system is None or system.kind not in _COMPUTERS:
        return ()
    name = folded(system.name)
    return tuple(dict.fromkeys((name, name.partition(".")[0])))


def _names_any(name: GeneralName, own: tuple[str, ...]) -> bool:
    text = folded(name.text)
    if name.kind == OTHER_NAME:  # a UPN such as ws0001$@contoso.com
        text = text.partition("@")[0].removesuffix("$")
    return name.kind in (DNS_NAME, OTHER_NAME) and text in own


def _named(systems: list[System | None]) -> str:
    return ", ".join(sorted({printable(system.name) for system in systems if system is not None}))


def _shown(certificate: Certificate) -> str:
    first = next(iter(certificate.subject_alternative_names), None)
    return f"subject {certificate.subject or 'empty'}; first alternative name {first if first is not None else 'none'}"


CHECKS: tuple[Check, ...] = (unique, first_name_is_own, names_computer, names_no_computer)
