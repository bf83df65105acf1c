"""The document of a Report: the report as the objects of the schema."""

from __future__ import annotations

from functools import cache

from certaudit import __version__
from certaudit.audit.assignment import Assignment, holdings
from certaudit.audit.deadlines import Deadline
from certaudit.audit.report import Report
from certaudit.document.boot_answer import boot_object
from certaudit.document.certificates import certificate_object, input_object
from certaudit.document.chain import chain_objects
from certaudit.document.evidence_objects import CertificateObject, RoleObject
from certaudit.document.inert_json import made_inert
from certaudit.document.judge import judged
from certaudit.document.report_objects import (
    SCHEMA,
    ControlObject,
    CoverageObject,
    DeadlineObject,
    Document,
    FindingObject,
    SiteObject,
    Summary,
    WaiverObject,
)
from certaudit.findings.finding import Finding
from certaudit.findings.waivers import WaiverStanding
from certaudit.instants import instant
from certaudit.printable import printable
from certaudit.requirements.controls import read_controls
from certaudit.requirements.requirement import Citation
from certaudit.site.site import Site


def document_of(report: Report) -> Document:
    """The report as the objects of the schema, every text in it inert."""
    result: Document = {
        "schema": SCHEMA,
        "tool": {"name": "certaudit", "version": __version__, "catalogue": report.catalogue},
        "as_of": instant(report.as_of),
        "as_of_source": report.as_of_source,
        "site": _site(report.site),
        "release": report.site.release,
        "mode": report.site.mode,
        "verdict": "incomplete",  # until it is judged
        "complete": False,
        "summary": _NOTHING_COUNTED,
        "inputs": [input_object(item) for item in report.inputs],
        "certificates": _certificates(report),
        "chains": chain_objects(report),
        "findings": [_finding(finding) for finding in report.findings],
        "controls": {row: _controls(row) for row in sorted({finding.requirement.id for finding in report.findings})},
        "coverage": [_coverage(assignment) for assignment in report.coverage()],
        "next_failures": [_deadline(deadline) for deadline in report.deadlines],
        "waivers": [_waiver(standing) for standing in report.waivers],
        "warnings": list(report.warnings),
    }
    if report.boot.ways or report.boot.reason:
        result["boot"] = boot_object(report.boot)
    if report.started is not None and report.finished is not None:
        result["started"], result["finished"] = instant(report.started), instant(report.finished)
    inert: Document = made_inert(judged(result))
    return inert


_NOTHING_COUNTED: Summary = {
    "failed": {"error": 0, "warning": 0, "notice": 0},
    "passed": 0,
    "not_checked": 0,
    "not_checked_required": 0,
    "not_applicable": 0,
    "waived": 0,
    "certificates": 0,
    "inputs": 0,
    "unreadable": 0,
}


def _site(site: Site) -> SiteObject | None:
    """The site; null where no manifest described one."""
    if not site.described:
        return None
    name = None if site.name is None else printable(site.name)
    return {"code": site.code, "name": name, "release": site.release, "mode": site.mode}


def _certificates(report: Report) -> list[CertificateObject]:
    roles: dict[str, list[RoleObject]] = {}
    for assignment in report.assignments:
        if assignment.holding is not None:
            entry: RoleObject = {"role": assignment.role, "system": _name(assignment)}
            served = roles.setdefault(assignment.holding.certificate.sha256, [])
            if entry not in served:
                served.append(entry)
    found = holdings(entry for item in report.inputs for entry in item.certificates)
    return [certificate_object(holding, roles.get(holding.certificate.sha256, [])) for holding in found]


def _name(assignment: Assignment) -> str | None:
    return None if assignment.owner is None else printable(assignment.owner)


def _finding(finding: Finding) -> FindingObject:
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
        "citations": _citations(row.citations),
        "confidence": str(row.confidence),
        "fingerprint": finding.fingerprint,
        "waiver": finding.waiver,
    }


@cache
def _citations(citations: tuple[Citation, ...]) -> list[str]:
    return list(map(str, citations))


def _controls(requirement_id: str) -> list[ControlObject]:
    return [
        {
            "framework": control.framework.title,
            "id": control.id,
            "title": control.title,
            "strength": control.strength,
        }
        for control in read_controls().of(requirement_id)
    ]


def _waiver(standing: WaiverStanding) -> WaiverObject:
    waiver = standing.waiver
    return {
        "requirement": printable(waiver.requirement),
        "thumbprint": waiver.thumbprint,
        "role": waiver.role,
        "system": None if waiver.system is None else printable(waiver.system),
        "owner": printable(waiver.owner),
        "reason": printable(waiver.reason),
        "until": instant(waiver.until),
        "state": standing.state.value,
        "findings": [finding.fingerprint for finding in standing.findings],
    }


def _coverage(assignment: Assignment) -> CoverageObject:
    entry: CoverageObject = {
        "system": _name(assignment),
        "site_system_role": assignment.site_system_role,
        "role": assignment.role,
        "state": str(assignment.state),
        "certificate": assignment.holding.certificate.sha256 if assignment.holding else None,
        "candidates": [holding.certificate.sha256 for holding in assignment.candidates],
    }
    if assignment.why_not:
        entry["why_not"] = [{"certificate": one.sha256, "reason": reason} for one, reason in assignment.why_not]
    return entry


def _deadline(deadline: Deadline) -> DeadlineObject:
    return {
        "when": instant(deadline.when),
        "what": deadline.what,
        "certificate": deadline.certificate,
        "systems": [printable(name) for name in deadline.systems],
    }
