"""Every row of the catalogue has a golden case that fails it and one that passes it.

A row here is a variant: one id may have several, for other releases and roles. What counts is what a case asserts in
its `findings.txt`, so only the requirements that its `case.toml` names; its release and the role of a line tell which
variant spoke.
"""

from __future__ import annotations

import functools
from collections import defaultdict

import pytest

from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.releases import RELEASES
from tests.golden.case import cases

ROWS = read_catalogue().requirements
ANSWERS = ("pass", "fail")

UNANSWERED = "media.outside_evidence"
"""The check of rows that remind of what no evidence tells; each says what would, and is never passed or failed."""

NEVER: dict[tuple[str, str], str] = {
    ("input.readable", "fail"): "what could not be read is not checked, which makes the verdict incomplete",
    ("chain.confirmed-by-openssl", "fail"): "where the two judges differ neither is proof: it answers not-checked",
    ("template.shown", "fail"): "it tells which template the certificate names, and requires none",
    ("private-key.exportable", "fail"): "a file with the key is exportable by its nature, and no store file tells",
    ("private-key.tested", "fail"): "a key that a test denies is a failure of private-key.present",
    ("coverage.certificate-in-use-known", "fail"): "nobody says that what was not collected is faulty",
    ("media.readable", "fail"): "what could not be read is not checked, which makes the verdict incomplete",
    ("media.supplied", "fail"): "media that was not supplied is not checked: nobody says that it is faulty",
    ("coverage.connection-point-described", "fail"): "nobody says that what is not described is faulty",
    ("coverage.management-point-described", "fail"): "nobody says that what is not described is faulty",
    ("coverage.site-server-described", "fail"): "nobody says that what is not described is faulty",
    ("osd.pxe-server", "fail"): "nobody says that what is not described is faulty",
    ("osd.boot-media-described", "fail"): "nobody says that what is not described is faulty",
    ("media.not-in-boot-image", "fail"): "only an optional program can look into the boot image",
}
NEVER |= {(row.id, status): row.parameters["wanted"] for row in ROWS if row.check == UNANSWERED for status in ANSWERS}
"""The answers that no case can give, and why. One that a case does give must not stand here."""


def _name(row: Requirement) -> str:
    releases = [release for release in RELEASES if release in row.releases]
    return f"{row.id} {releases[0]} {min(row.roles, default='-')}"


@functools.cache
def _answers() -> dict[str, set[str]]:
    """The statuses that the golden cases give for each row, by the name of the row."""
    rows = {(row.id, release, role): row for row in ROWS for release in row.releases for role in row.roles or {"-"}}
    found: dict[str, set[str]] = defaultdict(set)
    for case in cases():
        for status, requirement, role in case.told():
            row = rows.get((requirement, case.release, role)) or rows[requirement, case.release, "-"]
            found[_name(row)].add(status)
    return found


@pytest.mark.parametrize("status", ANSWERS)
@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_a_case_gives_each_answer(row: Requirement, status: str) -> None:
    if (row.id, status) not in NEVER:
        assert status in _answers()[_name(row)], f"no golden case has a {status} of {_name(row)}: {row.title}"


@pytest.mark.parametrize(("requirement", "status"), NEVER, ids=" ".join)
def test_what_is_said_never_to_occur_does_not(requirement: str, status: str) -> None:
    variants = [row for row in ROWS if row.id == requirement]
    assert variants, f"there is no requirement {requirement}: take it off NEVER"
    for row in variants:
        assert status not in _answers()[_name(row)], f"a case has a {status} of {requirement}: take it off NEVER"
