"""A subject and a context for the tests of checks, made of as little as a check looks at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import UNKNOWN_KEY, CertificateEntry, PrivateKey, Provenance, SiteEvidence
from certaudit.site.site import Site, System
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, PathSettings, Trust

AS_OF = datetime(2010, 3, 1, tzinfo=UTC)
MP01 = System("mp01.contoso.com", roles=("management-point",))
WS0001 = System("ws0001.contoso.com", kind="client", roles=("client",))
MEDIA = System("Branch office USB stick", kind="boot-media", roles=("boot-media",))


def assigned(
    certificate: Certificate,
    role: str = "web-server",
    system: System | None = MP01,
    *,
    friendly_name: str | None = None,
    private_key: PrivateKey = UNKNOWN_KEY,
) -> AssignedCertificate:
    """`certificate` in that role, found at one place."""
    entry = CertificateEntry(certificate, Provenance("evidence"), private_key, friendly_name)
    return AssignedCertificate(Holding(certificate, (entry,)), role, system)


def context(
    *others: AssignedCertificate,
    anchors: tuple[Certificate, ...] = (),
    intermediates: tuple[Certificate, ...] = (),
    systems: tuple[System, ...] = (MP01, WS0001, MEDIA),
    **site: Any,
) -> Context:
    """A context in which `others` are assigned, and `anchors` and `intermediates` can make paths."""
    settings: dict[str, Any] = {"code": "S01", "release": "2007-sp2"} | site
    assignments = tuple(Assignment(other.system, None, other.role, State.ASSIGNED, other.holding) for other in others)
    chains = Chains(Trust(anchors=anchors, intermediates=intermediates), AS_OF, PathSettings(revocation="off"))
    return Context(AS_OF, Site(Path(), systems=systems, **settings), SiteEvidence(), assignments, chains)
