"""What a report counts, counted again: a report whose findings were changed by hand no longer agrees with itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

from certaudit.document.attention import is_gap
from certaudit.document.report_objects import Document


def contradiction(document: Document) -> str | None:
    """The place of what does not follow from the rest of the report; None where everything does.

    Whoever changes everything that hangs together is not found out by that: a signature is for them.
    """
    counted = _summary(document)
    for name, number in document["summary"].items():
        if name in counted and counted[name] != number:
            return f"summary.{name}"
    has_gap = bool(counted["unreadable"]) or any(map(is_gap, document["findings"]))
    if document["complete"] and has_gap:
        return "complete"
    if document["verdict"] != _verdict(bool(counted["failed"]["error"]), complete=document["complete"]):
        return "verdict"
    return None


def _summary(document: Document) -> dict[str, Any]:
    """The summary as the findings, certificates and inputs give it."""
    open_ones = Counter(
        (finding["status"], finding["severity"]) for finding in document["findings"] if finding["waiver"] is None
    )
    by_status = Counter[str]()
    for (status, _), number in open_ones.items():
        by_status[status] += number
    return {
        "failed": {severity: open_ones["fail", severity] for severity in ("error", "warning", "notice")},
        "passed": by_status["pass"],
        "not_checked": by_status["not-checked"],
        "not_applicable": by_status["not-applicable"],
        "waived": len(document["findings"]) - open_ones.total(),
        "certificates": len(document["certificates"]),
        "inputs": len(document["inputs"]),
        "unreadable": sum(item["error"] is not None for item in document["inputs"]),
    }


def _verdict(has_failed: bool, *, complete: bool) -> str:
    if has_failed:
        return "non-compliant"
    return "compliant" if complete else "incomplete"
