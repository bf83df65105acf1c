"""A requirement: one row of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

SUBJECTS = ("certificate", "pfx", "crl", "store", "media", "system", "site", "input")

PLACEHOLDERS = (
    "system",
    "role",
    "subject",
    "issuer",
    "thumbprint",
    "not_after",
    "input",
    "names",
    "site_code",
    "release",
    "store",
)


class Severity(StrEnum):
    """How bad a failure is."""

    ERROR = "error"
    """Native mode or operating system deployment breaks."""

    WARNING = "warning"
    """A security weakness, or it breaks later."""

    NOTICE = "notice"
    """Worth knowing."""


class Confidence(StrEnum):
    """How sure the source of a requirement is."""

    DOCUMENTED = "documented"
    """Read in Microsoft's documentation of that release, or in the standard."""

    DOCUMENTED_OTHER_RELEASE = "documented-other-release"
    """Read in the documentation of another release."""

    REPORTED = "reported"
    """A book, a blog, a forum."""

    INFERRED = "inferred"
    """Follows from other facts; nobody says it in so many words."""

    UNVERIFIED = "unverified"
    """Known, but its text could not be read again."""


class Citation(NamedTuple):
    """A document and the clause in it."""

    document: str
    clause: str
    url: str | None

    def __str__(self) -> str:
        return f"{self.document}: {self.clause}" + (f" <{self.url}>" if self.url else "")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row: what must hold, of what, in which releases and roles, who says so, and what happens otherwise.

    `subject` is the kind of thing it is about; `check` names a function of the validators and `parameters` are its
    keyword arguments. `roles` are certificate roles, empty where the subject has none. `modes` are the site modes
    in which it means anything. `unused_roots` is True for a row that is about every root that the site lists, also
    where no chain of the site uses it. `remedies` are the fixes by the cause that the check tells, `remediation` is the
    one for all others. `consequence` and these may hold {placeholders} of PLACEHOLDERS.
    """

    id: str
    title: str
    subject: str
    releases: frozenset[str]
    roles: frozenset[str]
    modes: frozenset[str]
    unused_roots: bool
    check: str
    parameters: Mapping[str, Any]
    severity: Severity
    confidence: Confidence
    citations: tuple[Citation, ...]
    consequence: str
    remediation: str
    remedies: Mapping[str, str]
    where: str

    def remedy(self, causes: tuple[str, ...]) -> str:
        """What to do about a failure of these causes, each fix once."""
        fixes = [self.remedies.get(cause, self.remediation) for cause in causes]
        return " ".join(dict.fromkeys(fixes)) or self.remediation


def placeholders(template: str) -> frozenset[str]:
    """The names in braces in `template`."""
    return frozenset(re.findall(r"\{(\w+)\}", template))


def filled(template: str, values: Mapping[str, str]) -> str:
    """`template` with each {placeholder} replaced; one without a value is named in angle brackets."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1]) or f"<{match[1].replace('_', ' ')}>", template)
