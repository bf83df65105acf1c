"""JSON as text: the report, and what other documents are written with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from certaudit.document.report_objects import Document
from certaudit.reports import Options


def write(document: Document, options: Options) -> bytes:
    """The document as JSON text; ASCII, keys in the order of the schema, each finding and certificate on one line.

    Indented all the way, the report on a large site would be half as large again. It is put together in one buffer,
    because that on thousands of certificates has hundreds of megabytes.
    """
    buffer = BytesIO()
    for piece in _pieces(document):
        buffer.write(piece.encode("ascii"))
    return buffer.getvalue()


def _pieces(document: Document) -> Iterator[str]:
    before = "{\n"
    for key, value in document.items():
        yield f"{before}  {json.dumps(key)}: "
        yield from _lines(value) if isinstance(value, list) and value else [_line(value)]
        before = ",\n"
    yield "\n}\n"


def _lines(items: list[object]) -> Iterator[str]:
    yield f"[\n    {_line(items[0])}"
    for item in items[1:]:
        yield f",\n    {_line(item)}"
    yield "\n  ]"


def _line(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def dump(value: Mapping[str, Any]) -> str:
    """JSON text with nothing in it but ASCII: what is in a name cannot do harm in a terminal or in a log."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"
