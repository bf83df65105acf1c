"""SARIF 2.1.0 for code scanning: failures alone, since GitHub shows every result, passed or suppressed, as an alert.

Each result points at the file in which the certificate was found: GitHub rejects a file with a result that has no
place. Names are in the properties of a result; of the message they are the smaller part (SARIF 3.11).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from certaudit.document.attention import is_failure
from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document, FindingObject, by_thumbprint, controls_of
from certaudit.document.short_names import owner
from certaudit.reports import Options
from certaudit.reports.json_report import dump

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
SECURITY_SEVERITY = {"error": "8.0", "warning": "5.5", "notice": "2.0"}
"""GitHub's high, medium and low; text, not numbers, is what it reads."""
KINDS = {"pass": "pass", "fail": "fail", "not-applicable": "notApplicable", "not-checked": "open"}
_MANIFEST = "site.toml"


def write(document: Document, options: Options) -> str:
    """The failures that no waiver accepts, as a log of one run."""
    return dump(log(document, list(filter(is_failure, document["findings"]))))


def log(document: Document, findings: list[FindingObject]) -> dict[str, Any]:
    """A SARIF log of `findings`."""
    certificates = by_thumbprint(document)
    rules = {finding["requirement"]: finding for finding in reversed(findings)}
    taxa = _taxa(document, rules.values())
    places = {item["path"]: number for number, item in enumerate(document["inputs"])}
    order = {requirement: number for number, requirement in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": document["tool"]["name"],
                "semanticVersion": document["tool"]["version"],
                "rules": [_rule(document, rules[requirement]) for requirement in order],
                "supportedTaxonomies": [{"name": name} for name in taxa],
            }
        },
        "automationDetails": {"id": f"certaudit/{_site_code(document)}/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [{"executionSuccessful": True, "endTimeUtc": document["as_of"]}],
        "artifacts": [_artifact(item["path"], item["sha256"]) for item in document["inputs"]],
        "taxonomies": [
            {"name": name, "taxa": [{"id": clause, "name": title} for clause, title in sorted(clauses.items())]}
            for name, clauses in taxa.items()
        ],
        "results": [
            _result(finding, order[finding["requirement"]], certificates.get(finding["certificate"] or ""), places)
            for finding in findings
        ],
        "properties": {"verdict": document["verdict"], "asOf": document["as_of"], "complete": document["complete"]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _site_code(document: Document) -> str:
    return (document["site"] or {"code": None})["code"] or "check"


def _taxa(document: Document, findings: Iterable[FindingObject]) -> dict[str, dict[str, str]]:
    """The clauses that the findings speak to: title by id, by framework."""
    taxa: dict[str, dict[str, str]] = {}
    for finding in findings:
        for control in controls_of(document, finding):
            taxa.setdefault(control["framework"], {})[control["id"]] = control["title"]
    return dict(sorted(taxa.items()))


def _rule(document: Document, finding: FindingObject) -> dict[str, Any]:
    citations = "; ".join(finding["citations"])
    return {
        "id": finding["requirement"],
        "shortDescription": {"text": message_text(finding["title"])},
        "help": {"text": message_text(f"Sources: {citations} ({finding['confidence']}).")},
        "defaultConfiguration": {"level": LEVELS[finding["severity"]]},
        "relationships": [
            {
                "target": {"id": control["id"], "toolComponent": {"name": control["framework"]}},
                "kinds": ["relevant"],
                "properties": {"strength": control["strength"]},
            }
            for control in controls_of(document, finding)
        ],
        "properties": {
            "security-severity": SECURITY_SEVERITY[finding["severity"]],
            "confidence": finding["confidence"],
            "tags": ["security", "pki", finding["requirement"].partition(".")[0]],
        },
    }


def _result(
    finding: FindingObject, rule: int, certificate: CertificateObject | None, places: dict[str, int]
) -> dict[str, Any]:
    kind = KINDS[finding["status"]]
    result: dict[str, Any] = {
        "ruleId": finding["requirement"],
        "ruleIndex": rule,
        "kind": kind,
        "level": LEVELS[finding["severity"]] if kind == "fail" else "none",
        "message": {"text": message_text(f"{owner(finding)}: {finding['message']}")},
        "locations": [{"physicalLocation": _place(finding, certificate, places)}],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding['fingerprint']}:1",
            "certaudit/v1": finding["fingerprint"],
        },
        "properties": {
            key: value
            for key, value in (
                ("system", finding["system"]),
                ("role", finding["role"]),
                ("certificate", finding["certificate"]),
                ("subject", certificate["subject"] if certificate else finding["subject"]),
                ("observed", finding["observed"]),
                ("expected", finding["expected"]),
                ("consequence", finding["consequence"]),
                ("remediation", finding["remediation"]),
            )
            if value is not None
        },
    }
    if finding["waiver"] is not None:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": message_text(finding["waiver"])}
        ]
    return result


def _place(finding: FindingObject, certificate: CertificateObject | None, places: dict[str, int]) -> dict[str, Any]:
    """Where the certificate was found; what is about no file stands in the manifest."""
    path = certificate["provenance"][0]["input"] if certificate and certificate["provenance"] else finding["subject"]
    if path is None or path not in places:
        return {"artifactLocation": {"uri": _MANIFEST}, "region": {"startLine": 1}}
    return {"artifactLocation": {"uri": uri(path), "index": places[path]}, "region": {"startLine": 1}}


def _artifact(path: str, sha256: str | None) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": uri(path)}}
    if sha256 is not None:
        artifact["hashes"] = {"sha-256": sha256.lower()}
    return artifact


def uri(path: str) -> str:
    """A path as a relative URI reference: no scheme, no host, nothing that is not plain."""
    return quote(path.lstrip("/"), safe="/") or "input"


def message_text(text: str) -> str:
    """A plain text message (SARIF 3.11): no embedded link, no placeholder, no HTML."""
    for character in "\\[]":
        text = text.replace(character, "\\" + character)
    return text.replace("{", "{{").replace("}", "}}").replace("<", "\u2039").replace(">", "\u203a")
