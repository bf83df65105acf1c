"""A golden case: a folder with `case.toml` (the command line) and `findings.txt` (exactly the findings expected).

`findings.txt` has a line for each finding that is no pass: status, severity, requirement, role, system, and what it
is about. Then, under a line of dashes, how many findings pass and do not apply for each requirement and role: a check
that no longer runs shows as well.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certaudit.cli import run
from certaudit.site.manifest import read_manifest
from certaudit.site.releases import DEFAULT_RELEASE

CASES = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case: the arguments of certaudit, the exit code and the verdict expected."""

    name: str
    arguments: tuple[str, ...]
    exit_code: int
    verdict: str

    @property
    def expected(self) -> Path:
        """The file with the findings expected."""
        return CASES / self.name / "findings.txt"

    @property
    def release(self) -> str:
        """The release that the case is judged by."""
        if "--release" in self.arguments:
            return self.arguments[self.arguments.index("--release") + 1]
        return read_manifest(Path(self.arguments[1])).release if self.arguments[0] == "audit" else DEFAULT_RELEASE


def cases() -> list[Case]:
    """Every case, in the order of their names."""
    found = []
    for path in sorted(CASES.glob("*/case.toml")):
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append(Case(path.parent.name, tuple(values["arguments"]), values["exit_code"], values["verdict"]))
    return found


def report_of(case: Case, folder: Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a case; `folder` is where the report may be written."""
    path = folder / "report.json"
    code = run([*case.arguments, "--reproducible", "--format", f"json={path}"])
    return code, json.loads(path.read_text(encoding="ascii"))


def findings_text(report: dict[str, Any]) -> str:
    """The findings of a report as `findings.txt` has them."""
    shown = {certificate["sha256"]: _shown(certificate, report) for certificate in report["certificates"]}
    lines: list[str] = []
    quiet = Counter[str]()
    for finding in report["findings"]:
        role = finding["role"] or "-"
        if finding["status"] in ("pass", "not-applicable"):
            quiet[f"{finding['status']:<15} {finding['requirement']} {role}"] += 1
            continue
        about = shown.get(finding["certificate"]) or finding["subject"] or "-"
        system = finding["system"] or "-"
        word = f"{finding['status']:<12} {finding['severity']:<8}"
        lines.append(f"{word} {finding['requirement']} {role} | {system} | {about}")
    counts = [f"{text} {number}" for text, number in sorted(quiet.items())]
    return "\n".join([*sorted(lines), "-" * 20, *counts]) + "\n"


def _shown(certificate: dict[str, Any], report: dict[str, Any]) -> str:
    """The thumbprint; without a manifest, where no system has a name that tells, the file as well."""
    thumbprint = str(certificate["sha1"])[:8]
    return f"{thumbprint} {Path(certificate['provenance'][0]['input']).name}" if report["site"] is None else thumbprint
