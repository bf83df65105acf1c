"""Writes checks.md beside this file: `python docs/make_checks.py`. A test fails where it is out of date."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from certaudit.audit.validators.binding import Check, described, signature_of
from certaudit.audit.validators.registry import CHECKS
from certaudit.requirements.catalogue import read_catalogue

PAGE = Path(__file__).parent / "checks.md"
FOLDER = "certaudit/audit/validators"


def page() -> str:
    """The index: from each requirement to its checks, and from each check to what it asks and what a row gives it."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    rows = read_catalogue().requirements
    yield from ("# Checks", "")
    yield "Which function answers a requirement, what it asks, and what its row gives it. A check that several"
    yield "requirements share is told by its parameters, which are in [requirements.md](requirements.md)."
    yield "Written by `python docs/make_checks.py`."
    yield from ("", "## From requirement to check", "", "| requirement | check |", "|---|---|")
    for requirement, variants in groupby(rows, lambda row: row.id):
        checks = ", ".join(f"[{check}](#{check})" for check in dict.fromkeys(row.check for row in variants))
        yield f"| [{requirement}](requirements.md#{requirement}) | {checks} |"
    yield from ("", "## The checks")
    for module, names in groupby(CHECKS, lambda name: name.partition(".")[0]):
        yield from ("", f"### {module}", "", f"[{FOLDER}/{module}.py](../{FOLDER}/{module}.py)", "")
        yield from ("| check | what must hold | parameters |", "|---|---|---|")
        for name in sorted(names):
            yield f'| <a id="{name}"></a>`{name}` | {_asked(CHECKS[name])} | {_parameters(CHECKS[name])} |'


def _asked(check: Check) -> str:
    """The first paragraph of its docstring."""
    paragraph = (inspect.getdoc(check) or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", r"\|")


def _parameters(check: Check) -> str:
    _, wanted = signature_of(check)
    return "; ".join(
        f"`{name}`: {described(annotation)}" + ("" if required else " (may be left out)")
        for name, (annotation, required) in wanted.items()
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
