"""Each golden case gives exactly the findings that its file lists; a missing and an extra one both fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.case import Case, cases, findings_text, report_of


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_golden(case: Case, tmp_path: Path) -> None:
    code, report = report_of(case, tmp_path)
    assert findings_text(report) == case.expected.read_text(encoding="utf-8")
    assert (code, report["verdict"]) == (case.exit_code, case.verdict)
