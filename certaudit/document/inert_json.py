"""JSON values in which no text can do harm, wherever they come from."""

from __future__ import annotations

from operator import is_
from typing import Any, TypeVar

from certaudit.printable import inert

T = TypeVar("T")


def made_inert(value: T) -> T:
    """A JSON value in which no text can do harm, its keys included; `value` itself where that is so already."""
    if all(inert(text) == text for text in _texts(value)):
        return value
    made: T = _inert(value)
    return made


def _texts(value: object) -> set[str]:
    """Every text in a JSON value, each once: reports repeat most of theirs hundreds of times, and share lists."""
    texts: set[str] = set()
    lists: set[int] = set()
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            texts.add(item)
        elif isinstance(item, dict):
            texts.update(item)
            waiting.extend(item.values())
        elif isinstance(item, list) and id(item) not in lists:
            lists.add(id(item))
            waiting.extend(item)
    return texts


def _inert(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, list):
        items = [_inert(item) for item in value]
        return value if all(map(is_, items, value)) else items
    if isinstance(value, dict):
        members = {inert(key): _inert(item) for key, item in value.items()}
        same = all(map(is_, members.values(), value.values())) and members.keys() == value.keys()
        return value if same else members
    return value
