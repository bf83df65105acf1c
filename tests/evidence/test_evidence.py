"""Evidence of several owners put together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from certaudit.evidence import CertificateEntry, Evidence, Input, Provenance, SiteEvidence
from tests.builder import certificate

ENTRY = CertificateEntry(certificate(), Provenance("a.pfx"))
OPENED = Input("a.pfx", "pkcs12", sha256="AA", certificates=(ENTRY,))
CLOSED = Input("a.pfx", "pkcs12", sha256="AA", error="a.pfx does not open.")


def together(*inputs: Input) -> tuple[Input, ...]:
    systems = {("site-system", str(number)): Evidence((item,)) for number, item in enumerate(inputs)}
    return SiteEvidence(systems).inputs


def test_an_input_that_several_owners_name_is_there_once() -> None:
    assert together(OPENED, OPENED) == (OPENED,)


def test_what_one_owner_could_not_open_stays_unread_though_another_could() -> None:
    for inputs in ((OPENED, CLOSED), (CLOSED, OPENED)):
        (item,) = together(*inputs)
        assert item.error == "a.pfx does not open."
        assert item.certificates == (ENTRY,)


def test_two_files_that_bear_one_name_are_two_inputs() -> None:
    other = Input("a.pfx", "x509-der", sha256="BB")
    assert together(OPENED, other) == (OPENED, other)


DESCRIBING = {"path", "format", "sha256", "size", "error", "remarks", "losses"}
KINDS = [item.name for item in fields(Input) if item.name not in DESCRIBING]


@dataclass(frozen=True, slots=True)
class LaterInput(Input):
    """An input of a later day, which can hold one kind of evidence more."""

    templates: tuple[str, ...] = ()


def holding(kind: str) -> Input:
    """An input that holds something of one kind."""
    found: dict[str, Any] = {kind: ("something",)}
    return Input("a", "x", sha256="AA", **found)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_an_input_can_hold_is_evidence(kind: str) -> None:
    assert Input("a", "x").evidence == {}
    assert holding(kind).evidence == {kind: ("something",)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_one_owner_found_in_a_file_is_kept_whatever_it_is(kind: str) -> None:
    found = replace(holding(kind), error="It does not open.", losses=("A part is lost.",))
    bare = Input("a", "x", sha256="AA")
    for inputs in ((found, bare), (bare, found)):
        (item,) = together(*inputs)
        assert (item.evidence, item.losses) == (found.evidence, found.losses)


def test_a_new_kind_of_evidence_needs_no_second_place() -> None:
    found = LaterInput("a", "x", sha256="AA", templates=("one",), error="It does not open.")
    assert found.evidence == {"templates": ("one",)}
    for inputs in ((found, LaterInput("a", "x", sha256="AA")), (LaterInput("a", "x", sha256="AA"), found)):
        (item,) = together(*inputs)
        assert item.evidence == found.evidence
