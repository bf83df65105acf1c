"""Binds a requirement to its check, and refuses parameters that the check's signature does not take."""

from __future__ import annotations

import functools
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, NewType, get_args, get_origin

from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import KINDS
from certaudit.errors import UsageError
from certaudit.findings.result import Result
from certaudit.requirements.requirement import Requirement

Oid = NewType("Oid", str)
"""A dotted object identifier, as a parameter of a check."""

Check = Callable[..., Result]
BoundCheck = Callable[[Any, Context], Result]


def bind(requirement: Requirement, checks: Mapping[str, Check]) -> BoundCheck:
    """The check of `requirement` with its parameters. Raises UsageError where they do not fit."""
    check = checks.get(requirement.check)
    if check is None:
        raise _misfit(requirement, f"there is no check '{requirement.check}'")
    subject, wanted = signature_of(check)
    if not issubclass(KINDS[requirement.subject], subject):
        raise _misfit(requirement, f"check '{requirement.check}' is not about a {requirement.subject}")
    given = dict(requirement.parameters)
    for name, (annotation, required) in wanted.items():
        if name not in given and required:
            raise _misfit(requirement, f"parameter '{name}' of check '{requirement.check}' is missing")
        if name in given:
            given[name] = _typed(requirement, name, given[name], annotation)
    for name in given.keys() - wanted.keys():
        raise _misfit(requirement, f"check '{requirement.check}' takes no parameter '{name}'")
    return functools.partial(check, **given)


@functools.cache
def signature_of(check: Check) -> tuple[tuple[type, ...], dict[str, tuple[Any, bool]]]:
    """The classes of the subject that a check takes, and its parameters: annotation, and whether it is required."""
    hints = typing.get_type_hints(check)
    subject, _context, *parameters = inspect.signature(check).parameters.values()
    annotation = hints[subject.name]
    classes = get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    return classes, {
        parameter.name: (hints[parameter.name], parameter.default is inspect.Parameter.empty)
        for parameter in parameters
    }


def _typed(requirement: Requirement, name: str, value: Any, annotation: Any) -> Any:
    """`value` as the annotation has it: lists become tuples. Raises UsageError where it is of another type."""
    if get_origin(annotation) is Literal:
        if value in get_args(annotation):
            return value
    elif get_origin(annotation) is tuple and isinstance(value, list) and value:
        return tuple(_typed(requirement, name, member, get_args(annotation)[0]) for member in value)
    elif annotation is Oid:
        if isinstance(value, str) and all(part.isdecimal() for part in value.split(".")):
            return value
    elif type(value) is annotation:
        return value
    raise _misfit(requirement, f"parameter '{name}' of check '{requirement.check}' must be {described(annotation)}")


def described(annotation: Any) -> str:
    """What a parameter of that annotation must be, in words."""
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(map(str, get_args(annotation)))
    if get_origin(annotation) is tuple:
        return f"a list, each member {described(get_args(annotation)[0])}"
    names = {int: "a whole number", bool: "true or false", str: "a string", Oid: "a dotted object identifier"}
    return names.get(annotation, str(annotation))


def _misfit(requirement: Requirement, problem: str) -> UsageError:
    return UsageError(f"{requirement.where}: {problem}")
