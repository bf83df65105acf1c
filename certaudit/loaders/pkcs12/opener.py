"""Passwords tried on the parts of one PFX: the empty ones first, so that nobody is asked for a password in vain."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from certaudit.loaders.pkcs12.kdf import UnsupportedError
from certaudit.loaders.pkcs12.passwords import ABSENT, EMPTY, Spelling, spellings
from certaudit.loaders.source import Source

T = TypeVar("T")


class ClosedError(ValueError):
    """A part that no password at hand opens."""


class PasswordNeededError(ClosedError):
    """A password is needed, and there is none, or one that cannot be a password; the message is the sentence."""


class Opener:
    """Opens part after part, beginning with the password that opened the last one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: list[Spelling] = [EMPTY, ABSENT]
        self._asked = False
        self.has_opened = False

    def open(self, attempt: Callable[[Spelling], T]) -> tuple[T, Spelling]:
        """What `attempt` makes of the first password with which it does not raise ValueError, and that password.

        Raises UnsupportedError as `attempt` does, PasswordNeededError and ClosedError.
        """
        for candidates in (self._first_known, self._ask):
            for spelling in candidates():
                try:
                    opened = attempt(spelling)
                except UnsupportedError:
                    raise
                except ValueError:
                    continue
                self._known = [spelling, *(other for other in self._known if other != spelling)]
                self.has_opened = True
                return opened, spelling
        raise ClosedError("no password at hand opens it")

    def _first_known(self) -> tuple[Spelling, ...]:
        return tuple(self._known)

    def _ask(self) -> tuple[Spelling, ...]:
        """The spellings of the user's password, once; none where they have been tried."""
        if self._asked:
            return ()
        password = self._source.password(self._source.name)
        if password is None:
            raise PasswordNeededError(
                f"{self._source.shown} needs a password and none was given: "
                "name its password file or environment variable."
            )
        if "\0" in password:
            raise PasswordNeededError(
                f"The password for {self._source.shown} contains a NUL character, which no PKCS #12 program accepts: "
                "correct the password file."
            )
        self._asked = True
        fresh = tuple(spelling for spelling in spellings(password) if spelling not in self._known)
        self._known += fresh
        return fresh
