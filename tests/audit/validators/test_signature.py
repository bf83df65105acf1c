"""Checks of signature algorithms."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certaudit.audit.validators import signature as checks
from certaudit.audit.validators.binding import Oid
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Status
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki import assigned, context

CONTEXT = context()
SHA1 = Oid("1.2.840.113549.1.1.5")
SHA256 = Oid("1.2.840.113549.1.1.11")
CURVE_KEY = ec.derive_private_key(7, ec.SECP256R1())
CA = [builder.basic_constraints(ca=True)]
ROOT = builder.certificate(subject="CN=Root", issuer="CN=Root", extensions=CA)
ROOT_SHA256 = builder.certificate(subject="CN=Root", issuer="CN=Root", extensions=CA, hash="sha256")


def signed(hash_name: str, role: str = "web-server", **fields: object) -> AssignedCertificate:
    return assigned(builder.certificate(hash=hash_name, **fields), role)


def unknown_algorithm() -> AssignedCertificate:
    encoded = builder.certificate_der()
    return assigned(Certificate(encoded.replace(builder.oid(SHA1), builder.oid("1.2.840.113549.1.1.127"))))


@pytest.mark.parametrize(
    ("hash_name", "status"), [("md5", Status.FAIL), ("sha1", Status.PASS), ("sha256", Status.PASS)]
)
def test_hash_is_none_of(hash_name: str, status: Status) -> None:
    assert checks.hash_is_none_of(signed(hash_name), CONTEXT, hashes=("md2", "md4", "md5")).status is status


def test_hash_is_none_of_names_the_algorithm() -> None:
    result = checks.hash_is_none_of(signed("sha1"), CONTEXT, hashes=("sha1",))
    assert result.message == "The certificate is signed with sha1WithRSAEncryption."
    assert result.expected == "a signature without SHA-1"


def test_hash_is_none_of_looks_at_other_key_types_too() -> None:
    assert checks.hash_is_none_of(signed("sha1", signer=CURVE_KEY), CONTEXT, hashes=("sha1",)).status is Status.FAIL


def test_hash_is_none_of_says_nothing_about_a_root() -> None:
    result = checks.hash_is_none_of(assigned(ROOT, "root-ca"), CONTEXT, hashes=("sha1",))
    assert result.status is Status.NOT_APPLICABLE
    cross = builder.certificate(subject="CN=Root", issuer="CN=Other", extensions=CA)
    assert checks.hash_is_none_of(assigned(cross, "root-ca"), CONTEXT, hashes=("sha1",)).status is Status.FAIL


def test_hash_is_none_of_has_no_answer_about_an_unknown_algorithm() -> None:
    assert checks.hash_is_none_of(unknown_algorithm(), CONTEXT, hashes=("md5",)).status is Status.NOT_CHECKED


def test_algorithm_is_one_of() -> None:
    assert checks.algorithm_is_one_of(signed("sha1"), CONTEXT, algorithms=(SHA1,)).status is Status.PASS
    result = checks.algorithm_is_one_of(signed("sha256"), CONTEXT, algorithms=(SHA1,))
    assert (result.status, result.observed) == (Status.FAIL, "sha256WithRSAEncryption")
    assert result.message == "The certificate is signed with sha256WithRSAEncryption."


def test_algorithm_is_one_of_fails_with_ecdsa_and_with_what_nobody_knows() -> None:
    known = (SHA1, SHA256)
    curve = signed("sha256", signer=CURVE_KEY)
    assert checks.algorithm_is_one_of(curve, CONTEXT, algorithms=known).observed == "ecdsa-with-SHA256"
    assert checks.algorithm_is_one_of(unknown_algorithm(), CONTEXT, algorithms=known).status is Status.FAIL


def test_algorithms_of_issuers_include_that_of_the_root_and_not_that_of_the_leaf() -> None:
    leaf = signed("sha256", issuer="CN=Root")
    sound = context(roots=(ROOT,))
    assert checks.algorithm_is_one_of(leaf, sound, algorithms=(SHA1,), signatures="issuers").status is Status.PASS
    result = checks.algorithm_is_one_of(leaf, context(roots=(ROOT_SHA256,)), algorithms=(SHA1,), signatures="issuers")
    assert result.status is Status.FAIL
    assert result.message == "The CA certificate CN=Root above it is signed with sha256WithRSAEncryption."


def test_algorithms_of_issuers_are_unknown_where_the_path_has_a_gap() -> None:
    middle = builder.certificate(subject="CN=Middle", issuer="CN=Root", extensions=CA)
    leaf = signed("sha1", issuer="CN=Middle")
    for anchors, status in (((), Status.NOT_CHECKED), ((ROOT,), Status.PASS)):
        everything = context(roots=anchors, intermediates=(middle,))
        result = checks.algorithm_is_one_of(leaf, everything, algorithms=(SHA1,), signatures="issuers")
        assert result.status is status


def test_a_weak_issuer_counts_even_where_the_path_has_a_gap() -> None:
    middle = builder.certificate(subject="CN=Middle", issuer="CN=Root", extensions=CA, hash="sha256")
    everything = context(intermediates=(middle,))
    leaf = signed("sha1", issuer="CN=Middle")
    result = checks.algorithm_is_one_of(leaf, everything, algorithms=(SHA1,), signatures="issuers")
    assert result.status is Status.FAIL
