"""`certaudit check`: certificates without a manifest."""

from __future__ import annotations

from typing import Any

import click

from certaudit.cli import options
from certaudit.site.roles import CERTIFICATE_ROLES


@click.command("check", short_help="Check certificates for one role, without a manifest.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--role",
    required=True,
    type=options.CERTIFICATE_ROLE,
    metavar="ROLE",
    help=f"The certificate role: one of {', '.join(CERTIFICATE_ROLES)}.",
)
@click.option(
    "--name", "names", multiple=True, metavar="FQDN", help="A host name that the certificate must bear; repeatable."
)
@options.auditing
@options.jobs
def command(
    paths: tuple[str, ...],
    role: str,
    names: tuple[str, ...],
    **given: Any,
) -> int:
    """Checks every certificate in PATH for a role. CA certificates found beside it serve as intermediates.

    Without --root and --crl it cannot be said whether the certificate is trusted, and whether it is revoked; and a
    CER file says nothing about the private key. What could not be checked is listed with what would settle it.

    \b
    Examples:
      certaudit check mp01.cer --role web-server --name mp01.contoso.com --root roots/ --fetch
      certaudit check pxe01.pfx --role pxe-service-point --password-file pxe01.password \\
          --root contoso-root-ca.cer --crl crl/
    """
    from dataclasses import replace

    from certaudit.audit.assignment import assign_each
    from certaudit.audit.load import load_site
    from certaudit.cli import terminal
    from certaudit.cli.given import given_role, given_site
    from certaudit.cli.job import Job
    from certaudit.site.site import EvidencePath, System

    role = given_role(role, given["release"])
    sources = tuple(map(EvidencePath, paths))
    label = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    whose = System(names[0], kind="given", given_names=names) if names else System(label, kind="files")
    system = replace(whose, evidence=sources)
    site, job = given_site(system, given["release"]), Job(**given)
    return job.run(
        site,
        lambda site: load_site(site, terminal.prompt, job.jobs),
        lambda evidence: assign_each(site, role, evidence),
    )
