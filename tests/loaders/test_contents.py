"""What one file holds, taken up piece by piece."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from certaudit.evidence import CertificateEntry, CrlEntry, Input, Pfx
from certaudit.loaders import contents as module
from certaudit.loaders.contents import Contents
from certaudit.loaders.source import of_bytes
from tests.evidence.test_evidence import KINDS, LaterInput, holding
from tests.loaders.samples import loaded, read, sample

PFX = Pfx(1, 0, (), password_protected=True)


def absorbed(*parts: Input) -> Input:
    contents = Contents(of_bytes(b"", "file"))
    for part in parts:
        contents.absorb(part)
    return contents.to_input("x")


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_part_can_hold_is_taken_up(kind: str) -> None:
    part = holding(kind)
    assert absorbed(part).evidence == part.evidence


def test_a_new_kind_of_evidence_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where Input did not know it, that would be no silence but a TypeError."""
    part = LaterInput("part", "x", templates=("one",))
    with pytest.raises(TypeError, match="templates"):
        absorbed(part)
    monkeypatch.setattr(module, "Input", LaterInput)
    assert absorbed(part, replace(part, templates=("two",))).evidence == {"templates": ("one", "two")}


def test_a_second_fact_of_one_kind_is_a_loss_that_is_said() -> None:
    item = absorbed(Input("a", "x", pfx=PFX), Input("b", "x", pfx=PFX._replace(keys=2)))
    assert item.pfx == PFX
    assert item.losses == ("There is more than one pfx in the file: only the first was looked at.",)


def test_the_error_of_a_part_is_a_remark_unless_it_is_a_pfx_that_stayed_shut() -> None:
    assert absorbed(sample("leaf.cer"), Input("b", "x", error="It is damaged.")).remarks == ("It is damaged.",)
    assert absorbed(Input("b", "x", pfx=PFX, error="It is shut.")).error == "It is shut."


def test_every_list_is_a_field_of_an_input() -> None:
    assert {item.name for item in fields(Input)} >= module._LISTS


def test_pem_with_everything_keeps_everything() -> None:
    item = loaded(read("leaf.pem") + read("root.crl.pem"), name="all.pem")
    kinds: dict[str, Any] = {kind: {type(entry) for entry in found} for kind, found in item.evidence.items()}
    assert kinds == {"certificates": {CertificateEntry}, "crls": {CrlEntry}}
