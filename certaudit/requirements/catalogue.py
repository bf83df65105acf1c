"""Reads the rows, and refuses a row that is not whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from certaudit.requirements.requirement import (
    PLACEHOLDERS,
    SUBJECTS,
    Citation,
    Confidence,
    Requirement,
    Severity,
    placeholders,
)
from certaudit.site import releases, roles
from certaudit.site.releases import MODES, of_product
from certaudit.site.toml_table import Table, read_toml

BUILT_IN = Path(__file__).parent
AUTHORITIES = {
    "configmgr-2007": of_product("2007"),
    "configmgr-2012": of_product("2012", "current-branch"),  # its rows that still hold are those of current branch
    "current-branch": of_product("current-branch"),
    "x509": releases.RELEASES,
}
"""The folders of built-in rows, and the releases that their rows may name."""
READ = {"text": "", "part": ", read in part", "second-hand": ", known second-hand", "memory": ", from memory"}
"""How a document was read, and what a citation says of it."""
ID_SUBJECTS = (
    "key-usage",
    "eku",
    "name",
    "public-key",
    "signature",
    "private-key",
    "template",
    "validity",
    "chain",
    "revocation",
    "store",
    "identity",
    "coverage",
    "media",
    "pfx",
    "osd",
    "site",
    "input",
)


class _File(NamedTuple):
    """A file of rows, the name that the catalogue has for it, and its SHA-256."""

    name: str
    rows: tuple[Requirement, ...]
    digest: str


@dataclass(frozen=True)
class Catalogue:
    """All requirements, and the SHA-256 (upper-case hexadecimal) of each file that they come from, by its name."""

    requirements: tuple[Requirement, ...]
    files: dict[str, str]

    def of_release(self, release: str) -> tuple[Requirement, ...]:
        """The requirements that hold for `release`, in order of their ids."""
        return tuple(row for row in self.requirements if release in row.releases)

    def named(self, requirement_id: str) -> tuple[Requirement, ...]:
        """Every variant of a requirement; empty where there is none of that id."""
        return tuple(row for row in self.requirements if row.id == requirement_id)


def read_catalogue(additional: Iterable[Path] = (), release: str | None = None) -> Catalogue:
    """The built-in rows and those of `additional` files. Raises UsageError.

    With `release`, the folders of built-in rows that say nothing about that release are not read.
    """
    folders = [name for name, releases in AUTHORITIES.items() if release is None or release in releases]
    read = [file for name in folders for file in _built_in(name)] + [_read(path, path.name) for path in additional]
    rows = [row for file in read for row in file.rows]
    rows.sort(key=lambda row: (row.id, sorted(row.releases), sorted(row.roles)))
    _refuse_overlaps(rows)
    return Catalogue(tuple(rows), {file.name: file.digest for file in read})


@cache
def _built_in(folder: str) -> tuple[_File, ...]:
    """The files of a folder of built-in rows, which are read once."""
    return tuple(_read(path, f"{folder}/{path.name}") for path in sorted((BUILT_IN / folder).glob("*.toml")))


def _read(path: Path, name: str) -> _File:
    top = read_toml(path)
    known = _known_sources() | _sources(top)
    rows = tuple(_requirement(table, known, _known_remedies()) for table in top.tables("requirement"))
    top.close()
    return _File(name, rows, hashlib.sha256(path.read_bytes()).hexdigest().upper())


@cache
def _known_sources() -> dict[str, tuple[str, str | None]]:
    return _sources(read_toml(BUILT_IN / "sources.toml"))


@cache
def _known_remedies() -> dict[str, dict[str, str]]:
    return _remedies(read_toml(BUILT_IN / "remedies.toml"))


def _sources(top: Table) -> dict[str, tuple[str, str | None]]:
    """(title with how it was read, URL) of the documents that a file lists, by their code."""
    documents = {}
    for table in top.tables("source"):
        title = table.required_text("title") + READ[table.choice("read", tuple(READ), "text")]
        documents[table.required_text("id")] = title, table.optional_text("url")
        table.close()
    return documents


def _remedies(top: Table) -> dict[str, dict[str, str]]:
    """The tables of remedies by their names: for each cause what to do."""
    found = {}
    for name in top:
        table = top.table(name)
        found[name] = {cause: _template(table, cause) for cause in table}
    return found


def _requirement(
    table: Table, sources: dict[str, tuple[str, str | None]], remedies: dict[str, dict[str, str]]
) -> Requirement:
    held_in = _releases(table)
    row = Requirement(
        id=_id(table),
        title=table.required_text("title"),
        subject=table.choice("subject", SUBJECTS, "certificate"),
        releases=held_in,
        roles=_roles(table, held_in),
        modes=frozenset(table.texts("modes", MODES) or MODES),
        unused_roots=table.boolean("unused_roots", False),
        check=table.required_text("check"),
        parameters=table.mapping("parameters"),
        severity=Severity(table.choice("severity", tuple(Severity))),
        confidence=Confidence(table.choice("confidence", tuple(Confidence))),
        citations=_citations(table, sources),
        consequence=_template(table, "consequence"),
        remediation=_template(table, "remediation"),
        remedies=remedies[table.choice("remedies", tuple(remedies))] if "remedies" in table else {},
        where=table.where,
    )
    if row.subject == "certificate" and not row.roles:
        table.fail("key 'roles' must name the certificate roles that the requirement is about")
    if row.unused_roots and "root-ca" not in row.roles:
        table.fail("key 'unused_roots' is for requirements about the role root-ca")
    table.close()
    return row


def _id(table: Table) -> str:
    text = table.required_text("id")
    if not re.fullmatch(rf"({'|'.join(ID_SUBJECTS)})\.[a-z0-9]+(-[a-z0-9]+)*", text):
        table.fail(f"id must be <subject>.<what-must-hold> in lower case, the subject one of {', '.join(ID_SUBJECTS)}")
    return text


def _releases(table: Table) -> frozenset[str]:
    """The releases of a row, single or by family."""
    words = table.texts("releases", (*releases.RELEASES, *releases.FAMILIES))
    if not words:
        table.fail(f"key 'releases' must name at least one release, or a family: {', '.join(releases.FAMILIES)}")
    return releases.expanded(words)


def _roles(table: Table, held_in: frozenset[str]) -> frozenset[str]:
    """The certificate roles of a row for these releases, single or by family, without those of `roles_except`."""
    known = (*roles.CERTIFICATE_ROLES, *roles.FAMILIES)
    named = roles.expanded(table.texts("roles", known), held_in)
    excepted = roles.expanded(table.texts("roles_except", known), held_in)
    if excepted - named:
        table.fail(f"key 'roles_except' takes out what 'roles' does not name: {', '.join(sorted(excepted - named))}")
    return named - excepted


def _citations(table: Table, sources: dict[str, tuple[str, str | None]]) -> tuple[Citation, ...]:
    found = []
    for entry in table.tables("citations"):
        code = entry.required_text("source")
        entry.check_choice("source", code, tuple(sources))
        title, url = sources[code]
        found.append(Citation(title, entry.required_text("clause"), url))
        entry.close()
    if not found:
        table.fail("key 'citations' must name at least one document and its clause")
    return tuple(found)


def _template(table: Table, key: str) -> str:
    text = " ".join(table.required_text(key).split())
    for name in sorted(placeholders(text) - set(PLACEHOLDERS)):
        table.fail(f"{key} has the unknown placeholder {{{name}}}; known are {', '.join(PLACEHOLDERS)}")
    return text


def _refuse_overlaps(rows: list[Requirement]) -> None:
    """One id may have variants, but no two of them for the same release and role: fingerprints would collide."""
    seen: dict[tuple[str, str, str], Requirement] = {}
    for row in rows:
        for release in row.releases:
            for role in row.roles or {""}:
                other = seen.setdefault((row.id, release, role), row)
                if other is not row:
                    Table({}, row.where).fail(f"overlaps {other.where} for {release} {role}".rstrip())
