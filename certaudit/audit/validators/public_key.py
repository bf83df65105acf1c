"""Public keys: type, size, exponent, modulus, and keys that several certificates share."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.client_identity import bearer
from certaudit.audit.validators.context import Context, key_of
from certaudit.audit.validators.issuers import issuers_of
from certaudit.audit.validators.site_version import version_of
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.site.versions import version_named
from certaudit.x509 import der, oids
from certaudit.x509.fields import Reading
from certaudit.x509.public_key import PublicKey
from certaudit.x509.rsa_weakness import MAX_MODULUS_BITS, weakness

_SIZED = ("RSA", "DSA")
_NAMED = 3
"""The types whose size the documents mean: a curve of 256 bits is not a key of less than 1,024."""


def type_is_one_of(subject: AssignedCertificate, context: Context, *, types: tuple[str, ...]) -> Result:
    """The key is of a type that the product can use (requirement `public-key.type`)."""
    key = subject.certificate.public_key
    expected = " or ".join(types)
    if key.type in types:
        return passed(str(key), expected)
    return failed(f"The public key is {key}, where {expected} is needed.", str(key), expected)


def not_restricted_to_pss(subject: AssignedCertificate, context: Context) -> Result:
    """An RSA key is marked rsaEncryption, not id-RSASSA-PSS, which is for PSS signatures alone (RFC 4055 1.2)."""
    key = subject.certificate.public_key
    if key.type != "RSA":
        return not_applicable(f"This is about RSA keys; this one is {key}.")
    with Reading("public key algorithm"):
        oid = der.object_identifier(der.sequence(key.spki)[0].children(der.SEQUENCE)[0])
    if oid == oids.RSASSA_PSS:
        return failed("The key is marked for RSASSA-PSS signatures alone.", f"RSASSA-PSS ({oid})", f"RSA ({oids.RSA})")
    return passed(f"RSA ({oid})", f"RSA ({oids.RSA})")


def at_most_bits(subject: AssignedCertificate, context: Context, *, bits: int, until: str = "") -> Result:
    """The key is no bigger than the product takes (requirement `public-key.at-most-2048-bits`); versions of the
    site from `until` on have no such limit."""
    key = subject.certificate.public_key
    expected = f"at most {bits} bits"
    if (unfit := _without_size(key, expected)) is not None:
        return unfit
    if key.bits is not None and key.bits > bits:
        version, why = version_of(context.site, context)
        if until and version is None:
            return not_checked(f"Whether {key.bits} bits are too many depends on the version: {why}.", expected)
        if until and version is not None and version.build >= version_named(until).build:
            return passed(str(key), f"{expected}, or version {until} or later ({version.name})")
        return failed(f"The key has {key.bits} bits, {bits} is the most that is supported.", str(key), expected)
    return passed(str(key), expected)


def at_least_bits(subject: AssignedCertificate, context: Context, *, bits: int) -> Result:
    """The key is big enough not to be factored (requirements `public-key.at-least-1024-bits` and
    `public-key.at-least-2048-bits`)."""
    key = subject.certificate.public_key
    expected = f"at least {bits} bits"
    if (unfit := _without_size(key, expected)) is not None:
        return unfit
    if key.bits is not None and key.bits < bits:
        return failed(f"The key has {key.bits} bits, fewer than {bits}.", str(key), expected)
    return passed(str(key), expected)


def size_is_one_of(subject: AssignedCertificate, context: Context, *, sizes: tuple[int, ...]) -> Result:
    """The key has one of the sizes that the product takes (requirements `public-key.size-that-amt-supports` and
    `public-key.size-for-cloud-management-gateway`)."""
    key = subject.certificate.public_key
    expected = " or ".join(f"{size}" for size in sizes) + " bits"
    if (unfit := _without_size(key, expected)) is not None:
        return unfit
    if key.bits in sizes:
        return passed(str(key), expected)
    return failed(f"The key has {key.bits} bits; supported are {expected}.", str(key), expected)


def _without_size(key: PublicKey, expected: str) -> Result | None:
    """The answer about a key to which limits of size do not apply, None for any other."""
    if key.type not in _SIZED:
        return not_applicable(f"This is about the size of RSA and DSA keys; this one is {key}.")
    if key.bits is None:
        return not_checked("The size of the key is not in its certificate; supply that of its issuer.", expected)
    return None


def issuers_at_most_bits(subject: AssignedCertificate, context: Context, *, bits: int) -> Result:
    """No CA certificate in the path has a key bigger than the device takes (requirement
    `public-key.amt-chain-at-most-2048-bits`)."""
    issuers = issuers_of(subject.certificate, context)
    expected = f"CA keys of at most {bits} bits"
    for issuer in issuers.certificates:
        key = issuer.public_key
        if key.type in _SIZED and key.bits is not None and key.bits > bits:
            return failed(f"The key of {issuer.subject} has {key.bits} bits, {bits} is the most.", str(key), expected)
    if not issuers.complete:
        return not_checked(issuers.gap, expected)
    return passed(", ".join(str(issuer.public_key) for issuer in issuers.certificates) or "no CA above it", expected)


def exponent_is_possible(subject: AssignedCertificate, context: Context) -> Result:
    """The exponent of an RSA key is odd, above 1 and below the modulus (RFC 8017 3.1)."""
    key = subject.certificate.public_key
    expected = "an odd exponent from 3 up to the modulus"
    if key.type != "RSA" or key.exponent is None or key.modulus is None:
        return not_applicable(f"This is about RSA keys; this one is {key}.")
    if key.exponent % 2 == 1 and 3 <= key.exponent < key.modulus:
        return passed(f"exponent {_shown(key.exponent)}", expected)
    return failed(
        f"The public exponent is {_shown(key.exponent)}, which no RSA key can have.",
        f"exponent {_shown(key.exponent)}",
        expected,
    )


def exponent_at_least(subject: AssignedCertificate, context: Context, *, minimum: int) -> Result:
    """The exponent of an RSA key is not small (source `fips186-5`: A.1.1, above 2 to the power of 16)."""
    key = subject.certificate.public_key
    expected = f"an exponent of at least {minimum}"
    if key.type != "RSA" or key.exponent is None:
        return not_applicable(f"This is about RSA keys; this one is {key}.")
    if key.exponent >= minimum:
        return passed(f"exponent {_shown(key.exponent)}", expected)
    return failed(f"The public exponent is only {_shown(key.exponent)}.", f"exponent {_shown(key.exponent)}", expected)


def exponent_at_most_bits(subject: AssignedCertificate, context: Context, *, bits: int) -> Result:
    """The exponent of an RSA key fits the 32 bits that CryptoAPI's RSAPUBKEY has for it."""
    key = subject.certificate.public_key
    expected = f"an exponent of at most {bits} bits"
    if key.type != "RSA" or key.exponent is None:
        return not_applicable(f"This is about RSA keys; this one is {key}.")
    observed = f"an exponent of {key.exponent.bit_length()} bits"
    if key.exponent.bit_length() <= bits:
        return passed(observed, expected)
    return failed(f"The public exponent has {key.exponent.bit_length()} bits, {bits} fit.", observed, expected)


def modulus_is_sound(subject: AssignedCertificate, context: Context) -> Result:
    """The modulus of an RSA key shows no known mark of a bad key generator (certaudit/x509/rsa_weakness.py)."""
    expected = "no small factor, no close factors, no ROCA fingerprint"

    def judge(modulus: int) -> Result:
        problem = weakness(modulus)
        if problem is None:
            return passed("none of these", expected)
        return failed(f"The private key can be worked out: the modulus {problem}.", f"the modulus {problem}", expected)

    return _of_modulus(subject, expected, judge)


def no_factor_shared(subject: AssignedCertificate, context: Context) -> Result:
    """No other RSA key among the evidence has a prime of this one: what two moduli share, anybody can work out
    (certaudit/x509/shared_factors.py)."""
    expected = "a modulus that shares no prime with another"

    def judge(modulus: int) -> Result:
        if modulus not in context.shared_factors:
            return passed("shared with none among the evidence", expected)
        others = [
            f"{name} ({certificate.sha1})"
            for other in context.shared_factors[modulus]
            for name, certificates in context.certificates_of_key[other].items()
            for certificate in certificates
        ]
        named = "; ".join(others[:_NAMED]) or "more than a thousand others"
        named += f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        message = f"The private key can be worked out: the modulus shares a prime with that of {named}."
        return failed(message, f"a prime shared with {named}", expected)

    return _of_modulus(subject, expected, judge)


def _of_modulus(subject: AssignedCertificate, expected: str, judge: Callable[[int], Result]) -> Result:
    """The answer of `judge` about the modulus of an RSA key, or why there is none to examine."""
    key = subject.certificate.public_key
    if key.type != "RSA" or key.modulus is None:
        return not_applicable(f"This is about RSA keys; this one is {key}.")
    if key.modulus.bit_length() > MAX_MODULUS_BITS:
        return not_checked("The modulus is too big to be examined; find out who makes such keys.", expected)
    return judge(key.modulus)


def not_shared_with_other_subjects(subject: AssignedCertificate, context: Context) -> Result:
    """No certificate of another subject has the same key: who holds the key of one is the other too."""
    own = bearer(subject.certificate)
    expected = "a key of its own"
    bearers = context.certificates_of_key.get(key_of(subject.certificate), {})
    others = len(bearers) - (own in bearers)
    if not others:
        return passed("no other subject among the evidence has this key", expected)
    named = "; ".join([name for name in islice(bearers, _NAMED + 1) if name != own][:_NAMED])
    named += f" and {others - _NAMED} more" if others > _NAMED else ""
    return failed(f"The key is also that of {named}.", f"shared with {named}", expected)


def not_kept_by_renewal(subject: AssignedCertificate, context: Context) -> Result:
    """Another certificate of the same subject has another key: a renewal is the time to change it
    (requirement `public-key.new-at-renewal`)."""
    expected = "a new key for each certificate"
    bearers = context.certificates_of_key.get(key_of(subject.certificate), {})
    alike = bearers.get(bearer(subject.certificate), ())
    others = [other.sha1 for other in alike if other != subject.certificate]
    if not others:
        return passed("no other certificate of this subject among the evidence has this key", expected)
    named = ", ".join(sorted(others)[:_NAMED])
    return failed(f"The certificate {named} of the same subject has the same key.", f"same key as {named}", expected)


def _shown(exponent: int) -> str:
    return str(exponent) if exponent.bit_length() <= 64 else f"of {exponent.bit_length()} bits"


CHECKS: tuple[Check, ...] = (
    type_is_one_of,
    not_restricted_to_pss,
    at_most_bits,
    at_least_bits,
    size_is_one_of,
    issuers_at_most_bits,
    exponent_is_possible,
    exponent_at_least,
    exponent_at_most_bits,
    modulus_is_sound,
    no_factor_shared,
    not_shared_with_other_subjects,
    not_kept_by_renewal,
)
