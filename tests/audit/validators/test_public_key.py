"""Checks of public keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certaudit.audit.validators import public_key as checks
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import CertificateEntry, Evidence, Input, Provenance, SiteEvidence
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.deployment import Deployment
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import UnreadableFieldError
from tests import builder
from tests.pki import assigned, context, prime_of

CONTEXT = context()
FIXTURES = Path(__file__).parents[3] / "fixtures" / "contoso"
RSA_2048 = assigned(builder.certificate())
EC = assigned(builder.certificate(key=builder.ec_key()))


def dsa_key(*parameters: bytes) -> bytes:
    """SubjectPublicKeyInfo of a DSA key; without parameters they are those of the issuer."""
    return builder.sequence(
        builder.sequence(builder.oid(oids.DSA), *parameters), builder.tlv(0x03, b"\x00", builder.integer(7))
    )


DSA_INHERITING = assigned(builder.certificate(key=dsa_key()))


def rsa(modulus: int, exponent: int = 65537, oid: str = oids.RSA) -> AssignedCertificate:
    numbers = builder.sequence(builder.integer(modulus), builder.integer(exponent))
    return assigned(
        builder.certificate(
            key=builder.sequence(builder.sequence(builder.oid(oid), b"\x05\x00"), builder.tlv(0x03, b"\x00", numbers))
        )
    )


def among(*certificates: Certificate) -> Context:
    """A context whose evidence holds these certificates."""
    entries = tuple(CertificateEntry(certificate, Provenance("evidence")) for certificate in certificates)
    return replace(
        context(), evidence=SiteEvidence(root_cas=Evidence((Input("evidence", "x509-der", None, 0, entries),)))
    )


def test_type_is_one_of_passes_with_a_type_of_the_list() -> None:
    assert checks.type_is_one_of(RSA_2048, CONTEXT, types=("RSA",)).status is Status.PASS


def test_type_is_one_of_names_the_type_that_is_not() -> None:
    result = checks.type_is_one_of(EC, CONTEXT, types=("RSA", "DSA"))
    assert (result.status, result.observed) == (Status.FAIL, "EC 256 bits (P-256)")
    assert result.message == "The public key is EC 256 bits (P-256), where RSA or DSA is needed."


def test_type_is_one_of_has_no_answer_about_a_key_that_cannot_be_read() -> None:
    subject = assigned(builder.certificate(key=builder.sequence(builder.sequence(), b"\x05\x00")))
    with pytest.raises(UnreadableFieldError):
        checks.type_is_one_of(subject, CONTEXT, types=("RSA",))


def test_not_restricted_to_pss() -> None:
    assert checks.not_restricted_to_pss(RSA_2048, CONTEXT).status is Status.PASS
    result = checks.not_restricted_to_pss(rsa((1 << 2047) | 1, oid=oids.RSASSA_PSS), CONTEXT)
    assert (result.status, result.observed) == (Status.FAIL, "RSASSA-PSS (1.2.840.113549.1.1.10)")
    assert checks.not_restricted_to_pss(EC, CONTEXT).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("bits", "status"), [(2048, Status.PASS), (2049, Status.FAIL), (512, Status.PASS)])
def test_at_most_bits(bits: int, status: Status) -> None:
    subject = assigned(builder.certificate(key=builder.rsa_key(bits)))
    assert checks.at_most_bits(subject, CONTEXT, bits=2048).status is status


@pytest.mark.parametrize(
    ("version", "status"),
    [("2103", Status.FAIL), ("2107", Status.PASS), ("5.00.9152.1000", Status.PASS), (None, Status.NOT_CHECKED)],
)
def test_at_most_bits_until_a_version(version: str | None, status: Status) -> None:
    subject = assigned(builder.certificate(key=builder.rsa_key(4096)))
    known = context(deployment=Deployment(site_version=version))
    assert checks.at_most_bits(subject, known, bits=2048, until="2107").status is status
    assert checks.at_most_bits(subject, known, bits=4096, until="2107").status is Status.PASS


def test_what_the_documents_say_in_one_sentence_has_one_severity() -> None:
    rows = [row for row in read_catalogue().requirements if row.id == "public-key.at-most-2048-bits"]
    documented = [row for row in rows if "site-server-signing" not in row.roles]
    assert {row.severity for row in documented} == {"error"}


@pytest.mark.parametrize(("bits", "status"), [(1024, Status.PASS), (1023, Status.FAIL), (4096, Status.PASS)])
def test_at_least_bits(bits: int, status: Status) -> None:
    subject = assigned(builder.certificate(key=builder.rsa_key(bits)))
    assert checks.at_least_bits(subject, CONTEXT, bits=1024).status is status


@pytest.mark.parametrize(("bits", "status"), [(1024, Status.PASS), (1536, Status.FAIL), (2048, Status.PASS)])
def test_size_is_one_of(bits: int, status: Status) -> None:
    subject = assigned(builder.certificate(key=builder.rsa_key(bits)))
    result = checks.size_is_one_of(subject, CONTEXT, sizes=(1024, 2048))
    assert (result.status, result.expected) == (status, "1024 or 2048 bits")


def test_limits_of_size_say_nothing_about_curves() -> None:
    assert checks.at_most_bits(EC, CONTEXT, bits=128).status is Status.NOT_APPLICABLE
    assert checks.at_least_bits(EC, CONTEXT, bits=1024).status is Status.NOT_APPLICABLE
    assert checks.size_is_one_of(EC, CONTEXT, sizes=(1024,)).status is Status.NOT_APPLICABLE


def test_limits_of_size_have_no_answer_about_a_dsa_key_with_the_parameters_of_its_issuer() -> None:
    assert checks.at_most_bits(DSA_INHERITING, CONTEXT, bits=2048).status is Status.NOT_CHECKED
    assert checks.at_least_bits(DSA_INHERITING, CONTEXT, bits=1024).status is Status.NOT_CHECKED
    assert checks.size_is_one_of(DSA_INHERITING, CONTEXT, sizes=(1024,)).status is Status.NOT_CHECKED


def test_at_least_bits_is_about_dsa_too() -> None:
    prime = builder.sequence(builder.integer(1 << 511), builder.integer(11), builder.integer(2))
    subject = assigned(builder.certificate(key=dsa_key(prime)))
    assert checks.at_least_bits(subject, CONTEXT, bits=1024).status is Status.FAIL


ROOT = {"subject": "CN=Root", "issuer": "CN=Root", "extensions": [builder.basic_constraints(ca=True)]}


@pytest.mark.parametrize(("bits", "status"), [(2048, Status.PASS), (2049, Status.FAIL)])
def test_issuers_at_most_bits(bits: int, status: Status) -> None:
    root = builder.certificate(**ROOT, key=builder.rsa_key(bits))
    leaf = assigned(builder.certificate(issuer="CN=Root", key=builder.rsa_key(4096)))
    assert checks.issuers_at_most_bits(leaf, context(roots=(root,)), bits=2048).status is status


def test_issuers_at_most_bits_has_no_answer_where_an_issuer_is_missing() -> None:
    leaf = assigned(builder.certificate(issuer="CN=Root"))
    result = checks.issuers_at_most_bits(leaf, CONTEXT, bits=2048)
    assert result.status is Status.NOT_CHECKED
    assert "supply the certificates of the CAs" in result.message


@pytest.mark.parametrize(
    ("exponent", "status"),
    [
        (3, Status.PASS),
        (65537, Status.PASS),
        (1, Status.FAIL),
        (0, Status.FAIL),
        (65536, Status.FAIL),
        (-3, Status.FAIL),
    ],
)
def test_exponent_is_possible(exponent: int, status: Status) -> None:
    assert checks.exponent_is_possible(rsa((1 << 1023) | 1, exponent), CONTEXT).status is status


def test_exponent_is_possible_fails_where_it_is_the_modulus() -> None:
    result = checks.exponent_is_possible(rsa((1 << 1023) | 1, (1 << 1023) | 1), CONTEXT)
    assert (result.status, result.observed) == (Status.FAIL, "exponent of 1024 bits")


@pytest.mark.parametrize(("exponent", "status"), [(65537, Status.PASS), (65535, Status.FAIL), (3, Status.FAIL)])
def test_exponent_at_least(exponent: int, status: Status) -> None:
    assert checks.exponent_at_least(rsa((1 << 1023) | 1, exponent), CONTEXT, minimum=65537).status is status


@pytest.mark.parametrize(("exponent", "status"), [(2**32 - 1, Status.PASS), (2**32 + 1, Status.FAIL)])
def test_exponent_at_most_bits(exponent: int, status: Status) -> None:
    assert checks.exponent_at_most_bits(rsa((1 << 1023) | 1, exponent), CONTEXT, bits=32).status is status


def test_modulus_is_sound() -> None:
    root = Certificate((FIXTURES / "roots" / "contoso-root-ca.cer").read_bytes())
    assert checks.modulus_is_sound(assigned(root), CONTEXT).status is Status.PASS
    result = checks.modulus_is_sound(rsa(3 * ((1 << 1023) | 1)), CONTEXT)
    assert result.status is Status.FAIL
    assert result.message == "The private key can be worked out: the modulus is divisible by 3."


def test_modulus_is_sound_has_no_answer_about_a_monstrous_key() -> None:
    assert checks.modulus_is_sound(rsa((1 << 32767) | 1), CONTEXT).status is Status.FAIL
    assert checks.modulus_is_sound(rsa((1 << 32768) | 1), CONTEXT).status is Status.NOT_CHECKED


def test_no_factor_shared() -> None:
    primes = [prime_of(str(number), 128, 65537) for number in range(9)]
    keys = [primes[0] * prime for prime in primes[1:6]] + [primes[6] * primes[7]]
    subjects = [rsa(modulus) for modulus in keys]
    everything = among(*(subject.certificate for subject in subjects))
    result = checks.no_factor_shared(subjects[0], everything)
    assert result.status is Status.FAIL
    assert result.message.startswith("The private key can be worked out: the modulus shares a prime with that of CN=")
    assert subjects[1].certificate.sha1 in result.message
    assert result.message.endswith(" and 1 more.")
    assert checks.no_factor_shared(subjects[-1], everything).status is Status.PASS
    assert checks.no_factor_shared(rsa((1 << 32768) | 1), CONTEXT).status is Status.NOT_CHECKED
    assert checks.no_factor_shared(EC, CONTEXT).status is Status.NOT_APPLICABLE


def test_numbers_too_long_to_be_written_are_described() -> None:
    subject = rsa((1 << 1023) | 1, -(1 << 20000))
    result = checks.exponent_at_least(subject, CONTEXT, minimum=65537)
    assert (result.status, result.observed) == (Status.FAIL, "exponent of 20001 bits")
    assert checks.exponent_is_possible(subject, CONTEXT).status is Status.FAIL


def test_what_is_about_rsa_numbers_says_nothing_about_other_keys() -> None:
    assert checks.exponent_is_possible(EC, CONTEXT).status is Status.NOT_APPLICABLE
    assert checks.exponent_at_least(EC, CONTEXT, minimum=65537).status is Status.NOT_APPLICABLE
    assert checks.exponent_at_most_bits(EC, CONTEXT, bits=32).status is Status.NOT_APPLICABLE
    assert checks.modulus_is_sound(EC, CONTEXT).status is Status.NOT_APPLICABLE


ONE = builder.certificate(subject="CN=a.contoso.com", serial=1)
RENEWED = builder.certificate(subject="CN=a.contoso.com", serial=2)
STRANGER = builder.certificate(subject="CN=b.contoso.com", serial=3)
OTHER_KEY = builder.certificate(subject="CN=c.contoso.com", serial=4, key=builder.rsa_key(1024))


def test_a_key_of_its_own_is_not_shared() -> None:
    everything = among(ONE, ONE, OTHER_KEY)
    assert checks.not_shared_with_other_subjects(assigned(ONE), everything).status is Status.PASS
    assert checks.not_kept_by_renewal(assigned(ONE), everything).status is Status.PASS


def test_a_key_that_another_subject_has_is_shared_and_not_renewed() -> None:
    everything = among(ONE, STRANGER)
    result = checks.not_shared_with_other_subjects(assigned(ONE), everything)
    assert (result.status, result.message) == (Status.FAIL, "The key is also that of CN=b.contoso.com.")
    assert checks.not_kept_by_renewal(assigned(ONE), everything).status is Status.PASS


@pytest.mark.parametrize(("exponent", "parameters"), [(3, b"\x05\x00"), (65537, b"")])
def test_a_modulus_that_another_subject_has_is_shared_however_the_key_is_written(
    exponent: int, parameters: bytes
) -> None:
    modulus = ONE.public_key.modulus
    assert modulus is not None
    numbers = builder.sequence(builder.integer(modulus), builder.integer(exponent))
    algorithm = builder.sequence(builder.oid(oids.RSA), parameters)
    key = builder.sequence(algorithm, builder.tlv(0x03, b"\x00", numbers))
    stranger = builder.certificate(subject="CN=b.contoso.com", serial=3, key=key)
    assert stranger.spki != ONE.spki
    assert checks.not_shared_with_other_subjects(assigned(ONE), among(ONE, stranger)).status is Status.FAIL


def test_a_key_that_an_older_certificate_has_is_kept_and_not_shared() -> None:
    everything = among(ONE, RENEWED)
    assert checks.not_shared_with_other_subjects(assigned(ONE), everything).status is Status.PASS
    result = checks.not_kept_by_renewal(assigned(ONE), everything)
    assert (result.status, result.observed) == (Status.FAIL, f"same key as {RENEWED.sha1}")


def test_certificates_without_a_subject_are_told_apart_by_their_alternative_names() -> None:
    first, second = (
        builder.certificate(
            subject="", serial=number, extensions=[builder.alternative_names(f"DNS:{number}.contoso.com")]
        )
        for number in (1, 2)
    )
    result = checks.not_shared_with_other_subjects(assigned(first), among(first, second))
    assert (result.status, result.message) == (Status.FAIL, "The key is also that of DNS:2.contoso.com.")


def test_of_many_strangers_three_are_named() -> None:
    strangers = [builder.certificate(subject=f"CN=s{number}", serial=number) for number in range(5)]
    result = checks.not_shared_with_other_subjects(assigned(ONE), among(ONE, *strangers))
    assert result.message == "The key is also that of CN=s0; CN=s1; CN=s2 and 2 more."
