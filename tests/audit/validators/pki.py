"""A small hierarchy that really signs, and audits of what it issues: root, issuing CA, certificates, CRLs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from certaudit.audit.assignment import Assignment, Holding
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import CertificateEntry, CrlEntry, Evidence, Input, Provenance, SiteEvidence
from certaudit.site.site import EvidencePath, Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, PathSettings, Trust
from certaudit.x509.crl import RevocationList
from tests import builder

NOW = datetime(2010, 3, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ROOT = "CN=Contoso Root CA,DC=contoso,DC=com"
ISSUING = "CN=Contoso Issuing CA 1,DC=contoso,DC=com"
HTTP = "http://pki.contoso.com/crl/ca.crl"
LDAP = "ldap:///CN=ca,CN=CDP,DC=contoso,DC=com?certificateRevocationList"


def key(number: int) -> ec.EllipticCurvePrivateKey:
    """A private key that is the same in every run."""
    return ec.derive_private_key(number, ec.SECP256R1())


ROOT_KEY, ISSUING_KEY, LEAF_KEY, OTHER_KEY = (key(number) for number in (101, 102, 103, 104))


def certificate(**fields: Any) -> Certificate:
    """A certificate signed by the issuing CA, with an HTTP distribution point, unless `fields` say otherwise."""
    usual = {
        "issuer": ISSUING,
        "signer": ISSUING_KEY,
        "key": LEAF_KEY,
        "hash": "sha256",
        "extensions": [builder.distribution_points(HTTP)],
    }
    return builder.certificate(**usual | fields)


def authority(**fields: Any) -> Certificate:
    """A CA certificate, the issuing CA's unless `fields` say otherwise."""
    ca = [
        builder.basic_constraints(ca=True),
        builder.key_usage("keyCertSign", "cRLSign", critical=True),
        builder.distribution_points(HTTP),
    ]
    usual = {"subject": ISSUING, "issuer": ROOT, "signer": ROOT_KEY, "key": ISSUING_KEY, "extensions": ca}
    return certificate(**{"not_after": datetime(2020, 1, 1, tzinfo=UTC)} | usual | fields)


def root(**fields: Any) -> Certificate:
    """A self-signed CA certificate, the listed root's unless `fields` say otherwise."""
    return authority(**{"subject": ROOT, "issuer": ROOT, "signer": ROOT_KEY, "key": ROOT_KEY} | fields)


LISTED = root()
CA = authority()


def crl(
    *,
    issuer: str = ISSUING,
    signer: ec.EllipticCurvePrivateKey = ISSUING_KEY,
    this_update: datetime = NOW - timedelta(days=10),
    next_update: datetime | None = NOW + timedelta(days=20),
    revoked: Iterable[int] = (),
    extensions: Iterable[bytes] = (),
) -> RevocationList:
    """A CRL; `revoked` are serial numbers, all revoked a day before NOW."""
    algorithm = builder.sequence(builder.oid("1.2.840.10045.4.3.2"))
    entries = [builder.sequence(builder.integer(serial), builder.time(NOW - timedelta(days=1))) for serial in revoked]
    number = builder.extension(oids.CRL_NUMBER, builder.integer(7))
    tbs = builder.sequence(
        builder.integer(1),
        algorithm,
        builder.name(issuer),
        builder.time(this_update),
        builder.time(next_update) if next_update else b"",
        builder.sequence(*entries) if entries else b"",
        builder.tlv(0xA0, builder.sequence(number, *extensions)),
    )
    signature = signer.sign(tbs, ec.ECDSA(builder._HASHES["sha256"]()))
    return RevocationList(builder.sequence(tbs, algorithm, builder.tlv(0x03, b"\x00", signature)))


def freshest(*urls: str) -> bytes:
    """A freshest CRL extension."""
    points = (
        builder.sequence(builder.tlv(0xA0, builder.tlv(0xA0, builder.general_name(f"URI:{url}")))) for url in urls
    )
    return builder.extension(oids.FRESHEST_CRL, builder.sequence(*points))


CRLS = (crl(), crl(issuer=ROOT, signer=ROOT_KEY))


def entry(known: Certificate, path: str = "evidence.cer") -> CertificateEntry:
    """The certificate as an input holds it."""
    return CertificateEntry(known, Provenance(path))


def evidence(*known: Certificate, crls: Iterable[RevocationList] = (), path: str = "evidence.cer") -> Evidence:
    """Evidence of one readable input."""
    held = tuple(entry(item, path) for item in known)
    return Evidence((Input(path, "x509-der", certificates=held, crls=tuple(crl_entry(item) for item in crls)),))


def crl_entry(known: RevocationList) -> CrlEntry:
    """The CRL as an input holds it."""
    return CrlEntry(known, Provenance("crl/ca.crl"))


def system(*roles: str, **fields: Any) -> System:
    """A site system, dp01.contoso.com unless `fields` say otherwise."""
    return System(**{"name": "dp01.contoso.com", "roles": roles or ("distribution-point",)} | fields)


def context(
    *,
    roots: Iterable[Certificate] = (LISTED,),
    intermediates: Iterable[Certificate] = (CA,),
    crls: Iterable[RevocationList] = CRLS,
    systems: dict[tuple[str, str], Evidence] | None = None,
    assignments: tuple[Assignment, ...] = (),
    as_of: datetime = NOW,
    **site: Any,
) -> Context:
    """A context as the audit makes it, with revocation beside the problems."""
    roots, intermediates, crls = tuple(roots), tuple(intermediates), tuple(crls)
    listed = {"root_cas": (EvidencePath("roots/"),) if roots else ()}
    known = SiteEvidence(
        systems or {},
        root_cas=evidence(*roots, path="roots") if roots else Evidence(),
        intermediate_cas=evidence(*intermediates, path="ca"),
        crls=evidence(crls=crls, path="crl"),
    )
    chains = Chains(Trust(roots, intermediates, crls), as_of, PathSettings(revocation="off"))
    return Context(as_of, Site(**{"directory": Path("."), **listed} | site), known, assignments, chains)


def assigned(known: Certificate, role: str = "web-server", owner: System | None = None) -> AssignedCertificate:
    """The certificate in its role."""
    return AssignedCertificate(Holding(known, (entry(known),)), role, owner)
