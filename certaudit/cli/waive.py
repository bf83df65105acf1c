"""`certaudit waive`: accepts a failure for a time, in writing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from certaudit.cli import options


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no date such as 2010-06-30") from error


@click.command("waive", short_help="Accept a failure for a time: add a waiver to a file.")
@click.argument("requirement", metavar="REQUIREMENT")
@click.option("--thumbprint", metavar="HEX", help="Of the certificate, SHA-1 or SHA-256.")
@click.option("--role", type=options.CERTIFICATE_ROLE, metavar="ROLE", help="A certificate role.")
@click.option(
    "--system", metavar="NAME", help='A system, as the manifest names it; "the site" for what is about the whole site.'
)
@click.option("--owner", required=True, metavar="WHO", help="Who accepts it, and answers for it.")
@click.option("--reason", required=True, metavar="WHY", help="Why it is accepted.")
@click.option("--until", required=True, type=_day, metavar="DATE", help="The last day on which it holds (UTC).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("waivers.toml"),
    show_default=True,
    metavar="FILE",
    help="The file that the waiver is added to; made where it is not there.",
)
@options.requirements
def command(
    requirement: str,
    thumbprint: str | None,
    role: str | None,
    system: str | None,
    owner: str,
    reason: str,
    until: date,
    output: Path,
    requirement_files: tuple[Path, ...],
) -> int:
    """Adds a waiver of REQUIREMENT to a file for --waivers. What is waived stays in the report and its counts.

    \b
    Example:
      certaudit waive public-key.at-least-2048-bits --system dp01.contoso.com \\
          --owner "security team" --reason "replaced in the summer" --until 2010-06-30
    """
    from certaudit.cli import terminal
    from certaudit.cli.given import given_requirement
    from certaudit.findings.waivers import with_waiver
    from certaudit.printable import printable
    from certaudit.requirements.catalogue import read_catalogue
    from certaudit.site.named_file import contents_of

    given_requirement(requirement, read_catalogue(requirement_files))
    narrowed = {"thumbprint": thumbprint, "role": role, "system": system}
    fields: dict[str, str | date] = {"requirement": requirement}
    fields |= {key: value for key, value in narrowed.items() if value is not None}
    fields |= {"owner": owner, "reason": reason, "until": until}
    terminal.refuse_to_replace(output, requirement_files, may_be_named=".toml")
    before = contents_of(output) if output.exists() else b""
    after = with_waiver(before, printable(str(output)), fields)
    terminal.deliver(after, options.Destination("toml", output))
    if datetime.combine(until, time.max, UTC) < datetime.now(UTC):
        terminal.warn([f"{until} is over: the waiver accepts nothing in an audit of today"])
    return 0
