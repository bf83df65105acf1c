"""The published JSON Schemas: in date, and what is written keeps to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from certaudit.cli import run
from certaudit.document.report_objects import Document
from certaudit.reports.schema import DOCUMENTS, schema_of

ROOT = Path(__file__).parents[2]


def published(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / f"docs/{name}.schema.json").read_text("utf-8"))
    return schema


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_published_is_in_date(name: str) -> None:
    Draft202012Validator.check_schema(published(name))
    assert published(name) == schema_of(name), "run `python docs/make_schemas.py`"


def test_reports_keep_to_the_schema(sound: Document, broken: Document) -> None:
    validator = Draft202012Validator(published("report"))
    validator.validate(sound)
    validator.validate(broken)


def test_an_inventory_and_a_chain_keep_to_their_schemas(tmp_path: Path) -> None:
    site = ROOT / "fixtures/contoso"
    run(["inventory", str(site), "--format", f"json={tmp_path / 'inventory'}"])
    Draft202012Validator(published("inventory")).validate(json.loads((tmp_path / "inventory").read_text()))
    leaf = str(site / "clients/pda0007/pda0007.cer")
    trust = ["--root", str(site / "roots"), "--intermediate", str(site / "ca"), "--crl", str(site / "crl")]
    code = run(["chain", leaf, *trust, "--as-of", "2010-03-01", "--format", f"json={tmp_path / 'chain'}"])
    assert code == 0
    Draft202012Validator(published("chain")).validate(json.loads((tmp_path / "chain").read_text()))


def test_an_unknown_field_is_no_part_of_a_report(sound: Document) -> None:
    with pytest.raises(ValidationError, match="surprise"):
        Draft202012Validator(published("report")).validate({**sound, "surprise": 1})
