"""docs/formats.md says of each format what the format does, and of no other."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from itertools import pairwise
from pathlib import Path

import click
import pytest

from certaudit.cli import cli
from certaudit.document.attention import is_failure
from certaudit.document.report_objects import Document
from certaudit.findings.waivers import read_waivers
from certaudit.reports import FORMATS, calendar, ocsf, oscal, pdf, write
from certaudit.requirements.controls import read_controls
from certaudit.site.roles import CERTIFICATE_ROLES, role_named

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
ONE_LINE = " ".join(PAGE.split())
TABLE = {
    name: cells
    for first, *cells in (
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")
    )
    for name in re.findall(r"`([^`]+)`", first)
}
"""By format: what it is for, what is in it, and what that is held against."""
WHOLE = ("json", "html", "csv", "sarif-full", "junit")
"""The formats of text that have every finding."""


def test_the_table_has_every_format_and_no_other() -> None:
    named = re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)))
    assert sorted(named) == sorted(FORMATS)
    assert all(purpose and content for purpose, content, _ in TABLE.values())


def test_the_remarks_are_about_formats() -> None:
    remarks = re.findall(r"^- \*\*([^*]+)\*\*:", PAGE, re.MULTILINE)
    assert len(remarks) > 5
    assert set(remarks) <= set(FORMATS)


@pytest.mark.parametrize("form", WHOLE)
def test_what_is_said_to_hold_every_finding_does(broken: Document, form: str) -> None:
    assert re.match(r"every(thing| finding)|a case for each finding", TABLE[form][1])
    text = write(broken, form).decode()
    assert {row["requirement"] for row in broken["findings"] if row["requirement"] not in text} == set()


def test_what_is_said_to_hold_failures_alone_does(broken: Document) -> None:
    assert TABLE["sarif"][1] == "failures that no waiver accepts"
    results = json.loads(write(broken, "sarif"))["runs"][0]["results"]
    assert [row["ruleId"] for row in results] == [
        row["requirement"] for row in broken["findings"] if is_failure(row) and row["waiver"] is None
    ]


def test_what_is_said_to_have_a_line_for_what_applies_does(broken: Document) -> None:
    assert TABLE["ocsf"][1].endswith("one a line for each finding that applies")
    applying = [row for row in broken["findings"] if row["status"] != "not-applicable"]
    assert len(write(broken, "ocsf").splitlines()) == len(applying)


def test_the_versions_are_those_that_are_written(broken: Document) -> None:
    said = {form: " ".join(cells) for form, cells in TABLE.items()}
    assert f", {json.loads(write(broken, 'sarif'))['version']} " in f"{said['sarif']} "
    assert f"CycloneDX {json.loads(write(broken, 'cyclonedx'))['specVersion']} " in said["cyclonedx"]
    assert f"results {oscal.VERSION.rpartition('.')[0]} " in said["oscal"]
    assert f"OCSF {ocsf.VERSION.rpartition('.')[0]}, one a line" in said["ocsf"]
    assert f"(class {json.loads(write(broken, 'ocsf').splitlines()[0])['class_uid']})" in said["ocsf"]
    for schema in re.findall(r"`([\w-]+\.xsd)`", PAGE):
        assert (ROOT / "tests" / "schemas" / schema).exists()


def test_the_alarms_of_the_calendar_are_those_of_the_roles() -> None:
    remark = re.search(r"- \*\*ics\*\*: alarms (.*?)\.\n", PAGE, re.DOTALL)
    assert remark is not None
    usual = f"{role_named('client').lead_days} and {calendar.LAST_CALL} for the rest"
    authority = f"{role_named('root-ca').lead_days} and {calendar.SECOND_CALL} for a CA"
    media = f"{role_named('boot-media').lead_days} and {calendar.LAST_CALL} days ahead for boot media"
    service_point = f"{role_named('pxe-service-point').lead_days} and {calendar.LAST_CALL} for a PXE service point"
    said = " ".join(remark[1].split())
    both = f"{media} and the site server signing certificate"
    assert said == f"{both}, {service_point}, {authority}, {calendar.CRL_LEAD} for a CRL, {usual}"
    named = {"site-server-signing", "boot-media", "pxe-service-point", "root-ca", "intermediate-ca"}
    assert role_named("site-server-signing").lead_days == role_named("boot-media").lead_days
    assert {role_named(role).lead_days for role in CERTIFICATE_ROLES if role not in named} == {
        role_named("client").lead_days
    }


def test_extras_and_the_variable_of_the_browser_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.search(r"pip install 'certaudit\[([\w,]+)\]'", PAGE)
    assert named is not None
    assert set(named[1].split(",")) <= set(extras)
    assert f"`{pdf.VARIABLE}`" in PAGE


def test_the_frameworks_are_those_of_the_controls() -> None:
    titles = [framework.title.partition(" Annex")[0] for framework in read_controls().frameworks.values()]
    assert f"{', '.join(titles[:-1])} and {titles[-1]}: " in ONE_LINE


def test_the_commands_and_their_options_exist() -> None:
    joined = PAGE.replace("\\\n", " ")
    commands = [shlex.split(line, comments=True) for line in re.findall(r"^\$ certaudit (.*)$", joined, re.MULTILINE)]
    assert len(commands) > 5
    for name, *arguments in commands:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in arguments if word.startswith("--")} <= known, name
        forms = [form for before, form in pairwise(arguments) if before == "--format"]
        assert {form.partition("=")[0] for form in forms} <= set(FORMATS)


def test_the_example_of_a_waiver_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "waivers.toml").write_text(example, encoding="utf-8")
    assert read_waivers(tmp_path / "waivers.toml")
