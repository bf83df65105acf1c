"""Writes the findings of golden cases anew: `python -m tests.golden.update [CASE...]`. Read the difference."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.golden.case import Case, cases, findings_text, report_of


def update(case: Case) -> None:
    """Writes the findings that the case gives now."""
    with tempfile.TemporaryDirectory() as folder:
        code, report = report_of(case, Path(folder))
    case.expected.write_text(findings_text(case, report), encoding="utf-8")
    print(f"{case.name}: exit code {code}, {report['verdict']}")


def main(names: list[str]) -> None:
    """Updates the cases of these names, or all; exits with a sentence where there is no such case."""
    known = {case.name: case for case in cases()}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no golden case {', '.join(unknown)}.")
    for name in names or known:
        update(known[name])


if __name__ == "__main__":
    main(sys.argv[1:])
