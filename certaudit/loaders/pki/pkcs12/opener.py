"""Passwords tried on the parts of one PFX: the one at hand, or else the empty ones, so that nobody is asked in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from certaudit.loaders.pki.pkcs12.kdf import Budget, UnsupportedError
from certaudit.loaders.pki.pkcs12.passwords import (
    ABSENT,
    EMPTY,
    Spelling,
    spellings,
)
from certaudit.loaders.source import Source
from certaudit.site.passwords import Supplied

T = TypeVar("T")


class ClosedPfxError(ValueError):
    """A part that no password at hand opens."""


class PasswordNeededError(ClosedPfxError):
    """A password is needed, and there is none, or one that cannot be a password; the message is the sentence."""


class Opener:
    """Opens part after part, beginning with the password that opened the last one."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source = source
        self._budget = budget
        self._known: tuple[Spelling, ...] = (EMPTY, ABSENT)
        self._password: str | None = None
        self._asked = False
        self.has_opened = False

    def open(self, attempt: Callable[[Spelling], T]) -> tuple[T, Spelling]:
        """What `attempt` makes of the first password with which it does not raise ValueError, and that password.

        Raises UnsupportedError as `attempt` does, PasswordNeededError and ClosedPfxError.
        """
        for spelling in self._candidates():
            try:
                opened = attempt(spelling)
            except UnsupportedError:
                raise
            except ValueError:
                continue
            self._known = (spelling, *(other for other in self._known if other != spelling))
            self.has_opened = True
            return opened, spelling
        if self._password is None:
            raise PasswordNeededError(
                f"{self._source.shown} needs a password and none was given: "
                "name its password file (--password-file, or password_file in the manifest) or environment variable."
            )
        raise ClosedPfxError("no password at hand opens it")

    def _candidates(self) -> Iterator[Spelling]:
        """What opened before, the user's password where it is at hand, the empty ones, and else the user's last; where
        trying is dear, the user's alone."""
        at_hand = isinstance(self._source.password, Supplied)
        if (at_hand or self._budget.is_costly) and not self.has_opened and (fresh := self._ask()):
            self._known = fresh if self._budget.is_costly else (*fresh, *self._known)
        yield from self._known
        if fresh := self._ask():
            self._known += fresh
            yield from fresh

    def _ask(self) -> tuple[Spelling, ...]:
        """The spellings of the user's password that are not known yet; asks for it once."""
        if not self._asked:
            self._asked = True
            self._password = self._source.password(self._source.name)
            if self._password is not None and "\0" in self._password:
                raise PasswordNeededError(
                    f"The password for {self._source.shown} contains a NUL character, which no program accepts: "
                    "correct the password file."
                )
        if self._password is None:
            return ()
        return tuple(spelling for spelling in spellings(self._password) if spelling not in self._known)
