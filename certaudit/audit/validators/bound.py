"""What HTTP.sys presents for a role: whether it is known, there, of the PKI, and what the manifest says."""

from __future__ import annotations

from certaudit.audit.assignment import Assignment, Bound, Holding, holdings, kind_of
from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SystemRole
from certaudit.audit.validators.why_not import described
from certaudit.evidence import Evidence
from certaudit.findings.result import Result, failed, not_applicable, not_checked, passed
from certaudit.printable import printable
from certaudit.site.roles import role_named
from certaudit.x509.fields import if_readable

_NOT_COLLECTED = "No binding of the computer was collected, or IIS does not serve the role there."
_NOTHING_BOUND = "No thumbprint is bound, which is a finding of its own where it matters."
_NOT_SUPPLIED = "The store that has it was not supplied: run the collect script there, or export the store."


def is_known(subject: SystemRole, context: Context) -> Result:
    """The certificate that is judged is the one in use: the one that is bound, or that the manifest names (requirement
    `coverage.certificate-in-use-known`)."""
    assignment, expected = subject.assignment, "a binding, or a thumbprint in the manifest"
    if assignment.holding is None or not context.site.described:
        return not_applicable("No certificate serves the role of a system of a site.")
    if assignment.contradicts_binding:
        return not_applicable("The manifest and the binding contradict each other, which is a finding of its own.")
    if assignment.is_bound:
        return passed(f"{described(assignment.holding.certificate)}: bound", expected)
    if assignment.pinned is not None:
        return passed(f"{described(assignment.holding.certificate)}: the manifest names it", expected)
    judged = f"{described(assignment.holding.certificate)} was judged, the one that fits"
    if assignment.bound is not None and assignment.bound.untold:
        why = f"at port {_numbers(assignment.bound.untold)} the central store answers, which tells no thumbprint"
    else:
        why = "no binding tells whether the computer presents it; run the collect script there"
    pin = f'name it in the manifest: certificates = {{ {assignment.role} = "<thumbprint>" }}'
    return not_checked(f"{judged}; {why}, or {pin}", expected)


def is_stored(subject: SystemRole, context: Context) -> Result:
    """What is bound is in a store of the computer (requirement `store.bound-certificate-present`)."""
    bound, evidence = subject.assignment.bound, _evidence(subject.assignment, context)
    if bound is None or not bound.thumbprints:
        return not_applicable(_NOT_COLLECTED if bound is None else _NOTHING_BOUND)
    expected = "the bound certificate in a store of the computer"
    stored = {entry.certificate.sha1 for entry in evidence.certificates if entry.provenance.store is not None}
    held = {certificate.sha1 for certificate in evidence.every_certificate}
    missing = [thumbprint for thumbprint in bound.thumbprints if thumbprint not in (stored or held)]
    if not missing:
        return passed(", ".join(bound.thumbprints), expected)
    listed = {test.thumbprint for test in evidence.key_tests}
    if not stored or listed.issuperset(missing):
        return not_checked(f"{', '.join(missing)} is bound. {_NOT_SUPPLIED}", expected)
    unread = [printable(item.path) for item in evidence.inputs if item.error or item.losses]
    if unread:
        return not_checked(f"{', '.join(missing)} may be in what could not be read: {', '.join(unread)}.", expected)
    message = f"{_owner(subject.assignment)} is bound to {', '.join(missing)}, which is in no store of the computer."
    return failed(message, "in no store", expected)


def is_of_the_pki(subject: SystemRole, context: Context) -> Result:
    """What is bound is a certificate of the PKI (requirement `coverage.bound-certificate-of-the-pki`)."""
    bound, evidence = subject.assignment.bound, _evidence(subject.assignment, context)
    if bound is None or not bound.thumbprints:
        return not_applicable(_NOT_COLLECTED if bound is None else _NOTHING_BOUND)
    expected = "a certificate of the PKI"
    at_hand = holdings(evidence.certificates)
    held = [holding for holding in at_hand if bound.names(holding.certificate)]
    if not held:
        return not_applicable("What is bound is not at hand, which is a finding of its own.")
    for holding in held:
        kind = kind_of(holding)
        if kind is not None:
            beside = [other for other in at_hand if _could_serve(other, subject.assignment.role)]
            lying = f" Beside it lies {described(beside[0].certificate)}." if beside else ""
            message = f"{_owner(subject.assignment)} is bound to {described(holding.certificate)}: it is {kind}.{lying}"
            return failed(message, kind, expected)
    return passed(", ".join(described(holding.certificate) for holding in held), expected)


def is_the_one_named(subject: SystemRole, context: Context) -> Result:
    """The certificate that the manifest names is bound (requirement `coverage.binding-as-described`)."""
    assignment = subject.assignment
    bound = assignment.bound
    if assignment.pinned is None:
        return not_applicable("The manifest names no certificate for the role.")
    if bound is None or not bound.thumbprints:
        return not_applicable(_NOT_COLLECTED if bound is None else _NOTHING_BOUND)
    expected = f"the certificate {assignment.pinned} bound"
    if not assignment.contradicts_binding:
        return passed(", ".join(bound.thumbprints), expected)
    if bound.untold:
        message = f"At port {_numbers(bound.untold)} the central store answers, which tells no thumbprint; look there."
        return not_checked(message, expected)
    message = (
        f"The manifest names {assignment.pinned}; {_owner(assignment)} is bound to {', '.join(bound.thumbprints)}."
    )
    return failed(message, ", ".join(bound.thumbprints), expected)


def at_every_port(subject: SystemRole, context: Context) -> Result:
    """A certificate is bound at each port where clients call the system (requirement `coverage.https-bound`)."""
    bound, evidence = subject.assignment.bound, _evidence(subject.assignment, context)
    if bound is None:
        return not_applicable(_NOT_COLLECTED)
    expected = "a certificate bound at each port of its roles"
    if not bound.unbound:
        return passed(_answers(bound), expected)
    nothing = f"{_owner(subject.assignment)} has nothing bound at port {_numbers(bound.unbound)}"
    if any(item.remarks for item in evidence.inputs if item.bindings or item.format == "http-bindings"):
        return not_checked(
            f"{nothing} as far as its bindings are understood; look at netsh http show sslcert.", expected
        )
    if bound.elsewhere:
        other = f"IIS answers at {_numbers(bound.elsewhere)}"
        return not_checked(f"{nothing}; {other}: see whether the site is set to that port.", expected)
    return failed(f"{nothing}.", "nothing bound", expected)


def _could_serve(holding: Holding, role: str) -> bool:
    purposes = if_readable(lambda: holding.certificate.extended_key_usage, otherwise=None) or ()
    return kind_of(holding) is None and role_named(role).purposes <= set(purposes)


def _evidence(assignment: Assignment, context: Context) -> Evidence:
    system = assignment.system
    return context.evidence.systems.get(system.key, Evidence()) if system else Evidence()


def _answers(bound: Bound) -> str:
    central = f"the central store at port {_numbers(bound.untold)}" if bound.untold else ""
    return ", ".join(filter(None, (*bound.thumbprints, central)))


def _numbers(ports: tuple[int, ...]) -> str:
    return ", ".join(map(str, ports))


def _owner(assignment: Assignment) -> str:
    return printable(assignment.system.name) if assignment.system else "the site"


CHECKS: tuple[Check, ...] = (is_known, is_stored, is_of_the_pki, is_the_one_named, at_every_port)
