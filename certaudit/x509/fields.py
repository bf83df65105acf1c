"""A field of a certificate or CRL that cannot be read: how that is raised, and the one way to go on without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from certaudit.x509 import der

T = TypeVar("T")
D = TypeVar("D")

_ODD_BYTES = (ValueError, IndexError, KeyError, OverflowError)


class UnreadableFieldError(ValueError):
    """A field that is present and cannot be read: `field` names it, `reason` says why.

    A check that meets one has no answer; the audit reports it as not checked, never as passed.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} cannot be read: {reason}")
        self.field = field
        self.reason = reason


class Reading:
    """A context that turns whatever odd bytes raise inside it into UnreadableFieldError of `field`."""

    __slots__ = ("_field",)

    def __init__(self, field: str) -> None:
        self._field = field

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raises UnreadableFieldError in place of what the bytes raised."""
        if isinstance(error, _ODD_BYTES) and not isinstance(error, UnreadableFieldError):
            raise UnreadableFieldError(self._field, der.reason(error)) from error


def if_readable(read: Callable[[], T], *, otherwise: D) -> T | D:
    """What `read` tells of a certificate or CRL; `otherwise` where a field that it looks at cannot be read.

    `otherwise` is a bias, and stands only where it leads to no pass (docs/decisions/0009-biases-are-named.md).
    """
    try:
        return read()
    except UnreadableFieldError:
        return otherwise
