"""The catalogue as a page: docs/requirements.md is the one of the built-in rows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from certaudit.reports import Options
from certaudit.reports.requirements import write
from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Citation

PAGE = Path(__file__).parents[2] / "docs" / "requirements.md"
ROWS = read_catalogue().requirements


def test_the_page_in_docs_is_that_of_the_rows() -> None:
    text = write(ROWS, "markdown", Options())
    renewal = "certaudit requirements --format markdown=docs/requirements.md"
    assert PAGE.read_text(encoding="utf-8") == text, f"the rows have changed: run `{renewal}`"


def test_every_id_has_an_anchor_and_a_link_to_it() -> None:
    text = write(ROWS, "markdown", Options())
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert anchors == sorted({row.id for row in ROWS})
    assert [target for target in re.findall(r"\(#([^)]+)\)", text) if "." in target] == anchors


def test_nothing_in_a_row_is_markup() -> None:
    row = replace(
        ROWS[0],
        title="a | b <script>\n# c",
        remediation="*d* `e` [f](g)",
        citations=(Citation("h]", "i", "https://example.com/)> <j"),),
    )
    lines = write([row], "markdown", Options()).splitlines()
    assert r"**a \| b \<script\> # c**" in lines
    assert r"- fix: \*d\* \`e\` \[f\](g)" in lines
    assert r"- source: [h\]](https://example.com/%29%3E%20%3Cj): i" in lines
