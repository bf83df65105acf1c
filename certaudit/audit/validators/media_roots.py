"""The root CA list on boot media: Windows PE trusts these roots and no others, and nothing updates them.

Certificates are compared, never names: a renewed root bears the name of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from certaudit.audit.assignment import callees, is_ca
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.media import of_variables
from certaudit.audit.validators.subject import SuppliedMedia
from certaudit.evidence import MediaVariables
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.instants import instant
from certaudit.printable import printable
from certaudit.site.roles import REACHED
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath
from certaudit.x509.chain.problem import BROKEN_LINK
from certaudit.x509.fields import if_readable

"""The site system roles that a computer in Windows PE talks to over TLS."""

_UNLISTED = "The root CA list of the site is not known; name it in the manifest under root_cas."
_UNREADABLE = "the root CA list of the media could not be read; compare it with the site's by hand"


def _of_roots(subject: SuppliedMedia, judge: Callable[[tuple[Certificate, ...]], Result]) -> Result:
    """The answer of `judge` about the roots, unless the list is empty (a finding of its own) or was not read."""

    def with_roots(variables: MediaVariables) -> Result:
        if variables.root_cas:
            return judge(variables.root_cas)
        if variables.has_root_list:
            return not_checked(_UNREADABLE)
        return not_applicable("There is no root CA certificate on the media, which is a finding of its own.")

    return of_variables(subject, with_roots)


def present(subject: SuppliedMedia, context: Context) -> Result:
    """There is a root CA list: without one nothing that answers over TLS is trusted (requirement `media.root-list`,
    failure F3)."""
    expected = "root CA certificates"

    def judge(variables: MediaVariables) -> Result:
        if variables.root_cas:
            return passed(f"{len(variables.root_cas)} certificates", expected)
        if variables.has_root_list:
            return not_checked(_UNREADABLE, expected)
        return failed("There is no root CA certificate on the media.", "none", expected)

    return of_variables(subject, judge)


def anchor_site_systems(subject: SuppliedMedia, context: Context) -> Result:
    """The certificate of every system that the media calls, and of every state migration point and distribution point,
    leads to a root on the media (requirement `media.roots-of-site-systems`, failure F3)."""
    expected = "a root on the media for every site system that Windows PE talks to"
    variables = subject.media.variables
    called = callees(context.site, variables.management_points if variables else ())
    gateways = {callee.system.key for callee in called if callee.system is not None}
    served = [
        (assignment.system, assignment.holding.certificate)
        for assignment in context.assignments
        if assignment.system is not None
        and assignment.holding is not None
        and (
            (assignment.role == "web-server" and set(REACHED) & set(assignment.system.roles))
            or (assignment.role == "cloud-management-gateway" and assignment.system.key in gateways)
        )
    ]

    def judge(roots: tuple[Certificate, ...]) -> Result:
        unknown = []
        for system, certificate in served:
            leads = leads_to(certificate, roots, context)
            if leads is False:
                top = context.chains.best(certificate).certificates[-1]
                leading = f"The certificate of {printable(system.name)} leads to {top.subject}"
                message = f"{leading}, which is not on the media{_look_alike(top, roots)}."
                return failed(message, f"root {top.sha1}", expected)
            if leads is None:
                unknown.append(printable(system.name))
        if unknown or not served:
            return not_checked(_unknown(unknown), expected)
        return passed(f"{len(served)} certificates, each with its root on the media", expected)

    return _of_roots(subject, judge)


def _unknown(systems: list[str]) -> str:
    if systems:
        return f"The paths of {', '.join(systems)} end before a root; supply the certificates of the CAs."
    return "No web server certificate of a management, state migration or distribution point is known; audit the site."


def anchor_own_certificate(subject: SuppliedMedia, context: Context) -> Result:
    """The media's own certificate leads to a root on the media: then the site knew its root when it was made
    (requirement `media.root-of-certificate`)."""
    expected = "the root of the media certificate on the media"
    certificate = subject.media.variables.certificate if subject.media.variables else None

    def judge(roots: tuple[Certificate, ...]) -> Result:
        if certificate is None:
            return not_applicable("There is no media certificate that could be read.")
        leads = leads_to(certificate, roots, context)
        if leads is None:
            return not_checked("Its path ends before a root; supply the certificates of the CAs.", expected)
        top = context.chains.best(certificate).certificates[-1]
        if not leads:
            message = f"The media certificate leads to {top.subject}, which is not on the media"
            return failed(f"{message}{_look_alike(top, roots)}.", f"root {top.sha1}", expected)
        return passed(f"root {top.sha1}", expected)

    return _of_roots(subject, judge)


def leads_to(certificate: Certificate, roots: Iterable[Certificate], context: Context) -> bool | None:
    """True where a path whose signatures hold has a self-signed one of `roots` in it; None where none has, and none
    reaches a root at all.

    CryptoAPI ends a path at a self-signed certificate only: a subordinate CA on the media helps to build a path (source
    `bl-ttg`: deployment failed until the certificate of the issuing CA was there too), and anchors none.
    """
    paths = [path for path in context.chains.paths(certificate) if not _has_broken_link(path)]
    wanted = {root for root in roots if root.is_self_issued}
    if any(wanted.intersection(path.certificates) for path in paths):
        return True
    return False if any(path.anchored or path.certificates[-1].is_self_issued for path in paths) else None


def _has_broken_link(path: CandidatePath) -> bool:
    return any(problem.code in BROKEN_LINK for problem in path.problems)


def _look_alike(root: Certificate, among: Iterable[Certificate]) -> str:
    """The words for a root that has the same name and is another: the one before a renewal, or an imitation."""
    alike = [other for other in among if other != root and _name(other) == _name(root)]
    return f"; another certificate of that name is ({alike[0].sha1})" if alike else ""


def _name(certificate: Certificate) -> object:
    return if_readable(lambda: certificate.subject.comparable, otherwise=certificate.sha256)


def include_the_sites(subject: SuppliedMedia, context: Context) -> Result:
    """Every root that the site specifies is on the media: else it was added or renewed after the media was made
    (requirement `media.roots-complete`)."""
    listed = context.evidence.root_cas.every_certificate

    def judge(roots: tuple[Certificate, ...]) -> Result:
        expected = f"the {len(listed)} root certificates of the site"
        missing = [root for root in listed if root not in roots]
        if missing:
            message = f"The site lists {_first_of(missing, 'is not on the media', roots)}."
            return failed(message, _thumbprints(roots), expected)
        return passed(_thumbprints(roots), expected)

    if not listed:
        return not_checked(_UNLISTED)
    return _of_roots(subject, judge)


def are_the_sites(subject: SuppliedMedia, context: Context) -> Result:
    """No root on the media is foreign to the site: whoever has its key can pose as a management point
    (requirement `media.roots-known`).

    Subordinate CAs of the site may be there too: some administrators add them.
    """
    listed = context.evidence.root_cas.every_certificate
    known = {*listed, *context.evidence.intermediate_cas.every_certificate}

    def judge(roots: tuple[Certificate, ...]) -> Result:
        expected = "no root but those of the site"
        foreign = [root for root in roots if root not in known]
        if foreign:
            message = f"The media trusts {_first_of(foreign, 'the site does not list', listed)}."
            return failed(message, _thumbprints(roots), expected)
        return passed(_thumbprints(roots), expected)

    if not listed:
        return not_checked(_UNLISTED)
    return _of_roots(subject, judge)


def _first_of(odd: list[Certificate], what: str, among: Iterable[Certificate]) -> str:
    """The first of some odd roots, which `what`, one of `among` that looks like it, and how many more there are."""
    first, *others = odd
    more = f" ({len(others)} more)" if others else ""
    return f"{first.subject} ({first.sha1}), which {what}{_look_alike(first, among)}{more}"


def _thumbprints(certificates: Iterable[Certificate]) -> str:
    return ", ".join(certificate.sha1 for certificate in certificates)


def in_validity(subject: SuppliedMedia, context: Context) -> Result:
    """Every root on the media is valid at the audit's instant (requirement `media.roots-valid`)."""
    expected = "roots within their validity"

    def judge(roots: tuple[Certificate, ...]) -> Result:
        for root in roots:
            if not root.not_before <= context.as_of <= root.not_after:
                observed = f"{instant(root.not_before)} to {instant(root.not_after)}"
                return failed(f"The root {root.subject} on the media is not valid now.", observed, expected)
        return passed(f"{len(roots)} roots", expected)

    return _of_roots(subject, judge)


def fit_to_sign(subject: SuppliedMedia, context: Context, *, minimum_bits: int) -> Result:
    """Every root on the media is a CA certificate with an RSA key of a size that holds (requirement `media.roots-fit`).

    The hash of a root's own signature does not matter: nobody relies on it.
    """
    expected = f"CA certificates, RSA keys of {minimum_bits} bits or more"

    def judge(roots: tuple[Certificate, ...]) -> Result:
        for root in roots:
            key = root.public_key
            if root.version == 3 and not is_ca(root):
                return failed(f"{root.subject} on the media is no CA certificate.", "an end entity", expected)
            if key.type == "RSA" and (key.bits or 0) < minimum_bits:
                return failed(f"The root {root.subject} on the media has a weak key: {key}.", str(key), expected)
        return passed(f"{len(roots)} roots", expected)

    return _of_roots(subject, judge)


CHECKS: tuple[Check, ...] = (
    present,
    anchor_site_systems,
    anchor_own_certificate,
    include_the_sites,
    are_the_sites,
    in_validity,
    fit_to_sign,
)
