"""The certificates, their keys and algorithms as a cryptographic bill of materials: CycloneDX 1.7, JSON."""

from __future__ import annotations

from typing import Any

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document
from certaudit.reports import Options
from certaudit.reports.identifiers import document_identifier
from certaudit.reports.json_report import dump

_EXTENSIONS = {
    "2.5.29.19": "basicConstraints",
    "2.5.29.15": "keyUsage",
    "2.5.29.37": "extendedKeyUsage",
    "2.5.29.17": "subjectAlternativeName",
    "2.5.29.35": "authorityKeyIdentifier",
    "2.5.29.14": "subjectKeyIdentifier",
    "1.3.6.1.5.5.7.1.1": "authorityInformationAccess",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.31": "crlDistributionPoints",
}
"""The names that CycloneDX knows; every other extension goes by its OID."""


def write(document: Document, options: Options) -> str:
    """Each certificate of the report once, with its key and the algorithm of its signature."""
    components: dict[str, dict[str, Any]] = {}
    revoked = _revoked(document)
    for certificate in document["certificates"]:
        for part in (_certificate(document, certificate, revoked), _key(certificate), _algorithm(certificate)):
            if part is not None:
                components.setdefault(part["bom-ref"], part)
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{document_identifier(document)}",
        "version": 1,
        "metadata": {
            "timestamp": document["as_of"],
            "tools": {
                "components": [
                    {
                        "type": "application",
                        "name": document["tool"]["name"],
                        "version": document["tool"]["version"],
                    }
                ]
            },
        },
        "components": list(components.values()),
        "dependencies": [
            {"ref": _reference(certificate), "dependsOn": [ref for _, ref in _related(certificate)]}
            for certificate in document["certificates"]
        ],
    }
    return dump(bom)


def _revoked(document: Document) -> set[str]:
    return {
        answer["certificate"]
        for chain in document["chains"]
        for answer in chain["revocation"]
        if answer["status"] == "revoked"
    }


def _reference(certificate: CertificateObject) -> str:
    return f"certificate:{certificate['sha256']}"


def _related(certificate: CertificateObject) -> list[tuple[str, str]]:
    """(type, reference) of the assets that a certificate is made with."""
    related = []
    if certificate["signature_oid"] is not None:
        related.append(("algorithm", f"algorithm:{certificate['signature_oid']}"))
    if certificate["public_key"]["type"] is not None:
        related.append(("public-key", f"key:{certificate['sha256']}"))
    return related


def _certificate(document: Document, certificate: CertificateObject, revoked: set[str]) -> dict[str, Any]:
    properties = {
        "serialNumber": certificate["serial"],
        "subjectName": certificate["subject"],
        "issuerName": certificate["issuer"],
        "notValidBefore": certificate["not_before"],
        "notValidAfter": certificate["not_after"],
        "certificateFormat": "X.509",
        "certificateState": _state(document, certificate, revoked),
        "certificateExtensions": [_extension(entry["oid"], certificate) for entry in certificate["extensions"] or []],
        "relatedCryptographicAssets": [{"type": kind, "ref": ref} for kind, ref in _related(certificate)],
    }
    return {
        "type": "cryptographic-asset",
        "bom-ref": _reference(certificate),
        "name": certificate["subject"] or certificate["sha1"],
        "hashes": [
            {"alg": "SHA-1", "content": certificate["sha1"].lower()},
            {"alg": "SHA-256", "content": certificate["sha256"].lower()},
        ],
        "cryptoProperties": {
            "assetType": "certificate",
            "certificateProperties": {key: value for key, value in properties.items() if value},
        },
        "properties": [
            {"name": "certaudit:role", "value": f"{entry['role']} of {entry['system'] or 'trust lists'}"}
            for entry in certificate["roles"]
        ],
    }


def _state(document: Document, certificate: CertificateObject, revoked: set[str]) -> list[dict[str, str]]:
    """The state on the day of the audit; ISO 8601 instants in UTC are in order as text."""
    begin, end = certificate["not_before"], certificate["not_after"]
    if certificate["sha256"] in revoked:
        return [{"state": "revoked", "reason": "on the CRL of its issuer"}]
    if begin is None or end is None:
        return []
    if document["as_of"] < begin:
        return [{"state": "pre-activation", "reason": "not valid yet"}]
    if document["as_of"] > end:
        return [{"state": "deactivated", "reason": "expired"}]
    return [{"state": "active", "reason": "within its validity"}]


def _extension(oid: str, certificate: CertificateObject) -> dict[str, str]:
    known = {
        "2.5.29.19": "CA" if certificate["is_ca"] else "end entity",
        "2.5.29.15": ", ".join(certificate["key_usage"] or []),
        "2.5.29.37": ", ".join(purpose["oid"] for purpose in certificate["extended_key_usage"] or []),
        "2.5.29.17": ", ".join(certificate["names"] or []),
        "2.5.29.35": certificate["authority_key_identifier"],
        "2.5.29.14": certificate["key_identifier"],
        "1.3.6.1.5.5.7.1.1": ", ".join(certificate["authority_information_access"] or []),
        "2.5.29.31": ", ".join(certificate["crl_distribution_points"] or []),
    }
    if oid in _EXTENSIONS:
        return {"commonExtensionName": _EXTENSIONS[oid], "commonExtensionValue": known.get(oid) or "present"}
    return {"customExtensionName": oid}


def _key(certificate: CertificateObject) -> dict[str, Any] | None:
    key = certificate["public_key"]
    if key["type"] is None:
        return None
    material: dict[str, Any] = {"type": "public-key"}
    if key["bits"] is not None:
        material["size"] = key["bits"]
    words = (key["type"], str(key["bits"] or ""), key["curve"])
    return {
        "type": "cryptographic-asset",
        "bom-ref": f"key:{certificate['sha256']}",
        "name": " ".join(filter(None, words)),
        "cryptoProperties": {"assetType": "related-crypto-material", "relatedCryptoMaterialProperties": material},
    }


def _algorithm(certificate: CertificateObject) -> dict[str, Any] | None:
    oid = certificate["signature_oid"]
    if oid is None:
        return None
    return {
        "type": "cryptographic-asset",
        "bom-ref": f"algorithm:{oid}",
        "name": certificate["signature_algorithm"] or oid,
        "cryptoProperties": {
            "assetType": "algorithm",
            "algorithmProperties": {"primitive": "signature", "cryptoFunctions": ["sign", "verify"]},
            "oid": oid,
        },
    }
