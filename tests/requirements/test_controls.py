"""Every requirement has its clauses, and every clause is of a framework that is described."""

from __future__ import annotations

from pathlib import Path

import pytest

from certaudit.errors import UsageError
from certaudit.requirements.catalogue import ID_SUBJECTS, read_catalogue
from certaudit.requirements.controls import read_controls

FRAMEWORK = """
[[framework]]
id = "f"
title = "F"
url = "u"
source = "s"
[controls.f]
"1" = "One"
"""


def test_every_requirement_is_mapped() -> None:
    controls = read_controls()
    unmapped = {row.id for row in read_catalogue().requirements if not controls.of(row.id)}
    assert not unmapped


def test_every_subject_is_mapped() -> None:
    assert all(read_controls().of(f"{subject}.some-new-requirement") for subject in ID_SUBJECTS)


def test_every_mapping_has_a_clause_whose_own_words_cover_it() -> None:
    for pattern, controls in read_controls().mappings.items():
        assert any(control.strength == "direct" for control in controls), pattern


def test_every_exact_id_is_a_requirement() -> None:
    ids = {row.id for row in read_catalogue().requirements}
    exact = {pattern for pattern in read_controls().mappings if "*" not in pattern}
    assert exact <= ids


def test_every_clause_is_used() -> None:
    used = {(control.framework.id, control.id) for found in read_controls().mappings.values() for control in found}
    assert len(used) > 30
    assert {framework for framework, _ in used} == set(read_controls().frameworks)


def test_the_longest_pattern_alone_counts(tmp_path: Path) -> None:
    path = tmp_path / "controls.toml"
    path.write_text(
        FRAMEWORK
        + """"2" = "Two"
[[mapping]]
requirements = ["eku.*"]
why = "w"
direct = ["f:1"]
[[mapping]]
requirements = ["eku.present"]
why = "w"
supporting = ["f:2"]
"""
    )
    controls = read_controls(path)
    assert [(control.id, control.strength) for control in controls.of("eku.present")] == [("2", "supporting")]
    assert [(control.id, control.strength) for control in controls.of("eku.other")] == [("1", "direct")]
    assert controls.of("name.other") == ()


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ('requirements = ["a.*"]\nwhy = "w"\ndirect = ["f:9"]', "must be one of"),
        ('requirements = ["a.*"]\nwhy = "w"\ndirect = ["f:1"]\nnonsense = 1', "unknown key"),
        ('requirements = ["a.*", "a.*"]\nwhy = "w"\ndirect = ["f:1"]', "mapped twice"),
        ('requirements = ["a.*"]\ndirect = ["f:1"]', "'why' is missing"),
    ],
)
def test_a_faulty_map_is_refused(tmp_path: Path, mapping: str, words: str) -> None:
    path = tmp_path / "controls.toml"
    path.write_text(f"{FRAMEWORK}\n[[mapping]]\n{mapping}\n")
    with pytest.raises(UsageError, match=words):
        read_controls(path)
