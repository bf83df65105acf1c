"""The documented failures of a computer that boots, and the requirements that they come of: data in failures.toml, read
once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from certaudit.site.roles import SITE_SYSTEM_ROLES
from certaudit.site.toml_table import Table, read_toml


class Failure(NamedTuple):
    """A failure: its number ("F3"), what is seen then, and which requirements it comes of when they fail. An empty set
    of `roles` or `at` restricts nothing; `crl_checking` is None where it shows with and without."""

    id: str
    shows: str
    requirements: frozenset[str]
    roles: frozenset[str]
    at: frozenset[str]
    crl_checking: bool | None

    def fits(self, requirement: str, role: str | None, at: str, crl_checking: bool) -> bool:
        """True where it is what shows when `requirement` fails for a certificate role at a site system role."""
        named = {requirement, f"{requirement.partition('.')[0]}.*", "*"} & self.requirements
        elsewhere = (self.roles and role not in self.roles) or (self.at and at not in self.at)
        return bool(named) and not elsewhere and self.crl_checking in (None, crl_checking)


class FailureRules(NamedTuple):
    """All failures, and the ids of the requirements that stop a computer against what their severity says: though no
    error (`stops_too`), though not checked and no error (`must_be_known`), or not at all (`does_not_stop`)."""

    stops_too: frozenset[str]
    must_be_known: frozenset[str]
    does_not_stop: frozenset[str]
    failures: tuple[Failure, ...]

    def failure(self, requirement: str, role: str | None, at: str, crl_checking: bool) -> Failure | None:
        """The first failure that fits; None where it is none of those documented."""
        return next((row for row in self.failures if row.fits(requirement, role, at, crl_checking)), None)


@cache
def read_failures(path: Path = Path(__file__).parent / "failures.toml") -> FailureRules:
    """The rules in the file at `path`. Raises UsageError."""
    top = read_toml(path)
    rules = FailureRules(
        frozenset(top.texts("stops_too")),
        frozenset(top.texts("must_be_known")),
        frozenset(top.texts("does_not_stop")),
        tuple(map(_failure, top.tables("failure"))),
    )
    top.close()
    return rules


def _failure(table: Table) -> Failure:
    failure = Failure(
        table.required_text("id"),
        table.required_text("shows"),
        frozenset(table.texts("requirements")),
        frozenset(table.texts("roles")),
        frozenset(table.texts("at", (*SITE_SYSTEM_ROLES, "boot-media"))),
        table.boolean("crl_checking", True) if "crl_checking" in table else None,
    )
    table.close()
    return failure
