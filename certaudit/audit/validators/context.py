"""What a check may look at beside its subject. No clock, no file, no network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from certaudit.audit.assignment import Assignment, IssuersList, issuers_list
from certaudit.audit.validators.client_identity import ClientIdentity, bearer, readable_identity
from certaudit.audit.validators.subject import Store
from certaudit.evidence import CertificateEntry, CrlEntry, Evidence, SiteEvidence
from certaudit.findings.waivers import Waiver
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains
from certaudit.x509.fields import if_readable
from certaudit.x509.name import folded
from certaudit.x509.rsa_weakness import MAX_MODULUS_BITS
from certaudit.x509.shared_factors import shared_factors


@dataclass(frozen=True)
class Context:
    """The audit's instant, the site, all evidence, who serves what, candidate paths, and what has been waived.

    `assignments` and `crls` are those to judge; `in_use` are the certificates that a chain of the site uses.
    """

    as_of: datetime
    site: Site
    evidence: SiteEvidence
    assignments: tuple[Assignment, ...]
    chains: Chains
    waivers: tuple[Waiver, ...] = ()
    crls: tuple[CrlEntry, ...] = ()
    in_use: frozenset[Certificate] = frozenset()

    @cached_property
    def certificates_of_key(self) -> dict[int | bytes, dict[str, tuple[Certificate, ...]]]:
        """The certificates among the evidence that share a key, by what `key_of` gives for it and whom they are for, in
        order of the latter."""
        shared: dict[int | bytes, dict[str, list[Certificate]]] = {}
        for certificate in self.evidence.every_certificate:
            shared.setdefault(key_of(certificate), {}).setdefault(bearer(certificate), []).append(certificate)
        return {key: {name: tuple(bearers[name]) for name in sorted(bearers)} for key, bearers in shared.items()}

    @cached_property
    def shared_factors(self) -> dict[int, tuple[int, ...]]:
        """The RSA moduli among the evidence that share a prime with others, and these others."""
        moduli = (key for key in self.certificates_of_key if isinstance(key, int))
        return shared_factors(modulus for modulus in moduli if modulus.bit_length() <= MAX_MODULUS_BITS)

    @cached_property
    def formats(self) -> dict[str, str]:
        """The format of each input, by its path."""
        return {item.path: item.format for item in self.evidence.inputs}

    @cached_property
    def identities(self) -> dict[tuple[str, ClientIdentity], tuple[tuple[System | None, Certificate], ...]]:
        """The systems and certificates of a role that have one client identity, by both; who has none is not there."""
        found: dict[tuple[str, ClientIdentity], list[tuple[System | None, Certificate]]] = {}
        for assignment in self.assignments:
            certificate = assignment.holding.certificate if assignment.holding else None
            identity = readable_identity(certificate) if certificate else None
            if certificate is not None and identity is not None:
                found.setdefault((assignment.role, identity), []).append((assignment.system, certificate))
        return {key: tuple(holders) for key, holders in found.items()}

    @cached_property
    def served(self) -> dict[str, Counter[str]]:
        """By role, how many certificates serve it on each system, by its name in lower case."""
        found: dict[str, Counter[str]] = {}
        for assignment in self.assignments:
            if assignment.holding is not None and assignment.system is not None:
                found.setdefault(assignment.role, Counter())[folded(assignment.system.name)] += 1
        return found

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
    def issuers(self) -> IssuersList:
        """The certificate issuers list of the site's clients."""
        servers = (
            assignment.holding.certificate
            for assignment in self.assignments
            if assignment.role == "web-server" and assignment.holding is not None
            if assignment.system is not None and "management-point" in assignment.system.roles
        )
        return issuers_list(self.site, self.evidence, servers, self.chains.top)

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


def key_of(certificate: Certificate) -> int | bytes:
    """What is equal for certificates whose private keys are as good as one: the modulus of an RSA key, for whoever has
    factored it has the keys to all exponents; else the SubjectPublicKeyInfo."""
    modulus = if_readable(lambda: certificate.public_key.modulus, otherwise=None)
    return certificate.spki if modulus is None else modulus


def _by_store(evidence: Evidence) -> dict[tuple[str | None, str | None, str], list[CertificateEntry]]:
    """What each store holds, by host, location and name."""
    found: dict[tuple[str | None, str | None, str], list[CertificateEntry]] = {}
    for entry in evidence.certificates:
        place = entry.provenance
        if place.store is not None:
            found.setdefault((place.host, place.location, place.store), []).append(entry)
    return found
