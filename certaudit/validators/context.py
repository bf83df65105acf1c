"""What a check may look at beside its subject. No clock, no file, no network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from certaudit.assignment import Assignment
from certaudit.chain import Chains
from certaudit.evidence import CertificateEntry, Evidence, SiteEvidence
from certaudit.site import Site
from certaudit.validators.subject import Store
from certaudit.waivers import Waiver
from certaudit.x509.certificate import Certificate


@dataclass(frozen=True)
class Context:
    """The audit's instant, the site, all evidence, who serves what, candidate paths, and what has been waived."""

    as_of: datetime
    site: Site
    evidence: SiteEvidence
    assignments: tuple[Assignment, ...]
    chains: Chains
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def certificates_of_key(self) -> dict[bytes, frozenset[str]]:
        """SHA-256 thumbprints of the certificates that share a public key, by its SubjectPublicKeyInfo."""
        shared: dict[bytes, set[str]] = {}
        for item in self.evidence.inputs:
            for entry in item.certificates:
                shared.setdefault(entry.certificate.spki, set()).add(entry.certificate.sha256)
        return {spki: frozenset(thumbprints) for spki, thumbprints in shared.items()}

    @cached_property
    def holders(self) -> Counter[tuple[str, str]]:
        """How many systems each (role, SHA-256 thumbprint) serves."""
        return Counter(
            (assignment.role, assignment.holding.certificate.sha256)
            for assignment in self.assignments
            if assignment.holding is not None
        )

    @cached_property
    def stores(self) -> dict[tuple[str, str], tuple[Store, ...]]:
        """The Windows certificate stores of each system, by its key, in the order of the manifest and the evidence."""
        return {
            system.key: tuple(
                Store(system, *place, tuple(entries))
                for place, entries in _by_store(self.evidence.systems.get(system.key, Evidence())).items()
            )
            for system in self.site.systems
        }

    @cached_property
    def serving(self) -> dict[tuple[str, str], frozenset[Certificate]]:
        """The certificates that serve a role on each system, by its key."""
        found: dict[tuple[str, str], set[Certificate]] = {}
        for assignment in self.assignments:
            if assignment.holding is not None and assignment.system is not None:
                found.setdefault(assignment.system.key, set()).add(assignment.holding.certificate)
        return {key: frozenset(certificates) for key, certificates in found.items()}

    @cached_property
    def users(self) -> dict[Certificate, tuple[Assignment, ...]]:
        """The assignments of systems in whose chains a certificate stands, itself included, by that certificate."""
        found: dict[Certificate, list[Assignment]] = {}
        for assignment in self.assignments:
            if assignment.holding is not None and assignment.system is not None:
                for certificate in self.chains.best(assignment.holding.certificate).certificates:
                    found.setdefault(certificate, []).append(assignment)
        return {certificate: tuple(users) for certificate, users in found.items()}


def _by_store(evidence: Evidence) -> dict[tuple[str | None, str | None, str], list[CertificateEntry]]:
    """What each store holds, by host, location and name."""
    found: dict[tuple[str | None, str | None, str], list[CertificateEntry]] = {}
    for entry in evidence.certificates:
        place = entry.provenance
        if place.store is not None:
            found.setdefault((place.host, place.location, place.store), []).append(entry)
    return found
