"""Revocation of each element of a path (RFC 5280 6.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from certaudit.x509 import der, oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.crl import RevocationList
from tests import builder
from tests.builder import extension, integer, sequence, tlv
from tests.pki import AS_OF, DAY, HTTP, SECOND, authority, chains, codes, crl, key, revoked_entry

ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority("CN=Contoso Issuing CA 1", number=2, issuer=ROOT)
LEAF = ISSUING.issue(extensions=(builder.distribution_points(HTTP),))
Status = RevocationStatus


def answer(*crls: RevocationList, leaf: Certificate = LEAF, as_of: datetime = AS_OF, **more: Any) -> RevocationAnswer:
    intermediates = (ISSUING, *more.pop("intermediates", ()))
    return chains(ROOT, intermediates=intermediates, crls=crls, as_of=as_of, **more).best(leaf).revocation[0]


def url(text: str) -> bytes:
    return tlv(0x86, text.encode())


def scope(*fields: bytes) -> bytes:
    """An issuing distribution point (RFC 5280 5.2.5); fields with their tags."""
    return extension(oids.ISSUING_DISTRIBUTION_POINT, sequence(*fields), critical=True)


def named(text: str) -> bytes:
    return tlv(0xA0, tlv(0xA0, url(text)))


INDIRECT = tlv(0x84, b"\xff")


def reasons(number: int, *bits: int) -> bytes:
    value = sum(1 << (15 - bit) for bit in bits).to_bytes(2, "big")
    return tlv(number, b"\x07" if max(bits) > 7 else bytes([7 - max(bits)]), value[: max(bits) // 8 + 1])


def test_good() -> None:
    known = ISSUING.crl(revoked_entry(1))
    found = answer(known)
    assert found.status is Status.GOOD
    assert found.sources == (known.sha256,)
    assert found.others == ()
    assert (found.this_update, found.next_update) == (AS_OF - DAY, AS_OF + 6 * DAY)


def test_one_answer_for_each_element() -> None:
    path = chains(
        ROOT, intermediates=[ISSUING], crls=[ISSUING.crl(), ROOT.crl(revoked_entry(ISSUING.certificate))]
    ).best(LEAF)
    assert [each.status for each in path.revocation] == [Status.GOOD, Status.REVOKED, Status.NOT_APPLICABLE]
    assert path.problems == (), "revocation is off here"
    strict = chains(
        ROOT,
        intermediates=[ISSUING],
        crls=[ISSUING.crl(), ROOT.crl(revoked_entry(ISSUING.certificate))],
        revocation="required",
    ).best(LEAF)
    assert [(problem.code, problem.certificate) for problem in strict.problems] == [
        ("revoked", ISSUING.certificate.sha256)
    ]


def test_revoked() -> None:
    found = answer(ISSUING.crl(revoked_entry(LEAF, date=AS_OF - 3 * DAY, reason="keyCompromise")))
    assert found.status is Status.REVOKED
    assert found.revoked_on == AS_OF - 3 * DAY
    assert found.reason == "keyCompromise"
    assert found.message == "Revoked on 2010-02-26 00:00:00 UTC, reason keyCompromise."


def test_entry_dated_after_the_audit_counts_and_says_so() -> None:
    found = answer(ISSUING.crl(revoked_entry(LEAF, date=AS_OF + DAY)))
    assert found.status is Status.REVOKED
    assert "still to come" in found.message


def test_hold() -> None:
    found = answer(ISSUING.crl(revoked_entry(LEAF, reason="certificateHold")))
    assert found.status is Status.REVOKED
    assert found.reason == "certificateHold"
    assert found.message.startswith("Put on hold")


def test_entry_of_another_issuer_with_the_same_serial_is_not_meant() -> None:
    other = tlv(0x30, tlv(0xA4, builder.name("CN=Somebody Else")))
    known = ISSUING.crl(
        revoked_entry(LEAF, extensions=(extension(oids.CERTIFICATE_ISSUER, other, critical=True),)),
        extensions=(scope(INDIRECT),),
    )
    assert answer(known).status is Status.GOOD


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (AS_OF - DAY - SECOND, Status.NOT_YET_VALID),
        (AS_OF - DAY, Status.GOOD),
        (AS_OF + 6 * DAY, Status.GOOD),
        (AS_OF + 6 * DAY + SECOND, Status.STALE),
    ],
)
def test_freshness_to_the_second(as_of: datetime, expected: Status) -> None:
    assert answer(ISSUING.crl(), as_of=as_of).status is expected


def test_crl_without_next_update_says_nothing_but_what_it_lists() -> None:
    found = answer(ISSUING.crl(next_update=None))
    assert found.status is Status.UNKNOWN
    assert found.next_update is None
    assert answer(ISSUING.crl(revoked_entry(LEAF), next_update=None)).status is Status.REVOKED


def test_nothing_supplied() -> None:
    assert answer().status is Status.NOT_SUPPLIED
    assert answer(leaf=ISSUING.issue()).status is Status.NO_DISTRIBUTION_POINT
    assert answer(ROOT.crl()).status is Status.NOT_SUPPLIED


@pytest.mark.parametrize(
    ("crls", "code"),
    [
        ([], "revocation-not-supplied"),
        ([ISSUING.crl(next_update=AS_OF - SECOND)], "revocation-stale"),
        ([ISSUING.crl(this_update=AS_OF + SECOND)], "revocation-not-yet-valid"),
        ([crl("CN=Contoso Issuing CA 1", key(66))], "revocation-bad-signature"),
        ([ISSUING.crl(extensions=(extension("1.2.3", b"\x05\x00", critical=True),))], "revocation-unknown"),
    ],
)
def test_unknown_is_never_good(crls: list[RevocationList], code: str) -> None:
    path = chains(ROOT, intermediates=[ISSUING], crls=[*crls, ROOT.crl()], revocation="required").best(LEAF)
    assert codes(path) == [code]
    assert not path.valid


def test_crl_of_a_look_alike() -> None:
    found = answer(crl("CN=Contoso Issuing CA 1", key(66), revoked_entry(LEAF)))
    assert found.status is Status.BAD_SIGNATURE
    assert found.revoked_on is None


def test_issuer_that_may_not_sign_crls() -> None:
    silent = ROOT.issue(
        "CN=Silent", key=key(3), extensions=(builder.basic_constraints(ca=True), builder.key_usage("keyCertSign"))
    )
    leaf = builder.certificate(issuer="CN=Silent", signer=key(3), hash="sha256")
    found = answer(crl("CN=Silent", key(3)), leaf=leaf, intermediates=[silent])
    assert found.status is Status.BAD_SIGNATURE
    assert "cRLSign" in found.message


def test_stale_crl_that_lists_it_still_revokes_unless_it_was_a_hold() -> None:
    stale = {"next_update": AS_OF - SECOND}
    found = answer(ISSUING.crl(revoked_entry(LEAF, reason="superseded"), **stale))
    assert found.status is Status.REVOKED
    assert "out of date" in found.message
    assert answer(ISSUING.crl(revoked_entry(LEAF, reason="certificateHold"), **stale)).status is Status.STALE


def test_freshest_crl_counts_and_the_others_are_named() -> None:
    older = ISSUING.crl(revoked_entry(LEAF, reason="certificateHold"), this_update=AS_OF - 2 * DAY, number=9)
    newest, stale = ISSUING.crl(number=10), ISSUING.crl(next_update=AS_OF - SECOND, number=8)
    found = answer(older, newest, stale)
    assert found.status is Status.GOOD
    assert found.sources == (newest.sha256,)
    assert set(found.others) == {older.sha256, stale.sha256}
    assert (
        answer(newest, ISSUING.crl(revoked_entry(LEAF), this_update=AS_OF - SECOND, number=11)).status is Status.REVOKED
    )


@pytest.mark.parametrize(
    ("newer", "says"),
    [
        ({"next_update": AS_OF - SECOND}, "itself out of date"),
        ({"this_update": AS_OF + SECOND}, "issued later than the instant of the audit"),
        ({"base": 10, "next_update": AS_OF - SECOND}, "itself out of date"),
        ({"base": 11}, "a delta CRL without its base"),
    ],
    ids=["out of date", "issued later", "delta out of date", "delta without its base"],
)
def test_what_a_fresher_crl_lists_is_revoked_though_it_is_not_in_force(newer: dict[str, Any], says: str) -> None:
    in_force = ISSUING.crl(number=10, this_update=AS_OF - 9 * DAY)
    listed = {"number": 12, "this_update": AS_OF - 2 * DAY, **newer}
    found = answer(in_force, ISSUING.crl(revoked_entry(LEAF), **listed))
    assert found.status is Status.REVOKED
    assert says in found.message
    assert (
        answer(in_force, ISSUING.crl(revoked_entry(LEAF, reason="certificateHold"), **listed)).status is Status.REVOKED
    )
    assert answer(in_force, ISSUING.crl(revoked_entry(1), **listed)).status is Status.GOOD
    assert answer(in_force, crl(ISSUING.subject, key(66), revoked_entry(LEAF), **listed)).status is Status.GOOD, (
        "forged"
    )


def test_older_crl_out_of_date_does_not_count_against_a_fresher_one_that_released_a_hold() -> None:
    held = revoked_entry(LEAF, reason="certificateHold")
    older = ISSUING.crl(held, number=9, this_update=AS_OF - 9 * DAY, next_update=AS_OF - 8 * DAY)
    assert answer(older, ISSUING.crl(number=10)).status is Status.GOOD


@pytest.mark.parametrize(
    ("number", "date", "reason", "status"),
    [
        (9, AS_OF - 9 * DAY, None, Status.UNKNOWN),
        (99, AS_OF - 9 * DAY, None, Status.UNKNOWN),
        (99, AS_OF - 9 * DAY, "certificateHold", Status.UNKNOWN),
        (10, AS_OF - DAY, "certificateHold", Status.UNKNOWN),
        (9, AS_OF - 9 * DAY, "certificateHold", Status.GOOD),
        (9, AS_OF - 9 * DAY, "removeFromCRL", Status.GOOD),
    ],
    ids=["lost", "number back", "number back, on hold", "same instant and number", "released", "removed"],
)
def test_an_entry_that_the_crl_in_force_has_lost_is_a_contradiction(
    number: int, date: datetime, reason: str | None, status: RevocationStatus
) -> None:
    older = ISSUING.crl(revoked_entry(LEAF, reason=reason), number=number, this_update=date)
    found = answer(older, ISSUING.crl(number=10))
    assert (found.status, found.cause) == (status, None if status is Status.GOOD else Cause.CONTRADICTION)
    assert answer(older, ISSUING.crl(number=10), leaf=ISSUING.issue(serial=4711)).status is Status.GOOD


def test_badly_signed_newer_crl_does_not_displace_a_sound_one() -> None:
    forged = crl("CN=Contoso Issuing CA 1", key(66), this_update=AS_OF - SECOND, number=99)
    assert answer(ISSUING.crl(revoked_entry(LEAF)), forged).status is Status.REVOKED


def test_crl_supplied_twice_or_in_another_order_changes_nothing() -> None:
    crls = [ISSUING.crl(number=number, this_update=AS_OF - DAY) for number in (1, 2, 3)]
    assert answer(*crls) == answer(*reversed(crls), *crls)


# --- Delta CRLs -------------------------------------------------------------------------------------------------------


def test_delta_adds_and_removes() -> None:
    base = ISSUING.crl(number=10)
    assert answer(base, ISSUING.crl(revoked_entry(LEAF), number=11, base=10)).status is Status.REVOKED
    held = ISSUING.crl(revoked_entry(LEAF, reason="certificateHold"), number=10)
    lifted = ISSUING.crl(revoked_entry(LEAF, reason="removeFromCRL"), number=11, base=10)
    found = answer(held, lifted)
    assert found.status is Status.GOOD
    assert set(found.sources) == {held.sha256, lifted.sha256}
    assert answer(held).status is Status.REVOKED


@pytest.mark.parametrize(
    ("number", "base", "counts"), [(11, 10, True), (12, 4, True), (11, 11, True), (10, 9, False), (9, 8, False)]
)
def test_delta_counts_where_it_is_fresher_than_the_base(number: int, base: int, counts: bool) -> None:
    delta = ISSUING.crl(revoked_entry(LEAF), number=number, base=base)
    expected = Status.REVOKED if counts else Status.GOOD
    assert answer(ISSUING.crl(number=10), delta).status is expected


def test_delta_alone_settles_nothing() -> None:
    found = answer(ISSUING.crl(number=11, base=10))
    assert found.status is Status.NOT_SUPPLIED
    assert found.others


def test_stale_or_forged_delta_is_set_aside() -> None:
    base = ISSUING.crl(number=10)
    assert answer(base, ISSUING.crl(number=11, base=10, next_update=AS_OF - SECOND)).sources == (base.sha256,)
    assert answer(base, crl(ISSUING.subject, key(66), revoked_entry(LEAF), number=11, base=10)).status is Status.GOOD


FRESHEST = extension(oids.FRESHEST_CRL, sequence(sequence(named("http://pki.contoso.com/ca+.crl"))))
WITH_DELTA = ISSUING.crl(number=10, extensions=(FRESHEST,))


def test_base_that_goes_with_a_delta_settles_nothing_without_it() -> None:
    found = answer(WITH_DELTA)
    assert found.status is Status.NOT_SUPPLIED
    assert found.message == "The CRL of CN=Contoso Issuing CA 1 goes with a delta CRL, and it was not supplied."
    assert answer(WITH_DELTA, ISSUING.crl(number=11, base=10, next_update=AS_OF - SECOND)).status is Status.STALE
    assert answer(WITH_DELTA, ISSUING.crl(number=12, base=11)).status is Status.STALE, "made for a later base"
    assert answer(WITH_DELTA, crl(ISSUING.subject, key(66), number=11, base=10)).status is Status.BAD_SIGNATURE
    leaf = ISSUING.issue(extensions=(builder.distribution_points(HTTP), FRESHEST))
    assert answer(ISSUING.crl(number=10), leaf=leaf).status is Status.NOT_SUPPLIED


@pytest.mark.parametrize(("number", "base"), [(11, 10), (10, 10), (10, 9), (9, 8)])
def test_delta_that_the_base_has_overtaken_is_enough(number: int, base: int) -> None:
    assert answer(WITH_DELTA, ISSUING.crl(number=number, base=base)).status is Status.GOOD


def test_base_that_goes_with_a_delta_still_revokes_without_it() -> None:
    assert answer(ISSUING.crl(revoked_entry(LEAF), number=10, extensions=(FRESHEST,))).status is Status.REVOKED


# --- Parts of a CRL ---------------------------------------------------------------------------------------------------


def test_partition_counts_for_its_distribution_point_only() -> None:
    mine, other = scope(named(HTTP)), scope(named("http://pki.contoso.com/other.crl"))
    assert answer(ISSUING.crl(extensions=(mine,))).status is Status.GOOD
    found = answer(ISSUING.crl(extensions=(other,)))
    assert found.status is Status.NOT_SUPPLIED
    assert found.others
    both = answer(ISSUING.crl(revoked_entry(LEAF), extensions=(other,), number=11), ISSUING.crl(extensions=(mine,)))
    assert both.status is Status.GOOD


@pytest.mark.parametrize(("tag", "leaf_in_scope"), [(0x81, True), (0x82, False), (0x85, False)])
def test_crl_for_users_for_cas_or_for_attribute_certificates(tag: int, leaf_in_scope: bool) -> None:
    known = [issuer.crl(extensions=(scope(tlv(tag, b"\xff")),)) for issuer in (ISSUING, ROOT)]
    path = chains(ROOT, intermediates=[ISSUING], crls=known).best(LEAF)
    leaf, issuing, _ = path.revocation
    assert (leaf.status is Status.GOOD) == leaf_in_scope
    assert (issuing.status is Status.GOOD) == (tag == 0x82)


def test_crl_for_some_reasons_alone_settles_nothing() -> None:
    some = ISSUING.crl(extensions=(scope(reasons(0x83, 1, 2)),))
    found = answer(some)
    assert found.status is Status.UNKNOWN
    assert "affiliationChanged" in found.message
    rest = ISSUING.crl(extensions=(scope(reasons(0x83, 3, 4, 5, 6, 7, 8)),))
    assert answer(some, rest).status is Status.GOOD
    assert (
        answer(some, ISSUING.crl(revoked_entry(LEAF), extensions=(scope(reasons(0x83, 3)),))).status is Status.REVOKED
    )


def test_indirect_crl() -> None:
    signer = authority("CN=CRL Signer", number=7, issuer=ROOT)
    to_signer = tlv(0xA2, tlv(0xA4, builder.name("CN=CRL Signer")))
    points = extension(oids.CRL_DISTRIBUTION_POINTS, sequence(sequence(named(HTTP), to_signer)))
    leaf = ISSUING.issue(extensions=(points,))
    meant = extension(oids.CERTIFICATE_ISSUER, tlv(0x30, tlv(0xA4, builder.name(ISSUING.subject))), critical=True)
    empty = signer.crl(extensions=(scope(INDIRECT),))
    listed = signer.crl(revoked_entry(leaf, extensions=(meant,)), extensions=(scope(INDIRECT),), number=11)
    unsaid = signer.crl(revoked_entry(leaf), extensions=(scope(INDIRECT),))
    direct = signer.crl()

    def found(*crls: RevocationList) -> Status:
        return answer(*crls, ROOT.crl(), leaf=leaf, intermediates=[signer]).status

    assert found(empty) is Status.GOOD
    assert found(listed) is Status.REVOKED
    assert found(unsaid) is Status.GOOD, "that entry is about a certificate of the CRL's own issuer"
    assert found(direct) is Status.NOT_SUPPLIED
    assert answer(empty, leaf=leaf, intermediates=[signer]).status is Status.BAD_SIGNATURE, (
        "nobody says that the CRL signer is not revoked"
    )
    assert answer(empty, ROOT.crl(revoked_entry(signer.certificate)), leaf=leaf, intermediates=[signer]).status is (
        Status.BAD_SIGNATURE
    )


def test_crl_signed_with_another_key_of_the_ca() -> None:
    """A CA that was renewed with a new key makes one CRL with each, for what it issued with that key (AD CS)."""
    second = authority("CN=Contoso Issuing CA 1", number=8, issuer=ROOT)
    known = crl(ISSUING.subject, key(8), this_update=AS_OF - SECOND)

    def found(*crls: RevocationList) -> Status:
        return answer(known, *crls, ROOT.crl(), intermediates=[second]).status

    assert found() is Status.UNKNOWN
    assert found(ISSUING.crl()) is Status.GOOD
    assert found(ISSUING.crl(revoked_entry(LEAF))) is Status.REVOKED, "though the CRL of the other key is fresher"
    assert found(ISSUING.crl(next_update=AS_OF - SECOND)) is Status.STALE
    listed = crl(ISSUING.subject, key(8), revoked_entry(LEAF))
    assert answer(listed, ROOT.crl(), intermediates=[second]).status is Status.REVOKED
    assert answer(known, ROOT.crl()).status is Status.BAD_SIGNATURE


def test_crl_signed_with_a_key_for_crls_alone() -> None:
    extensions = (builder.basic_constraints(ca=True), builder.key_usage("cRLSign", critical=True))
    signer = ROOT.issue("CN=Contoso Issuing CA 1", key=key(8), extensions=extensions)
    known = crl(ISSUING.subject, key(8))
    assert answer(known, ROOT.crl(), intermediates=[signer]).status is Status.GOOD
    stale = ISSUING.crl(next_update=AS_OF - SECOND)
    assert answer(known, stale, ROOT.crl(), intermediates=[signer]).status is Status.GOOD


def test_crl_signed_by_a_signer_that_is_revoked() -> None:
    second = authority("CN=Contoso Issuing CA 1", number=8, issuer=ROOT)
    known = crl(ISSUING.subject, key(8))
    revoked = ROOT.crl(revoked_entry(second.certificate))
    assert answer(known, revoked, intermediates=[second]).status is Status.BAD_SIGNATURE


def test_crl_signer_must_lead_to_the_same_trust_anchor() -> None:
    other_root = authority("CN=Fabrikam Root CA", number=20)
    impostor = authority(ISSUING.subject, number=8, issuer=other_root)
    known = chains(
        ROOT,
        other_root,
        intermediates=[ISSUING, impostor],
        crls=[crl(ISSUING.subject, key(8)), ROOT.crl(), other_root.crl()],
    )
    path = next(path for path in known.paths(LEAF) if path.certificates[-1] == ROOT.certificate)
    assert path.revocation[0].status is Status.BAD_SIGNATURE


def test_crl_key_may_not_clear_itself() -> None:
    """A self-issued certificate for a new CRL key may be spoken for by the CRL it signs, which can revoke it."""
    new_key = authority(ISSUING.subject, number=8, issuer=ISSUING)
    good, own = crl(ISSUING.subject, key(8)), crl(ISSUING.subject, key(8), revoked_entry(new_key.certificate))
    assert answer(good, ROOT.crl(), intermediates=[new_key]).status is Status.GOOD
    assert answer(own, ROOT.crl(), intermediates=[new_key]).status is Status.BAD_SIGNATURE


# --- What cannot be read ----------------------------------------------------------------------------------------------


def resigned(tbs: bytes, *, outer: str = "sha256") -> RevocationList:
    """A CRL of those signed bytes; `outer` is the hash that its unsigned part names."""
    signature = builder._signed(tbs, "sha256", ISSUING.key)
    return RevocationList(sequence(tbs, builder._algorithm(outer, ISSUING.key), tlv(0x03, b"\x00", signature)))


@pytest.mark.parametrize("odd", [sequence(), tlv(0xA1, sequence()), integer(5), tlv(0xA0, sequence())])
def test_crl_that_goes_on_after_its_end_settles_nothing(odd: bytes) -> None:
    for sound in (ISSUING.crl(), ISSUING.crl(revoked_entry(4711))):
        found = answer(resigned(sequence(*(field.raw for field in der.sequence(sound.tbs)), odd)))
        assert found.status is Status.UNKNOWN
        assert "none that a CRL has there" in found.message


def test_crl_of_an_unknown_version_or_of_two_algorithms_settles_nothing() -> None:
    sound = ISSUING.crl()
    fields = [field.raw for field in der.sequence(sound.tbs)]
    assert answer(resigned(sequence(*fields))).status is Status.GOOD
    assert "version, 3" in answer(resigned(sequence(integer(2), *fields[1:]))).message
    assert "differ" in answer(resigned(sequence(*fields), outer="sha1")).message


def test_crl_whose_scope_is_stated_twice_or_as_nothing_settles_nothing() -> None:
    assert answer(ISSUING.crl(extensions=(scope(),))).status is Status.UNKNOWN
    users_only = scope(tlv(0x81, b"\xff"))
    assert answer(ISSUING.crl(extensions=(users_only,))).status is Status.GOOD
    assert answer(ISSUING.crl(extensions=(users_only, users_only))).status is Status.UNKNOWN


def test_unknown_critical_entry_extension_makes_the_whole_crl_useless() -> None:
    odd = revoked_entry(1, extensions=(extension("1.2.3", b"\x05\x00", critical=True),))
    found = answer(ISSUING.crl(odd))
    assert found.status is Status.UNKNOWN
    assert "1.2.3" in found.message


def test_unreadable_entries() -> None:
    found = answer(ISSUING.crl(sequence(b"\x02\x01\x01")))
    assert found.status is Status.UNKNOWN


def test_unreadable_distribution_points() -> None:
    leaf = ISSUING.issue(extensions=(extension(oids.CRL_DISTRIBUTION_POINTS, b"\x30\x05"),))
    assert answer(ISSUING.crl(), leaf=leaf).status is Status.UNKNOWN


def test_dead_end() -> None:
    path = chains().best(LEAF)
    assert [each.status for each in path.revocation] == [Status.UNKNOWN]


def test_unreadable_name_relative_to_the_issuer() -> None:
    broken = scope(tlv(0xA0, tlv(0xA1, b"\x30\x20\x01")))
    found = answer(ISSUING.crl(extensions=(broken,)))
    assert found.status is Status.UNKNOWN
