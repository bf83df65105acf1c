"""The options that commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from certaudit.reports import FORMATS
from certaudit.site.releases import DEFAULT_RELEASE, RELEASES
from certaudit.site.roles import CERTIFICATE_ROLES
from certaudit.site.words import release_hint, role_hint

F = TypeVar("F", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def instant(text: str) -> datetime:
    """The instant in UTC that an ISO 8601 date or date-time names; UTC where it has no zone."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # in UTC it may lie before the year 1, or after 9999
        raise click.BadParameter(f"{text!r} is not ISO 8601, such as 2010-03-01 or 2010-03-01T00:00:00Z") from error


@dataclass(frozen=True, slots=True)
class Destination:
    """A format, and the file that it goes to; None is standard output."""

    form: str
    path: Path | None


class Word(click.Choice[str]):
    """A choice whose refusal says what was meant, where that is known."""

    def __init__(self, choices: tuple[str, ...], meant: Callable[[str], str | None]) -> None:
        super().__init__(choices)
        self._meant = meant

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        hint = None if value in self.choices else self._meant(value)
        if hint:
            self.fail(f"{value!r} is none of {', '.join(self.choices)}{hint}", param, ctx)
        return super().convert(value, param, ctx)


RELEASE = Word(RELEASES, release_hint)
CERTIFICATE_ROLE = Word(CERTIFICATE_ROLES, role_hint)


def _destination(known: tuple[str, ...]) -> Callable[[str], Destination]:
    def parse(text: str) -> Destination:
        form, has_path, path = text.partition("=")
        if form not in known:
            raise click.BadParameter(f"{form!r} is none of {', '.join(known)}")
        if has_path and not path:
            raise click.BadParameter(f"{text!r} names no file after '='")
        return Destination(form, Path(path) if has_path else None)

    return parse


def formats(choices: Iterable[str] = tuple(FORMATS)) -> Callable[[F], F]:
    """--format and --output."""
    known = tuple(choices)

    def decorate(function: F) -> F:
        function = click.option(
            "-o", "--output", type=_PATH, metavar="FILE", help="Write the report to FILE instead of standard output."
        )(function)
        return click.option(
            "--format",
            "destinations",
            type=_destination(known),
            multiple=True,
            metavar="FORMAT[=FILE]",
            help=f"One of {', '.join(known)} [default: {known[0]}]. Repeatable, with a file for each.",
        )(function)

    return decorate


def trust(function: F) -> F:
    """--root, --intermediate and --crl."""
    for name, what in (
        ("crl", "CRLs and OCSP responses"),
        ("intermediate", "CA certificates that help to build a chain"),
        ("root", "Root CA certificates: they alone make trust anchors"),
    ):
        function = click.option(
            f"--{name}",
            f"{name}s",
            multiple=True,
            metavar="PATH",
            help=f"{what}; a file, a folder or an archive; repeatable.",
        )(function)
    return function


def _only_with_fetch(context: click.Context, _: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    if hosts and not context.params.get("fetch"):
        raise click.UsageError("--fetch-host allows --fetch to contact a host; without --fetch nothing is contacted")
    return hosts


def fetch(function: F) -> F:
    """--fetch and --fetch-host."""
    function = click.option(
        "--fetch-host",
        "fetch_hosts",
        multiple=True,
        metavar="HOST",
        callback=_only_with_fetch,
        help="A host or address that --fetch may contact although it is this computer or link-local; repeatable.",
    )(function)
    return click.option(
        "--fetch",
        is_flag=True,
        is_eager=True,
        help="Fetch CRLs and missing issuers from the web addresses in the certificates; each is named before it is "
        "contacted.",
    )(function)


def passwords(function: F) -> F:
    """--password-file and --password-env, for all that is named on the command line."""
    function = click.option(
        "--password-env", metavar="VARIABLE", help="Environment variable that holds the password, as --password-file."
    )(function)
    return click.option(
        "--password-file",
        metavar="FILE",
        help="File whose first line is the password of PFX files and media, and of those in trust lists.",
    )(function)


as_of = click.option(
    "--as-of",
    type=instant,
    metavar="WHEN",
    help="The day or instant to judge by, past or future: 2010-06-01, or ISO 8601 in UTC. [default: the "
    "manifest's, or now]",
)
release = click.option(
    "--release",
    type=RELEASE,
    metavar="RELEASE",
    help=f"The release of Configuration Manager to judge by: one of {', '.join(RELEASES)}. [default: the "
    f"manifest's, or {DEFAULT_RELEASE} where there is none]",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The least severity of which a failure makes the exit code 1.",
)
allow_incomplete = click.option(
    "--allow-incomplete", is_flag=True, help="Exit with 0 instead of 4 where something could not be checked."
)
requirements = click.option(
    "--requirements",
    "requirement_files",
    type=_PATH,
    multiple=True,
    metavar="FILE",
    help="Requirements of your own organisation (TOML), besides the built-in ones; repeatable.",
)
waivers = click.option(
    "--waivers",
    type=_PATH,
    metavar="FILE",
    help="Failures that somebody accepts (TOML); `certaudit waive` writes them.",
)
jobs = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Read inputs with N processes.",
)
reproducible = click.option(
    "--reproducible", is_flag=True, help="Leave out when the audit ran: the same input gives the same bytes."
)
verbose = click.option("-v", "--verbose", is_flag=True, help="List passes, evidence and sources too.")
no_colour = click.option("--no-color", is_flag=True, help="No colour; NO_COLOR in the environment does the same.")
group_by = click.option(
    "--group-by",
    type=click.Choice(["system", "control"]),
    default="system",
    show_default=True,
    help="Put findings under systems, or under clauses of NIST SP 800-53, ISO 27001 and others (table, markdown).",
)
baseline = click.option(
    "--baseline",
    type=_PATH,
    metavar="REPORT.json",
    help="An older JSON report: say what is new, fixed, changed and unchanged since.",
)


def redaction(function: F) -> F:
    """--redact and --redact-key."""
    function = click.option(
        "--redact-key",
        type=_PATH,
        metavar="FILE",
        help="A file with a secret: with it, names get the same pseudonyms in every report. Implies --redact.",
    )(function)
    return click.option(
        "--redact", is_flag=True, help="Put pseudonyms in place of host names, subjects, serials and thumbprints."
    )(function)


def auditing(function: F) -> F:
    """What `audit`, `check` and `probe` have in common."""
    shared: tuple[Callable[[F], F], ...] = (
        formats(),
        release,
        as_of,
        fail_on,
        allow_incomplete,
        requirements,
        waivers,
        trust,
        passwords,
        fetch,
        reproducible,
        baseline,
        group_by,
        redaction,
        verbose,
        no_colour,
    )
    for option in reversed(shared):
        function = option(function)
    return function
