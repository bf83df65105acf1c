"""The whole job: load the evidence, assign certificates to roles, validate, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from pathlib import Path

from certaudit import loaders
from certaudit.assignment import Assignment, Holding, State, assign, certificate_roles
from certaudit.boot_answer import boot_answer
from certaudit.chain import Chains, PathSettings, Trust
from certaudit.deadlines import deadlines
from certaudit.evidence import Evidence, Input, SiteEvidence
from certaudit.findings import findings_of
from certaudit.passwords import Prompt, nobody, password_of
from certaudit.printable import printable
from certaudit.report import Report
from certaudit.requirements.catalogue import Catalogue
from certaudit.site import Site, Source
from certaudit.validators.context import Context
from certaudit.waivers import Waiver, apply
from certaudit.x509.certificate import Certificate


def load_site(site: Site, prompt: Prompt = nobody, jobs: int = 1) -> SiteEvidence:
    """All evidence that the manifest names. An input that cannot be read is in it, with its reason."""
    owners = [system.evidence for system in site.systems] + [site.root_cas, site.intermediate_cas, site.crls]
    loaded = iter(load_sources(site.directory, [source for sources in owners for source in sources], prompt, jobs))
    parts = [Evidence(tuple(item for _ in sources for item in next(loaded))) for sources in owners]
    root_cas, intermediate_cas, crls = parts[-3:]
    return SiteEvidence(
        dict(zip([system.key for system in site.systems], parts, strict=False)),
        # An export of a whole computer may stand in a trust list, and not all that it holds is trusted.
        Evidence(root_cas.inputs, store="root"),
        Evidence(intermediate_cas.inputs, store="ca"),
        crls,
    )


def load_sources(
    directory: Path, sources: Sequence[Source], prompt: Prompt = nobody, jobs: int = 1
) -> list[tuple[Input, ...]]:
    """The inputs of each source, in their order, read by `jobs` processes; nobody is asked where they are several."""
    if jobs == 1 or len(sources) < 2:
        return [_load_source(directory, source, prompt) for source in sources]
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(jobs, len(sources))) as pool:
        return list(pool.map(_load_source, repeat(directory), sources, repeat(nobody)))


def _load_source(directory: Path, source: Source, prompt: Prompt) -> tuple[Input, ...]:
    name = source.name or source.path
    if name.startswith("windows:"):
        from certaudit.loaders import windows_store

        return windows_store.load(name)
    return loaders.load(directory / source.path, name, password_of(source, directory, prompt))


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
    if assignments is None:
        assignments = assign(site, evidence, as_of)
    chains = chains_of(evidence, as_of)
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
        boot=boot_answer(context, findings),
        warnings=(*_not_judged(site), *waived.warnings),
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


def _not_judged(site: Site) -> Iterator[str]:
    """What in the site there is nothing to say about: no system at all, or a role that the release does not have."""
    if not site.systems:
        yield "the manifest names no site system, no client and no boot media: there is nothing to judge"
    for system in site.systems:
        for role in system.roles:
            if not certificate_roles(site, role) and role != "primary-site-server":
                name = printable(system.name)
                yield f"{name}: release {site.release} has no {role}, and nothing about that role was judged"
