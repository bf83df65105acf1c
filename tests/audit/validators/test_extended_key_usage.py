"""Checks of purposes: extended key usage and application policies."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import extended_key_usage as checks
from certaudit.audit.validators.binding import Oid
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Status
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import UnreadableFieldError
from tests import builder
from tests.pki import assigned, context

CLIENT, SERVER = Oid(oids.CLIENT_AUTHENTICATION), Oid(oids.SERVER_AUTHENTICATION)
LOGON, AGENT = Oid(oids.SMART_CARD_LOGON), Oid(oids.ENROLLMENT_AGENT)
AMT = Oid(oids.AMT_PROVISIONING)
AMT_UNIT = "Intel(R) Client Setup Certificate"
CONTEXT = context()


def with_purposes(*purposes: str, policies: tuple[str, ...] | None = None, **fields: object) -> AssignedCertificate:
    extensions = [builder.extended_key_usage(*purposes)] if purposes else []
    if policies is not None:
        extensions.append(builder.application_policies(*policies))
    return assigned(builder.certificate(extensions=extensions, **fields))


def test_includes_passes_where_every_purpose_is_named() -> None:
    result = checks.includes(with_purposes(CLIENT, SERVER), CONTEXT, purposes=(SERVER, CLIENT))
    assert result.status is Status.PASS


def test_includes_fails_naming_the_missing_purpose() -> None:
    result = checks.includes(with_purposes(SERVER), CONTEXT, purposes=(SERVER, CLIENT))
    assert result.status is Status.FAIL
    assert result.message == "The extended key usage does not name Client Authentication (1.3.6.1.5.5.7.3.2)."
    assert result.observed == "Server Authentication (1.3.6.1.5.5.7.3.1)"


def test_any_purpose_does_not_stand_for_a_named_one() -> None:
    result = checks.includes(with_purposes(oids.ANY_PURPOSE), CONTEXT, purposes=(CLIENT,))
    assert result.status is Status.FAIL
    assert "any purpose is not the same" in result.message


def test_includes_leaves_an_absent_extension_to_another_requirement() -> None:
    result = checks.includes(with_purposes(), CONTEXT, purposes=(CLIENT,))
    assert result.status is Status.NOT_APPLICABLE
    assert "eku.present" in result.message


def test_includes_fails_on_an_extension_without_members() -> None:
    empty = assigned(builder.certificate(extensions=[builder.extension("2.5.29.37", b"\x30\x00")]))
    result = checks.includes(empty, CONTEXT, purposes=(CLIENT,))
    assert (result.status, result.observed) == (Status.FAIL, "no purpose")


def test_includes_leaves_an_unreadable_extension_to_the_audit() -> None:
    subject = assigned(builder.certificate(extensions=[builder.extension("2.5.29.37", b"\x05\x00")]))
    with pytest.raises(UnreadableFieldError, match="extended key usage"):
        checks.includes(subject, CONTEXT, purposes=(CLIENT,))


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        (with_purposes(SERVER, AMT), Status.PASS),
        (with_purposes(SERVER, subject=f"CN=oob01.contoso.com,OU={AMT_UNIT}"), Status.PASS),
        (with_purposes(subject=f"CN=oob01.contoso.com,OU={AMT_UNIT}"), Status.PASS),
        (with_purposes(SERVER, subject=f"CN=oob01.contoso.com,OU={AMT_UNIT}."), Status.FAIL),
        (with_purposes(SERVER, subject=f"CN=oob01.contoso.com,OU={AMT_UNIT.lower()}"), Status.FAIL),
        (with_purposes(SERVER, subject=f"CN={AMT_UNIT}"), Status.FAIL),
        (with_purposes(), Status.FAIL),
    ],
)
def test_amt_purpose_or_organizational_unit(subject: AssignedCertificate, status: Status) -> None:
    result = checks.includes_or_names_unit(subject, CONTEXT, purposes=(AMT,), organizational_unit=AMT_UNIT)
    assert result.status is status


def test_present() -> None:
    assert checks.present(with_purposes(CLIENT), CONTEXT).status is Status.PASS
    assert checks.present(with_purposes(), CONTEXT).status is Status.FAIL


def test_excludes_finds_a_purpose_in_either_extension() -> None:
    unwanted = (LOGON, AGENT)
    assert checks.excludes(with_purposes(CLIENT), CONTEXT, purposes=unwanted).status is Status.PASS
    for subject in (
        with_purposes(CLIENT, LOGON),
        with_purposes(CLIENT, policies=(CLIENT, AGENT)),
        with_purposes(policies=(AGENT,)),
    ):
        assert checks.excludes(subject, CONTEXT, purposes=unwanted).status is Status.FAIL


def test_excludes_says_nothing_where_no_purpose_is_named() -> None:
    assert checks.excludes(with_purposes(), CONTEXT, purposes=(SERVER,)).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("policies", "status"),
    [
        (None, Status.NOT_APPLICABLE),
        ((CLIENT,), Status.PASS),
        ((oids.MS_ALL_APPLICATION_POLICIES,), Status.PASS),
        ((SERVER,), Status.FAIL),
        ((), Status.FAIL),
    ],
)
def test_policies_include(policies: tuple[str, ...] | None, status: Status) -> None:
    subject = with_purposes(CLIENT, policies=policies)
    assert checks.policies_include(subject, CONTEXT, purposes=(CLIENT,)).status is status


def test_policies_agree() -> None:
    same = with_purposes(CLIENT, SERVER, policies=(SERVER, CLIENT))
    assert checks.policies_agree(same, CONTEXT).status is Status.PASS
    assert checks.policies_agree(with_purposes(CLIENT), CONTEXT).status is Status.NOT_APPLICABLE
    assert checks.policies_agree(with_purposes(policies=(CLIENT,)), CONTEXT).status is Status.FAIL
    result = checks.policies_agree(with_purposes(CLIENT, policies=(CLIENT, SERVER)), CONTEXT)
    assert result.status is Status.FAIL
    assert "Server Authentication" in result.message


ROOT_NAME, ISSUING_NAME = "CN=Contoso Root CA", "CN=Contoso Issuing CA 1"


def authority(subject: str, *extensions: bytes) -> Certificate:
    constraints = builder.basic_constraints(ca=True)
    return builder.certificate(subject=subject, issuer=ROOT_NAME, extensions=[constraints, *extensions])


ROOT = authority(ROOT_NAME)
LEAF = assigned(builder.certificate(issuer=ISSUING_NAME, extensions=[builder.extended_key_usage(SERVER)]))


@pytest.mark.parametrize(
    ("extensions", "status"),
    [
        ([], Status.PASS),
        ([builder.extended_key_usage(SERVER, CLIENT)], Status.PASS),
        ([builder.extended_key_usage(oids.ANY_PURPOSE)], Status.PASS),
        ([builder.extended_key_usage(CLIENT)], Status.FAIL),
        ([builder.application_policies(CLIENT)], Status.FAIL),
        ([builder.application_policies(oids.MS_ALL_APPLICATION_POLICIES)], Status.PASS),
    ],
)
def test_a_purpose_must_be_allowed_by_the_ca_above(extensions: list[bytes], status: Status) -> None:
    known = context(roots=(ROOT,), intermediates=(authority(ISSUING_NAME, *extensions),))
    result = checks.allowed_by_issuers(LEAF, known, purposes=(SERVER,))
    assert result.status is status


def test_a_narrowing_ca_is_named() -> None:
    narrow = authority(ISSUING_NAME, builder.extended_key_usage(CLIENT))
    result = checks.allowed_by_issuers(LEAF, context(roots=(ROOT,), intermediates=(narrow,)), purposes=(SERVER,))
    assert result.message == (
        "The CA CN=Contoso Issuing CA 1 may not issue for Server Authentication (1.3.6.1.5.5.7.3.1)."
    )


def test_a_missing_issuer_leaves_the_purposes_above_open() -> None:
    result = checks.allowed_by_issuers(LEAF, context(roots=(ROOT,)), purposes=(SERVER,))
    assert result.status is Status.NOT_CHECKED
    assert "CN=Contoso Issuing CA 1" in result.message


def test_a_narrowing_ca_below_a_missing_one_is_enough_to_fail() -> None:
    narrow = authority(ISSUING_NAME, builder.extended_key_usage(CLIENT))
    result = checks.allowed_by_issuers(LEAF, context(intermediates=(narrow,)), purposes=(SERVER,))
    assert result.status is Status.FAIL
