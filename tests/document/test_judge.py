"""One judge: the verdict, the counts, the exit code and the boot answer of a report say the same."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from certaudit.document.judge import contradiction, exit_code, first_step, is_complete, judged, verdict
from certaudit.document.report_objects import Document
from certaudit.document.wording import summary_words, verdict_words
from certaudit.reports import FORMATS, write


def changed(document: Document, **parts: Any) -> Document:
    """A copy with other parts, judged anew."""
    copy: Any = {**deepcopy(document), **parts}
    judgement: Document = judged(copy)
    return judgement


def with_way(document: Document, answer: str, *, accepted: bool = False) -> Document:
    """The document with its first way in leading so to the distribution points."""
    boot = deepcopy(document["boot"])
    way = boot["ways"][0]
    way["reaches"][-1]["answer"] = answer
    way["accepted"] = accepted
    way["obstacles"] = [
        {"answer": answer, "failure": None, "shows": "", "requirement": "media.root-list", "message": "No root."}
    ]
    return changed(document, boot=boot)


@pytest.mark.parametrize(
    ("answer", "accepted", "word", "code"),
    [
        ("yes", True, "READY", 0),
        ("no", False, "NOT READY", 1),
        ("cannot-say", False, "CANNOT SAY", 4),
        ("no", True, "READY", 0),
    ],
)
def test_a_way_in_decides_too(sound: Document, answer: str, accepted: bool, word: str, code: int) -> None:
    document = with_way(sound, answer, accepted=accepted)
    assert (verdict_words(document), exit_code(document)) == (word, code)
    assert contradiction(document) is None


def test_what_stops_a_way_in_is_the_first_step(sound: Document) -> None:
    step = first_step(with_way(sound, "no"))
    assert step is not None
    assert (step.word, step.about, step.message) == ("Mend first", "pxe01.contoso.com", "No root.")
    assert first_step(sound) is None


def test_the_first_line_counts_what_it_leaves_out(sound: Document) -> None:
    findings = deepcopy(sound["findings"])
    open_one = next(one for one in findings if one["status"] == "not-checked")
    open_one["waiver"] = "known"
    line = summary_words(changed(sound, findings=findings))
    assert line == "READY: 0 errors, 0 warnings; 25 optional checks not made, 1 waived"


def test_an_input_that_could_not_be_read_comes_before_what_lacks_because_of_it(sound: Document) -> None:
    findings = deepcopy(sound["findings"])
    missing = next(one for one in findings if one["requirement"] == "coverage.certificate-assigned")
    unread = next(one for one in findings if one["requirement"] == "input.readable")
    missing["status"] = unread["status"] = "not-checked"
    unread["message"] = "mp01.pfx needs a password."
    step = first_step(changed(sound, findings=findings))
    assert step is not None
    assert (step.word, step.message) == ("Settle first", "mp01.pfx needs a password.")


MUTATIONS: dict[str, Callable[[Any], object]] = {
    "findings removed": lambda document: document.update(findings=document["findings"][::2]),
    "inputs dropped": lambda document: document["inputs"].pop(),
    "certificates dropped": lambda document: document["certificates"].pop(),
    "errors counted away": lambda document: document["summary"]["failed"].update(error=0),
    "gaps counted away": lambda document: document["summary"].update(not_checked_required=0),
    "said to be whole": lambda document: document.update(complete=True),
    "said to be compliant": lambda document: document.update(verdict="compliant"),
    "all passed": lambda document: [one.update(status="pass") for one in document["findings"]],
    "all waived": lambda document: [one.update(waiver="so") for one in document["findings"]],
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_document_that_contradicts_itself_is_found_out(broken: Document, mutation: str) -> None:
    copy = deepcopy(broken)
    MUTATIONS[mutation](copy)
    assert contradiction(copy) is not None


def test_a_way_in_that_was_changed_is_found_out(sound: Document) -> None:
    copy = deepcopy(sound)
    copy["boot"]["ways"][0]["reaches"][0]["answer"] = "no"
    copy["boot"]["ways"][0]["accepted"] = False
    assert contradiction(copy) == "complete" or contradiction(copy) == "verdict"


@pytest.mark.parametrize("name", ["sound", "broken"])
def test_nothing_of_a_report_says_something_else(name: str, request: pytest.FixtureRequest) -> None:
    document: Document = request.getfixturevalue(name)
    assert contradiction(document) is None
    assert document["verdict"] == verdict(document)
    assert document["complete"] == is_complete(document)
    assert (exit_code(document) == 0) == (document["verdict"] == "compliant")
    word, step = verdict_words(document), first_step(document)
    for form in ("table", "markdown", "html"):
        text = write(document, form).decode()
        assert word in text, form
        assert step is None or step.message[:40].split("/")[0] in text.replace("\n            ", " "), form
    assert set(FORMATS) >= {"table", "markdown", "html"}
