"""Running certaudit as a user does, without a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from certaudit.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command did: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str


Certaudit = Callable[..., Outcome]


@pytest.fixture
def certaudit(capfdbinary: pytest.CaptureFixture[bytes]) -> Certaudit:
    """Runs the command line with the arguments given."""

    def command(*arguments: object) -> Outcome:
        code = run([str(argument) for argument in arguments])
        captured = capfdbinary.readouterr()
        return Outcome(code, captured.out.decode(), captured.err.decode())

    return command
