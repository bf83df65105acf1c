"""`certaudit audit`: a whole site, as its manifest describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from certaudit.cli import options

_BEGINNING = "docs/manifest.md has a small one to copy, and `certaudit check` needs none (`certaudit check --help`)"


@click.command("audit", short_help="Audit a whole site that a manifest describes.")
@click.argument("manifest", metavar="SITE.toml", type=click.Path(path_type=Path))
@options.auditing
@options.jobs
def command(manifest: Path, **given: Any) -> int:
    """Audits the site that SITE.toml describes, and writes the report.

    SITE.toml is the manifest: your systems, their roles, and the folders with what was exported from them.
    docs/manifest.md has a small one to copy, docs/collecting.md tells how to export.

    \b
    Examples:
      certaudit audit fixtures/contoso/site.toml
      certaudit audit site.toml --format table --format html=report.html --format json=report.json
      certaudit audit site.toml --as-of 2010-06-01
    """
    from certaudit.audit.load import load_site
    from certaudit.cli import terminal
    from certaudit.cli.job import Job
    from certaudit.errors import UsageError
    from certaudit.printable import printable
    from certaudit.site.manifest import read_manifest

    if manifest.is_dir() or not manifest.exists():
        what = "is a folder, and no manifest" if manifest.is_dir() else "there is no such manifest"
        raise UsageError(f"{printable(str(manifest))}: {what}; {_BEGINNING}")
    job = Job(**given)
    return job.run(read_manifest(manifest), lambda site: load_site(site, terminal.prompt, job.jobs), manifest=manifest)
