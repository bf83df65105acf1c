"""`certaudit diff`: what changed between two reports."""

from __future__ import annotations

from pathlib import Path

import click

from certaudit.cli import options


@click.command("diff", short_help="New, fixed, changed and unchanged between two reports.")
@click.argument("old", metavar="OLD.json", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.json", type=click.Path(path_type=Path))
@options.formats(("table", "json"))
@options.verbose
@options.no_colour
def command(
    old: Path,
    new: Path,
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    verbose: bool,
    no_color: bool,
) -> int:
    """Holds NEW.json against OLD.json, both of which `--format json` made. A renewed certificate is held against the
    one whose place it took. Exit code 0: nothing got worse; 1: something did.

    \b
    Example:
      certaudit diff reports/2010-q1.json reports/2010-q2.json
    """
    from certaudit.cli import terminal
    from certaudit.document.diff import compare
    from certaudit.document.reader import read_document
    from certaudit.reports import diff as writer

    wanted = terminal.destinations(destinations, output, "table", (old, new))
    compared = compare(read_document(old), read_document(new))
    shown = terminal.layout(verbose, no_color)
    terminal.deliver_texts(lambda form: writer.write(compared, form, shown), wanted)
    return 1 if compared.is_worse else 0
