"""Checks of key usage."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import key_usage as checks
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Status
from certaudit.x509.fields import UnreadableFieldError
from tests import builder
from tests.pki import assigned, context

CONTEXT = context()


def with_usage(*bits: str, **fields: object) -> AssignedCertificate:
    return assigned(builder.certificate(extensions=[builder.key_usage(*bits)], **fields))


ABSENT = assigned(builder.certificate())


def test_includes_passes_where_every_bit_is_set() -> None:
    result = checks.includes(with_usage("digitalSignature", "keyEncipherment"), CONTEXT, bits=("keyEncipherment",))
    assert result.status is Status.PASS
    assert result.observed == "digitalSignature and keyEncipherment"


def test_includes_names_each_missing_bit_in_the_order_of_the_standard() -> None:
    subject = with_usage("dataEncipherment")
    result = checks.includes(subject, CONTEXT, bits=("keyEncipherment", "digitalSignature"))
    assert result.status is Status.FAIL
    assert result.message == "The key usage does not allow digitalSignature and keyEncipherment."
    assert result.observed == "dataEncipherment"


def test_includes_fails_where_the_extension_sets_no_bit() -> None:
    result = checks.includes(with_usage(), CONTEXT, bits=("digitalSignature",))
    assert (result.status, result.observed) == (Status.FAIL, "no usage")


def test_includes_passes_where_absent_and_says_so() -> None:
    result = checks.includes(ABSENT, CONTEXT, bits=("digitalSignature",))
    assert result.status is Status.PASS
    assert result.observed == "no key usage extension"
    assert "everything" in result.message


def test_includes_fails_where_absent_and_the_source_wants_the_bits_themselves() -> None:
    result = checks.includes(ABSENT, CONTEXT, bits=("digitalSignature", "keyEncipherment"), absent_allows=False)
    assert result.status is Status.FAIL


def test_includes_says_nothing_about_keys_of_another_type() -> None:
    subject = with_usage("digitalSignature", key=builder.ec_key())
    result = checks.includes(subject, CONTEXT, bits=("keyEncipherment",), key_types=("RSA",))
    assert result.status is Status.NOT_APPLICABLE


def test_includes_leaves_an_unreadable_extension_to_the_audit() -> None:
    subject = assigned(builder.certificate(extensions=[builder.extension("2.5.29.15", b"\x02\x01\x05")]))
    with pytest.raises(UnreadableFieldError, match="key usage"):
        checks.includes(subject, CONTEXT, bits=("digitalSignature",))


def test_the_ninth_bit_is_read() -> None:
    result = checks.includes(with_usage("keyAgreement", "decipherOnly"), CONTEXT, bits=("decipherOnly",))
    assert result.status is Status.PASS


@pytest.mark.parametrize("bit", ["digitalSignature", "nonRepudiation"])
def test_includes_any_passes_with_either(bit: str) -> None:
    result = checks.includes_any(with_usage(bit), CONTEXT, bits=("digitalSignature", "nonRepudiation"))
    assert result.status is Status.PASS


def test_includes_any_passes_where_absent() -> None:
    assert checks.includes_any(ABSENT, CONTEXT, bits=("digitalSignature",)).status is Status.PASS


def test_includes_any_fails_with_neither() -> None:
    result = checks.includes_any(with_usage("keyEncipherment"), CONTEXT, bits=("digitalSignature", "nonRepudiation"))
    assert result.status is Status.FAIL
    assert result.expected == "digitalSignature or nonRepudiation"


def test_excludes_fails_where_an_end_entity_could_sign_certificates() -> None:
    result = checks.excludes(with_usage("digitalSignature", "keyCertSign"), CONTEXT, bits=("keyCertSign", "cRLSign"))
    assert result.status is Status.FAIL
    assert result.message == "The key usage also allows keyCertSign."


def test_excludes_passes_without_and_says_nothing_where_absent() -> None:
    assert checks.excludes(with_usage("digitalSignature"), CONTEXT, bits=("keyCertSign",)).status is Status.PASS
    assert checks.excludes(ABSENT, CONTEXT, bits=("keyCertSign",)).status is Status.NOT_APPLICABLE


def test_present() -> None:
    assert checks.present(with_usage("digitalSignature"), CONTEXT).status is Status.PASS
    assert checks.present(ABSENT, CONTEXT).status is Status.FAIL


def test_critical() -> None:
    critical = assigned(builder.certificate(extensions=[builder.key_usage("keyCertSign", critical=True)]))
    assert checks.critical(critical, CONTEXT).status is Status.PASS
    assert checks.critical(with_usage("keyCertSign"), CONTEXT).status is Status.FAIL
    assert checks.critical(ABSENT, CONTEXT).status is Status.NOT_APPLICABLE
