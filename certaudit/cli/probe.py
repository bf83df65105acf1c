"""`certaudit probe`: the chain that a server really serves, audited like any other evidence."""

from __future__ import annotations

import re
from typing import Any

import click

from certaudit.cli import options
from certaudit.site.roles import CERTIFICATE_ROLES

DEFAULT_PORT = 443
_SERVER = re.compile(r"(?:\[(?P<literal>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]/\s]+))(?::(?P<port>[0-9]{1,5}))?")


class _Server(click.ParamType[tuple[str, int]]):
    name = "server"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[str, int]:
        found = _SERVER.fullmatch(value)
        port = int(found["port"] or DEFAULT_PORT) if found else 0
        if found is None or not 0 < port < 65536:
            self.fail(f"{value!r} is no HOST[:PORT], such as mp01.contoso.com or mp01.contoso.com:8443", param, context)
        return found["literal"] or found["host"], port


@click.command("probe", short_help="Audit the certificate that a server really serves.")
@click.argument("server", metavar="HOST[:PORT]", type=_Server())
@click.option(
    "--role",
    type=options.CERTIFICATE_ROLE,
    default="web-server",
    show_default=True,
    metavar="ROLE",
    help=f"The certificate role: one of {', '.join(CERTIFICATE_ROLES)}.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="FQDN",
    help="A host name that the certificate must bear; repeatable. The server is asked for the first. [default: HOST]",
)
@options.auditing
def command(server: tuple[str, int], role: str, names: tuple[str, ...], **given: Any) -> int:
    """Reads the chain that the server at HOST serves over TLS, and checks it for a role.

    It speaks what old servers speak, as far as this OpenSSL does; where a server speaks only what it does not (SSL
    3.0, RC4), or wants a client certificate, the certificates are read from its first words. PORT is 443 unless given.

    \b
    Examples:
      certaudit probe mp01.contoso.com --role web-server --root contoso-root-ca.cer --crl crl/
      certaudit probe 10.0.0.5:8443 --name mp.contoso.com --root roots/ --fetch
    """
    from dataclasses import replace

    from certaudit.audit.assignment import assign_each
    from certaudit.audit.load import load_site
    from certaudit.cli import terminal
    from certaudit.cli.given import given_role, given_site
    from certaudit.cli.job import Job
    from certaudit.evidence import Evidence, SiteEvidence
    from certaudit.loaders.network.probe import Endpoint, is_name, probe
    from certaudit.site.site import Site, System

    host, port = server
    role = given_role(role, given["release"])
    names = names or ((host,) if is_name(host) else ())
    system = System(names[0] if names else host, kind="given", given_names=names)
    endpoint = Endpoint(host, port, names[0] if names else None)

    def load(site: Site) -> SiteEvidence:
        served = probe(endpoint, lambda sentence: terminal.warn([sentence]))
        terminal.warn([served.error] if served.error else [])
        return replace(load_site(site), systems={system.key: Evidence((served,))})

    site = given_site(system, given["release"])
    return Job(jobs=1, **given).run(site, load, lambda evidence: assign_each(site, role, evidence))
