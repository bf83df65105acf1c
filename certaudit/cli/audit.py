"""`certaudit audit`: a whole site, as its manifest describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from certaudit.cli import options


@click.command("audit", short_help="Audit a whole site that a manifest describes.")
@click.argument("manifest", metavar="SITE.toml", type=click.Path(path_type=Path))
@options.formats()
@options.release
@options.as_of
@options.fail_on
@options.allow_incomplete
@options.requirements
@options.waivers
@options.trust
@options.fetch
@options.jobs
@options.reproducible
@options.baseline
@options.group_by
@options.redaction
@options.verbose
@options.no_colour
def command(manifest: Path, **given: Any) -> int:
    """Audits the site that SITE.toml describes, and writes the report.

    \b
    Examples:
      certaudit audit fixtures/contoso/site.toml
      certaudit audit site.toml --format table --format json=report.json
    """
    from certaudit.audit import load_site
    from certaudit.cli import terminal
    from certaudit.cli.job import Job
    from certaudit.site import read_manifest

    job = Job(**given)
    return job.run(read_manifest(manifest), lambda site: load_site(site, terminal.prompt, job.jobs))
