"""Each golden case gives exactly the findings that its file lists; a missing and an extra one both fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from certaudit.document.judge import contradiction
from certaudit.document.report_objects import Document
from tests.golden import update
from tests.golden.case import CASES, Case, cases, findings_text, report_of

ABOUT = Case("made-up", (), 1, "non-compliant", frozenset({"name.present"}))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_golden(case: Case, tmp_path: Path) -> None:
    code, report = report_of(case, tmp_path)
    assert findings_text(case, report) == case.expected.read_text(encoding="utf-8")
    assert (code, report["verdict"]) == (case.exit_code, case.verdict)
    assert contradiction(cast("Document", report)) is None


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_tells_of_each_requirement_that_it_is_about(case: Case) -> None:
    told = {requirement for _status, requirement, _role in case.told()}
    assert case.requirements is None or told == case.requirements


def test_the_two_bundled_sites_pin_everything() -> None:
    assert [case.name for case in cases() if case.requirements is None] == ["contoso", "contoso-broken"]


def _finding(requirement: str, status: str, **more: str) -> dict[str, Any]:
    finding = {"requirement": requirement, "status": status, "severity": "error", "role": "client"}
    return finding | {"system": "ws0001", "certificate": "AA", "subject": None} | more


def _report(*findings: dict[str, Any]) -> dict[str, Any]:
    names = {"AA": "one.cer", "BB": "two.cer"}
    certificates = [
        {"sha256": digest, "sha1": digest, "subject": "CN=x", "provenance": [{"input": path, "entry": None}]}
        for digest, path in names.items()
    ]
    return {"site": {"code": "S01"}, "inputs": [], "certificates": certificates, "findings": list(findings)}


@pytest.mark.parametrize("status", ["fail", "not-checked", "pass", "not-applicable"])
@pytest.mark.parametrize("requirement", ["name.present", "name.given"])
def test_a_missing_and_an_extra_finding_show(requirement: str, status: str) -> None:
    """Of what the case is not about, only a finding that passes or does not apply may come and go."""
    sound = _finding("name.present", "pass")
    without = findings_text(ABOUT, _report(sound))
    shown = findings_text(ABOUT, _report(sound, _finding(requirement, status))) != without
    assert shown == (requirement == "name.present" or status in ("fail", "not-checked"))


@pytest.mark.parametrize("other", [{"certificate": "BB"}, {"system": "ws0002"}, {"role": "web-server"}], ids=str)
def test_a_failure_of_another_subject_shows(other: dict[str, str]) -> None:
    failures = [_finding("name.present", "fail", **more) for more in ({}, other)]
    one, two = (findings_text(ABOUT, _report(failure)) for failure in failures)
    assert one != two


def test_update_writes_the_case_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = next(case for case in cases() if case.name == "nothing-there")
    made = tmp_path / case.name
    made.mkdir()
    monkeypatch.setattr("tests.golden.case.CASES", tmp_path)
    update.main([case.name])
    assert [path.name for path in tmp_path.iterdir()] == [case.name]
    assert (made / "findings.txt").read_bytes() == (CASES / case.name / "findings.txt").read_bytes()


def test_update_refuses_a_case_that_is_not_there() -> None:
    with pytest.raises(SystemExit, match="no golden case no-such-case"):
        update.main(["no-such-case"])


def test_the_release_is_that_of_the_arguments_or_the_manifest() -> None:
    case = replace(ABOUT, arguments=("audit", "fixtures/contoso/site.toml"))
    assert case.release == "2007-sp2"
    assert replace(case, arguments=(*case.arguments, "--release", "2012")).release == "2012"
