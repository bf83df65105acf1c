"""`certaudit requirements`: the catalogue, or one row of it in full."""

from __future__ import annotations

from pathlib import Path

import click

from certaudit.cli import options
from certaudit.site.releases import RELEASES


@click.command("requirements", short_help="The catalogue; with an ID, the requirement in full.")
@click.argument("requirement_id", metavar="[ID]", required=False)
@click.option(
    "--release",
    type=options.RELEASE,
    metavar="RELEASE",
    help=f"Only what holds in this release: one of {', '.join(RELEASES)}.",
)
@click.option("--role", metavar="ROLE", help="Only what is about this certificate role.")
@options.requirements
@options.formats(("table", "json", "markdown"))
@options.no_colour
def command(
    requirement_id: str | None,
    release: str | None,
    role: str | None,
    requirement_files: tuple[Path, ...],
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    no_color: bool,
) -> int:
    """Lists what is required, of which role and in which release; with an ID, clause, consequence and fix.

    \b
    Examples:
      certaudit requirements --release 2007-sp2 --role pxe-service-point
      certaudit requirements eku.client-authentication
    """
    from certaudit.audit.validators.binding import bind
    from certaudit.audit.validators.registry import CHECKS
    from certaudit.cli import terminal
    from certaudit.cli.given import given_requirement
    from certaudit.errors import UsageError
    from certaudit.reports import requirements as writer
    from certaudit.requirements.catalogue import read_catalogue

    catalogue = read_catalogue(requirement_files)
    for row in catalogue.requirements:
        bind(row, CHECKS)
    rows = [
        row
        for row in (given_requirement(requirement_id, catalogue) if requirement_id else catalogue.requirements)
        if (release is None or release in row.releases) and (role is None or role in row.roles)
    ]
    if not rows:
        raise UsageError(
            f"there is no {requirement_id or 'requirement'} for this release and role; `certaudit requirements` lists "
            "them all"
        )
    shown = terminal.layout(verbose=requirement_id is not None, no_color=no_color)
    wanted = terminal.destinations(destinations, output, "table")
    terminal.deliver_texts(lambda form: writer.write(rows, form, shown), wanted)
    return 0
