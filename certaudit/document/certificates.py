"""Certificates, inputs and places as the objects of the JSON documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from certaudit import oids
from certaudit.assignment import Holding
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
from certaudit.x509.certificate import Certificate, UnreadableFieldError
from certaudit.x509.extensions import KEY_USAGE_BITS


def readable(certificate: Certificate, field: str) -> str | None:
    """A field as text, or None where it cannot be read."""
    value = _field(certificate, field)
    return instant(value) if isinstance(value, datetime) else None if value is None else str(value)


def _field(certificate: Certificate, field: str, shape: Callable[[Any], Any] = lambda value: value) -> Any:
    """A field in its JSON shape; None where it is absent or cannot be read."""
    try:
        value = getattr(certificate, field)
    except UnreadableFieldError:
        return None
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
        "version": _field(certificate, "version"),
        "signature_algorithm": _field(certificate, "signature_algorithm", lambda algorithm: algorithm.name),
        "signature_oid": _field(certificate, "signature_algorithm", lambda algorithm: algorithm.oid),
        "public_key": _public_key(certificate),
        "is_ca": _field(certificate, "is_ca"),
        "path_length": _field(certificate, "basic_constraints", lambda constraints: constraints.path_length),
        "self_issued": _field(certificate, "is_self_issued"),
        "names": _field(certificate, "subject_alternative_names", _texts),
        "key_usage": _field(certificate, "key_usage", lambda bits: [bit for bit in KEY_USAGE_BITS if bit in bits]),
        "extended_key_usage": _field(certificate, "extended_key_usage", lambda purposes: list(map(_purpose, purposes))),
        "key_identifier": _field(certificate, "subject_key_identifier", bytes.hex),
        "authority_key_identifier": _field(certificate, "authority_key_identifier", _authority),
        "crl_distribution_points": _field(certificate, "crl_distribution_points", _locations),
        "authority_information_access": _field(
            certificate, "authority_information_access", lambda access: [str(place) for _, place in access]
        ),
        "template": _template(certificate),
        "extensions": _field(certificate, "all_extensions", lambda found: list(map(_extension, found))),
        "private_key": {
            "present": key.present,
            "exportable": key.exportable,
            "provider": _text(key.provider),
            "container": _text(key.container),
        },
        "friendly_name": printable(holding.friendly_names[0]) if holding.friendly_names else None,
        "anomalies": [inert(sentence) for sentence in certificate.anomalies],
        "provenance": [provenance_object(entry.provenance) for entry in holding.entries],
        "roles": roles,
    }


def _text(value: str | None) -> str | None:
    return None if value is None else printable(value)


def _texts(values: Any) -> list[str]:
    return list(map(str, values))


def _public_key(certificate: Certificate) -> PublicKeyObject:
    try:
        key = certificate.public_key
    except UnreadableFieldError:
        return {"type": None, "bits": None, "curve": None}
    return {"type": key.type, "bits": key.bits, "curve": key.curve}


def _purpose(oid: str) -> PurposeObject:
    return {"oid": oid, "name": oids.PURPOSE_NAMES.get(oid)}


def _extension(extension: Any) -> ExtensionObject:
    return {"oid": extension.oid, "name": oids.EXTENSION_NAMES.get(extension.oid), "critical": extension.critical}


def _authority(identifier: Any) -> str | None:
    return identifier.key_identifier.hex() if identifier.key_identifier is not None else None


def _locations(points: Any) -> list[str]:
    return [str(name) for point in points for name in point.names]


def _template(certificate: Certificate) -> str | None:
    name: str | None = _field(certificate, "template_name", printable)
    number: str | None = _field(certificate, "template", lambda template: template.oid)
    return name or number


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
