"""`certaudit chain`: every candidate path of one certificate, and why each fails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from certaudit.cli import options


@click.command("chain", short_help="Draw every candidate path of one certificate, and why each fails.")
@click.argument("path", metavar="PATH")
@click.option("--thumbprint", metavar="HEX", help="Which certificate, where PATH holds several (SHA-1 or SHA-256).")
@options.passwords
@options.trust
@options.fetch
@options.release
@options.as_of
@options.formats(("table", "json"))
@options.no_colour
def command(
    path: str,
    thumbprint: str | None,
    fetch: bool,
    fetch_hosts: tuple[str, ...],
    release: str | None,
    as_of: datetime | None,
    destinations: tuple[options.Destination, ...],
    output: Path | None,
    no_color: bool,
    password_file: str | None,
    password_env: str | None,
    **trust: tuple[str, ...],
) -> int:
    """Draws every path from the certificate in PATH to a root, with each problem at the element that has it.

    Only --root makes trust anchors. Revocation is judged where there are CRLs or OCSP responses, or --fetch fetches
    them, and then an element of which nobody says that it is good makes its path invalid. Each element below the root
    shows who could fetch its CRLs. Exit code 0: a valid path exists; 1: none.

    \b
    Examples:
      certaudit chain mp01.cer --root roots/ --intermediate ca/ --crl crl/ --as-of 2010-03-01
      certaudit chain mp01.cer --root roots/ --fetch
    """
    from certaudit.audit.audit import chains_of
    from certaudit.audit.load import load_site
    from certaudit.cli import terminal
    from certaudit.cli.fetching import with_fetched
    from certaudit.cli.given import given_site
    from certaudit.cli.target import the_certificate
    from certaudit.reports import chain as writer
    from certaudit.site.releases import DEFAULT_RELEASE
    from certaudit.site.site import EvidencePath, System
    from certaudit.x509.chain import PathSettings

    subject = System(path, kind="given", evidence=(EvidencePath(path),))
    site = given_site(subject, release, **trust).with_password(password_env, password_file)
    evidence = load_site(site, terminal.prompt)
    certificate = the_certificate(path, evidence.systems[subject.key], thumbprint)
    as_of = as_of or datetime.now(UTC)
    if fetch:
        evidence = with_fetched(evidence, [certificate], as_of, fetch_hosts)
    terminal.warn(f"{item.path}: {item.error}" for item in evidence.inputs if item.error is not None)
    asked = trust["crls"] or fetch or evidence.tells_of_revocation
    settings = PathSettings(revocation="required" if asked else "off")
    chains = chains_of(evidence, as_of, settings)
    question = writer.Question(certificate, chains, release or DEFAULT_RELEASE, evidence.inputs)
    shown = terminal.layout(verbose=False, no_color=no_color)
    wanted = terminal.destinations(destinations, output, "table", site.paths())
    terminal.deliver_texts(lambda form: writer.write(question, form, shown), wanted)
    return 0 if any(candidate.valid for candidate in chains.paths(certificate)) else 1
