"""Which role has a certificate: a role without one, with two, or with one that nobody handed in."""

from __future__ import annotations

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SystemRole, WholeSite
from certaudit.audit.validators.why_not import described, why_not
from certaudit.evidence import Evidence
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.site.roles import Needed, role_named


def certificate_assigned(subject: SystemRole, context: Context) -> Result:
    """The role has exactly one certificate among the system's evidence (requirement `coverage.certificate-assigned`).

    A certificate that is not there may be in an input that could not be read: then nothing is known.
    """
    assignment = subject.assignment
    expected = f"one certificate for the role {assignment.role}"
    if assignment.state is State.NOT_NEEDED:
        return not_applicable(_why_none(assignment, context))
    if assignment.state is State.ASSIGNED and assignment.holding is not None:
        if assignment.passed_over:
            return not_checked(_may_be_another(assignment, assignment.holding), expected)
        observed = described(assignment.holding.certificate)
        return passed(f"{observed}: bound" if assignment.is_bound else observed, expected)
    if assignment.follows_binding:
        return not_applicable("What is bound cannot serve, or is not at hand, which is a finding of its own.")
    if assignment.state is State.AMBIGUOUS:
        several = f"{len(assignment.candidates)} certificates would serve equally well ({_listed(assignment)})"
        return not_checked(f"{several}; {_pin(assignment)}", expected)
    owner = assignment.system
    evidence = context.evidence.systems.get(owner.key, Evidence()) if owner else Evidence()
    if assignment.state is State.NOT_SUPPLIED and evidence.is_readable:
        return not_checked(_not_supplied(assignment), expected)
    if not evidence.is_readable:
        return not_checked(
            f"No evidence of {_owner(assignment)} was supplied or could be read; supply the certificate.", expected
        )
    unread = [printable(item.path) for item in evidence.inputs if item.error]
    if unread:
        return not_checked(f"It may be in what could not be read: {', '.join(unread)}.", expected)
    if not assignment.pinned and (listed := _listed_alone(evidence)):
        return not_checked(listed, expected)
    return _missing(assignment, expected)


def _listed_alone(evidence: Evidence) -> str:
    """The sentence that certutil lists certificates which nobody handed in; empty where it lists none."""
    at_hand = {certificate.sha1 for certificate in evidence.every_certificate}
    listed = {test.thumbprint: test.store for test in evidence.key_tests if test.thumbprint not in at_hand}
    if not listed:
        return ""
    named = [f"{thumbprint} in {printable(store or 'a store')}" for thumbprint, store in listed.items()]
    shown = "; ".join(named[:_SHOWN]) + (f"; {len(named) - _SHOWN} more" if len(named) > _SHOWN else "")
    return (
        f"It may be one that certutil lists and that was not supplied ({shown}): a list holds no certificate. Run "
        "collect.cmd on the computer, or reg export HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\My my.reg, or "
        "certutil -store My <serial number> <file.cer>, and supply what it wrote."
    )


_SHOWN = 5


def _why_none(assignment: Assignment, context: Context) -> str:
    """Why the role needs no certificate of the PKI."""
    where = role_named(assignment.role).needed_by[assignment.site_system_role or ""]
    if where is Needed.BY_HTTPS and assignment.system is not None:
        ways = context.site.connections_of(assignment.system)
        return f"{_owner(assignment)} is spoken to over {ways}, which takes no certificate of the PKI."
    if where is Needed.BY_GATEWAY and context.site.has_https_management_point:
        return "Clients prove to the gateway otherwise who they are, so that its connection point needs no certificate."
    if where in (Needed.BY_CLIENTS, Needed.BY_GATEWAY):
        return "No management point of the site is spoken to over HTTPS, so that clients need no certificate."
    return "The site is in mixed mode."


def _may_be_another(assignment: Assignment, holding: Holding) -> str:
    """Whoever renews a certificate has to bind the new one as well; nothing here shows it done."""
    others = ", ".join(other.certificate.sha1 for other in assignment.passed_over)
    return (
        f"{holding.certificate.sha1} was judged; whether {_owner(assignment)} uses it, or still one that has ended, is "
        f"not valid yet or is archived ({others}), is not known; {_pin(assignment)}"
    )


def _pin(assignment: Assignment) -> str:
    return f'name the one in use in the manifest: certificates = {{ {assignment.role} = "<thumbprint>" }}'


def _not_supplied(assignment: Assignment) -> str:
    """The certificate travels in a file, and the file is not there: what a store holds is not what is in use."""
    what = (
        f"The certificate for the role {assignment.role} of {_owner(assignment)} was not supplied. The product uses "
        "the PFX that was imported, or what the media carry: supply that PFX or the media as evidence, or "
        f"{_pin(assignment)}."
    )
    if not assignment.elsewhere:
        return what
    found = ", ".join(described(holding.certificate) for holding in assignment.elsewhere)
    return f"{what} A Windows store holds what fits ({found}), and it does not count: the product does not look there."


def _missing(assignment: Assignment, expected: str) -> Result:
    foreign = next(
        (one for one in assignment.foreign if assignment.pinned in (one.certificate.sha1, one.certificate.sha256)), None
    )
    if foreign is not None:
        message = f"The manifest names {described(foreign.certificate)}; but it is {foreign.kind}, and none of the PKI."
        return failed(message, foreign.kind, expected)
    if assignment.pinned:
        message = f"The manifest names the certificate {assignment.pinned}, and no evidence of the system holds it."
        return failed(message, "no certificate with that thumbprint", f"the certificate {assignment.pinned}")
    message = f"{_owner(assignment)} has no certificate for the role {assignment.role}."
    choice = assignment.choice
    if choice is not None and choice.chosen is not None:
        message = f"{_owner(assignment)} takes {described(choice.chosen)}: {choice.reason}; but it is {choice.kind}."
    elif choice is not None and choice.code is not None:
        message = f"{message[:-1]}: {choice.reason} ({choice.code})."
    return failed(f"{message}{why_not(assignment.why_not)}", "no certificate that could serve", expected)


def is_described(subject: WholeSite, context: Context, *, role: str, beside: str = "") -> Result:
    """The manifest describes a system with the site system role, which no site can do without, or none with a system in
    the role `beside`: else nothing about it was looked at, and the site is not known to be ready."""
    site = subject.site
    if not site.described:
        return not_applicable("is about a site, and no manifest describes one")
    if beside and not any(beside in system.roles for system in site.systems):
        return not_applicable(f"The site has no {beside}.")
    holders = [printable(system.name) for system in site.systems if role in system.roles]
    if holders:
        return passed(", ".join(holders), role)
    return not_checked(f"the manifest describes no {role}, so that nothing about it was looked at; describe it", role)


def selectable(subject: SystemRole, context: Context) -> Result:
    """At most one certificate qualifies: without selection criteria a 2007 client takes none of several
    (requirement `coverage.one-client-certificate`)."""
    assignment = subject.assignment
    expected = "one valid certificate with client authentication"
    if assignment.state is State.AMBIGUOUS:
        message = f"{len(assignment.candidates)} certificates qualify, and no evidence says which one is selected."
        return failed(message, _listed(assignment), expected)
    if assignment.state is State.ASSIGNED and assignment.holding is not None:
        return passed(described(assignment.holding.certificate), expected)
    return not_applicable("There is no certificate to select.")


def _owner(assignment: Assignment) -> str:
    return printable(assignment.system.name) if assignment.system else "the site"


def _listed(assignment: Assignment) -> str:
    return "; ".join(described(holding.certificate) for holding in assignment.candidates)


CHECKS: tuple[Check, ...] = (certificate_assigned, is_described, selectable)
