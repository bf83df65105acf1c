"""JSON Schema (draft 2020-12) of the JSON documents, made from their types, so that the two cannot part."""

from __future__ import annotations

import types
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from certaudit.document.report_objects import Document
from certaudit.document.vocabulary import Limit
from certaudit.reports.chain import ChainDocument
from certaudit.reports.diff import DiffDocument
from certaudit.reports.inventory import InventoryDocument
from certaudit.reports.media import MediaDocument

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: dict[str, type] = {
    "report": Document,
    "inventory": InventoryDocument,
    "chain": ChainDocument,
    "media": MediaDocument,
    "diff": DiffDocument,
}
"""The types of the published documents, by the first word of the file in docs/ that describes them."""

_PLAIN: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", types.NoneType: "null"}


def schema_of(name: str) -> dict[str, Any]:
    """The schema of the document `name`, a key of DOCUMENTS."""
    parts: dict[str, Any] = {}
    top = _schema(DOCUMENTS[name], parts)
    return {"$schema": DRAFT, "title": f"certaudit {name}", **top, "$defs": dict(sorted(parts.items()))}


def _schema(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """The schema of one type; objects are put into `parts` and named."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        name: str = kind.__name__
        if name not in parts:
            parts[name] = {}
            parts[name] = _object(kind, parts)
        return {"$ref": f"#/$defs/{name}"}
    if origin is Annotated:
        return _schema(arguments[0], parts) | _limit(arguments[1])
    if origin is NotRequired:
        return _schema(arguments[0], parts)
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0], parts)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1], parts)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, parts) for argument in arguments]}
    return {"type": _PLAIN[kind]}


def _limit(limit: Limit) -> dict[str, Any]:
    if limit.pattern is not None:
        return {"pattern": limit.pattern}
    return {"enum": list(limit.words)} if len(limit.words) > 1 else {"const": limit.words[0]}


def _object(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": " ".join(kind.__doc__.split()),
        "properties": {key: _schema(value, parts) for key, value in hints.items()},
        "required": [key for key, value in hints.items() if get_origin(value) is not NotRequired],
        "additionalProperties": False,
    }
