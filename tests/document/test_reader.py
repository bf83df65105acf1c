"""Reports read back: what is none is refused, and what is one does no harm."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from certaudit.document.reader import checked, read_document
from certaudit.document.report_objects import Document
from certaudit.errors import UsageError
from certaudit.reports import write


def test_a_report_reads_back_as_it_was_written(tmp_path: Path, broken: Document) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(write(broken, "json"))
    assert read_document(path) == broken


def test_a_report_that_has_grown_is_read(sound: Document) -> None:
    assert checked({**sound, "later": "more"}, "x")["verdict"] == sound["verdict"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda document: document.pop("schema"), "is no certaudit report"),
        (lambda document: document.update(schema="certaudit-report/2"), "certaudit-report/1 is expected"),
        (lambda document: document.update(schema="certaudit-inventory/1"), "is a certaudit-inventory/1"),
        (lambda document: document.pop("findings"), "findings is missing"),
        (lambda document: document.update(as_of="yesterday"), "as_of is not of the form"),
        (lambda document: document.update(as_of="2010-03-01T00:00:00Z\n"), "as_of is not of the form"),
        (lambda document: document.update(verdict="fine"), "verdict must be one of"),
        (lambda document: document["findings"][3].update(severity="bad"), r"findings\[3\]\.severity must be one of"),
        (lambda document: document["findings"][0].update(citations="text"), r"citations must be a list"),
        (lambda document: document["summary"].update(passed=True), "summary.passed must be of type int"),
        (lambda document: document["summary"].update(passed="1"), "summary.passed must be of type int"),
        (lambda document: document["tool"].update(catalogue=[]), "tool.catalogue must be an object"),
        (lambda document: document.update(coverage=[1]), r"coverage\[0\] must be an object"),
    ],
)
def test_what_is_no_report_is_refused(sound: Document, change: Any, words: str) -> None:
    document: Any = copy.deepcopy(sound)
    change(document)
    with pytest.raises(UsageError, match=words):
        checked(document, "old.json")


def _pass_all(document: Any) -> None:
    for finding in document["findings"]:
        finding["status"] = "pass"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda document: document.update(verdict="compliant"), "verdict"),
        (lambda document: document.update(verdict="incomplete"), "verdict"),
        (lambda document: document.update(complete=True), "complete"),
        (lambda document: document["summary"]["failed"].update(error=0), "summary.failed"),
        (lambda document: document["summary"].update(unreadable=0), "summary.unreadable"),
        (lambda document: document.update(findings=document["findings"][1:]), "summary."),
        (lambda document: document.update(inputs=document["inputs"][1:]), "summary.inputs"),
        (lambda document: document.update(certificates=[]), "summary.certificates"),
        (_pass_all, "summary.failed"),
    ],
)
def test_a_report_that_was_altered_by_hand_is_refused(broken: Document, change: Any, words: str) -> None:
    document: Any = copy.deepcopy(broken)
    change(document)
    with pytest.raises(UsageError, match=rf"old\.json: was altered since: its '{words}"):
        checked(document, "old.json")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"odd\.json: is no"):
        read_document(path)


def test_text_of_a_report_is_made_inert_before_use(sound: Document) -> None:
    document: Any = copy.deepcopy(sound)
    document["findings"][0]["message"] = "\x1b[2J##vso[task]\u202e"
    read = checked(document, "x")
    assert read["findings"][0]["message"] == "\\x1B[2J\\x23\\x23vso[task]\\u202E"
