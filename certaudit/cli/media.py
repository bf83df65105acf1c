"""`certaudit media`: what one boot media holds and what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from certaudit.cli import options
from certaudit.site import DEFAULT_RELEASE


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
    roots: tuple[str, ...],
    intermediates: tuple[str, ...],
    crls: tuple[str, ...],
    verbose: bool,
    no_color: bool,
) -> int:
    """Shows what the boot media in PATH holds, and judges it as far as that can be done without its site.

    PATH is an ISO image, a folder such as a USB stick, a Variables.dat, a *.boot.var of a PXE server or prestaged
    media (WIM). Whether it opens without a password is tried first. Exit code 0: nothing wrong was found; 1: a
    requirement of severity error failed; 3: PATH is no boot media; 4: something could not be read or checked.

    \b
    Example:
      certaudit media branch-office.iso --password-file media.password --root contoso-root-ca.cer
    """
    from certaudit.assignment import assign_each
    from certaudit.audit import audit, load_site
    from certaudit.cli import terminal
    from certaudit.document.assembly import document_of
    from certaudit.errors import NothingToAuditError
    from certaudit.finding import Severity
    from certaudit.printable import printable
    from certaudit.reports import media as writer
    from certaudit.requirements.catalogue import read_catalogue
    from certaudit.site import Site, Source, System

    def sources(paths: tuple[str, ...]) -> tuple[Source, ...]:
        return tuple(map(Source, paths))

    evidence_source = Source(path, password_env, password_file)
    site = Site(
        Path(),
        release=release or DEFAULT_RELEASE,
        systems=(System("-", kind="boot-media", evidence=(evidence_source,)),),
        root_cas=sources(roots),
        intermediate_cas=sources(intermediates),
        crls=sources(crls),
        described=False,
    )
    evidence = load_site(site, terminal.prompt)
    if not any(item.media for item in evidence.inputs):
        errors = [item.error for item in evidence.inputs if item.error] or [f"{printable(path)} is no boot media."]
        raise NothingToAuditError(errors[0])
    own = {item.media.variables.certificate for item in evidence.inputs if item.media and item.media.variables}
    assignments = tuple(
        answer
        for answer in assign_each(site, "boot-media", evidence)
        if answer.system is None or (answer.holding is not None and answer.holding.certificate in own)
    )
    catalogue = read_catalogue((), site.release)
    report = audit(site, evidence, catalogue, as_of or datetime.now(UTC), assignments=assignments)
    written = document_of(report)
    for destination in terminal.destinations(destinations, output, "table"):
        text = writer.write(evidence.inputs, written, destination.form, terminal.layout(verbose, no_color))
        terminal.deliver(text.encode(), destination)
    if report.failures(Severity.ERROR):
        return 1
    return 4 if report.is_incomplete and not allow_incomplete else 0
