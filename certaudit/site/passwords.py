"""Where passwords come from: a file, an environment variable, or a prompt. Never the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from certaudit.errors import InputError
from certaudit.printable import printable
from certaudit.site.site import EvidencePath

Prompt = Callable[[str], str | None]
"""Asks for the password of an input by its name; None where there is nobody to ask."""


@dataclass(frozen=True)
class Supplied:
    """A password that is at hand, in a file or in the environment: to ask for it disturbs nobody."""

    answer: Prompt

    def __call__(self, name: str) -> str | None:
        return self.answer(name)


def nobody(name: str) -> str | None:
    """The prompt where there is nobody to ask."""
    return None


def password_of(source: EvidencePath, directory: Path, prompt: Prompt) -> Prompt:
    """What a loader asks for the password of an input of `source`; it may raise InputError."""

    variable, file = source.password_env, source.password_file
    if variable is not None:
        return Supplied(lambda name: _in_environment(variable))
    if file is not None:
        return Supplied(lambda name: _in_file(directory / file, file))
    return prompt


def _in_environment(variable: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        named = _named(variable, _VARIABLE)
        raise InputError(f"needs a password, and environment variable{named} is not set; name one that is")
    return value


def _in_file(path: Path, name: str) -> str:
    """The first line of a password file."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(4096).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        named = _named(name, _FILE)
        raise InputError(f"needs a password, and password file{named} cannot be read: {reason}") from error


def _named(name: str, pattern: re.Pattern[str]) -> str:
    """The name, where it looks like one: somebody may have put the password itself in its place."""
    return f" {printable(name)}" if pattern.fullmatch(name) else ""


_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_FILE = re.compile(r".*[\\/][^\\/]+|.*\.(?:password|passwd|pass|pwd|pw|txt|secret)", re.IGNORECASE | re.DOTALL)
