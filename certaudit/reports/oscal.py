"""OSCAL assessment results 1.2 for assessors: a finding for each NIST SP 800-53 control that was looked at.

OSCAL knows "satisfied" and "not-satisfied" alone. A control of which something could not be checked is not satisfied,
for a reason that is "other" and not "fail".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from certaudit.document.attention import is_failure, needs_attention
from certaudit.document.report_objects import Document, FindingObject, controls_of
from certaudit.document.short_names import owner
from certaudit.document.wording import site_words, verdict_words
from certaudit.reports import Options
from certaudit.reports.identifiers import document_identifier, identifier
from certaudit.reports.json_report import dump

VERSION = "1.2.1"
FRAMEWORK = "NIST SP 800-53 Rev. 5"
_NAMESPACE = "https://certaudit.invalid/ns/oscal"


def write(document: Document, options: Options) -> str:
    """The results as one JSON document."""
    whole = document_identifier(document)
    plan = identifier(whole, "plan")
    return dump(
        {
            "assessment-results": {
                "uuid": whole,
                "metadata": {
                    "title": f"certaudit: {site_words(document)}",
                    "last-modified": document.get("finished", document["as_of"]),
                    "version": document["as_of"],
                    "oscal-version": VERSION,
                },
                "import-ap": {"href": f"#{plan}"},
                "results": [_result(document, whole)],
                "back-matter": {"resources": [_plan(document, plan)]},
            }
        }
    )


def _plan(document: Document, plan: str) -> dict[str, Any]:
    """What stands for the assessment plan, which OSCAL demands: the catalogue of requirements."""
    return {
        "uuid": plan,
        "title": "Requirements of certaudit",
        "description": f"The requirements that {document['tool']['name']} {document['tool']['version']} checks for "
        f"Configuration Manager {document['release']}.",
        "props": [
            _property("sha256", f"{name} {digest}") for name, digest in sorted(document["tool"]["catalogue"].items())
        ],
    }


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": _NAMESPACE, "value": value.strip() or "-"}


def _result(document: Document, whole: str) -> dict[str, Any]:
    observed = [finding for finding in document["findings"] if needs_attention(finding)]
    systems = sorted({finding["system"] for finding in observed if finding["system"]})
    result: dict[str, Any] = {
        "uuid": identifier(whole, "result"),
        "title": f"{verdict_words(document)} as of {document['as_of']}",
        "description": "Certificates held against the requirements of Configuration Manager. The mapping to controls "
        "helps an assessor; it is no compliance verdict.",
        "start": document.get("started", document["as_of"]),
        "reviewed-controls": {"control-selections": [_selection(document)]},
        "observations": [_observation(document, whole, finding) for finding in observed],
        "risks": list(_risks(document, whole)),
        "findings": list(_findings(document, whole)),
    }
    if "finished" in document:
        result["end"] = document["finished"]
    if systems:
        items = [
            {"uuid": identifier(whole, "system", name), "description": name, "props": [_property("system", name)]}
            for name in systems
        ]
        result["local-definitions"] = {"inventory-items": items}
    return {key: value for key, value in result.items() if value}


def _selection(document: Document) -> dict[str, Any]:
    controls = [{"control-id": control_id(clause)} for clause in _controls(document)]
    return {"include-controls": controls} if controls else {"include-all": {}}


def _controls(document: Document) -> dict[str, list[FindingObject]]:
    """What was found about each control, in the order of the controls; what does not apply is left out."""
    found: dict[str, list[FindingObject]] = {}
    for finding in document["findings"]:
        if finding["status"] == "not-applicable":
            continue
        for control in controls_of(document, finding):
            if control["framework"] == FRAMEWORK:
                found.setdefault(control["id"], []).append(finding)
    return dict(sorted(found.items()))


def control_id(clause: str) -> str:
    """`IA-5(2)` as NIST's catalogue in OSCAL has it: `ia-5.2`."""
    return re.sub(r"\((\d+)\)", r".\1", clause).lower()


def _observation(document: Document, whole: str, finding: FindingObject) -> dict[str, Any]:
    evidence = [
        {"description": f"{label}: {text}"}
        for label, text in (("observed", finding["observed"]), ("expected", finding["expected"]))
        if text
    ]
    subjects = (
        [{"subject-uuid": identifier(whole, "system", finding["system"]), "type": "inventory-item"}]
        if finding["system"]
        else []
    )
    properties = [
        _property("requirement", finding["requirement"]),
        _property("status", finding["status"]),
        _property("severity", finding["severity"]),
        _property("fingerprint", finding["fingerprint"]),
    ]
    if finding["certificate"]:
        properties.append(_property("certificate-sha256", finding["certificate"]))
    observation: dict[str, Any] = {
        "uuid": identifier(whole, "observation", finding["fingerprint"]),
        "title": finding["title"],
        "description": f"{owner(finding)}: {finding['message']}",
        "props": properties,
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": subjects,
        "relevant-evidence": evidence,
        "collected": document["as_of"],
        "remarks": f"Waived: {finding['waiver']}" if finding["waiver"] else finding["remediation"],
    }
    return {key: value for key, value in observation.items() if value}


def _findings(document: Document, whole: str) -> Iterator[dict[str, Any]]:
    for clause, findings in _controls(document).items():
        attention = [finding for finding in findings if needs_attention(finding)]
        finding: dict[str, Any] = {
            "uuid": identifier(whole, "control", clause),
            "title": f"{FRAMEWORK} {clause}",
            "description": f"{len(findings)} checks, {sum(map(is_failure, findings))} failed, "
            f"{sum(entry['status'] == 'not-checked' for entry in findings)} without an answer, "
            f"{sum(entry['waiver'] is not None for entry in findings)} waived.",
            "target": {
                "type": "statement-id",
                "target-id": f"{control_id(clause)}_smt",
                "status": _status(attention),
            },
            "related-observations": [
                {"observation-uuid": identifier(whole, "observation", entry["fingerprint"])} for entry in attention
            ],
        }
        yield {key: value for key, value in finding.items() if value}


def _status(attention: list[FindingObject]) -> dict[str, str]:
    """Waived or not, what did not hold is not satisfied: the risk has been accepted, not removed."""
    if any(finding["status"] == "fail" for finding in attention):
        return {"state": "not-satisfied", "reason": "fail"}
    return {"state": "not-satisfied", "reason": "other"} if attention else {"state": "satisfied", "reason": "pass"}


def _risks(document: Document, whole: str) -> Iterator[dict[str, Any]]:
    for number, deadline in enumerate(document["next_failures"]):
        yield {
            "uuid": identifier(whole, "risk", str(number)),
            "title": deadline["what"],
            "description": f"Takes along: {', '.join(deadline['systems']) or 'nothing'}.",
            "statement": f"{deadline['what']} at {deadline['when']}.",
            "status": "open",
            "deadline": deadline["when"],
        }
