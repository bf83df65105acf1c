"""`certaudit inventory`: what is in there and where. Judges nothing."""

from __future__ import annotations

from pathlib import Path

import click

from certaudit.cli import options


@click.command("inventory", short_help="List what is in files and folders; judges nothing.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@options.passwords
@options.formats(("table", "json"))
@options.jobs
@options.no_colour
def command(
    paths: tuple[str, ...],
    password_file: str | None,
    password_env: str | None,
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    jobs: int,
    no_color: bool,
) -> int:
    """Lists every certificate, key and CRL in PATH: what it is, where it is, and what could not be read.

    PATH is a file, a folder or an archive: certificates, PFX files, CRLs, exports of the registry, what the collect
    script wrote, boot media. On Windows it may be a certificate store as well.

    \b
    Examples:
      certaudit inventory fixtures/contoso/ --password-file fixtures/contoso/mp01.password
      certaudit inventory windows:LocalMachine/My
    """
    from certaudit.audit.load import load_sources
    from certaudit.cli import terminal
    from certaudit.reports import inventory as writer
    from certaudit.site.site import EvidencePath

    sources = [EvidencePath(path, password_env, password_file) for path in paths]
    inputs = tuple(item for items in load_sources(Path(), sources, terminal.prompt, jobs) for item in items)
    shown = terminal.layout(verbose=False, no_color=no_color)
    read = [Path(path) for path in (*paths, password_file) if path is not None]
    wanted = terminal.destinations(destinations, output, "table", read)
    terminal.deliver_texts(lambda form: writer.write(inputs, form, shown), wanted)
    return 4 if any(item.error is not None for item in inputs) else 0
