"""`certaudit sign`: a detached signature of a report."""

from __future__ import annotations

from pathlib import Path

import click

from certaudit.cli import options


@click.command("sign", short_help="Sign a report: a detached CMS signature.")
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option("--pfx", required=True, type=click.Path(path_type=Path), metavar="FILE", help="The key to sign with.")
@options.passwords
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The signature. [default: REPORT.p7s]"
)
def command(report: Path, pfx: Path, password_file: str | None, password_env: str | None, output: Path | None) -> int:
    """Signs REPORT, in whatever format it is. `certaudit verify-report` checks the signature, and so does
    `openssl cms -verify -binary -inform DER -in REPORT.p7s -content REPORT -CAfile roots.pem -purpose any`.

    \b
    Example:
      certaudit sign report.json --pfx auditor.pfx --password-file auditor.password
    """
    from certaudit.cli import terminal
    from certaudit.cli.options import Destination
    from certaudit.document.signing import sign
    from certaudit.errors import InputError, UsageError
    from certaudit.printable import printable
    from certaudit.site.named_file import contents_of
    from certaudit.site.passwords import password_of
    from certaudit.site.site import EvidencePath

    target = output or report.with_name(f"{report.name}.p7s")
    read = (report, pfx, *([Path(password_file)] if password_file else []))
    terminal.refuse_to_replace(target, read, may_be_named=".p7s")
    name = printable(str(pfx))
    password = password_of(EvidencePath(str(pfx), password_env, password_file), Path(), terminal.prompt)
    try:
        signature = sign(contents_of(report), contents_of(pfx), lambda: password(name), name)
    except InputError as error:
        raise UsageError(f"{name}: {error}") from error
    terminal.deliver(signature, Destination("p7s", target))
    return 0
