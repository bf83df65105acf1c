"""Where requirements and subjects meet: each row about each subject gives one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from certaudit.audit.assignment import Holding, owner_name
from certaudit.audit.validators.binding import BoundCheck, bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import (
    AssignedCertificate,
    PfxFile,
    Store,
    Subject,
    SuppliedCrl,
    SuppliedInput,
    SuppliedMedia,
    SystemRole,
    WholeSite,
)
from certaudit.evidence import Evidence
from certaudit.findings.finding import Finding
from certaudit.findings.result import Result, not_applicable, not_checked
from certaudit.printable import printable
from certaudit.requirements.requirement import Requirement, filled
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import UnreadableFieldError, if_readable
from certaudit.x509.name import COMMON_NAME


def findings_of(context: Context, rows: Iterable[Requirement]) -> Iterator[Finding]:
    """The findings, in the order of `subjects` and, for each, of the ids. Raises UsageError where a row is unfit.

    The rows are bound to their checks once for each kind of subject and role, not once for each subject.
    """
    bound: dict[tuple[str, str | None], list[tuple[Requirement, BoundCheck]]] = {}
    for row in rows:
        check = bind(row, CHECKS)
        for role in row.roles or (None,):
            bound.setdefault((row.subject, role), []).append((row, check))
    for subject in subjects(context):
        facts = _facts(subject, context)
        matching = bound.get((facts.kind, facts.role), [])
        if facts.role is not None:
            matching = [*matching, *bound.get((facts.kind, None), [])]
        for row, check in matching:
            mode = context.site.mode_for(getattr(subject, "system", None), facts.role)
            yield _finding(row, facts, _answer(row, check, subject, context, mode))


def subjects(context: Context) -> Iterator[Subject]:
    """Everything that a requirement can be about, in the order of the report."""
    yield WholeSite(context.site)
    pfx_inputs = {item.path: item for item in context.evidence.inputs if item.pfx is not None}
    roles: set[tuple[tuple[str, str], str]] = set()
    for assignment in context.assignments:
        # Without a manifest several certificates may take one role: that there is one is said once.
        if assignment.system is not None and (assignment.system.key, assignment.role) not in roles:
            roles.add((assignment.system.key, assignment.role))
            yield SystemRole(assignment)
        if assignment.holding is not None:
            yield AssignedCertificate(assignment.holding, assignment.role, assignment.system)
            for path in dict.fromkeys(entry.provenance.input for entry in assignment.holding.entries):
                if path in pfx_inputs and assignment.system is not None:
                    yield PfxFile(pfx_inputs[path], assignment.role, assignment.system)
    yield from _media(context)
    for stores in context.stores.values():
        yield from stores
    yield from map(SuppliedCrl, context.evidence.every_crl)
    yield from map(SuppliedInput, context.evidence.inputs)


def _media(context: Context) -> Iterator[SuppliedMedia]:
    """All boot media, in the order of the manifest."""
    for system in context.site.systems:
        evidence = context.evidence.systems.get(system.key, Evidence())
        for item in evidence.inputs:
            if item.media is not None:
                yield SuppliedMedia(item, item.media, system)


class _Facts(NamedTuple):
    """What a finding says of its subject, worked out once for all rows."""

    kind: str
    role: str | None = None
    system: str | None = None
    certificate: str | None = None
    subject: str | None = None
    values: dict[str, str] | None = None


def _facts(subject: Subject, context: Context) -> _Facts:
    site = {"site_code": context.site.code or "", "release": context.site.release}
    match subject:
        case AssignedCertificate(holding=holding, role=role, system=system):
            values = site | _certificate_values(holding.certificate) | _owner_values(role, system, holding)
            values["input"] = ", ".join(dict.fromkeys(printable(e.provenance.input) for e in holding.entries))
            name = owner_name(system, holding)
            return _Facts("certificate", role, name, holding.certificate.sha256, None, values)
        case PfxFile(input=item, role=role, system=system):
            values = site | _owner_values(role, system) | {"input": printable(item.path)}
            return _Facts("pfx", role, system.name if system else None, None, item.path, values)
        case SuppliedMedia(input=item, media=media, system=system):
            role = "boot-media" if system.kind == "boot-media" else None
            values = site | _owner_values(role, system) | {"input": printable(item.path)}
            if media.variables is not None and media.variables.certificate is not None:
                values |= _certificate_values(media.variables.certificate)
            return _Facts("media", role, system.name, None, item.path, values)
        case Store(system=system):
            paths = dict.fromkeys(printable(entry.provenance.input) for entry in subject.entries)
            values = site | _owner_values(None, system) | {"store": printable(subject.name), "input": ", ".join(paths)}
            return _Facts("store", None, system.name, None, subject.label, values)
        case SystemRole(assignment=assignment):
            values = site | _owner_values(assignment.role, assignment.system)
            name = assignment.system.name if assignment.system else None
            return _Facts("system", assignment.role, name, None, None, values)
        case SuppliedCrl(entry=entry):
            values = site | {"input": printable(entry.provenance.input), "issuer": _readable(entry.crl, "issuer")}
            return _Facts("crl", None, None, None, f"CRL {entry.crl.sha256}", values)
        case SuppliedInput(input=item):
            return _Facts("input", None, None, None, item.path, site | {"input": printable(item.path)})
    return _Facts("site", values=site)


def _owner_values(role: str | None, system: System | None, holding: Holding | None = None) -> dict[str, str]:
    values = {"role": role or ""}
    if system is not None and system.kind == "files":
        computer = _computer(holding.certificate) if holding else ""
        values["system"] = values["names"] = computer or "its computer"
    elif system is not None:
        values["system"] = printable(system.name)
        values["names"] = ", ".join(printable(name) for _, name in system.names) or printable(system.name)
    return values


def _computer(certificate: Certificate) -> str:
    """The first name of a computer in a certificate, as far as it can be read."""
    names = if_readable(lambda: (*certificate.dns_names, *certificate.subject.values(COMMON_NAME)), otherwise=())
    return printable(next(iter(names), ""))


def _certificate_values(certificate: Certificate) -> dict[str, str]:
    return {
        "thumbprint": certificate.sha1,
        "subject": _readable(certificate, "subject"),
        "issuer": _readable(certificate, "issuer"),
        "not_after": _readable(certificate, "not_after"),
    }


def _readable(holder: Certificate | RevocationList, field: str) -> str:
    return if_readable(lambda: str(getattr(holder, field)), otherwise="")


def _answer(row: Requirement, check: BoundCheck, subject: Subject, context: Context, mode: str) -> Result:
    if mode not in row.modes:
        return not_applicable(f"Says nothing about what is spoken to without TLS ({mode} mode).")
    try:
        return check(subject, context)
    except UnreadableFieldError as error:
        return not_checked(f"{printable(str(error))}; examine the certificate by hand, or have it issued again.")


def _finding(row: Requirement, facts: _Facts, result: Result) -> Finding:
    values = facts.values or {}
    return Finding(
        requirement=row,
        result=result,
        role=facts.role,
        system=facts.system,
        certificate=facts.certificate,
        subject=facts.subject,
        consequence=filled(row.consequence, values),
        remediation=filled(row.remediation, values),
    )
