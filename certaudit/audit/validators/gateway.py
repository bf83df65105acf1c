"""A cloud management gateway: the CA certificates that it must know to believe clients."""

from __future__ import annotations

from certaudit.audit.assignment import callees
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SystemRole
from certaudit.evidence import Evidence
from certaudit.findings.result import Result, failed, not_applicable, not_checked, passed
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate


def knows_client_issuers(subject: SystemRole, context: Context) -> Result:
    """Every CA certificate in the chains of clients and boot media was uploaded to the gateway, root and intermediates
    alike: with the root alone it answers 401."""
    system = subject.system
    expected = "the root and every intermediate CA of client certificates, uploaded to the gateway"
    if system is None or system.kind != "site-system":
        return not_applicable("This is about a gateway of a site, and no manifest describes one.")
    roles: tuple[str, ...] = _PROVING
    if system.client_authentication in ("entra", "token"):
        if not _media_call(system, context):
            return not_applicable(f"Clients prove who they are by {system.client_authentication}, not by certificates.")
        roles = ("boot-media",)  # whatever installed clients do, Windows PE has a certificate alone
    uploaded = context.evidence.client_cas.get(system.key, Evidence())
    if not uploaded.is_readable:
        return not_checked(
            "Which CA certificates were uploaded to the gateway is not known; export them from its properties and name "
            'them as client_cas, or say client_authentication = "entra" where clients need no certificate.',
            expected,
        )
    wanted, open_chains = _issuers_of_clients(context, roles)
    missing = [certificate for certificate in wanted if certificate not in set(uploaded.every_certificate)]
    if missing:
        listed = ", ".join(f"{certificate.subject} ({certificate.sha1})" for certificate in missing)
        return failed(f"Not uploaded to the gateway: {listed}.", listed, expected)
    if not wanted or open_chains:
        return not_checked(
            "The issuers of the clients' certificates are not all among the evidence; supply a client's certificate "
            "and the CA certificates above it.",
            expected,
        )
    return passed(", ".join(str(certificate.subject) for certificate in wanted), expected)


_PROVING = ("client", "boot-media", "distribution-point-client")
"""The roles of the certificates by which clients and computers in Windows PE prove who they are."""


def _media_call(gateway: System, context: Context) -> bool:
    """True where boot media among the evidence carry the address of the gateway."""
    opened = (item.media.variables for item in context.evidence.inputs if item.media and item.media.variables)
    addresses = [address for variables in opened for address in variables.management_points]
    return any(
        callee.system is not None and callee.system.key == gateway.key for callee in callees(context.site, addresses)
    )


def _issuers_of_clients(context: Context, roles: tuple[str, ...]) -> tuple[list[Certificate], bool]:
    """The CA certificates in the chains of the certificates in these roles, and whether a chain lacks some."""
    wanted: dict[Certificate, None] = {}
    is_open = False
    for assignment in context.assignments:
        if assignment.role in roles and assignment.holding is not None:
            path = context.chains.best(assignment.holding.certificate)
            is_open |= not path.anchored
            wanted |= dict.fromkeys(path.certificates[1:])
    return list(wanted), is_open


CHECKS: tuple[Check, ...] = (knows_client_issuers,)
