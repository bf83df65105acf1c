"""Candidate paths: all of them, in a fixed order, within bounds."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath
from certaudit.x509.chain import paths as search
from tests import builder
from tests.pki import SIGNING, Authority, authority, authority_key, chains, codes, key, key_identifier, subject_key

ROOT, ISSUING = "CN=Contoso Root CA", "CN=Contoso Issuing CA 1,DC=contoso,DC=com"


def lines(paths: tuple[CandidatePath, ...]) -> list[tuple[Certificate, ...]]:
    return [path.certificates for path in paths]


@pytest.fixture
def root() -> Authority:
    return authority(ROOT, number=1)


@pytest.fixture
def issuing(root: Authority) -> Authority:
    return authority(ISSUING, number=2, issuer=root)


def test_sound_path(root: Authority, issuing: Authority) -> None:
    leaf = issuing.issue()
    (path,) = chains(root, intermediates=[issuing]).paths(leaf)
    assert path.certificates == (leaf, issuing.certificate, root.certificate)
    assert path.anchored
    assert path.valid
    assert path.problems == ()


def test_path_without_issuer_is_a_candidate_too(root: Authority, issuing: Authority) -> None:
    leaf = issuing.issue()
    (path,) = chains(root).paths(leaf)
    assert path.certificates == (leaf,)
    assert not path.anchored
    assert not path.valid
    assert codes(path) == ["issuer-missing"]
    assert "CN=Contoso Issuing CA 1,DC=contoso,DC=com" in path.problems[0].message


def test_path_that_lacks_its_root(root: Authority, issuing: Authority) -> None:
    leaf = issuing.issue()
    (path,) = chains(intermediates=[issuing]).paths(leaf)
    assert path.certificates == (leaf, issuing.certificate)
    assert [(problem.code, problem.certificate) for problem in path.problems] == [
        ("issuer-missing", issuing.certificate.sha256)
    ]


def test_untrusted_root(root: Authority, issuing: Authority) -> None:
    (path,) = chains(intermediates=[issuing, root]).paths(issuing.issue())
    assert path.certificates[-1] == root.certificate
    assert not path.anchored
    assert codes(path) == ["untrusted-root"]


def test_self_signed_leaf(root: Authority) -> None:
    leaf = authority("CN=site01.contoso.com", number=5).certificate
    (path,) = chains(root).paths(leaf)
    assert path.certificates == (leaf,)
    assert codes(path) == ["untrusted-root"]


def test_trust_anchor_itself(root: Authority) -> None:
    (path,) = chains(root).paths(root.certificate)
    assert path.certificates == (root.certificate,)
    assert path.valid


def test_look_alike_root_alone(root: Authority, issuing: Authority) -> None:
    impostor = authority(ROOT, number=66)
    (path,) = chains(impostor, intermediates=[issuing]).paths(issuing.issue())
    assert path.anchored
    assert not path.valid
    assert [(problem.code, problem.certificate) for problem in path.problems] == [
        ("signature-invalid", issuing.certificate.sha256)
    ]


def test_look_alike_root_that_copied_the_key_identifier_is_shown_beside_the_real_one(root: Authority) -> None:
    copied = (builder.basic_constraints(ca=True), SIGNING, subject_key(key_identifier(root.key)))
    impostor = authority(ROOT, number=66).issue(ROOT, key=key(66), extensions=copied)
    leaf = root.issue()
    real, false = chains(root, impostor).paths(leaf)
    assert real.valid
    assert real.certificates == (leaf, root.certificate)
    assert codes(false) == ["signature-invalid"]


def test_look_alike_root_with_its_own_key_identifier_is_no_candidate_beside_the_real_one(root: Authority) -> None:
    impostor = authority(ROOT, number=66)
    (path,) = chains(root, impostor).paths(root.issue())
    assert path.valid
    assert path.certificates[-1] == root.certificate


def test_root_renewed_with_the_same_key_gives_two_valid_paths(root: Authority) -> None:
    renewed = authority(ROOT, number=1, not_before=datetime(2010, 1, 1, tzinfo=UTC))
    paths = chains(root, renewed).paths(root.issue())
    assert [path.valid for path in paths] == [True, True]
    assert {path.certificates[-1] for path in paths} == {root.certificate, renewed.certificate}


def test_root_renewed_with_a_new_key_is_told_apart_by_key_identifier(root: Authority) -> None:
    renewed = authority(ROOT, number=7)
    old, new = root.issue(), renewed.issue()
    known = chains(root, renewed)
    assert lines(known.paths(old)) == [(old, root.certificate)]
    assert lines(known.paths(new)) == [(new, renewed.certificate)]


def test_expired_copy_of_a_renewed_intermediate_comes_second(root: Authority, issuing: Authority) -> None:
    expired = authority(ISSUING, number=2, issuer=root, not_after=datetime(2010, 1, 1, tzinfo=UTC))
    good, bad = chains(root, intermediates=[expired, issuing]).paths(issuing.issue())
    assert good.valid
    assert codes(bad) == ["expired"]


def test_wrong_key_identifier_alone_excludes_nobody_but_openssl_objects(root: Authority) -> None:
    leaf = builder.certificate(
        issuer=ROOT, signer=root.key, key=key(9), hash="sha256", extensions=[authority_key(b"someone else")]
    )
    other = authority(ROOT, number=7)
    path = chains(root, other).best(leaf)
    assert path.certificates == (leaf, root.certificate)
    assert path.problems == ()
    assert path.refused_by_openssl is not None
    assert not path.valid


def test_cross_certified_ca_gives_a_path_to_either_root(root: Authority, issuing: Authority) -> None:
    partner = authority("CN=Fabrikam Root CA", number=3)
    cross = authority(ISSUING, number=2, issuer=partner)
    leaf = issuing.issue()
    paths = chains(root, partner, intermediates=[issuing, cross]).paths(leaf)
    assert [path.valid for path in paths] == [True, True]
    assert {path.certificates[1:] for path in paths} == {
        (issuing.certificate, root.certificate),
        (cross.certificate, partner.certificate),
    }


def test_path_over_an_expired_cross_certificate_is_kept_with_its_problem(root: Authority, issuing: Authority) -> None:
    partner = authority("CN=Fabrikam Root CA", number=3)
    cross = authority(ISSUING, number=2, issuer=partner, not_after=datetime(2009, 12, 1, tzinfo=UTC))
    first, second = chains(root, partner, intermediates=[issuing, cross]).paths(issuing.issue())
    assert first.valid
    assert codes(second) == ["expired"]
    assert second.certificates[-1] == partner.certificate


def test_cas_that_certify_one_another_end_the_search(root: Authority) -> None:
    one, two = authority("CN=One", number=11, issuer=root), authority("CN=Two", number=12, issuer=root)
    one_by_two, two_by_one = authority("CN=One", number=11, issuer=two), authority("CN=Two", number=12, issuer=one)
    leaf = one.issue()
    paths = chains(root, intermediates=[one, two, one_by_two, two_by_one]).paths(leaf)
    assert lines(paths) == [
        (leaf, one.certificate, root.certificate),
        (leaf, one_by_two.certificate, two.certificate, root.certificate),
    ]


def test_loop_without_a_way_out() -> None:
    outside = authority("CN=Nobody", number=13)
    one, two = authority("CN=One", number=11, issuer=outside), authority("CN=Two", number=12, issuer=outside)
    one_by_two, two_by_one = authority("CN=One", number=11, issuer=two), authority("CN=Two", number=12, issuer=one)
    (path,) = chains(intermediates=[one_by_two, two_by_one]).paths(one.issue())
    assert not path.anchored
    assert codes(path) == ["issuer-loop"]


def test_intermediate_as_trust_anchor_is_said_to_be_no_root(root: Authority, issuing: Authority) -> None:
    leaf = issuing.issue()
    full, short = chains(root, issuing).paths(leaf)
    assert full.valid
    assert full.certificates == (leaf, issuing.certificate, root.certificate)
    assert codes(short) == ["anchor-not-self-signed"]
    (alone,) = (path for path in chains(issuing).paths(leaf) if path.anchored)
    assert codes(alone) == ["anchor-not-self-signed"]


def test_order_does_not_depend_on_the_order_of_input(root: Authority, issuing: Authority) -> None:
    partner = authority("CN=Fabrikam Root CA", number=3)
    cas = [issuing, authority(ISSUING, number=2, issuer=partner), authority(ISSUING, number=2, issuer=root)]
    leaf = issuing.issue()
    expected = lines(chains(root, partner, intermediates=cas).paths(leaf))
    assert len(expected) == 3
    assert lines(chains(partner, root, intermediates=reversed(cas)).paths(leaf)) == expected


def mesh(size: int, root: Authority) -> list[Authority]:
    """CAs that all certify one another; the last alone is certified by the root."""
    names = [f"CN=Mesh {number}" for number in range(size)]
    plain = [authority(name, number=100 + number) for number, name in enumerate(names)]
    crossed = [
        authority(names[lower], number=100 + lower, issuer=plain[upper])
        for lower in range(size)
        for upper in range(size)
        if lower != upper
    ]
    return [*crossed, authority(names[-1], number=100 + size - 1, issuer=root)]


def test_mesh_of_cross_certificates_is_cut_and_says_so(root: Authority) -> None:
    crossed = mesh(7, root)
    leaf = builder.certificate(issuer="CN=Mesh 0", signer=key(100), key=key(9), hash="sha256")
    known = chains(root, intermediates=crossed)
    paths = known.paths(leaf)
    assert known.truncated(leaf)
    assert 0 < len(paths) <= search.MAX_PATHS
    assert paths[0].valid
    assert len(paths[0].certificates) == 4, "the shortest way to the root comes first"


def test_chain_longer_than_the_bound_is_cut(root: Authority) -> None:
    cas = [root]
    for number in range(search.MAX_LENGTH):
        cas.append(authority(f"CN=Level {number}", number=200 + number, issuer=cas[-1]))
    known = chains(root, intermediates=cas[1:])
    leaf, shorter = cas[-1].issue(), cas[-3].issue()
    assert known.truncated(leaf)
    assert codes(known.best(leaf)) == ["path-not-followed"]
    assert known.best(shorter).anchored
    assert len(known.best(shorter).certificates) == search.MAX_LENGTH


def crowd(size: int) -> list[Certificate]:
    """CAs of one name, each with another key and certified by the one before, without key identifiers."""
    extensions = (builder.basic_constraints(ca=True), SIGNING)
    return [
        builder.certificate(
            subject="CN=Crowd",
            issuer="CN=Crowd",
            serial=10_000 + member,
            key=key(500 + member),
            signer=key(500 + max(member - 1, 0)),
            hash="sha256",
            extensions=extensions,
        )
        for member in range(size)
    ]


@pytest.mark.parametrize("size", [search.MAX_ISSUERS, 3 * search.MAX_ISSUERS])
def test_crowd_of_one_name_is_told_apart_by_its_signatures(size: int) -> None:
    top, *others = crowd(size)
    leaf, stray = (builder.certificate(issuer="CN=Crowd", signer=key(of), hash="sha256") for of in (505, 9))
    started = time.process_time()
    known = chains(top, intermediates=others)
    assert known.best(leaf).certificates == (leaf, *reversed(others[:5]), top)
    assert codes(known.best(leaf)) == []
    assert known.truncated(leaf)
    assert "signature-invalid" in codes(known.best(stray))
    assert time.process_time() - started < 15, "a second is usual"


def test_crowd_that_leads_nowhere_costs_no_more(root: Authority) -> None:
    leaf = builder.certificate(issuer="CN=Crowd", signer=key(500 + search.MAX_ISSUERS - 1), hash="sha256")
    started = time.process_time()
    known = chains(root, intermediates=crowd(search.MAX_ISSUERS))
    assert not known.best(leaf).anchored
    assert time.process_time() - started < 15, "a second is usual"


def test_ordinary_path_is_not_truncated(root: Authority, issuing: Authority) -> None:
    assert not chains(root, intermediates=[issuing]).truncated(issuing.issue())


def test_answers_are_kept(root: Authority) -> None:
    known, leaf = chains(root), root.issue()
    assert known.paths(leaf) is known.paths(leaf)
    assert known.best(leaf) is known.paths(leaf)[0]


def test_path_whose_signatures_hold_comes_before_one_to_a_trusted_name(root: Authority) -> None:
    look_alike = authority(root.subject, number=66)
    leaf = root.issue(signer=look_alike.key)  # whose authority key identifier speaks for the trusted root
    holds, broken = chains(root, intermediates=[look_alike]).paths(leaf)
    assert holds.certificates == (leaf, look_alike.certificate)
    assert codes(holds) == ["untrusted-root"]
    assert broken.anchored
    assert codes(broken) == ["signature-invalid"]
