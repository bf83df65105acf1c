"""Certificates, inputs and places as the objects of the JSON documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal, TypeVar

from certaudit.audit.assignment import Holding
from certaudit.document.evidence_objects import (
    CertificateObject,
    ExtensionObject,
    InputObject,
    ProvenanceObject,
    PublicKeyObject,
    PurposeObject,
    RoleObject,
)
from certaudit.evidence import Input, Provenance
from certaudit.instants import instant
from certaudit.printable import inert, printable
from certaudit.site.roles import USUAL_LEAD_DAYS, lead_days_of
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.extensions import KEY_USAGE_BITS, AuthorityKeyIdentifier, DistributionPoint, Extension
from certaudit.x509.fields import if_readable
from certaudit.x509.name import Name
from certaudit.x509.profile import anomalies

T = TypeVar("T")
R = TypeVar("R")


def readable(certificate: Certificate, field: Literal["subject", "issuer", "not_before", "not_after"]) -> str | None:
    """A field as text, or None where it cannot be read."""
    value: Name | datetime | None = if_readable(lambda: getattr(certificate, field), otherwise=None)
    if value is None:
        return None
    return instant(value) if isinstance(value, datetime) else str(value)


def _told(read: Callable[[], T | None], shape: Callable[[T], R]) -> R | None:
    """What `read` gives of a certificate, in its JSON shape; None where it is absent or cannot be read."""
    value = if_readable(read, otherwise=None)
    return None if value is None else shape(value)


def certificate_object(holding: Holding, roles: list[RoleObject]) -> CertificateObject:
    """A certificate with everything that the places where it was found tell of it, and the roles that it serves."""
    certificate, key = holding.certificate, holding.private_key
    return {
        "sha256": certificate.sha256,
        "sha1": certificate.sha1,
        "subject": readable(certificate, "subject"),
        "issuer": readable(certificate, "issuer"),
        "serial": certificate.serial_hex,
        "not_before": readable(certificate, "not_before"),
        "not_after": readable(certificate, "not_after"),
        "version": _told(lambda: certificate.version, int),
        "signature_algorithm": _told(lambda: certificate.signature_algorithm.name, str),
        "signature_oid": _told(lambda: certificate.signature_algorithm.oid, str),
        "public_key": _public_key(certificate),
        "is_ca": _told(lambda: certificate.is_ca, bool),
        "path_length": _told(lambda: certificate.basic_constraints, lambda constraints: constraints.path_length),
        "self_issued": _told(lambda: certificate.is_self_issued, bool),
        "names": _told(lambda: certificate.subject_alternative_names, lambda names: list(map(str, names))),
        "key_usage": _told(lambda: certificate.key_usage, lambda bits: [bit for bit in KEY_USAGE_BITS if bit in bits]),
        "extended_key_usage": _told(lambda: certificate.extended_key_usage, lambda found: list(map(_purpose, found))),
        "key_identifier": _told(lambda: certificate.subject_key_identifier, bytes.hex),
        "authority_key_identifier": _told(lambda: certificate.authority_key_identifier, _authority),
        "crl_distribution_points": _told(lambda: certificate.crl_distribution_points, _locations),
        "authority_information_access": _told(
            lambda: certificate.authority_information_access, lambda access: [str(place) for _, place in access]
        ),
        "template": _template(certificate),
        "extensions": _told(lambda: certificate.all_extensions, lambda found: list(map(_extension, found))),
        "private_key": {
            "present": key.present,
            "exportable": key.exportable,
            "provider": _text(key.provider),
            "container": _text(key.container),
        },
        "friendly_name": printable(holding.friendly_names[0]) if holding.friendly_names else None,
        "anomalies": [inert(sentence) for sentence in anomalies(certificate)],
        "provenance": [provenance_object(entry.provenance) for entry in holding.entries],
        "roles": roles,
    }


def _text(value: str | None) -> str | None:
    return None if value is None else printable(value)


def _public_key(certificate: Certificate) -> PublicKeyObject:
    key = if_readable(lambda: certificate.public_key, otherwise=None)
    if key is None:
        return {"type": None, "bits": None, "curve": None}
    return {"type": key.type, "bits": key.bits, "curve": key.curve}


def _purpose(oid: str) -> PurposeObject:
    return {"oid": oid, "name": oids.PURPOSE_NAMES.get(oid)}


def _extension(extension: Extension) -> ExtensionObject:
    return {"oid": extension.oid, "name": oids.EXTENSION_NAMES.get(extension.oid), "critical": extension.critical}


def _authority(identifier: AuthorityKeyIdentifier) -> str | None:
    return identifier.key_identifier.hex() if identifier.key_identifier is not None else None


def _locations(points: Iterable[DistributionPoint]) -> list[str]:
    return [str(name) for point in points for name in point.names]


def _template(certificate: Certificate) -> str | None:
    name = _told(lambda: certificate.template_name, printable)
    return name or _told(lambda: certificate.template, lambda template: template.oid)


def input_object(item: Input) -> InputObject:
    """An input as reports and inventories show it."""
    return {
        "path": printable(item.path),
        "sha256": item.sha256,
        "size": item.size,
        "format": item.format,
        "certificates": len(item.certificates),
        "crls": len(item.crls),
        "error": item.error,
        "remarks": list(item.remarks),
    }


def provenance_object(provenance: Provenance) -> ProvenanceObject:
    """Where something was found."""
    return {
        "input": printable(provenance.input),
        "store": _text(provenance.store),
        "location": _text(provenance.location),
        "entry": _text(provenance.entry),
        "host": _text(provenance.host),
    }


def lead_days(certificate: CertificateObject) -> int:
    """How many days before the certificate ends its renewal should begin: as the most demanding of its roles asks."""
    if certificate["is_ca"]:
        return lead_days_of("intermediate-ca")
    return max((lead_days_of(entry["role"]) for entry in certificate["roles"]), default=USUAL_LEAD_DAYS)
