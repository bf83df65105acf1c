"""What a check gets: a subject as an audit makes it, and a context with the site, the evidence and the chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import (
    UNKNOWN_KEY,
    CertificateEntry,
    CrlEntry,
    Evidence,
    Input,
    PrivateKey,
    Provenance,
    SiteEvidence,
)
from certaudit.site.site import EvidencePath, Site, System
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from tests.pki.authority import AS_OF, chains
from tests.pki.contoso import ISSUING, ROOT

MP01 = System("mp01.contoso.com", roles=("management-point",))
WS0001 = System("ws0001.contoso.com", kind="client", roles=("client",))
MEDIA = System("Branch office USB stick", kind="boot-media", roles=("boot-media",))


def entry(known: Certificate, path: str = "evidence.cer") -> CertificateEntry:
    """The certificate as an input holds it."""
    return CertificateEntry(known, Provenance(path))


def crl_entry(known: RevocationList) -> CrlEntry:
    """The CRL as an input holds it."""
    return CrlEntry(known, Provenance("crl/ca.crl"))


def evidence(*known: Certificate, crls: Iterable[RevocationList] = (), path: str = "evidence.cer") -> Evidence:
    """Evidence of one readable input."""
    held = tuple(entry(item, path) for item in known)
    return Evidence((Input(path, "x509-der", certificates=held, crls=tuple(crl_entry(item) for item in crls)),))


def system(*roles: str, **fields: Any) -> System:
    """A site system, dp01.contoso.com unless `fields` say otherwise."""
    return System(**{"name": "dp01.contoso.com", "roles": roles or ("distribution-point",)} | fields)


def assigned(
    known: Certificate,
    role: str = "web-server",
    owner: System | None = MP01,
    *,
    friendly_name: str | None = None,
    private_key: PrivateKey = UNKNOWN_KEY,
) -> AssignedCertificate:
    """The certificate in its role, found at one place."""
    found = CertificateEntry(known, Provenance("evidence.cer"), private_key, friendly_name)
    return AssignedCertificate(Holding(known, (found,)), role, owner)


def context(
    *others: AssignedCertificate,
    roots: Iterable[Certificate] = (ROOT.certificate,),
    intermediates: Iterable[Certificate] = (ISSUING.certificate,),
    crls: Iterable[RevocationList] = (ISSUING.crl(), ROOT.crl()),
    held: Mapping[tuple[str, str], Evidence] | None = None,
    assignments: Iterable[Assignment] = (),
    systems: tuple[System, ...] = (MP01, WS0001, MEDIA),
    as_of: datetime = AS_OF,
    **site: Any,
) -> Context:
    """A context as the audit makes it, in which `others` are assigned too; `held` is the evidence of each system."""
    roots, intermediates, crls = tuple(roots), tuple(intermediates), tuple(crls)
    listed = {"root_cas": (EvidencePath("roots/"),) if roots else ()}
    known = SiteEvidence(
        dict(held or {}),
        root_cas=evidence(*roots, path="roots") if roots else Evidence(),
        intermediate_cas=evidence(*intermediates, path="ca"),
        crls=evidence(crls=crls, path="crl"),
    )
    beside = tuple(Assignment(other.system, None, other.role, State.ASSIGNED, other.holding) for other in others)
    return Context(
        as_of,
        Site(**{"directory": Path("."), "code": "S01", "systems": systems, **listed} | site),
        known,
        (*assignments, *beside),
        chains(*roots, intermediates=intermediates, crls=crls, as_of=as_of),
    )
