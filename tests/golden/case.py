"""A golden case: a folder with `case.toml` (the command line, what it is about) and `findings.txt` (what must come).

`requirements` in `case.toml` names the requirements that the case is about; `"all"` is for the two bundled sites, which
pin everything. `findings.txt` has three parts, with a line of dashes between them:

- the findings of these requirements that are no pass, a line each: status, severity, requirement, role, system, and
  the file or store that it is about;
- how many findings of these requirements pass and do not apply, for each role: a check that no longer runs shows;
- one line of the other requirements: how many of their findings fail or are not checked. Passes are not counted, so
  that a new requirement which holds everywhere changes no case but its own.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certaudit.cli import run
from certaudit.site.manifest import read_manifest
from certaudit.site.releases import DEFAULT_RELEASE

CASES = Path(__file__).parent
_RULE = "-" * 20
_QUIET = ("pass", "not-applicable")


@dataclass(frozen=True)
class Case:
    """One case: the arguments of certaudit, exit code and verdict expected, and the requirements that it is about."""

    name: str
    arguments: tuple[str, ...]
    exit_code: int
    verdict: str
    requirements: frozenset[str] | None
    """None: all of them."""

    @property
    def expected(self) -> Path:
        """The file with the findings expected."""
        return CASES / self.name / "findings.txt"

    @functools.cached_property
    def release(self) -> str:
        """The release that the case is judged by."""
        if "--release" in self.arguments:
            return self.arguments[self.arguments.index("--release") + 1]
        return read_manifest(Path(self.arguments[1])).release if self.arguments[0] == "audit" else DEFAULT_RELEASE

    def is_about(self, requirement: str) -> bool:
        """Whether the case lists the findings of that requirement."""
        return self.requirements is None or requirement in self.requirements

    def told(self) -> Iterator[tuple[str, str, str]]:
        """(status, requirement, role) of each line of the findings expected."""
        listed, counted, _elsewhere = self.expected.read_text(encoding="utf-8").split(f"{_RULE}\n")
        for line in listed.splitlines():
            status, _severity, requirement, role = line.split(" | ")[0].split()
            yield status, requirement, role
        for line in counted.splitlines():
            status, requirement, role, _number = line.split()
            yield status, requirement, role


@functools.cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of their names."""
    return tuple(_case(path) for path in sorted(CASES.glob("*/case.toml")))


def _case(path: Path) -> Case:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    about = values["requirements"]
    requirements = None if about == "all" else frozenset(about)
    return Case(path.parent.name, tuple(values["arguments"]), values["exit_code"], values["verdict"], requirements)


def report_of(case: Case, folder: Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a case; `folder` is where the report may be written."""
    path = folder / "report.json"
    code = run([*case.arguments, "--reproducible", "--format", f"json={path}"])
    return code, json.loads(path.read_text(encoding="ascii"))


def findings_text(case: Case, report: dict[str, Any]) -> str:
    """The findings of a report as `findings.txt` of the case has them."""
    files = _files(report)
    listed: list[str] = []
    quiet, elsewhere = Counter[str](), Counter[str]()
    for finding in report["findings"]:
        status, severity, requirement = finding["status"], finding["severity"], finding["requirement"]
        role = finding["role"] or "-"
        if not case.is_about(requirement):
            if status not in _QUIET:
                elsewhere[f"{status} {severity}"] += 1
        elif status in _QUIET:
            quiet[f"{status:<15} {requirement} {role}"] += 1
        else:
            about = files.get(finding["certificate"] or finding["subject"]) or finding["subject"]
            where = [name or "-" for name in (finding["system"], about)] if report["site"] else [about or "-"]
            listed.append(" | ".join([f"{status:<12} {severity:<8} {requirement} {role}", *where]))
    counts = [f"{text} {number}" for text, number in sorted(quiet.items())]
    rest = ", ".join(f"{number} {text}" for text, number in sorted(elsewhere.items())) or "nothing"
    return "\n".join([*sorted(listed), _RULE, *counts, _RULE, f"elsewhere: {rest}"]) + "\n"


def _files(report: dict[str, Any]) -> dict[str, str]:
    """What each certificate and CRL is called: the file it is in; if others are named after that as well, and where."""
    names = {f"CRL {read['sha256']}": read["path"] for read in report["inputs"]}
    shared = Counter(certificate["provenance"][0]["input"] for certificate in report["certificates"])
    for certificate in report["certificates"]:
        place = certificate["provenance"][0]
        entry = place["entry"] or ""
        within = certificate["subject"] if entry.endswith(certificate["sha1"]) else entry
        names[certificate["sha256"]] = f"{place['input']}, {within}" if shared[place["input"]] > 1 else place["input"]
    return names
