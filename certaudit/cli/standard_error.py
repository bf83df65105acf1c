"""What people are told on standard error, where names from outside become inert."""

from __future__ import annotations

import io

import click

from certaudit.printable import inert


def say(line: str) -> None:
    """A line on standard error; all of them go through here but the traceback of --debug and the prompt."""
    click.echo(inert(line), err=True)


def show(error: click.ClickException) -> None:
    """What click says of an argument, which may be a name from outside that a shell put there."""
    told = io.StringIO()
    error.show(told)
    for line in told.getvalue().removesuffix("\n").split("\n"):
        say(line)
