"""The recipe names files that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOWTO = ROOT / "docs" / "requirements-howto.md"
NAMED = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|pyproject\.toml)`", HOWTO.read_text(encoding="utf-8"))


def test_the_files_in_the_recipe_exist() -> None:
    assert len(NAMED) > 30
    assert [name for name in NAMED if not (ROOT / name).exists()] == []


def test_the_names_in_the_recipe_are_those_of_the_code() -> None:
    text = HOWTO.read_text(encoding="utf-8")
    assert "`UnreadableError`" in text
    assert "class UnreadableError" in (ROOT / "certaudit" / "loaders" / "source.py").read_text(encoding="utf-8")
    for module in ("loaders", "reports"):
        assert "FORMATS" in (ROOT / "certaudit" / module / "__init__.py").read_text(encoding="utf-8")
