"""`certaudit audit`: a whole site, as its manifest describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from certaudit.cli import options


@click.command("audit", short_help="Audit a whole site that a manifest describes.")
@click.argument("manifest", metavar="SITE.toml", type=click.Path(path_type=Path))
@options.auditing
@options.jobs
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
