"""`certaudit media`: what one boot media holds and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from certaudit.cli import options


@click.command("media", short_help="Show what a boot media holds and what is wrong with it.")
@click.argument("path", metavar="PATH")
@options.passwords
@options.formats(("table", "json"))
@options.release
@options.as_of
@options.allow_incomplete
@options.trust
@options.verbose
@options.no_colour
def command(
    path: str,
    password_file: str | None,
    password_env: str | None,
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    release: str | None,
    as_of: datetime | None,
    allow_incomplete: bool,
    verbose: bool,
    no_color: bool,
    **trust: tuple[str, ...],
) -> int:
    """Shows what the boot media in PATH holds, and judges it as far as that can be done without its site.

    PATH is an ISO image, a folder such as a USB stick, a Variables.dat, a *.boot.var of a PXE server or prestaged
    media (WIM). Whether it opens without a password is tried first. Exit code 1: a
    requirement of severity error failed; 3: PATH is no boot media; 4: nothing failed, and what only an audit of the
    whole site can settle is open, or something could not be read (--allow-incomplete makes this 0).

    \b
    Example:
      certaudit media branch-office.iso --password-file media.password --root contoso-root-ca.cer
    """
    from certaudit.audit.assignment import assign_media
    from certaudit.audit.audit import audit
    from certaudit.audit.load import load_site
    from certaudit.cli import terminal
    from certaudit.cli.given import given_site
    from certaudit.document.assembly import document_of
    from certaudit.document.judge import exit_code
    from certaudit.errors import NothingToAuditError
    from certaudit.printable import printable
    from certaudit.reports import media as writer
    from certaudit.requirements.catalogue import read_catalogue
    from certaudit.site.site import EvidencePath, System

    media = System(path, kind="boot-media", evidence=(EvidencePath(path),))
    site = given_site(media, release, **trust).with_password(password_env, password_file)
    evidence = load_site(site, terminal.prompt)
    if not any(item.media for item in evidence.inputs):
        errors = [item.error for item in evidence.inputs if item.error] or [f"{printable(path)} is no boot media."]
        raise NothingToAuditError(errors[0])
    catalogue, assignments = read_catalogue((), site.release), assign_media(site, evidence)
    report = audit(site, evidence, catalogue, as_of or datetime.now(UTC), assignments=assignments)
    report = replace(report, as_of_source="command-line" if as_of else "clock")
    written = document_of(report)
    shown = terminal.layout(verbose, no_color)
    wanted = terminal.destinations(destinations, output, "table", site.paths())
    terminal.deliver_texts(lambda form: writer.write(evidence.inputs, written, form, shown), wanted)
    return exit_code(written, allow_incomplete=allow_incomplete)
