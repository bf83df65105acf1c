"""`certaudit verify-report`: is a report as it was signed, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from certaudit.cli import options

if TYPE_CHECKING:
    from certaudit.x509.certificate import Certificate
    from certaudit.x509.chain import Chains


@click.command("verify-report", short_help="Check the signature of a report.")
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option(
    "--signature", type=click.Path(path_type=Path), metavar="FILE", help="The signature. [default: REPORT.p7s]"
)
@options.trust
@options.as_of
def command(
    report: Path,
    signature: Path | None,
    as_of: datetime | None,
    **trust: tuple[str, ...],
) -> int:
    """Checks that REPORT is as it was signed, and that the signer's certificate leads to a --root.

    Exit code 0: both hold; 1: one does not; 4: it is as it was signed, and no --root says whom to trust.

    \b
    Example:
      certaudit verify-report report.json --root roots/
    """
    from certaudit.cli import terminal
    from certaudit.document.signing import read_signature
    from certaudit.printable import inert, printable
    from certaudit.site.named_file import contents_of

    path = signature or report.with_name(f"{report.name}.p7s")
    found = read_signature(contents_of(path), contents_of(report), printable(str(path)))
    shown, signer = printable(str(report)), _words(found.signer)
    if found.problem is not None:
        terminal.warn([f"{shown}: NOT AS SIGNED: {found.problem} (signed by {signer})"])
        return 1
    when = "" if found.signed_on is None else f" on {found.signed_on:%Y-%m-%d %H:%M} UTC, as the signer says,"
    click.echo(inert(f"{shown}: as it was signed{when} by {signer}"))
    if not trust["roots"]:
        terminal.warn(["whom to trust was not said: give --root, or compare the thumbprint with one that you know"])
        return 4
    best = _chains(path, trust, as_of or datetime.now(UTC)).best(found.signer)
    if best.valid:
        click.echo(inert(f"{shown}: the signer leads to {best.certificates[-1].subject}"))
        return 0
    reasons = [problem.message for problem in best.problems] or [best.refused_by_openssl or "no root CA is its issuer"]
    terminal.warn([f"{shown}: the signer is NOT TRUSTED: {'; '.join(reasons)}"])
    return 1


def _words(certificate: Certificate) -> str:
    from certaudit.document.certificates import readable

    return f"{readable(certificate, 'subject') or '(no readable subject)'} (SHA-1 {certificate.sha1})"


def _chains(signature: Path, trust: dict[str, tuple[str, ...]], as_of: datetime) -> Chains:
    """The candidate paths of the certificates in the signature; CRLs count where there are any."""
    from certaudit.audit.audit import chains_of
    from certaudit.audit.load import load_site
    from certaudit.cli.given import given_site
    from certaudit.site.site import EvidencePath, System
    from certaudit.x509.chain import PathSettings

    signed = System(str(signature), kind="given", evidence=(EvidencePath(str(signature)),))
    evidence = load_site(given_site(signed, **trust))
    asked = trust["crls"] or evidence.tells_of_revocation
    return chains_of(evidence, as_of, PathSettings(revocation="required" if asked else "off"))
