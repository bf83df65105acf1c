"""JSON as text: the report, and what other documents are written with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from certaudit.document.report_objects import Document
from certaudit.reports import Options


def write(document: Document, options: Options) -> str:
    """The document as JSON text; ASCII, keys in the order of the schema, each finding and certificate on one line.

    Indented all the way, the report on a large site would be half as large again.
    """
    members = (f"  {json.dumps(key)}: {_member(value)}" for key, value in document.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def _member(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, allow_nan=False)
    return "[\n    " + ",\n    ".join(json.dumps(item, allow_nan=False) for item in value) + "\n  ]"


def dump(value: Mapping[str, Any]) -> str:
    """JSON text with nothing in it but ASCII: what is in a name cannot do harm in a terminal or in a log."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"
