"""The whole job: load the evidence, assign certificates to roles, validate, report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from certaudit.audit.assignment import Assignment, State, assign
from certaudit.audit.boot_answer import boot_answer
from certaudit.audit.deadlines import deadlines
from certaudit.audit.evaluation import findings_of
from certaudit.audit.in_use import InUse, in_use
from certaudit.audit.report import Report
from certaudit.audit.validators.context import Context
from certaudit.evidence import SiteEvidence
from certaudit.findings.waivers import Waiver, apply
from certaudit.printable import printable
from certaudit.requirements.catalogue import Catalogue
from certaudit.site.roles import needed_by, site_system_role
from certaudit.site.site import Site
from certaudit.x509.chain import Chains, PathSettings, Trust


def chains_of(evidence: SiteEvidence, as_of: datetime, settings: PathSettings | None = None) -> Chains:
    """The candidate paths of every certificate of `evidence`: the root list alone makes trust anchors."""
    trust = Trust(
        anchors=evidence.root_cas.every_certificate,
        intermediates=evidence.every_certificate,
        crls=tuple(entry.crl for entry in evidence.every_crl),
        ocsp_responses=tuple(response for item in evidence.inputs for response in item.ocsp_responses),
    )
    return Chains(trust, as_of, settings or PathSettings(revocation="off"))


def audit(
    site: Site,
    evidence: SiteEvidence,
    catalogue: Catalogue,
    as_of: datetime,
    *,
    assignments: tuple[Assignment, ...] | None = None,
    waivers: tuple[Waiver, ...] = (),
) -> Report:
    """The report on `site` as of `as_of`. `assignments` are worked out from the evidence where they are not given."""
    chains = chains_of(evidence, as_of)
    if assignments is None:
        assignments = assign(site, evidence, as_of, chains.top)
    known = in_use(assignments, evidence, chains)
    context = Context(
        as_of, site, evidence, known.assignments, chains, waivers, crls=known.crls, in_use=known.certificates
    )
    findings = tuple(findings_of(context, catalogue.of_release(site.release)))
    waived = apply(waivers, findings, evidence.every_certificate, as_of)
    return Report(
        as_of=as_of,
        site=site,
        catalogue=catalogue.files,
        inputs=evidence.inputs,
        certificates=evidence.every_certificate,
        assignments=context.assignments,
        findings=waived.findings,
        deadlines=deadlines(known.assignments, known.crls, chains, as_of),
        chains=chains,
        waivers=waived.standings,
        boot=boot_answer(context, waived.findings),
        warnings=(*_not_judged(site), *_not_needed(assignments, site), *_inventory(known), *waived.warnings),
    )


def _inventory(known: InUse) -> Iterator[str]:
    """One line about what was not judged because nothing uses it, with the roles whose chains are not known; and one
    about roots that are judged for being listed alone."""
    counts = [_counted(known.unused_authorities, "CA certificate"), _counted(known.unused_crls, "CRL")]
    if told := " and ".join(filter(None, counts)):
        line = f"in the inventory alone and not judged, as no chain of the site uses them: {told}"
        if known.open_roles:
            line += f"; CAs may be among them of what serves as {', '.join(known.open_roles)}, which is not known"
        yield line
    if told := _counted(known.unused_roots, "root CA"):
        yield f"judged for being listed alone, as no chain of the site ends there: {told} of [trust] root_cas"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""


def _not_needed(assignments: tuple[Assignment, ...], site: Site) -> Iterator[str]:
    """One line about the systems whose certificates nothing was asked of, because of how the site is spoken to."""
    spared: dict[str, list[str]] = {}
    for assignment in assignments:
        if assignment.state is State.NOT_NEEDED and assignment.system is not None:
            ways = site.connections_of(assignment.system) if assignment.system.kind == "site-system" else "no HTTPS"
            spared.setdefault(f"{printable(assignment.system.name)} ({ways})", []).append(assignment.role)
    if spared:
        listed = ", ".join(f"{name}: {', '.join(roles)}" for name, roles in spared.items())
        yield f"needs no certificate of the PKI as it is spoken to, so that none was judged: {listed}"


def _not_judged(site: Site) -> Iterator[str]:
    """What in the site there is nothing to say about: no system at all, or a role that the release does not have."""
    if not site.systems:
        yield "the manifest names no site system, no client and no boot media: there is nothing to judge"
    for system in site.systems:
        for role in system.roles:
            known = site_system_role(role)
            if known and site.release not in known.releases and not needed_by(role, site.release):
                name = printable(system.name)
                yield f"{name}: release {site.release} has no {role}, and nothing about that role was judged"
        wanted = {name for role in system.roles for name in needed_by(role, site.release)}
        for role in sorted(set(system.pins) - wanted) if wanted else ():
            name = printable(system.name)
            yield f"{name}: in release {site.release} nothing takes the pinned certificate for {role}"
