"""Boot media: what they hold and from where, and what made them out of date.

What is asked of the certificate itself are checks of certificates like any other.
"""

from __future__ import annotations

from collections.abc import Callable

from certaudit.audit.assignment import ANSWERING, Callee, callees
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SuppliedMedia, SystemRole, WholeSite
from certaudit.audit.validators.toolchain import begins
from certaudit.evidence import Evidence, Media, MediaVariables
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import inert, printable
from certaudit.site.site import Site


def of_variables(subject: SuppliedMedia, judge: Callable[[MediaVariables], Result]) -> Result:
    """The answer of `judge`, or why the variables did not open."""
    if subject.media.variables is None:
        return not_checked(reason(subject))
    return judge(subject.media.variables)


def reason(subject: SuppliedMedia) -> str:
    """Why something about the media is not known, as the end of a sentence."""
    return inert(subject.input.error or "supply the media with its password").rstrip(".")


def supplied(subject: SystemRole, context: Context) -> Result:
    """The media itself is among the evidence, and not only the certificate that it was made from: media are copies,
    which nothing updates (requirement `media.supplied`)."""
    expected = "the media itself: its image, its folder or its Variables.dat"
    system = subject.assignment.system
    evidence = context.evidence.systems.get(system.key, Evidence()) if system else Evidence()
    kinds = [item.media.kind for item in evidence.inputs if item.media is not None]
    if kinds:
        return passed(", ".join(kinds), expected)
    return not_checked(
        "What is on the media is not known; supply its ISO image, its folder or its Variables.dat.", expected
    )


def readable(subject: SuppliedMedia, context: Context) -> Result:
    """The variables could be read. A header that is not known is a gap of knowledge, never damage: the format of
    2007's media was never published (requirement `media.readable`)."""
    expected = "media variables that can be read"
    if subject.media.variables is not None and subject.input.error is None:
        return passed(f"{subject.media.algorithm}, {len(subject.media.variables.names)} variables", expected)
    return not_checked(reason(subject), expected)


def certificate_of_its_own(subject: SuppliedMedia, context: Context) -> Result:
    """No other media has the certificate: the loss of one blocks or re-issues them all (requirement
    `media.certificate-not-shared`)."""
    expected = "a certificate that no other media has"

    def judge(variables: MediaVariables) -> Result:
        certificate = variables.certificate
        if certificate is None:
            return not_applicable("There is no certificate on the media.")
        same = [
            path
            for path, media in others(subject, context)
            if media.variables is not None and media.variables.certificate == certificate
        ]
        same += [
            assignment.system.name
            for assignment in context.assignments
            if assignment.holding is not None
            and assignment.system is not None
            and assignment.system.kind == "site-system"
            and assignment.holding.certificate == certificate
        ]
        if same:
            message = f"{listed(same)} has the same certificate: to block it after a loss stops all of them."
            return failed(message, certificate.sha1, expected)
        return passed(certificate.sha1, expected)

    return of_variables(subject, judge)


def identity_of_its_own(subject: SuppliedMedia, context: Context) -> Result:
    """No other media has the media GUID, by which the site knows it and can block it (requirement
    `media.guid-not-shared`)."""
    expected = "a media GUID that no other media has"

    def judge(variables: MediaVariables) -> Result:
        if variables.identity is None:
            return not_checked("There is no media GUID among the variables; make the media again.", expected)
        same = [
            path
            for path, media in others(subject, context)
            if media.variables is not None and media.variables.identity == variables.identity
        ]
        if same:
            return failed(f"{listed(same)} has the same media GUID: it is a copy.", "shared", expected)
        return passed("no media at hand has the same", expected)

    return of_variables(subject, judge)


def has_certificate(subject: SuppliedMedia, context: Context) -> Result:
    """The media holds a client certificate for the management point (requirement `media.has-certificate`, failure
    F18)."""
    expected = "a client certificate"

    def judge(variables: MediaVariables) -> Result:
        if variables.certificate is not None:
            return passed(variables.certificate.sha1, expected)
        if variables.has_pfx:
            return not_checked(f"Its PFX could not be read: {reason(subject)}.", expected)
        return failed("There is no client certificate on the media.", "none", expected)

    return of_variables(subject, judge)


def management_points_over_https(subject: SuppliedMedia, context: Context) -> Result:
    """The addresses of management points begin as the site speaks: https: in native mode, but for one that is spoken to
    without TLS; and the media do not switch TLS off (requirement `media.https-management-points`)."""
    expected = "https: addresses"

    def judge(variables: MediaVariables) -> Result:
        if variables.uses_tls is False:
            message = "The media switch TLS off: their variable _SMSTSUseSSL is false."
            return failed(message, "_SMSTSUseSSL false", f"{expected}, and _SMSTSUseSSL true")
        points = variables.management_points
        if not points:
            return not_checked(
                "The media names no management point; see that clients find one by DNS or WINS.", expected
            )
        observed = ", ".join(map(printable, points))
        called = [callee for callee in callees(context.site, points) if not callee.is_over_https]
        if plain := _spoken_to("https", called, context.site):
            return failed(f"The media talks to {plain} in the clear.", observed, expected)
        return passed(observed, expected)

    return of_variables(subject, judge)


def https_where_it_is_spoken(subject: SuppliedMedia, context: Context) -> Result:
    """The media calls no management point over HTTPS that is spoken to otherwise (requirement
    `media.http-management-points`). Under Enhanced HTTP what is bound there decides (source `cbehttp`: a PKI
    certificate that IIS has is preferred to the generated one)."""
    expected = "https: addresses of management points that are spoken to over HTTPS alone"

    def judge(variables: MediaVariables) -> Result:
        called = [callee for callee in callees(context.site, variables.management_points) if callee.is_over_https]
        if plain := _spoken_to("http", called, context.site):
            return failed(f"The media calls {plain}, which is spoken to over HTTP.", plain, expected)
        if open_ := _spoken_to("enhanced-http", called, context.site):
            return not_checked(
                f"The media calls {open_}, which is spoken to over Enhanced HTTP: whether a certificate of the PKI is "
                'bound there is not known; say connections = "https" where one is.',
                expected,
            )
        return passed(", ".join(printable(callee.address) for callee in called) or "none over HTTPS", expected)

    return of_variables(subject, judge)


def _spoken_to(ways: str, called: list[Callee], site: Site) -> str:
    """The addresses of those that are spoken to in that way, as text; a stranger is taken for HTTPS."""
    spoken = {
        callee.address: None
        for callee in called
        if ways == ("https" if callee.system is None else site.connections_of(callee.system))
    }
    return ", ".join(map(printable, spoken))


def management_points_are_the_sites(subject: SuppliedMedia, context: Context) -> Result:
    """The media names no management point or gateway that the site does not have: one of when it was made
    (requirement `media.management-points-known`)."""
    known = sorted(
        {name for system in context.site.systems if set(ANSWERING) & set(system.roles) for _, name in system.names}
    )
    if not known:
        return not_checked("No management point of the site is known; audit the site's manifest.")
    expected = f"only {', '.join(printable(name.casefold()) for name in known)}"

    def judge(variables: MediaVariables) -> Result:
        observed = ", ".join(map(printable, variables.management_points))
        if not observed:
            return not_applicable("The media names no management point, which is a finding of its own.")
        called = callees(context.site, variables.management_points)
        strange = [printable(callee.address) for callee in called if callee.system is None]
        if strange:
            return failed(f"The site has no management point {', '.join(strange)}.", observed, expected)
        return passed(observed, expected)

    return of_variables(subject, judge)


def site_code_is_the_sites(subject: SuppliedMedia, context: Context) -> Result:
    """The media belongs to the site that it is listed under (requirement `media.site-code`)."""
    wanted = context.site.code
    if wanted is None:
        return not_checked("The code of the site is not known; give it in the manifest.")
    expected = f"site code {wanted}"

    def judge(variables: MediaVariables) -> Result:
        code = variables.site_code
        if code is None:
            return not_checked("The media names no site.", expected)
        if code.casefold() != wanted.casefold():
            return failed(f"The media was made for site {printable(code)}.", f"site code {printable(code)}", expected)
        return passed(f"site code {printable(code)}", expected)

    return of_variables(subject, judge)


def signing_certificate_is_current(subject: SuppliedMedia, context: Context) -> Result:
    """The site server signing certificate on the media is the one in use: else the media is older than its renewal, and
    policy signed with the new key is not accepted (requirement `media.signing-certificate-current`)."""
    current = [
        assignment.holding.certificate
        for assignment in context.assignments
        if assignment.role == "site-server-signing" and assignment.holding is not None
    ]
    if not current:
        return not_checked("The site server signing certificate in use is not known; supply it in the manifest.")
    expected = f"the certificate {current[0].sha1}"

    def judge(variables: MediaVariables) -> Result:
        held = variables.site_signing
        if held is None:
            return not_checked("The media holds no site server signing certificate that could be read.", expected)
        if held not in current:
            message = f"The media holds another site server signing certificate ({held.sha1}) than the site uses."
            return failed(message, held.sha1, expected)
        return passed(held.sha1, expected)

    return of_variables(subject, judge)


def windows_pe_is_one_of(
    subject: SuppliedMedia, context: Context, *, versions: tuple[str, ...], but: tuple[str, ...] = ()
) -> Result:
    """Windows PE on the media is a version that the release deploys with (requirement `media.windows-pe`).

    `versions` are beginnings of versions, such as 6.1.7600; those that begin as one of `but` does are not taken.
    """
    expected = f"Windows PE {' or '.join(versions)}"
    found = [item.version for item in subject.input.software if item.product == "windows-pe" and item.version]
    if not found:
        return not_checked(
            "The version of Windows PE is not known; supply the media with its sources/boot.wim.", expected
        )
    for version in found:
        observed = f"Windows PE {version}"
        if not begins(version, versions) or begins(version, but):
            return failed(f"The media boots {observed}, which the release does not deploy with.", observed, expected)
    return passed(f"Windows PE {found[0]}", expected)


def outside_evidence(
    subject: SuppliedMedia | SystemRole | WholeSite, context: Context, *, wanted: str, of_pxe: bool = False
) -> Result:
    """Never answered, because no evidence that can be supplied tells; `wanted` says what would. `of_pxe` is for what
    only servers have that answer PXE requests."""
    system = subject.system if isinstance(subject, SystemRole) else None
    if of_pxe and system is not None and system.kind == "site-system" and "pxe-service-point" not in system.ways_in:
        return not_applicable("No computer boots from it: it does not answer PXE requests.")
    return not_checked(wanted)


def others(subject: SuppliedMedia, context: Context) -> list[tuple[str, Media]]:
    """(path, media) of every other media among the evidence."""
    inputs = context.evidence.inputs
    return [(item.path, item.media) for item in inputs if item.media is not None and item.path != subject.input.path]


def listed(names: list[str]) -> str:
    """Names in a sentence, of many the first."""
    shown = ", ".join(map(printable, names[:5]))
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


CHECKS: tuple[Check, ...] = (
    supplied,
    readable,
    certificate_of_its_own,
    identity_of_its_own,
    has_certificate,
    management_points_over_https,
    https_where_it_is_spoken,
    management_points_are_the_sites,
    site_code_is_the_sites,
    signing_certificate_is_current,
    windows_pe_is_one_of,
    outside_evidence,
)
