"""The whole job: load the evidence, assign certificates to roles, validate, report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from certaudit.audit.assignment import (
    Assignment,
    Holding,
    State,
    assign,
)
from certaudit.audit.boot_answer import boot_answer
from certaudit.audit.deadlines import deadlines
from certaudit.audit.evaluation import findings_of
from certaudit.audit.report import Report
from certaudit.audit.validators.context import Context
from certaudit.evidence import SiteEvidence
from certaudit.findings.waivers import Waiver, apply
from certaudit.printable import printable
from certaudit.requirements.catalogue import Catalogue
from certaudit.site.roles import needed_by, site_system_role
from certaudit.site.site import Site
from certaudit.x509.certificate import Certificate
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
    context = Context(as_of, site, evidence, (*assignments, *_issuers(assignments, chains)), chains, waivers)
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
        deadlines=deadlines(context.assignments, evidence, chains, as_of),
        chains=chains,
        waivers=waived.standings,
        boot=boot_answer(context, waived.findings),
        warnings=(*_not_judged(site), *_not_needed(assignments, site), *waived.warnings),
    )


def _issuers(assignments: tuple[Assignment, ...], chains: Chains) -> tuple[Assignment, ...]:
    """The CA certificates that a chain uses and no trust list names, such as those inside a PFX."""
    listed = {assignment.holding.certificate for assignment in assignments if assignment.holding}
    used: dict[Certificate, None] = {}
    for assignment in assignments:
        if assignment.holding is not None:
            used |= dict.fromkeys(chains.best(assignment.holding.certificate).certificates[1:])
    return tuple(
        Assignment(None, None, "intermediate-ca", State.ASSIGNED, Holding(certificate, ()))
        for certificate in used
        if certificate not in listed
    )


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
