"""Damaged and hostile input: a problem, an unknown answer or no certificate at all, but nothing is raised."""

from __future__ import annotations

import random

import pytest

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import (
    CODES,
    Chains,
    PathSettings,
    Trust,
)
from certaudit.x509.chain.client_view import client_view
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError
from tests.pki import AS_OF, authority, chains, revoked_entry
from tests.x509.chain.test_ocsp import ISSUING as OCSP_ISSUING
from tests.x509.chain.test_ocsp import LEAF as OCSP_LEAF
from tests.x509.chain.test_ocsp import ROOT as OCSP_ROOT
from tests.x509.chain.test_ocsp import delegate, delegated
from tests.x509.chain.test_pkits import all_chains, certificate, crl

MUTATIONS = 400
PKITS = [
    "certs/ValidcRLIssuerTest33EE.crt",
    "certs/nameConstraintsDN1CACert.crt",
    "certs/Mapping1to2CACert.crt",
    "certs/ValidonlySomeReasonsTest19EE.crt",
    "certs/ValidURInameConstraintsTest34EE.crt",
    "certs/ValidDSASignaturesTest4EE.crt",
]
CRLS = ["crls/indirectCRLCA5CRL.crl", "crls/deltaCRLCA1deltaCRL.crl", "crls/onlySomeReasonsCA3otherreasonsCRL.crl"]


def mutated(data: bytes, numbers: random.Random) -> bytes:
    """A few octets changed, dropped or doubled."""
    changed = bytearray(data)
    for _ in range(numbers.choice((1, 1, 1, 2, 5))):
        position = numbers.randrange(4, len(changed))
        match numbers.randrange(4):
            case 0:
                del changed[position]
            case 1:
                changed.insert(position, numbers.randrange(256))
            case _:
                changed[position] = numbers.randrange(256)
    return bytes(changed)


def ask_everything(known: Chains, target: Certificate) -> None:
    for path in known.paths(target):
        assert path.valid in (True, False)
        assert {problem.code for problem in path.problems} <= set(CODES)
        assert all(problem.message.isprintable() for problem in path.problems)
        assert len(path.revocation) == len(path.certificates)
        assert path.policies is not None
        client_view(path, AS_OF)


@pytest.mark.parametrize("name", PKITS)
def test_mutated_leaf(name: str) -> None:
    numbers = random.Random(name)
    known = all_chains("certs/TrustAnchorRootCertificate.crt", "2011-04-15T00:00:00Z", PathSettings())
    original = certificate(name)
    for _ in range(MUTATIONS):
        data = mutated(original.der, numbers)
        try:
            target = Certificate(data)
        except DerError:
            continue
        ask_everything(known, target)
        if target.tbs != original.tbs:
            assert not known.best(target).valid, data.hex()


def test_mutated_ca_above() -> None:
    """As trust anchor, as intermediate, and beside the sound one."""
    numbers = random.Random(4158)
    root = authority("CN=Root", number=1)
    for _ in range(MUTATIONS):
        data = mutated(root.certificate.der, numbers)
        try:
            odd = Certificate(data)
        except DerError:
            continue
        leaf = root.issue()
        for trust in (Trust((odd,)), Trust((), (odd,)), Trust((root.certificate, odd), (odd,))):
            ask_everything(Chains(trust, AS_OF), leaf)
            ask_everything(Chains(trust, AS_OF), odd)


@pytest.mark.parametrize("name", CRLS)
def test_mutated_crl(name: str) -> None:
    numbers = random.Random(name)
    anchor = certificate("certs/TrustAnchorRootCertificate.crt")
    cas = tuple(
        certificate(f"certs/{ca}.crt") for ca in ("indirectCRLCA5Cert", "deltaCRLCA1Cert", "onlySomeReasonsCA3Cert")
    )
    targets = [certificate(f"certs/{ee}.crt") for ee in ("ValiddeltaCRLTest2EE", "ValidonlySomeReasonsTest18EE")]
    for _ in range(MUTATIONS // 2):
        try:
            odd = RevocationList(mutated(crl(name).der, numbers))
        except DerError:
            continue
        known = Chains(Trust((anchor,), cas, (odd, crl("crls/TrustAnchorRootCRL.crl"))), AS_OF)
        for target in targets:
            ask_everything(known, target)


def test_mutated_crl_never_clears_a_revoked_certificate() -> None:
    numbers = random.Random(5280)
    root = authority("CN=Root", number=1)
    leaf = root.issue()
    original = root.crl(revoked_entry(leaf))
    for _ in range(MUTATIONS):
        try:
            odd = RevocationList(mutated(original.der, numbers))
        except DerError:
            continue
        path = chains(root, crls=[odd], revocation="required").best(leaf)
        assert not path.valid
        assert path.problems


def test_mutated_ocsp_response() -> None:
    numbers = random.Random(6960)
    original = delegated(delegate())
    for _ in range(MUTATIONS):
        known = chains(OCSP_ROOT, intermediates=[OCSP_ISSUING], ocsp=(mutated(original, numbers),))
        ask_everything(known, OCSP_LEAF)
