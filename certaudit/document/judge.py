"""The one judge: what a report counts, its verdict, whether it is whole, and the exit code.

All of it is worked out from the document itself, by whoever makes a report, reads one back, prints or exports it. So
nothing in a report can say something else than its findings do, and one that does is refused.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from certaudit.document.attention import is_failure, is_gap
from certaudit.document.likeness import alike
from certaudit.document.report_objects import Document, Summary
from certaudit.document.short_names import owner
from certaudit.document.vocabulary import SEVERITIES

FAILING = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
"""The severities of which a failure makes the exit code 1, by the least that a user asks for."""


def judged(document: Document) -> Document:
    """The document with its summary, completeness and verdict worked out anew."""
    counted: Document = {**document, "summary": summary(document), "complete": is_complete(document)}
    return {**counted, "verdict": verdict(counted)}


def summary(document: Document) -> Summary:
    """The counts; a waived finding is in no other of them."""
    open_ones = Counter((one["status"], one["severity"]) for one in document["findings"] if one["waiver"] is None)
    by_status = Counter[str]()
    for (status, _), number in open_ones.items():
        by_status[status] += number
    error, warning, notice = (open_ones["fail", severity] for severity in SEVERITIES)
    return {
        "failed": {"error": error, "warning": warning, "notice": notice},
        "passed": by_status["pass"],
        "not_checked": by_status["not-checked"],
        "not_checked_required": sum(map(is_gap, document["findings"])),
        "not_applicable": by_status["not-applicable"],
        "waived": len(document["findings"]) - open_ones.total(),
        "certificates": len(document["certificates"]),
        "inputs": len(document["inputs"]),
        "unreadable": sum(item["error"] is not None for item in document["inputs"]),
    }


def is_complete(document: Document) -> bool:
    """False where a requirement of severity error could not be checked, an input could not be read, nothing of any
    system was judged, or it cannot be said whether a way in that the site has leads to its site systems."""
    is_judged = any(one["system"] is not None and one["status"] in ("pass", "fail") for one in document["findings"])
    unread = any(item["error"] is not None for item in document["inputs"])
    return (
        is_judged and not unread and not any(map(is_gap, document["findings"])) and "cannot-say" not in _ways(document)
    )


def verdict(document: Document) -> str:
    """Non-compliant where a requirement of severity error failed and no waiver accepts it, or a way in leads nowhere;
    else incomplete where the report is not whole."""
    has_failed = any(is_failure(one) and one["severity"] == "error" for one in document["findings"])
    if has_failed or "no" in _ways(document):
        return "non-compliant"
    return "compliant" if is_complete(document) else "incomplete"


def _ways(document: Document) -> set[str]:
    """What comes of the ways in, but for what waivers accept."""
    ways = document["boot"]["ways"] if "boot" in document else []
    return {reach["answer"] for way in ways if not way["accepted"] for reach in way["reaches"]}


def exit_code(document: Document, fail_on: str = "error", *, allow_incomplete: bool = False) -> int:
    """The code of docs/exit-codes.md; `fail_on` is one of FAILING."""
    if not document["certificates"]:
        return 3
    failed = any(is_failure(one) and one["severity"] in FAILING[fail_on] for one in document["findings"])
    if failed or (fail_on != "never" and document["verdict"] == "non-compliant"):
        return 1
    is_open = not document["complete"] or "no" in _ways(document)
    return 4 if is_open and not allow_incomplete else 0


class FirstStep(NamedTuple):
    """What to do first: `word` says what kind of step it is, `action` is empty where the message says it."""

    word: str
    about: str
    message: str
    action: str


def first_step(document: Document) -> FirstStep | None:
    """What to mend first, or to settle where nothing has failed: the gravest, and of equals what clears most.

    An input that could not be read comes before what is missing because of it. None where nothing more than notices
    is to be said.
    """
    failures = [one for one in document["findings"] if is_failure(one) and one["severity"] != "notice"]
    if failures and document["verdict"] != "incomplete":
        worst = min(failures, key=lambda one: SEVERITIES.index(one["severity"]))["severity"]
        first, *others = alike(document, (one for one in failures if one["severity"] == worst))[0]
        return FirstStep("Mend first", _and_more(owner(first), len(others)), first["message"], first["remediation"])
    gaps = [one for one in document["findings"] if is_gap(one)]
    unread = [one for one in gaps if one["requirement"].startswith("input.")]
    if gaps:
        first, *others = [unread[0]] if unread else alike(document, gaps)[0]
        return FirstStep("Settle first", _and_more(owner(first), len(others)), first["message"], "")
    return _of_ways(document)


def _and_more(about: str, others: int) -> str:
    return f"{about} (and {others:,} more alike)" if others else about


def _of_ways(document: Document) -> FirstStep | None:
    """The first obstacle of a way in, where that alone keeps the site from being ready."""
    ways = document["boot"]["ways"] if "boot" in document else []
    for answer, word in (("no", "Mend first"), ("cannot-say", "Settle first")):
        for way in ways:
            for obstacle in way["obstacles"]:
                if obstacle["answer"] == answer and not way["accepted"]:
                    return FirstStep(word, way["system"], obstacle["message"], "")
    return None


def contradiction(document: Document) -> str | None:
    """The place of what does not follow from the rest of the report; None where everything does.

    Whoever changes everything that hangs together is not found out by that: a signature is for them.
    """
    told: dict[str, Any] = {**document["summary"]}
    for name, number in summary(document).items():
        if told.get(name) != number:
            return f"summary.{name}"
    if document["complete"] != is_complete(document):
        return "complete"
    return "verdict" if document["verdict"] != verdict(document) else None
