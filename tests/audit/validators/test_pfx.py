"""Checks of PFX files."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import pfx as checks
from certaudit.audit.validators.binding import Oid
from certaudit.audit.validators.subject import PfxFile
from certaudit.evidence import Input, Pfx, Protection
from certaudit.findings.result import Result, Status
from tests.pki import MP01, context

CONTEXT = context()
TRIPLE_DES = Oid("1.2.840.113549.1.12.1.3")
RC2_40 = Oid("1.2.840.113549.1.12.1.6")
PBES2 = Oid("1.2.840.113549.1.5.13")
SHA1 = Oid("1.3.14.3.2.26")
PBMAC1 = Oid("1.2.840.113549.1.5.14")

KEY = Protection("key", TRIPLE_DES, "pbeWithSHAAnd3-KeyTripleDES-CBC", 2000, 168)
CERTIFICATES = Protection("certificates", RC2_40, "pbeWithSHAAnd40BitRC2-CBC", 2000, 40)
MAC = Protection("mac", SHA1, "HMAC-SHA1", 2000)


def file(*protections: Protection, keys: int = 1, unpaired: int = 0, password: bool = True) -> PfxFile:
    pfx = Pfx(keys, unpaired, protections, password)
    return PfxFile(Input("pxe01.pfx", "pkcs12", pfx=pfx), "pxe-service-point", MP01)


WINDOWS_2003 = file(KEY, CERTIFICATES, MAC)
CLOSED = PfxFile(Input("pxe01.pfx", "pkcs12", error="The password is wrong."), "pxe-service-point", MP01)


def readable(subject: PfxFile) -> Result:
    return checks.protection_is_one_of(subject, CONTEXT, encryption=(TRIPLE_DES, RC2_40), mac=(SHA1,))


def test_what_old_windows_writes_it_reads() -> None:
    assert readable(WINDOWS_2003).status is Status.PASS


@pytest.mark.parametrize(
    "odd",
    [
        Protection("key", PBES2, "PBES2 (PBKDF2 with HMAC-SHA256, AES-256-CBC)", 2000),
        Protection("certificates", PBES2, "PBES2 (PBKDF2 with HMAC-SHA256, AES-256-CBC)", 2000),
        Protection("mac", "2.16.840.1.101.3.4.2.1", "HMAC-SHA256", 2000),
        Protection("mac", TRIPLE_DES, "an encryption where a MAC belongs", 2000),
    ],
)
def test_what_old_windows_cannot_read_is_named(odd: Protection) -> None:
    result = readable(file(KEY, odd))
    assert result.status is Status.FAIL
    assert odd.algorithm in result.message


def test_mac_is_none_of() -> None:
    assert checks.mac_is_none_of(WINDOWS_2003, CONTEXT, mac=(PBMAC1,)).status is Status.PASS
    subject = file(KEY, Protection("mac", PBMAC1, "PBMAC1 (PBKDF2 with HMAC-SHA256, HMAC-SHA256)", 2048))
    assert checks.mac_is_none_of(subject, CONTEXT, mac=(PBMAC1,)).status is Status.FAIL


def test_weak_encryption_of_certificates_is_no_weakness() -> None:
    assert checks.key_encryption_at_least(WINDOWS_2003, CONTEXT, bits=80).status is Status.PASS


@pytest.mark.parametrize(("bits", "status"), [(80, Status.PASS), (79, Status.FAIL), (None, Status.NOT_CHECKED)])
def test_weak_encryption_of_the_key_is_one(bits: int | None, status: Status) -> None:
    subject = file(Protection("key", PBES2, "PBES2 (PBKDF2 with HMAC-SHA1, a cipher)", 2000, bits), MAC)
    assert checks.key_encryption_at_least(subject, CONTEXT, bits=80).status is status


def test_a_key_without_encryption_of_its_own_is_as_safe_as_what_surrounds_it() -> None:
    assert checks.key_encryption_at_least(file(CERTIFICATES), CONTEXT, bits=80).status is Status.FAIL
    assert checks.key_encryption_at_least(file(MAC), CONTEXT, bits=80).status is Status.FAIL
    keyless = file(CERTIFICATES, keys=0)
    assert checks.key_encryption_at_least(keyless, CONTEXT, bits=80).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("rounds", "status"), [(1000, Status.PASS), (999, Status.FAIL)])
def test_iterations_at_least(rounds: int, status: Status) -> None:
    subject = file(KEY, Protection("mac", SHA1, "HMAC-SHA1", rounds))
    assert checks.iterations_at_least(subject, CONTEXT, minimum=1000).status is status


def test_iterations_at_least_has_no_answer_without_a_count() -> None:
    subject = file(Protection("key", PBES2, "PBES2 (scrypt, AES-256-CBC)"))
    assert checks.iterations_at_least(subject, CONTEXT, minimum=1000).status is Status.NOT_CHECKED


def test_has_password() -> None:
    assert checks.has_password(WINDOWS_2003, CONTEXT).status is Status.PASS
    assert checks.has_password(file(password=False), CONTEXT).status is Status.FAIL
    assert checks.has_password(file(keys=0, password=False), CONTEXT).status is Status.NOT_APPLICABLE


def test_has_mac() -> None:
    assert checks.has_mac(WINDOWS_2003, CONTEXT).status is Status.PASS
    assert checks.has_mac(file(KEY), CONTEXT).status is Status.FAIL


@pytest.mark.parametrize(("keys", "status"), [(0, Status.PASS), (1, Status.PASS), (2, Status.FAIL)])
def test_holds_one_key_at_most(keys: int, status: Status) -> None:
    assert checks.holds_one_key_at_most(file(keys=keys), CONTEXT).status is status


def test_keys_are_paired() -> None:
    assert checks.keys_are_paired(WINDOWS_2003, CONTEXT).status is Status.PASS
    result = checks.keys_are_paired(file(keys=2, unpaired=1), CONTEXT)
    assert (result.status, result.observed) == (Status.FAIL, "1 of 2")


def test_a_file_that_could_not_be_opened_has_no_answer() -> None:
    answers = [
        readable(CLOSED),
        checks.mac_is_none_of(CLOSED, CONTEXT, mac=(PBMAC1,)),
        checks.key_encryption_at_least(CLOSED, CONTEXT, bits=80),
        checks.iterations_at_least(CLOSED, CONTEXT, minimum=1000),
        checks.has_password(CLOSED, CONTEXT),
        checks.has_mac(CLOSED, CONTEXT),
        checks.holds_one_key_at_most(CLOSED, CONTEXT),
        checks.keys_are_paired(CLOSED, CONTEXT),
    ]
    assert {answer.status for answer in answers} == {Status.NOT_CHECKED}
    assert answers[0].message == "The password is wrong."
