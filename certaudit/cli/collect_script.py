"""`certaudit collect-script`: the script that collects evidence on computers where certaudit does not run."""

from __future__ import annotations

from pathlib import Path

import click

SCRIPT = Path(__file__).with_name("collect.cmd")


@click.command("collect-script", short_help="Write a script that exports a computer's stores.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to FILE.")
def command(output: Path | None) -> int:
    """Writes a plain script for Windows Server 2003 to 2025 that exports what an audit of that computer needs.

    It needs nothing but what Windows ships, takes no private key and changes nothing. Run it there as an administrator,
    copy the folder that it writes, and name that folder as the computer's evidence. docs/collecting.md has the details.

    \b
    Example:
      certaudit collect-script -o collect.cmd
    """
    from certaudit.cli import terminal
    from certaudit.cli.options import Destination
    from certaudit.printable import printable

    if output is not None:
        terminal.refuse_to_replace(output, ())
    terminal.deliver(SCRIPT.read_bytes(), Destination("script", output))
    if output is not None:
        name = printable(str(output))
        terminal.warn(
            [f"{name} is written: run it as an administrator on each server, and copy back the folder it makes"]
        )
    return 0
