"""The PXE service point as the site control file describes it, against the certificate that the evidence holds.

The site control file tells which certificate the site means; the PFX and the media show which one is really there
(source `sdk-role`: CertificateType, CertificateExpirationDate and CertificateFile of SMS PXE Service Point).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SystemRole
from certaudit.evidence import PxeServicePoint
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.instants import instant
from certaudit.x509.name import folded

_OWN = 0
"""CertificateType of a certificate that the site makes itself, as in Microsoft's sample; no value is documented."""

_TOLERANCE = timedelta(days=1)
"""Two instants further apart are not the same end: whether the file has UTC or local time is not documented."""

_WANTED = (
    "The settings of the PXE service point are not in the evidence; supply the site control file of the site server, "
    "sitectrl.ct0."
)


def certificate_in_date(subject: SystemRole, context: Context) -> Result:
    """The certificate that the site control file describes has not ended (failure F7)."""
    expected = f"an end after {instant(context.as_of)}"

    def judge(point: PxeServicePoint) -> Result:
        if point.certificate_ends is None:
            return not_checked("The site control file does not say when the certificate ends.", expected)
        observed = instant(point.certificate_ends)
        if point.certificate_ends <= context.as_of:
            return failed(
                f"The certificate that the site control file describes ended on {observed}.", observed, expected
            )
        return passed(observed, expected)

    return _of_settings(subject, context, judge)


def certificate_is_the_one_supplied(subject: SystemRole, context: Context) -> Result:
    """The certificate in the evidence ends when the site control file says: else one of the two was superseded
    (requirement `osd.pxe-certificate-supplied`)."""
    holding = subject.assignment.holding

    def judge(point: PxeServicePoint) -> Result:
        if holding is None:
            return not_applicable("No certificate of the PXE service point is known, which is a finding of its own.")
        ends = holding.certificate.not_after
        expected = f"{instant(ends)}, the end of {holding.certificate.sha1}"
        if point.certificate_ends is None:
            return not_checked("The site control file does not say when the certificate ends.", expected)
        observed = instant(point.certificate_ends)
        if abs(point.certificate_ends - ends) > _TOLERANCE:
            message = f"The site uses a certificate that ends on {observed}, and not the one that was supplied."
            return failed(message, observed, expected)
        return passed(observed, expected)

    return _of_settings(subject, context, judge)


def certificate_imported(subject: SystemRole, context: Context) -> Result:
    """The certificate was imported from a file, and not made by the site itself (requirement
    `osd.pxe-certificate-imported`)."""
    expected = "an imported certificate"

    def judge(point: PxeServicePoint) -> Result:
        if point.certificate_type is None:
            return not_checked("The site control file does not say where the certificate is from.", expected)
        observed = f"CertificateType {point.certificate_type}"
        if point.certificate_type == _OWN and not point.has_certificate_file:
            return failed("The PXE service point has the self-signed certificate of the site.", observed, expected)
        return passed(observed, expected)

    return _of_settings(subject, context, judge)


def asks_for_password(subject: SystemRole, context: Context) -> Result:
    """Whoever boots from the PXE service point is asked for a password."""
    expected = "a PXE password"

    def judge(point: PxeServicePoint) -> Result:
        if point.has_password is None:
            return not_checked("The site control file does not say whether there is a PXE password.", expected)
        if not point.has_password:
            return failed("The PXE service point asks for no password.", "none", expected)
        return passed("a password is set", expected)

    return _of_settings(subject, context, judge)


def _of_settings(subject: SystemRole, context: Context, judge: Callable[[PxeServicePoint], Result]) -> Result:
    """The answer of `judge` about the settings of this server, or why they are not known."""
    supplied = [item.site_control for item in context.evidence.inputs if item.site_control is not None]
    if not supplied:
        return not_checked(_WANTED)
    system = subject.assignment.system
    name = "" if system is None else folded(system.name)
    for point in (point for control in supplied for point in control.pxe_service_points):
        if _is_of(point, name):
            return judge(point)
    return not_checked("The site control file that was supplied names no PXE service point of this server.")


def _is_of(point: PxeServicePoint, name: str) -> bool:
    """True where the settings are those of the server `name`: the file may have its short name."""
    known = {folded(known) for known in (point.server, point.remote_name) if known}
    return name in known or name.partition(".")[0] in known


CHECKS: tuple[Check, ...] = (
    certificate_in_date,
    certificate_is_the_one_supplied,
    certificate_imported,
    asks_for_password,
)
