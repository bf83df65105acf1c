"""README and documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from certaudit.cli import COMMANDS, cli
from certaudit.site.manifest import read_manifest
from certaudit.site.releases import RELEASES
from certaudit.site.roles import CERTIFICATE_ROLES, SITE_SYSTEM_ROLES
from tests.readme import README, renewed

ROOT = README.parent
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_shows_what_certaudit_prints() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == renewed(text), "python -m tests.readme writes the output anew"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command: str) -> None:
    assert f"certaudit {command}" in README.read_text(encoding="utf-8")
    assert f"certaudit {command}" in (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    loaded = cli.commands.get(command) or cli.get_command(None, command)  # type: ignore[arg-type]
    assert loaded is not None
    assert "Example" in (loaded.help or "")
    assert f"certaudit {command}" in (loaded.help or "")


@pytest.mark.parametrize("word", [*RELEASES, *SITE_SYSTEM_ROLES])
def test_every_word_of_the_manifest_is_described(word: str) -> None:
    assert word in (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [0, 1], ids=["small", "whole"])
def test_the_examples_of_the_manifest_are_manifests(tmp_path: Path, number: int) -> None:
    text = (ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, re.S)[number]
    (tmp_path / "site.toml").write_text(example.replace("3F2A…", "3F2A" * 10), encoding="utf-8")
    site = read_manifest(tmp_path / "site.toml")
    assert {role for system in site.systems for role in system.pins} <= set(CERTIFICATE_ROLES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
