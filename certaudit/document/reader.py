"""Reads a JSON report back, whoever wrote it: its shape is checked and its text made inert before any use."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from certaudit.document.inert_json import made_inert
from certaudit.document.judge import contradiction
from certaudit.document.report_objects import SCHEMA, Document
from certaudit.document.vocabulary import Limit
from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.site.named_file import contents_of

MAX_BYTES = 1024 * 1024 * 1024


def read_document(path: Path) -> Document:
    """The report in the file at `path`. Raises UsageError where it is no report, or one of another schema."""
    where, data = printable(str(path)), contents_of(path, MAX_BYTES, "report")
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{where}: is no JSON report; `certaudit audit SITE.toml --format json=FILE` writes one"
        ) from error
    return checked(value, where)


def checked(value: Any, where: str) -> Document:
    """`value` as a report. Raises UsageError that names `where` and the first thing that is not as it must be: in its
    form, or by what follows from the rest of the report."""
    schema = value.get("schema") if isinstance(value, dict) else None
    if not isinstance(schema, str):
        raise UsageError(f"{where}: is no certaudit report: it has no 'schema'")
    if schema != SCHEMA:
        raise UsageError(f"{where}: is a {printable(schema[:60])}, and {SCHEMA} is expected; audit again to compare")
    fault = _fault(value, Document, "")
    if fault is not None:
        raise UsageError(f"{where}: is no whole {SCHEMA}: {fault}")
    document: Document = made_inert(value)
    wrong = contradiction(document)
    if wrong is not None:
        raise UsageError(f"{where}: was altered since: its '{wrong}' does not follow from its findings; audit again")
    return document


def _fault(value: Any, kind: Any, at: str) -> str | None:
    """The first thing in `value` that is not of the type `kind`; unknown keys are let pass, since reports grow."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _object_fault(value, kind, at)
    if origin is Annotated:
        return _fault(value, arguments[0], at) or _limit_fault(value, arguments[1], at)
    if origin is NotRequired:
        return _fault(value, arguments[0], at)
    if origin in (Union, types.UnionType):
        faults = [_fault(value, argument, at) for argument in arguments]
        return None if None in faults else faults[0]
    if origin is list:
        if not isinstance(value, list):
            return f"{at} must be a list"
        return _first(_fault(item, arguments[0], f"{at}[{number}]") for number, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            return f"{at} must be an object"
        return _first(_fault(item, arguments[1], f"{at} member") for item in value.values())
    wanted = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return None if wanted else f"{at} must be of type {'null' if kind is types.NoneType else kind.__name__}"


_HINTS: dict[Any, dict[str, Any]] = {}


def _object_fault(value: Any, kind: Any, at: str) -> str | None:
    if not isinstance(value, dict):
        return f"{at or 'it'} must be an object"
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind, include_extras=True)
    for key, expected in _HINTS[kind].items():
        place = f"{at}.{key}".lstrip(".")
        if key in value:
            fault = _fault(value[key], expected, place)
            if fault is not None:
                return fault
        elif get_origin(expected) is not NotRequired:
            return f"{place} is missing"
    return None


def _limit_fault(value: str, limit: Limit, at: str) -> str | None:
    if limit.pattern is not None and not re.fullmatch(limit.pattern, value):
        return f"{at} is not of the form {limit.pattern}"
    if limit.words and value not in limit.words:
        return f"{at} must be one of {', '.join(limit.words)}"
    return None


def _first(faults: Iterable[str | None]) -> str | None:
    return next((fault for fault in faults if fault is not None), None)
