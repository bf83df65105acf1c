"""Writes the findings of every golden case anew (`python -m tests.golden.update`): read the difference."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.golden.case import cases, findings_text, report_of

for case in cases():
    with tempfile.TemporaryDirectory() as folder:
        code, report = report_of(case, Path(folder))
    case.expected.write_text(findings_text(report), encoding="utf-8")
    print(f"{case.name}: exit code {code}, {report['verdict']}")
