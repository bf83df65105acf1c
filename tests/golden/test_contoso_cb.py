"""fixtures/contoso-cb: each line of the list of its faults is what an audit of `broken.toml` finds, and its scripts
make what is there."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from certaudit.cli import run
from fixtures.make import contoso_cb, contoso_cb_broken

FOLDER = Path("fixtures/contoso-cb")
_LINE = re.compile(r"\| (?P<where>[^|]+) \| [^|]+ \| `(?P<requirement>[a-z.0-9-]+)` \| [^|]+ \|")
FAULTS = [
    (found["where"].strip("`"), found["requirement"])
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    if (found := _LINE.fullmatch(line))
]


@functools.cache
def _failures(folder: Path) -> frozenset[tuple[str, str]]:
    """(system or folder, requirement) of what fails in the broken site."""
    path = folder / "report.json"
    run(["audit", str(FOLDER / "broken.toml"), "--reproducible", "--format", f"json={path}"])
    report = json.loads(path.read_text(encoding="ascii"))
    failed = [finding for finding in report["findings"] if finding["status"] == "fail"]
    return frozenset((_where(finding), finding["requirement"]) for finding in failed)


def _where(finding: dict[str, Any]) -> str:
    """The system, or the folder of an input: of a swapped one, that is what is wrong."""
    subject = finding["subject"] or ""
    folder = subject.rpartition("/facts")[0] or subject.rpartition("/")[0]
    return finding["system"] or folder or "the site"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contoso-cb")


def test_the_list_is_one_of_a_dozen_things() -> None:
    assert len(FAULTS) >= 12
    assert len(set(FAULTS)) == len(FAULTS)


@pytest.mark.parametrize(("where", "requirement"), FAULTS, ids=" ".join)
def test_what_the_list_says_is_found(folder: Path, where: str, requirement: str) -> None:
    assert (where, requirement) in _failures(folder)


def test_the_scripts_make_what_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contoso_cb, "OUT", folder / "made")
    monkeypatch.setattr(contoso_cb_broken, "BROKEN", folder / "made/broken")
    contoso_cb.sound()
    contoso_cb_broken.broken()
    made = {path.relative_to(folder / "made"): path.read_bytes() for path in _files(folder / "made")}
    kept = {path.relative_to(FOLDER): path.read_bytes() for path in _files(FOLDER)}
    by_hand = {Path("README.md"), Path("site.toml"), Path("broken.toml")}
    assert kept.keys() - made.keys() == by_hand
    assert [path for path, data in made.items() if kept.get(path) != data] == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
