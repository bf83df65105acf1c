"""Inputs as such: that they could be read, wholly and in the encoding that their user needs, and that waivers hold."""

from __future__ import annotations

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate, SuppliedInput, WholeSite
from certaudit.evidence import EMPTY_FOLDER, IGNORED
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import inert, printable
from certaudit.x509.profile import anomalies


def readable(subject: SuppliedInput, context: Context) -> Result:
    """The input could be read. What is in one that could not, or in a part of it, is unknown and never passes."""
    expected = "an input that can be read"
    if subject.input.error is not None:
        return not_checked(inert(subject.input.error), expected)
    if subject.input.losses:
        others = f" ({len(subject.input.losses) - 1} more)" if len(subject.input.losses) > 1 else ""
        return not_checked(f"{inert(subject.input.losses[0])}{others} Export it again.", expected)
    if subject.input.format == EMPTY_FOLDER:
        return not_applicable("The folder is empty, so that there was nothing to read.")
    return passed(f"read as {printable(subject.input.format)}", expected)


def wholly_read(subject: SuppliedInput, context: Context) -> Result:
    """Every part of the input could be read."""
    expected = "an input of which every part can be read"
    if subject.input.format == IGNORED:
        return not_applicable("It is no certificate material, and lies beside the evidence.")
    remarks = [inert(sentence) for sentence in subject.input.remarks]
    if remarks:
        others = f" (remarks of this kind: {len(remarks)})" if len(remarks) > 1 else ""
        return failed(f"{remarks[0]}{others}", "; ".join(remarks), expected)
    if subject.input.error is not None:
        return not_applicable("It could not be read at all, which is a finding of its own.")
    return passed("wholly read", expected)


def well_formed(subject: AssignedCertificate, context: Context) -> Result:
    """The certificate keeps to the profile of RFC 5280 4.1 and 4.2, and every field can be read."""
    expected = "every field readable and as RFC 5280 has it"
    oddities = [inert(sentence) for sentence in anomalies(subject.certificate)]
    if not oddities:
        return passed("no oddity", expected)
    others = f" ({len(oddities) - 1} more)" if len(oddities) > 1 else ""
    return failed(f"{oddities[0]}{others}", "; ".join(oddities), expected)


def der_encoded(subject: AssignedCertificate, context: Context) -> Result:
    """A certificate file for a mobile device is binary (requirement `input.der-for-mobile-devices`)."""
    expected = "a binary (DER) certificate file"
    paths = {entry.provenance.input for entry in subject.holding.entries}
    formats = {context.formats[path] for path in paths if path in context.formats}
    files = {name for name in formats if name.startswith("x509") or name == "pem"}
    if not files:
        return not_applicable("This is about certificate files; this certificate is in none.")
    if "x509-der" in files:
        return passed("x509-der", expected)
    return failed("The certificate file is text (Base64).", ", ".join(sorted(files)), expected)


def waivers_in_force(subject: WholeSite, context: Context) -> Result:
    """No waiver has ended: what it covered counts again, and somebody has to decide anew."""
    if not context.waivers:
        return not_applicable("No waivers were given.")
    expected = f"waivers that hold on {context.as_of:%Y-%m-%d}"
    ended = [
        f"the waiver of {printable(waiver.requirement)} by {printable(waiver.owner)} ended on {waiver.until:%Y-%m-%d}"
        for waiver in context.waivers
        if waiver.has_ended(context.as_of)
    ]
    if not ended:
        return passed(f"all {len(context.waivers)} hold", expected)
    others = f" ({len(ended) - 1} more)" if len(ended) > 1 else ""
    return failed(f"{ended[0][0].upper()}{ended[0][1:]} (UTC){others}.", "; ".join(ended), expected)


CHECKS: tuple[Check, ...] = (readable, wholly_read, well_formed, der_encoded, waivers_in_force)
