"""The catalogue as a whole: every row is whole, fits its check, and stands where a release is looked for."""

from __future__ import annotations

import tomllib

import pytest

from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.printable import inert
from certaudit.requirements.catalogue import AUTHORITIES, BUILT_IN, READ, read_catalogue
from certaudit.requirements.requirement import Confidence, Requirement
from certaudit.site.releases import RELEASES

ROWS = read_catalogue().requirements
SOURCES = tomllib.loads((BUILT_IN / "sources.toml").read_text(encoding="utf-8"))["source"]


def label(row: Requirement) -> str:
    return f"{row.id}:{row.where.rpartition('requirements/')[2].partition(':')[0]}"


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_every_row_fits_its_check(row: Requirement) -> None:
    assert callable(bind(row, CHECKS))


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_every_row_says_where_it_comes_from(row: Requirement) -> None:
    assert row.citations
    assert row.consequence.endswith((".", ")"))
    assert row.remediation.endswith((".", ")"))


def test_every_source_says_how_it_was_read() -> None:
    assert [source["id"] for source in SOURCES if source.get("read") not in READ] == []


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_nothing_is_documented_from_memory_alone(row: Requirement) -> None:
    from_memory = all(citation.document.endswith(READ["memory"]) for citation in row.citations)
    assert not from_memory or row.confidence in {Confidence.INFERRED, Confidence.UNVERIFIED}


def test_every_check_serves_a_row() -> None:
    assert sorted(CHECKS.keys() - {row.check for row in ROWS}) == []


def test_a_folder_holds_rows_of_its_releases_only() -> None:
    for folder, releases in AUTHORITIES.items():
        rows = [row for row in ROWS if f"requirements/{folder}/" in row.where]
        assert rows, folder
        assert [row.id for row in rows if not row.releases <= set(releases)] == []


def test_no_folder_is_forgotten() -> None:
    assert {path.parent.name for path in BUILT_IN.glob("*/*.toml")} == set(AUTHORITIES)


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_is_read_whole_without_the_folders_of_others(release: str) -> None:
    partly = {(row.id, row.where) for row in read_catalogue(release=release).of_release(release)}
    assert partly == {(row.id, row.where) for row in ROWS if release in row.releases}


def test_the_texts_of_the_rows_are_inert_as_they_are() -> None:
    for row in read_catalogue().requirements:
        for text in (row.title, row.consequence, row.remediation, *row.remedies.values(), *map(str, row.citations)):
            assert inert(text) == text, row.where
