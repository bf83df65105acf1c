"""The recipes and the usage name what exists: files, names of the code, families and placeholders."""

from __future__ import annotations

import re
from pathlib import Path

from certaudit.requirements.requirement import PLACEHOLDERS
from certaudit.site import releases, roles

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "CONTRIBUTING.md"
NAMED = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|pyproject\.toml)`", PAGE.read_text(encoding="utf-8"))


def test_the_files_in_the_recipes_exist() -> None:
    assert len(NAMED) > 30
    assert [name for name in NAMED if not (ROOT / name).exists()] == []


def test_the_names_in_the_recipes_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "`UnreadableError`" in text
    assert "class UnreadableError" in (ROOT / "certaudit" / "loaders" / "source.py").read_text(encoding="utf-8")
    for module in ("loaders", "reports"):
        assert "FORMATS" in (ROOT / "certaudit" / module / "__init__.py").read_text(encoding="utf-8")


def test_what_a_row_of_your_own_may_say_is_what_the_reader_knows() -> None:
    said = " ".join((ROOT / "docs" / "usage.md").read_text(encoding="utf-8").split())
    families = [", ".join(f"`{name}`" for name in table.FAMILIES) for table in (releases, roles)]
    assert f"families: {'; '.join(families)}. " in said
    assert f"`{' '.join(f'{{{name}}}' for name in PLACEHOLDERS)}`" in said
