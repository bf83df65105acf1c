"""Where requirements and subjects meet: each row about each subject gives one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from certaudit.audit.validators.binding import BoundCheck, bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.facts import Facts
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import (
    KINDS,
    AssignedCertificate,
    PfxFile,
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
from certaudit.x509.fields import UnreadableFieldError


def findings_of(context: Context, rows: Iterable[Requirement]) -> Iterator[Finding]:
    """The findings, in the order of `subjects` and, for each, of the ids. Raises UsageError where a row is unfit.

    The rows are bound to their checks once for each kind of subject and role, not once for each subject.
    """
    bound: dict[tuple[type[Subject], str | None], list[tuple[Requirement, BoundCheck]]] = {}
    for row in rows:
        check = bind(row, CHECKS)
        for role in row.roles or (None,):
            bound.setdefault((KINDS[row.subject], role), []).append((row, check))
    of_site = {"site_code": context.site.code or "", "release": context.site.release}
    for subject in subjects(context):
        facts = subject.facts()
        words = of_site | facts.words
        matching = bound.get((type(subject), facts.role), [])
        if facts.role is not None:
            matching = [*matching, *bound.get((type(subject), None), [])]
        mode = context.site.mode_for(getattr(subject, "system", None), facts.role)
        if facts.role == "root-ca" and isinstance(subject, AssignedCertificate) and not _is_used(subject, context):
            matching = [(row, check) for row, check in matching if row.unused_roots]
        for row, check in matching:
            yield _finding(row, facts, words, _answer(row, check, subject, context, mode))


def _is_used(subject: AssignedCertificate, context: Context) -> bool:
    """False for a root that the site lists and no chain uses."""
    return subject.system is not None or subject.certificate in context.in_use


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
    yield from map(SuppliedCrl, context.crls)
    yield from map(SuppliedInput, context.evidence.inputs)


def _media(context: Context) -> Iterator[SuppliedMedia]:
    """All boot media, in the order of the manifest."""
    for system in context.site.systems:
        evidence = context.evidence.systems.get(system.key, Evidence())
        for item in evidence.inputs:
            if item.media is not None:
                yield SuppliedMedia(item, item.media, system)


def _answer(row: Requirement, check: BoundCheck, subject: Subject, context: Context, mode: str) -> Result:
    if mode not in row.modes:
        return not_applicable(f"Says nothing about what is spoken to without TLS ({mode} mode).")
    try:
        return check(subject, context)
    except UnreadableFieldError as error:
        return not_checked(f"{printable(str(error))}; examine the certificate by hand, or have it issued again.")


def _finding(row: Requirement, facts: Facts, words: dict[str, str], result: Result) -> Finding:
    return Finding(
        requirement=row,
        result=result,
        role=facts.role,
        system=facts.system,
        certificate=facts.certificate,
        subject=facts.subject,
        consequence=filled(row.consequence, words),
        remediation=filled(row.remedy(result.causes), words),
    )
