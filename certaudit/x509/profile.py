"""Where a certificate leaves the profile of RFC 5280 4.1 and 4.2: what a CA that keeps to it would not have issued.

Missing key identifiers (4.2.1.1, 4.2.1.2) are not among it: they help to find an issuer, which is found without them,
and no program refuses a certificate for want of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import DNS_NAME, IP_ADDRESS, RFC822_NAME, URI, GeneralName
from certaudit.x509.string_types import misfits, misfits_of

Rule = Callable[[Certificate], Iterator[str]]

_MUST_BE_CRITICAL = (oids.NAME_CONSTRAINTS, oids.POLICY_CONSTRAINTS, oids.INHIBIT_ANY_POLICY)
_MUST_NOT_BE_CRITICAL = (
    oids.AUTHORITY_KEY_IDENTIFIER,
    oids.SUBJECT_KEY_IDENTIFIER,
    oids.AUTHORITY_INFORMATION_ACCESS,
    oids.FRESHEST_CRL,
)


def anomalies(certificate: Certificate) -> tuple[str, ...]:
    """A sentence for each field that cannot be read, and for each breach of the profile."""
    return (*certificate.unreadable, *_breaches(certificate))


def _breaches(certificate: Certificate) -> Iterator[str]:
    """A sentence for each breach, in the order of RFC 5280; what cannot be read breaks no rule that rests on it."""
    for rule in _RULES:
        yield from _found(rule, certificate)


def _found(rule: Rule, certificate: Certificate) -> tuple[str, ...]:
    return if_readable(lambda: tuple(rule(certificate)), otherwise=())


def _serial_number(certificate: Certificate) -> Iterator[str]:
    serial = bytes.fromhex(certificate.serial_hex)
    if serial and serial[0] & 0x80:
        yield "serial number is negative (RFC 5280 4.1.2.2)"
    if serial and not any(serial):
        yield "serial number is zero (RFC 5280 4.1.2.2)"
    if len(serial) > 20:
        yield f"serial number has {len(serial)} octets, 20 are allowed (RFC 5280 4.1.2.2)"
    if len(serial) > 1 and serial[0] == 0 and not serial[1] & 0x80:
        yield "serial number is not in its shortest form (X.690 8.3.2)"


def _algorithms(certificate: Certificate) -> Iterator[str]:
    if not certificate.signature_algorithms_agree:
        yield "signature algorithms inside and outside the signed part differ (RFC 5280 4.1.1.2)"


def _version(certificate: Certificate) -> Iterator[str]:
    if certificate.all_extensions and certificate.version != 3:
        yield f"version {certificate.version} certificate has extensions (RFC 5280 4.1.2.1)"


def _issuer(certificate: Certificate) -> Iterator[str]:
    if not certificate.issuer:
        yield "issuer is empty (RFC 5280 4.1.2.4)"


def _subject_of_ca(certificate: Certificate) -> Iterator[str]:
    if certificate.is_ca and not certificate.subject:
        yield "subject of a CA is empty (RFC 5280 4.1.2.6)"


def _string_types(certificate: Certificate) -> Iterator[str]:
    for field, names in (
        ("issuer", misfits(certificate.issuer)),
        ("subject", misfits(certificate.subject)),
        ("subject alternative name", misfits_of(certificate.subject_alternative_names)),
    ):
        for misfit in names:
            yield f"{field}: {misfit} (RFC 5280 4.1.2.4)"


def _duplicates(certificate: Certificate) -> Iterator[str]:
    present = [extension.oid for extension in certificate.all_extensions]
    for oid in sorted({oid for oid in present if present.count(oid) > 1}):
        yield f"{oids.extension(oid)} extension appears {present.count(oid)} times (RFC 5280 4.2)"


def _criticality(certificate: Certificate) -> Iterator[str]:
    for oid, extension in certificate.extensions.items():
        if extension.critical and oid in _MUST_NOT_BE_CRITICAL:
            yield f"{oids.extension(oid)} extension is critical (RFC 5280 4.2)"
        if not extension.critical and oid in _MUST_BE_CRITICAL:
            yield f"{oids.extension(oid)} extension is not critical (RFC 5280 4.2)"


def _key_usage(certificate: Certificate) -> Iterator[str]:
    usage = certificate.key_usage
    if usage is None:
        return
    if not usage:
        yield "key usage allows nothing (RFC 5280 4.2.1.3)"
    if "keyCertSign" in usage and certificate.version == 3 and not certificate.is_ca:
        yield "key usage lets what is no CA sign certificates (RFC 5280 4.2.1.9)"


def _no_alternative_name(certificate: Certificate) -> Iterator[str]:
    if oids.SUBJECT_ALTERNATIVE_NAME in certificate.extensions and not certificate.subject_alternative_names:
        yield "subject alternative name holds no name (RFC 5280 4.2.1.6)"


def _alternative_names(certificate: Certificate) -> Iterator[str]:
    extension = certificate.extensions.get(oids.SUBJECT_ALTERNATIVE_NAME)
    if extension is None:
        return
    if not certificate.subject and not extension.critical:
        yield "subject is empty, and the subject alternative name is not critical (RFC 5280 4.2.1.6)"
    for name in certificate.subject_alternative_names:
        if (what := _wanted(name)) is not None:
            yield f"subject alternative name {name} is not {what} (RFC 5280 4.2.1.6)"


def _wanted(name: GeneralName) -> str | None:
    """What the name should be and is not; None where it is."""
    if name.kind == DNS_NAME:
        return None if _is_host(name.text.removeprefix("*.")) else "a host name"
    if name.kind == RFC822_NAME:
        local, _, host = name.text.rpartition("@")
        return None if local and name.text.isascii() and _is_host(host) else "an e-mail address"
    if name.kind == URI:
        return None if name.text.isascii() and ":" in name.text else "a whole URI"
    if name.kind == IP_ADDRESS:
        return None if len(name.content) in (4, 16) else "an IP address"
    return None


def _is_host(text: str) -> bool:
    """RFC 1034 3.5 as RFC 1123 2.1 changes it; the last label is not a number, or it would be an address."""
    labels = text.split(".")
    return len(text) <= 253 and all(map(_is_label, labels)) and not labels[-1].isdigit()


def _is_label(text: str) -> bool:
    edges = text[:1] + text[-1:]
    return len(text) <= 63 and text.isascii() and text.replace("-", "").isalnum() and "-" not in edges


def _basic_constraints(certificate: Certificate) -> Iterator[str]:
    constraints = certificate.basic_constraints
    if constraints is None:
        return
    if constraints.ca and not certificate.extensions[oids.BASIC_CONSTRAINTS].critical:
        yield "basic constraints of a CA are not critical (RFC 5280 4.2.1.9)"
    if constraints.path_length is not None and not constraints.ca:
        yield "basic constraints limit the path below what is no CA (RFC 5280 4.2.1.9)"


def _name_constraints(certificate: Certificate) -> Iterator[str]:
    constraints = certificate.name_constraints
    if constraints is None:
        return
    if not certificate.is_ca:
        yield "name constraints stand in what is no CA (RFC 5280 4.2.1.10)"
    if not (constraints.permitted or constraints.excluded):
        yield "name constraints hold no subtree (RFC 5280 4.2.1.10)"


def _purposes(certificate: Certificate) -> Iterator[str]:
    if certificate.extended_key_usage == ():
        yield "extended key usage names no purpose (RFC 5280 4.2.1.12)"


_RULES: tuple[Rule, ...] = (
    _serial_number,
    _algorithms,
    _version,
    _issuer,
    _subject_of_ca,
    _string_types,
    _duplicates,
    _criticality,
    _key_usage,
    _no_alternative_name,
    _alternative_names,
    _basic_constraints,
    _name_constraints,
    _purposes,
)
