"""What is asked for: the CRLs of a path, and issuers that are not at hand."""

from __future__ import annotations

import pytest

from certaudit.audit.audit import chains_of
from certaudit.evidence import Evidence, Input, SiteEvidence
from certaudit.loaders import limits, load_bytes
from certaudit.loaders.network.published import with_published
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import PathSettings
from tests import builder, pki
from tests.builder import extension, oid, sequence, tlv
from tests.pki import AS_OF, authority

LDAP = "ldap:///CN=x?certificateRevocationList"
WEB = "http://pki.contoso.com/"


def issuers(*urls: str) -> bytes:
    """An authority information access that names where the issuer's certificate is."""
    places = [sequence(oid(oids.CA_ISSUERS), tlv(0x86, url.encode())) for url in urls]
    return extension(oids.AUTHORITY_INFORMATION_ACCESS, sequence(*places))


ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority(
    "CN=Contoso Issuing CA 1",
    number=2,
    issuer=ROOT,
    extensions=(builder.distribution_points(WEB + "root.crl"), issuers(WEB + "root.cer")),
)
LEAF = ISSUING.issue(
    extensions=(builder.distribution_points(LDAP, WEB + "issuing.crl"), issuers(LDAP, WEB + "issuing.cer"))
)
PUBLISHED = {
    WEB + "issuing.cer": ISSUING.certificate.der,
    WEB + "issuing.crl": ISSUING.crl().der,
    WEB + "root.crl": ROOT.crl().der,
    WEB + "root.cer": ROOT.certificate.der,
}


def completed(
    leaf: Certificate = LEAF,
    *,
    roots: tuple[Certificate, ...] = (ROOT.certificate,),
    known: dict[str, bytes] = PUBLISHED,
) -> tuple[SiteEvidence, list[str]]:
    """The evidence with what was fetched, and what was asked for, in order."""
    asked: list[str] = []

    def fetch(url: str) -> Input:
        asked.append(url)
        return load_bytes(known[url], url) if url in known else Input(url, "url", error="It is not there.")

    evidence = SiteEvidence(root_cas=pki.evidence(*roots, path="roots") if roots else Evidence())
    return with_published(evidence, [leaf], lambda found: chains_of(found, AS_OF), fetch), asked


def test_a_path_is_completed_by_what_is_published() -> None:
    evidence, asked = completed()
    assert asked == [WEB + "issuing.cer", WEB + "issuing.crl", WEB + "root.crl"]
    assert chains_of(evidence, AS_OF, PathSettings(revocation="required")).best(LEAF).valid
    assert [item.path for item in evidence.inputs] == ["roots", *asked]


def test_what_was_fetched_makes_no_trust_anchor() -> None:
    evidence, asked = completed(roots=())
    assert WEB + "root.cer" in asked
    assert not evidence.root_cas.certificates
    path = chains_of(evidence, AS_OF).best(LEAF)
    assert not path.anchored
    assert [problem.code for problem in path.problems] == ["untrusted-root"]


def test_what_is_not_there_is_asked_for_once() -> None:
    evidence, asked = completed(known={})
    assert asked == [WEB + "issuing.cer", WEB + "issuing.crl"]
    assert [item.error for item in evidence.crls.inputs] == ["It is not there."] * 2


def test_how_much_is_asked_for_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ADDRESSES", 2)
    evidence, asked = completed()
    assert len(asked) == 2
    assert "1 more addresses were not asked for: 2 are the most in one run." in (evidence.crls.inputs[-1].error or "")


def test_a_certificate_that_names_nothing_asks_for_nothing() -> None:
    assert completed(ROOT.issue())[1] == []
