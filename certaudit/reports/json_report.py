"""The JSON report, `certaudit-report/1`, which docs/report.schema.json describes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from certaudit import __version__
from certaudit.assignment import Assignment, Holding, holdings
from certaudit.evidence import Input, Provenance
from certaudit.finding import Severity, Status
from certaudit.findings import Finding
from certaudit.printable import printable
from certaudit.report import Deadline, Report
from certaudit.reports import Options
from certaudit.site import Site
from certaudit.x509.certificate import Certificate, UnreadableFieldError

SCHEMA = "certaudit-report/1"


def write(report: Report, options: Options) -> str:
    """The report as one JSON document; ASCII, keys in the order of the schema."""
    return dump(document(report))


def dump(value: dict[str, Any]) -> str:
    """JSON text with nothing in it but ASCII: what is in a name cannot do harm in a terminal or in a log."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as the objects of the schema."""
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "certaudit", "version": __version__, "catalogue": report.catalogue},
        "as_of": instant(report.as_of),
        "started": instant(report.started),
        "finished": instant(report.finished),
        "site": _site(report.site),
        "release": report.site.release,
        "verdict": str(report.verdict),
        "summary": _summary(report),
        "inputs": [input_object(item) for item in report.inputs],
        "certificates": _certificates(report),
        "findings": [_finding(finding) for finding in report.findings],
        "coverage": [_coverage(assignment) for assignment in report.coverage()],
        "next_failures": [_deadline(deadline) for deadline in report.deadlines],
        "warnings": list(report.warnings),
    }
    if report.started is None:
        del result["started"], result["finished"]
    return result


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _site(site: Site) -> dict[str, Any] | None:
    """The site; null where no manifest described one."""
    if not site.described:
        return None
    name = None if site.name is None else printable(site.name)
    return {"code": site.code, "name": name, "release": site.release, "mode": site.mode}


def _summary(report: Report) -> dict[str, Any]:
    return {
        "failed": {str(severity): len(report.failures(severity)) for severity in Severity},
        "passed": report.count(Status.PASS),
        "not_checked": report.count(Status.NOT_CHECKED),
        "not_applicable": report.count(Status.NOT_APPLICABLE),
        "waived": len(report.waived),
        "certificates": len(report.certificates),
        "inputs": len(report.inputs),
        "unreadable": len(report.unreadable),
    }


def input_object(item: Input) -> dict[str, Any]:
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


def _certificates(report: Report) -> list[dict[str, Any]]:
    roles: dict[str, list[dict[str, str | None]]] = {}
    for assignment in report.assignments:
        if assignment.holding is not None:
            entry = {"role": assignment.role, "system": _name(assignment)}
            served = roles.setdefault(assignment.holding.certificate.sha256, [])
            if entry not in served:
                served.append(entry)
    found = holdings(entry for item in report.inputs for entry in item.certificates)
    return [certificate_object(holding) | {"roles": roles.get(holding.certificate.sha256, [])} for holding in found]


def certificate_object(holding: Holding) -> dict[str, Any]:
    """A certificate as reports and inventories show it; a field that cannot be read is null, and in `anomalies`."""
    certificate, key = holding.certificate, holding.private_key
    return {
        "sha256": certificate.sha256,
        "sha1": certificate.sha1,
        "subject": readable(certificate, "subject"),
        "issuer": readable(certificate, "issuer"),
        "serial": certificate.serial_hex,
        "not_before": readable(certificate, "not_before"),
        "not_after": readable(certificate, "not_after"),
        "signature_algorithm": _signature_algorithm(certificate),
        "public_key": _public_key(certificate),
        "private_key": {
            "present": key.present,
            "exportable": key.exportable,
            "provider": None if key.provider is None else printable(key.provider),
            "container": None if key.container is None else printable(key.container),
        },
        "friendly_name": printable(holding.friendly_names[0]) if holding.friendly_names else None,
        "anomalies": [printable(sentence) for sentence in certificate.anomalies],
        "provenance": [provenance_object(entry.provenance) for entry in holding.entries],
    }


def readable(certificate: Certificate, field: str) -> str | None:
    """A field as text, or None where it cannot be read."""
    try:
        value = getattr(certificate, field)
    except UnreadableFieldError:
        return None
    return instant(value) if isinstance(value, datetime) else str(value)


def _signature_algorithm(certificate: Certificate) -> str | None:
    try:
        return certificate.signature_algorithm.name
    except UnreadableFieldError:
        return None


def _public_key(certificate: Certificate) -> dict[str, Any]:
    try:
        return {"type": certificate.public_key.type, "bits": certificate.public_key.bits}
    except UnreadableFieldError:
        return {"type": None, "bits": None}


def provenance_object(provenance: Provenance) -> dict[str, str | None]:
    """Where something was found."""
    parts = {
        "input": provenance.input,
        "store": provenance.store,
        "location": provenance.location,
        "entry": provenance.entry,
        "host": provenance.host,
    }
    return {key: None if value is None else printable(value) for key, value in parts.items()}


def _name(assignment: Assignment) -> str | None:
    return None if assignment.system is None else printable(assignment.system.name)


def _finding(finding: Finding) -> dict[str, Any]:
    row = finding.requirement
    return {
        "requirement": row.id,
        "title": row.title,
        "status": str(finding.result.status),
        "severity": str(row.severity),
        "role": finding.role,
        "system": None if finding.system is None else printable(finding.system),
        "certificate": finding.certificate,
        "subject": None if finding.subject is None else printable(finding.subject),
        "message": finding.result.message,
        "observed": finding.result.observed,
        "expected": finding.result.expected,
        "consequence": finding.consequence,
        "remediation": finding.remediation,
        "citations": [str(citation) for citation in row.citations],
        "confidence": str(row.confidence),
        "fingerprint": finding.fingerprint,
        "waiver": finding.waiver,
    }


def _coverage(assignment: Assignment) -> dict[str, Any]:
    return {
        "system": _name(assignment),
        "site_system_role": assignment.site_system_role,
        "role": assignment.role,
        "state": str(assignment.state),
        "certificate": assignment.holding.certificate.sha256 if assignment.holding else None,
        "candidates": [holding.certificate.sha256 for holding in assignment.candidates],
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "when": instant(deadline.when),
        "what": deadline.what,
        "certificate": deadline.certificate,
        "systems": [printable(name) for name in deadline.systems],
    }
