"""The limits of the loaders stand in one table, and the formats are what the table of formats says."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from certaudit import loaders
from certaudit.loaders import limits
from certaudit.loaders.protocol import Container, Leaf

FOLDER = Path(loaders.__file__).parent
TABLE = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body


def assigned(tree: ast.AST) -> set[str]:
    """The names that are given a value."""
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return {node.id for node in stored}


def test_no_limit_stands_elsewhere() -> None:
    elsewhere = {
        f"{path.relative_to(FOLDER)}: {name}"
        for path in FOLDER.rglob("*.py")
        if path.name != "limits.py"
        for name in assigned(ast.parse(path.read_text(encoding="utf-8")))
        if "MAX_" in name
    }
    assert elsewhere == set()


def test_every_limit_says_what_it_is_for_and_is_kept_to() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py") if path.name != "limits.py")
    for statement, after in zip(TABLE, [*TABLE[1:], None], strict=True):
        for name in assigned(statement):
            if name.startswith("MAX_"):
                assert isinstance(after, ast.Expr), name
                assert f"limits.{name}" in code


@pytest.mark.parametrize("name", loaders.FORMATS)
def test_a_format_is_evidence_or_holds_files(name: str) -> None:
    module = importlib.import_module(f"certaudit.loaders.{name}")
    assert isinstance(module, Leaf) != isinstance(module, Container)
