"""Compliance Finding events (class 2003) of the Open Cybersecurity Schema Framework 1.8, one JSON object a line."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document, FindingObject, by_thumbprint, controls_of
from certaudit.reports import Options

VERSION = "1.8.0"
_CLASS, _CATEGORY, _CREATE = 2003, 2, 1
STATUSES = {"pass": (1, "Pass"), "fail": (3, "Fail"), "not-checked": (2, "Warning")}
"""OCSF's Warning is an assessment without a result, for want of information: that is our "not checked"."""
SEVERITIES = {"error": (4, "High"), "warning": (3, "Medium"), "notice": (1, "Informational")}


def write(document: Document, options: Options) -> str:
    """One event for each finding that says something; those that do not apply are left out."""
    certificates = by_thumbprint(document)
    return "".join(
        json.dumps(_event(document, finding, certificates.get(finding["certificate"] or ""))) + "\n"
        for finding in document["findings"]
        if finding["status"] in STATUSES
    )


def _event(document: Document, finding: FindingObject, certificate: CertificateObject | None) -> dict[str, Any]:
    instant = int(datetime.fromisoformat(document["as_of"]).timestamp() * 1000)
    severity_id, severity = SEVERITIES[finding["severity"]]
    status_id, status = (3, "Suppressed") if finding["waiver"] is not None else (1, "New")
    event: dict[str, Any] = {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "time": instant,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "message": finding["message"],
        "metadata": {
            "version": VERSION,
            "product": {
                "name": document["tool"]["name"],
                "vendor_name": "certaudit",
                "version": document["tool"]["version"],
            },
        },
        "finding_info": {
            "uid": finding["fingerprint"],
            "title": finding["title"],
            "desc": finding["consequence"],
            "types": [finding["requirement"]],
            "created_time": instant,
        },
        "compliance": _compliance(document, finding),
        "remediation": {"desc": finding["remediation"], "references": finding["citations"]},
        "resources": [_resource(finding, certificate)],
    }
    if finding["waiver"] is not None:
        event["comment"] = finding["waiver"]
    return event


def _compliance(document: Document, finding: FindingObject) -> dict[str, Any]:
    status_id, status = STATUSES[finding["status"]]
    controls = controls_of(document, finding)
    compliance: dict[str, Any] = {
        "control": finding["requirement"],
        "status_id": status_id,
        "status": status,
        "status_detail": finding["message"],
        "requirements": [f"{control['framework']} {control['id']}" for control in controls],
    }
    standards = sorted({control["framework"] for control in controls})
    return compliance | ({"standards": standards} if standards else {})


def _resource(finding: FindingObject, certificate: CertificateObject | None) -> dict[str, Any]:
    """What the finding is about. OCSF has no certificate among its evidence but for a connection that was made."""
    about = finding["subject"] or finding["system"] or finding["certificate"] or "site"
    resource: dict[str, Any] = {"uid": finding["certificate"] or about, "name": about, "type": "certificate role"}
    if finding["role"] is not None:
        resource["labels"] = [finding["role"]]
    data = {"observed": finding["observed"], "expected": finding["expected"]}
    if certificate is not None:
        data |= {
            "subject": certificate["subject"],
            "issuer": certificate["issuer"],
            "serial_number": certificate["serial"],
            "sha1": certificate["sha1"],
            "sha256": certificate["sha256"],
            "expiration_time": certificate["not_after"],
        }
    return resource | {"data": {key: value for key, value in data.items() if value is not None}}
