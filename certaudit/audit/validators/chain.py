"""Certification paths and trust anchors: what path validation found, each kind of problem for its own requirement.

A certificate is judged by its best candidate path, the one that a client would have to find. A path on which a
signature does not hold is no better than none, however trusted its root. What lies above a missing issuer, or in a
field that cannot be read, nobody has checked: no requirement of the path passes then.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from certaudit.audit.assignment import holdings
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.public_trust import public_policy
from certaudit.audit.validators.subject import AssignedCertificate, PfxFile, WholeSite
from certaudit.findings.result import (
    Result,
    Status,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.requirements.windows_certificates import is_of_windows
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath
from certaudit.x509.chain.problem import BROKEN_LINK, Problem
from certaudit.x509.chain.signature import is_self_signed

OPEN_ENDED = ("issuer-missing", "issuer-loop", "path-not-followed")
"""Problems after which the rest of the path is not known."""
_UNSEEN = (*OPEN_ENDED, "unreadable-field")
_SHOWN = 5


def free_of(
    subject: AssignedCertificate,
    context: Context,
    *,
    codes: tuple[str, ...],
    unsettled: tuple[str, ...] = (),
    of: Literal["path", "issuers"] = "path",
) -> Result:
    """The best path has no problem of `codes` (RFC 5280 section 6). Those of `unsettled` leave the question open.

    `of` = "issuers" passes over the certificate itself, where another requirement speaks of it.
    """
    path = context.chains.best(subject.certificate)
    own = subject.certificate.sha256
    problems = [problem for problem in path.problems if of == "path" or problem.certificate != own]
    found = [problem for problem in problems if problem.code in codes]
    expected = f"no {' or '.join(codes)}"
    if found:
        message = f"{'; '.join(_sentence(path, problem) for problem in found)}."
        return failed(message, _drawn(path), expected)
    open_ones = [problem for problem in path.problems if problem.code in (*unsettled, *_UNSEEN)]
    if open_ones:
        reasons = "; ".join(_sentence(path, problem) for problem in open_ones)
        return not_checked(f"The path cannot be checked any further: {reasons}.", expected)
    if of == "issuers" and len(path.certificates) == 1:
        return not_applicable("The certificate heads its own path: no issuer stands above it.")
    return passed(_drawn(path), expected)


def trusted_root(
    subject: AssignedCertificate, context: Context, *, but_on: tuple[str, ...] = (), may_be_public: bool = False
) -> Result:
    """A path leads to a root in the site's list (requirement `chain.trusted-root`).

    Not where the system has none but the roles of `but_on`, which no one verifies by that list. With `may_be_public`
    the root may be one that Windows brings.

    A path that lacks an issuer may lead to one or not. A name alone leads nowhere: each signature of the way has to
    hold.
    """
    expected = "a path to one of the site's root CA certificates"
    if subject.system is not None and subject.system.roles and set(subject.system.roles) <= set(but_on):
        return not_applicable(f"Clients verify a {' or '.join(subject.system.roles)} by their own Trusted Root.")
    result = _leads_to_listed(subject, context, expected)
    return _unless_public(result, subject, expected) if may_be_public else result


def root_known_to_clients(subject: AssignedCertificate, context: Context, *, on: tuple[str, ...]) -> Result:
    """The certificate of a system that has no other role than those of `on` leads to a listed root, or is a public one
    (requirement `chain.root-known-to-clients`).

    Clients verify it by their own Trusted Root, which the site's list says nothing about; Windows brings public roots.
    """
    expected = "a path to a root that clients trust"
    if subject.system is None or not subject.system.roles or not set(subject.system.roles) <= set(on):
        return not_applicable(f"This is about systems that are nothing else than {' or '.join(on)}.")
    return _unless_public(_leads_to_listed(subject, context, expected), subject, expected)


def _unless_public(result: Result, subject: AssignedCertificate, expected: str) -> Result:
    """The answer about the site's list, but for a public certificate whose root is not in it: Windows may have that."""
    if result.status is not Status.PASS and (policy := public_policy(subject.certificate)):
        return not_checked(
            f"The certificate says that a public CA issued it (policy {policy}); see that clients trust its root.",
            expected,
        )
    return result


def _leads_to_listed(subject: AssignedCertificate, context: Context, expected: str) -> Result:
    if not context.evidence.root_cas.certificates:
        return not_checked(
            "No root CA certificate was supplied; name those that the site lists: [trust] root_cas in the manifest, or "
            "--root.",
            expected,
        )
    path = context.chains.best(subject.certificate)
    broken = [problem for problem in path.problems if problem.code in (*OPEN_ENDED, *BROKEN_LINK)]
    if broken:
        reasons = "; ".join(_sentence(path, problem) for problem in broken)
        return not_checked(f"Which root the certificate leads to is not known: {reasons}.", expected)
    root = path.certificates[-1]
    observed = f"{root.subject} ({root.sha1})"
    if path.anchored:
        return passed(observed, expected)
    return failed(f"The path ends at {root.subject}, which is not in the site's list of root CAs.", observed, expected)


def no_look_alike_root(subject: AssignedCertificate, context: Context) -> Result:
    """No path leads to a CA that has the name of a listed root and another key (requirement
    `chain.no-look-alike-root`), as a renewed root has too."""
    listed = [entry.certificate for entry in context.evidence.root_cas.certificates]
    expected = "each root of a listed name is that root"
    for path in context.chains.paths(subject.certificate):
        top = path.certificates[-1]
        namesakes = [root for root in listed if root.subject == top.subject]
        if _has(path, (*OPEN_ENDED, *BROKEN_LINK)) or path.anchored or not namesakes:
            continue
        if all(root.spki != top.spki for root in namesakes):
            message = (
                f"The path ends at {top.subject} ({top.sha1}), which has the name of a listed root and another key: "
                "a renewed root that was not imported, or an impostor."
            )
            return failed(message, top.sha1, f"{expected} ({namesakes[0].sha1})")
    best = context.chains.best(subject.certificate)
    if _has(best, OPEN_ENDED):
        return not_checked("The path is not complete; supply the certificates of the issuing CAs.", expected)
    top = best.certificates[-1]
    return passed(f"{top.subject} ({top.sha1})", expected)


def confirmed(subject: AssignedCertificate, context: Context) -> Result:
    """OpenSSL accepts the path that certaudit accepts; where it refuses, neither verdict is proof (requirement
    `chain.confirmed-by-openssl`)."""
    path = context.chains.best(subject.certificate)
    expected = "two implementations of path validation agree"
    if path.refused_by_openssl is not None:
        return not_checked(f"certaudit finds nothing wrong with the path. {path.refused_by_openssl}", expected)
    if not path.valid:
        return not_applicable("The path has problems, each of which is a finding of its own.")
    return passed(_drawn(path), expected)


def one_path(subject: AssignedCertificate, context: Context) -> Result:
    """Every candidate path holds, so that it does not matter which one a machine takes (RFC 4158)."""
    paths = [path for path in context.chains.paths(subject.certificate) if not _has(path, BROKEN_LINK)]
    if not any(path.valid for path in paths):
        return not_applicable("No path holds; the other findings say why.")
    expected = "every candidate path holds"
    for path in paths:
        if not path.valid:
            reasons = "; ".join(_sentence(path, problem) for problem in path.problems) or path.refused_by_openssl
            message = f"Of {len(paths)} paths, the one by {path.certificates[-1].subject} does not hold: {reasons}."
            return failed(message, _drawn(path), expected)
    if context.chains.truncated(subject.certificate):
        return not_checked(
            "There are more candidate paths than are followed; remove CA certificates not in use.", expected
        )
    return passed("; ".join(_drawn(path) for path in paths), expected)


def issued_by_a_ca(subject: AssignedCertificate, context: Context) -> Result:
    """The certificate is not self-signed: such a one has no path to any root (requirement
    `chain.not-self-signed`)."""
    certificate = subject.certificate
    observed = f"issued by {certificate.issuer}"
    if is_self_signed(certificate):
        return failed(f"{certificate.subject or 'the certificate'} is self-signed.", observed, "issued by a CA")
    return passed(observed, "issued by a CA")


def no_ca(subject: AssignedCertificate, context: Context) -> Result:
    """The certificate is an end entity's: whoever has the key of a CA can issue what he likes (RFC 5280 4.2.1.9)."""
    certificate = subject.certificate
    constraints = certificate.basic_constraints
    observed = "no basic constraints" if constraints is None else f"CA: {'yes' if constraints.ca else 'no'}"
    if constraints is not None and constraints.ca:
        return failed(f"{certificate.subject or 'the certificate'} says that it is a CA.", observed, "an end entity")
    return passed(observed, "an end entity")


def names_written_alike(subject: AssignedCertificate, context: Context) -> Result:
    """Each certificate of the path writes its issuer byte for byte as the CA writes its own subject.

    RFC 5280 4.1.2.6 demands it of CAs, and 7.1 compares without regard to case, spaces and string types; CryptoAPI
    compares bytes.
    """
    path = context.chains.best(subject.certificate)
    expected = "each issuer in the very bytes of the CA's subject"
    for below, above in pairwise(path.certificates):
        if below.issuer == above.subject and below.issuer.raw != above.subject.raw:
            message = (
                f"{below.subject or 'the certificate'} writes the name of its issuer {above.subject} "
                "in another case, spacing or string type than the CA itself."
            )
            return failed(message, f"issuer {below.issuer.raw.hex().upper()}", expected)
    if _has(path, OPEN_ENDED):
        return not_checked("The path is not complete; supply the certificates of the issuing CAs.", expected)
    if len(path.certificates) == 1:
        return not_applicable("The certificate heads its own path: no issuer stands above it.")
    return passed(_drawn(path), expected)


def root_is_self_signed(subject: AssignedCertificate, context: Context) -> Result:
    """A root CA certificate is signed with its own key (requirement `chain.root-is-self-signed`, failure F21)."""
    certificate = subject.certificate
    observed = f"{certificate.subject}, issued by {certificate.issuer}"
    if is_self_signed(certificate):
        return passed(observed, "a self-signed certificate")
    name = certificate.subject or "the certificate"
    return failed(f"{name} is listed as a root and is not self-signed.", observed, "a self-signed certificate")


def root_is_a_ca(subject: AssignedCertificate, context: Context) -> Result:
    """A root CA certificate says that it is a CA and may sign certificates (RFC 5280 4.2.1.9, 4.2.1.3)."""
    certificate = subject.certificate
    usage = certificate.key_usage
    expected = "basic constraints say CA, and the key usage, if there is one, has keyCertSign"
    constraints = certificate.basic_constraints
    observed = "no basic constraints" if constraints is None else f"CA: {'yes' if constraints.ca else 'no'}"
    if usage is not None:
        observed += f"; key usage: {', '.join(sorted(usage)) or 'none'}"
    if not certificate.is_ca:
        return failed(
            f"{certificate.subject} is listed as a root and does not say that it is a CA.", observed, expected
        )
    if usage is not None and "keyCertSign" not in usage:
        return failed(f"{certificate.subject} is listed as a root and may not sign certificates.", observed, expected)
    return passed(observed, expected)


def root_list_specified(subject: WholeSite, context: Context, *, system_roles: tuple[str, ...]) -> Result:
    """A site that deploys operating systems lists its root CAs as a site property (requirement
    `chain.root-list-specified`).

    It does so for certain where a system has one of `system_roles`; others may, but nothing here tells.
    """
    roles = {role for system in subject.site.systems for role in system.roles}
    deploying = sorted(roles & set(system_roles))
    if not deploying:
        return not_applicable("Nothing in the manifest says that the site deploys operating systems.")
    expected = "at least one root CA certificate"
    if not subject.site.root_cas:
        message = f"the site has the role {deploying[0]}, and its list of root CA certificates is empty"
        return failed(message, "[trust] root_cas names nothing", expected)
    roots = holdings(context.evidence.root_cas.certificates)
    if not roots:
        return not_checked("No certificate could be read from what [trust] root_cas names.", expected)
    return passed("; ".join(str(holding.certificate.subject) for holding in roots), expected)


def unused_roots_in_date(subject: WholeSite, context: Context) -> Result:
    """No root that the site lists has expired without a chain at hand that uses it (requirement
    `chain.unused-roots-in-date`); of one in use that is a failure of its own, and Windows' own do not count."""
    unused = [
        root
        for root in context.evidence.root_cas.every_certificate
        if root not in context.in_use and not is_of_windows(root)
    ]
    if not unused:
        return not_applicable("A chain at hand uses each root that the site lists.")
    expected = f"roots that are valid on {context.as_of:%Y-%m-%d}"
    expired = [f"{root.subject} ({root.sha1})" for root in unused if root.not_after < context.as_of]
    if expired:
        listed = "; ".join(expired[:_SHOWN]) + (f" and {len(expired) - _SHOWN} more" if expired[_SHOWN:] else "")
        return failed(
            f"The site lists roots that have expired, and no chain at hand uses them: {listed}.", listed, expected
        )
    return passed(f"none of {len(unused)} has expired", expected)


def pfx_holds_chain(subject: PfxFile, context: Context) -> Result:
    """The PFX holds the intermediate CAs of its certificate as well (requirement `chain.in-pfx`, failure F33).

    Where the issuing CA is not installed on the machine that imports it, no path can be built otherwise.
    """
    inside = [holding.certificate for holding in holdings(subject.input.certificates)]
    leaves = [certificate for certificate in inside if not certificate.is_ca]
    if not leaves:
        return not_applicable("The file holds no end-entity certificate.")
    expected = "every intermediate CA of the certificate"
    absent: dict[str, str] = {}
    for leaf in leaves:
        path = context.chains.best(leaf)
        if _has(path, OPEN_ENDED):
            return not_checked("The path is not complete; supply the intermediate CA certificates.", expected)
        for issuer in _intermediates(path):
            if issuer not in inside:
                absent[issuer.sha256] = f"{issuer.subject} ({issuer.sha1})"
    if absent:
        listed = "; ".join(absent.values())
        return failed(f"The file lacks {listed}.", f"{len(inside)} certificates in the file", expected)
    return passed(f"{len(inside)} certificates in the file", expected)


def _intermediates(path: CandidatePath) -> tuple[Certificate, ...]:
    return tuple(certificate for certificate in path.certificates[1:] if not certificate.is_self_issued)


def _has(path: CandidatePath, codes: tuple[str, ...]) -> bool:
    return any(problem.code in codes for problem in path.problems)


def _sentence(path: CandidatePath, problem: Problem) -> str:
    """`subject of the element: what is wrong with it`, without the full stop; the subject once."""
    message = problem.message.rstrip(".")
    for certificate in path.certificates:
        if certificate.sha256 == problem.certificate:
            subject = str(certificate.subject) or "the certificate"
            return message if subject in message else f"{subject}: {message}"
    return message


def _drawn(path: CandidatePath) -> str:
    """The subjects of the path, leaf first."""
    return " < ".join(str(certificate.subject) or "(empty subject)" for certificate in path.certificates)


CHECKS: tuple[Check, ...] = (
    free_of,
    trusted_root,
    root_known_to_clients,
    no_look_alike_root,
    confirmed,
    one_path,
    issued_by_a_ca,
    no_ca,
    names_written_alike,
    root_is_self_signed,
    root_is_a_ca,
    root_list_specified,
    unused_roots_in_date,
    pfx_holds_chain,
)
