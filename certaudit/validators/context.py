"""What a check may look at beside its subject. No clock, no file, no network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from certaudit.assignment import Assignment
from certaudit.chain import Chains
from certaudit.evidence import SiteEvidence
from certaudit.site import Site


@dataclass(frozen=True)
class Context:
    """The audit's instant, the site, all evidence, who serves what, and the candidate paths of a certificate."""

    as_of: datetime
    site: Site
    evidence: SiteEvidence
    assignments: tuple[Assignment, ...]
    chains: Chains

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
