"""`certaudit export`: other formats from a JSON report, at any time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from certaudit.cli import options


@click.command("export", short_help="Write a JSON report in other formats.")
@click.argument("report", metavar="REPORT.json", type=click.Path(path_type=Path))
@options.formats()
@options.group_by
@options.redaction
@options.verbose
@options.no_colour
def command(
    report: Path,
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    group_by: str,
    redact: bool,
    redact_key: Path | None,
    verbose: bool,
    no_color: bool,
) -> int:
    """Writes REPORT.json, which `--format json` made, in other formats. Nothing is audited again.

    \b
    Examples:
      certaudit export report.json --format csv=findings.csv --format ics=expiry.ics
      certaudit export report.json --format markdown --group-by control
    """
    from certaudit.cli import terminal
    from certaudit.cli.redaction import redaction_key
    from certaudit.document.reader import read_document
    from certaudit.document.redaction import redacted
    from certaudit.reports import write

    wanted = terminal.destinations(destinations, output, "table", [path for path in (report, redact_key) if path])
    key = redaction_key(redact_key)
    document = read_document(report)
    if redact or key is not None:
        document = redacted(document, key)
    layout = replace(terminal.layout(verbose, no_color), group_by=group_by)
    for destination in wanted:
        shown = layout if destination.path is None else replace(layout, colour=False)
        terminal.deliver(write(document, destination.form, shown), destination)
    return 0
