"""Key usage: what a key may do, bit by bit (RFC 5280 4.2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    passed,
)
from certaudit.x509 import oids
from certaudit.x509.extensions import KEY_USAGE_BITS

Bit = Literal[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
]


def includes(
    subject: AssignedCertificate,
    context: Context,
    *,
    bits: tuple[Bit, ...],
    absent_allows: bool = True,
    key_types: tuple[str, ...] = (),
) -> Result:
    """Key usage has every one of `bits`.

    An absent extension sets no limit (RFC 5280 4.2.1.3 and 6.1.4 (n) test it only where it is present, CryptoAPI
    too); `absent_allows = false` is for a source that wants the bits to be there. `key_types` limits the
    requirement to keys of these types: only an RSA key can encipher a key.
    """
    if key_types and subject.certificate.public_key.type not in key_types:
        return not_applicable(f"Only a key of type {' or '.join(key_types)} can do that.")
    usage, expected = subject.certificate.key_usage, _listed(bits)
    if usage is None:
        observed = "no key usage extension"
        if absent_allows:
            return passed(observed, expected, "without a key usage extension the key may be used for everything")
        return failed(f"There is no key usage extension, so none that names {expected}.", observed, expected)
    missing = [bit for bit in bits if bit not in usage]
    if missing:
        return failed(f"The key usage does not allow {_listed(missing)}.", _listed(usage), expected)
    return passed(_listed(usage), expected)


def includes_any(subject: AssignedCertificate, context: Context, *, bits: tuple[Bit, ...]) -> Result:
    """Key usage, where it is present, has one of `bits` at least (RFC 5280 4.2.1.3)."""
    usage, expected = subject.certificate.key_usage, _listed(bits, "or")
    if usage is None:
        message = "without a key usage extension the key may be used for everything"
        return passed("no key usage extension", expected, message)
    if usage.isdisjoint(bits):
        return failed(f"The key usage allows neither of {_listed(bits)}.", _listed(usage), expected)
    return passed(_listed(usage), expected)


def excludes(subject: AssignedCertificate, context: Context, *, bits: tuple[Bit, ...]) -> Result:
    """Key usage has none of `bits`: RFC 5280 4.2.1.9 wants keyCertSign on CA certificates alone."""
    usage, expected = subject.certificate.key_usage, f"without {_listed(bits)}"
    if usage is None:
        return not_applicable("The certificate has no key usage extension.")
    if present := usage.intersection(bits):
        return failed(f"The key usage also allows {_listed(present)}.", _listed(usage), expected)
    return passed(_listed(usage), expected)


def present(subject: AssignedCertificate, context: Context) -> Result:
    """The certificate has a key usage extension: RFC 5280 4.2.1.3 wants it on CAs; elsewhere it limits the key."""
    usage, expected = subject.certificate.key_usage, "a key usage extension"
    if usage is None:
        message = "The certificate has no key usage extension, so its key may be used for everything."
        return failed(message, "no key usage extension", expected)
    return passed(_listed(usage), expected)


def critical(subject: AssignedCertificate, context: Context) -> Result:
    """Key usage, where present, is critical (RFC 5280 4.2.1.3: SHOULD)."""
    extension = subject.certificate.extensions.get(oids.KEY_USAGE)
    if extension is None:
        return not_applicable("The certificate has no key usage extension.")
    if not extension.critical:
        message = "The key usage extension is not critical, so a program that does not know it may ignore it."
        return failed(message, "not critical", "critical")
    return passed("critical", "critical")


def _listed(bits: Iterable[str], conjunction: str = "and") -> str:
    """The bits in the order of RFC 5280, as a person writes a list."""
    *most, last = sorted(bits, key=KEY_USAGE_BITS.index) or ["no usage"]
    return f"{', '.join(most)} {conjunction} {last}" if most else last


CHECKS: tuple[Check, ...] = (includes, includes_any, excludes, present, critical)
