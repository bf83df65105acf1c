"""Writes the JSON Schemas beside this file: `python docs/make_schemas.py`. A test fails where they are out of date."""

from __future__ import annotations

import json
from pathlib import Path

from certaudit.reports.schema import DOCUMENTS, schema_of

for name in DOCUMENTS:
    text = json.dumps(schema_of(name), indent=2) + "\n"
    (Path(__file__).parent / f"{name}.schema.json").write_text(text, encoding="utf-8")
