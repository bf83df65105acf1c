"""docs/checks.md, the index from requirements to checks, is in date and leads from every id to a function."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from certaudit.audit.validators.registry import CHECKS
from certaudit.requirements.catalogue import read_catalogue

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "checks.md").read_text(encoding="utf-8")


def test_the_index_is_in_date() -> None:
    written = runpy.run_path(str(DOCS / "make_checks.py"))["page"]()
    assert written == PAGE, "rows or checks have changed: run `python docs/make_checks.py`"


def test_every_requirement_leads_to_its_checks_and_every_check_to_its_file() -> None:
    wanted = {(row.id, row.check) for row in read_catalogue().requirements}
    lines = re.findall(r"^\| \[([^]]+)\]\(requirements\.md#\1\) \| (.*) \|$", PAGE, re.MULTILINE)
    assert {(row, check) for row, checks in lines for check in re.findall(r"\(#([^)]+)\)", checks)} == wanted
    assert sorted(re.findall(r'<a id="([^"]+)"></a>`\1` \| [^|]{10,} \|', PAGE)) == sorted(CHECKS)
    for module in {check.__module__ for check in CHECKS.values()}:
        assert f"](../{module.replace('.', '/')}.py)" in PAGE


@pytest.mark.parametrize("page", ["architecture.md", "CONTRIBUTING.md"])
def test_who_looks_for_a_check_is_sent_to_the_index(page: str) -> None:
    assert "](checks.md)" in (DOCS / page).read_text(encoding="utf-8")
