"""Clauses of security frameworks that requirements speak to: data in controls.toml, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from certaudit.site.toml_table import Table, read_toml

STRENGTHS = ("direct", "supporting")


class Framework(NamedTuple):
    """A framework: what it is called, where it is published, and what its clauses were read in."""

    id: str
    title: str
    url: str
    source: str


class Control(NamedTuple):
    """A clause. `strength` is "direct" where its own words cover the requirement, else "supporting"."""

    framework: Framework
    id: str
    title: str
    strength: str


class ControlMap(NamedTuple):
    """All frameworks, and the clauses of each requirement id, or of a whole subject (`eku.*`)."""

    frameworks: dict[str, Framework]
    mappings: dict[str, tuple[Control, ...]]

    def of(self, requirement_id: str) -> tuple[Control, ...]:
        """The clauses of a requirement, or else of its subject; empty where neither has any."""
        subject = requirement_id.partition(".")[0]
        return self.mappings.get(requirement_id) or self.mappings.get(f"{subject}.*", ())


@cache
def read_controls(path: Path = Path(__file__).parent / "controls.toml") -> ControlMap:
    """The map in the file at `path`. Raises UsageError."""
    top = read_toml(path)
    frameworks = {framework.id: framework for framework in map(_framework, top.tables("framework"))}
    titles = {
        f"{framework}:{clause}": title
        for framework, clauses in top.mapping("controls").items()
        for clause, title in clauses.items()
    }
    mappings: dict[str, tuple[Control, ...]] = {}
    for table in top.tables("mapping"):
        table.required_text("why")
        controls = tuple(
            _control(table, name, strength, frameworks, titles)
            for strength in STRENGTHS
            for name in table.texts(strength, tuple(titles))
        )
        for pattern in table.texts("requirements"):
            if pattern in mappings:
                table.fail(f"'{pattern}' is mapped twice; put its clauses together")
            mappings[pattern] = controls
        table.close()
    top.close()
    return ControlMap(frameworks, mappings)


def _framework(table: Table) -> Framework:
    framework = Framework(*(table.required_text(key) for key in ("id", "title", "url", "source")))
    table.close()
    return framework


def _control(
    table: Table, name: str, strength: str, frameworks: dict[str, Framework], titles: dict[str, str]
) -> Control:
    framework, _, clause = name.partition(":")
    if framework not in frameworks:
        table.fail(f"'{name}' is of a framework that is not described")
    return Control(frameworks[framework], clause, titles[name], strength)
