"""Typed reading of a TOML file: a wrong type or an unknown key is an error that says where, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.site.named_file import contents_of

MAX_BYTES = 4 * 1024 * 1024

Meant = Callable[[str], str | None]
"""What to write instead of a word that is none of the choices, as the end of a sentence; None where nobody knows."""


def read_toml(path: Path) -> Table:
    """The top table of the TOML file at `path`. Raises UsageError."""
    return parse_toml(contents_of(path, MAX_BYTES), printable(str(path)))


def parse_toml(data: bytes, where: str) -> Table:
    """The top table of TOML text that errors call `where`. Raises UsageError."""
    import tomllib  # here, so that `--help` starts without it

    try:
        return Table(tomllib.loads(data.decode("utf-8-sig")), where)
    except UnicodeDecodeError as error:
        raise UsageError(f"{where}: is not UTF-8 text; save it as UTF-8") from error
    except RecursionError as error:
        raise UsageError(f"{where}: its tables or lists lie too deep inside one another") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: is not valid TOML: {printable(str(error))}{_advice(str(error))}") from error


class Table:
    """One table. Each key is asked for by its type; `close()` then refuses the keys that nobody asked for."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self._values = values
        self.where = where
        self._known: list[str] = []

    def fail(self, problem: str) -> NoReturn:
        """Raises UsageError that names this table."""
        raise UsageError(f"{self.where}: {problem}")

    def _get(self, key: str, kind: type | tuple[type, ...], wanted: str, *, required: bool) -> Any:
        self._known.append(key)
        if key not in self._values:
            if required:
                self.fail(f"key {key!r} is missing; {wanted} is expected")
            return None
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fail(f"key {key!r} must be {wanted}, not {_kind(value)}")
        return value

    def text(self, key: str, default: str = "") -> str:
        """A string, or `default` where the key is absent."""
        value: str | None = self._get(key, str, "a string", required=False)
        return default if value is None else value

    def optional_text(self, key: str) -> str | None:
        """A string, or None where the key is absent."""
        value: str | None = self._get(key, str, "a string", required=False)
        return value

    def required_text(self, key: str) -> str:
        """A string that is not empty."""
        value: str = self._get(key, str, "a string", required=True)
        if not value.strip():
            self.fail(f"key {key!r} must not be empty")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None, meant: Meant | None = None) -> str:
        """One of `choices`; `default` where the key is absent and a default is given."""
        value: str | None = self._get(key, str, f"one of {', '.join(choices)}", required=default is None)
        if value is None:
            assert default is not None
            return default
        self.check_choice(key, value, choices, meant)
        return value

    def check_choice(self, key: str, value: str, choices: tuple[str, ...], meant: Meant | None = None) -> None:
        """Raises UsageError where `value` is none of `choices`; `meant` says what to write instead of one."""
        if value not in choices:
            told = meant(value) if meant else None
            if told == f"; write '{value}'":
                told = "; that is a word for something else"
            hint = (told or _typo(value, choices)) if meant else _nearest(value, choices)
            self.fail(f"key {key!r} must be one of {', '.join(choices)}, not '{printable(value)}'{hint}")

    def boolean(self, key: str, default: bool) -> bool:
        """true or false, or `default` where the key is absent."""
        value: bool | None = self._get(key, bool, "true or false", required=False)
        return default if value is None else value

    def texts(self, key: str, choices: tuple[str, ...] | None = None, meant: Meant | None = None) -> tuple[str, ...]:
        """A list of strings, each one of `choices` where they are given; empty where the key is absent."""
        values = self._get(key, list, "a list of strings", required=False) or []
        for value in values:
            if not isinstance(value, str):
                self.fail(f"key {key!r} must be a list of strings, and holds {_kind(value)}")
            if choices is not None:
                self.check_choice(key, value, choices, meant)
        return tuple(values)

    def items(self, key: str) -> tuple[Any, ...]:
        """A list of anything; empty where the key is absent."""
        return tuple(self._get(key, list, "a list", required=False) or ())

    def instant(self, key: str, *, end_of_day: bool = False) -> datetime | None:
        """A date-time in UTC (one without a zone is taken as UTC), or None.

        A bare date is its first instant, or its last second with `end_of_day`.
        """
        value = self._get(key, (datetime, date), "a date or a date-time such as 2010-03-01T00:00:00Z", required=False)
        if value is None:
            return None
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(23, 59, 59) if end_of_day else time(0))
        try:
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except OverflowError:
            self.fail(f"key {key!r} lies outside of the years 1 to 9999 in UTC")

    def table(self, key: str) -> Table:
        """A sub-table, empty where the key is absent."""
        return Table(self._get(key, dict, "a table", required=False) or {}, f"{self.where}: [{key}]")

    def tables(self, key: str) -> Iterator[Table]:
        """The members of an array of tables."""
        values = self._get(key, list, f"an array of tables ([[{key}]])", required=False) or []
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                self.fail(f"key {key!r} must be an array of tables ([[{key}]]), and holds {_kind(value)}")
            label = value.get("name") or value.get("id")
            label = f"'{printable(label)}'" if isinstance(label, str) else f"number {number}"
            yield Table(value, f"{self.where}: [[{key}]] {label}")

    def mapping(self, key: str) -> dict[str, Any]:
        """A sub-table as it is, empty where the key is absent."""
        return dict(self._get(key, dict, "a table", required=False) or {})

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def close(self) -> None:
        """Raises UsageError where the table has a key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                self.fail(f"unknown key '{printable(key)}'{_nearest(key, tuple(self._known))}")


def _advice(problem: str) -> str:
    """What to do about the two mistakes that everybody makes first."""
    if problem.startswith(("Unescaped", "Invalid hex value")):
        return "; write Windows paths in single quotes, 'C:\\certs\\mp01.reg', or with /"
    if problem.startswith("Invalid value (at line"):
        return "; text stands in quotes"
    return ""


def _nearest(word: str, choices: tuple[str, ...], cutoff: float = 0.5) -> str:
    import difflib

    matches = difflib.get_close_matches(word, choices, n=1, cutoff=cutoff)
    return f"; did you mean '{matches[0]}'?" if matches else ""


def _typo(word: str, choices: tuple[str, ...]) -> str:
    """The choice that is all but spelt so, and has the numbers of the word or their beginnings: what merely looks like
    one, as 2016 looks like 2012, means another."""
    numbers = re.findall(r"\d+", word)
    alike = []
    for choice in choices:
        its = re.findall(r"\d+", choice)
        if len(its) == len(numbers) and all(map(str.startswith, numbers, its)):
            alike.append(choice)
    return _nearest(word.casefold(), tuple(alike), cutoff=0.85)


def _kind(value: object) -> str:
    names = {
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date")
