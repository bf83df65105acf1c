"""What a check answers: pass, fail, not applicable or not checked, with what was observed and what was expected."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The answer of a check."""

    PASS = "pass"
    """It was checked and holds."""

    FAIL = "fail"
    """It was checked and does not hold."""

    NOT_APPLICABLE = "not-applicable"
    """The requirement says nothing about this subject."""

    NOT_CHECKED = "not-checked"
    """The evidence does not tell. Never a pass; the message says what evidence would settle it."""


class Result(NamedTuple):
    """A check's answer about one subject: one sentence, what was observed, what was expected.

    `causes` are the kinds of what is wrong, where the check tells them apart: each may have a remedy of its own.
    """

    status: Status
    message: str
    observed: str | None = None
    expected: str | None = None
    causes: tuple[str, ...] = ()


def passed(observed: str, expected: str, message: str = "as required") -> Result:
    """It holds."""
    return Result(Status.PASS, message, observed, expected)


def failed(message: str, observed: str, expected: str, causes: tuple[str, ...] = ()) -> Result:
    """It does not hold."""
    return Result(Status.FAIL, message, observed, expected, causes)


def not_applicable(message: str) -> Result:
    """The requirement says nothing about this subject."""
    return Result(Status.NOT_APPLICABLE, message)


def not_checked(message: str, expected: str | None = None, causes: tuple[str, ...] = ()) -> Result:
    """It could not be checked; `message` says what evidence would settle it."""
    return Result(Status.NOT_CHECKED, message, None, expected, causes)
