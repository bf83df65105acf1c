"""The profile of RFC 5280 4: each breach by itself, and none in what a sound CA issues."""

from __future__ import annotations

import pytest

from certaudit.x509 import oids
from certaudit.x509.profile import anomalies
from tests import builder
from tests.builder import extension, sequence, tlv
from tests.pki import SIGNING, authority, name_constraints, policies

CA = builder.basic_constraints(ca=True)
ROOT = authority("CN=Contoso Root CA", number=1)


def breaches(*extensions: bytes, **fields: object) -> list[str]:
    return list(anomalies(builder.certificate(extensions=extensions, **fields)))


def test_what_a_sound_ca_issues_keeps_to_it() -> None:
    names = builder.alternative_names(
        "DNS:mp01.contoso.com", "DNS:*.contoso.com", "DNS:mp01", "email:a@contoso.com", "UPN:x y", "URI:http://x/"
    )
    issuing = authority("CN=Issuing", number=2, issuer=ROOT, extensions=(name_constraints(permitted=["DNS:x"]),))
    for certificate in (ROOT.certificate, issuing.certificate, issuing.issue(extensions=(names,)), issuing.issue("")):
        assert anomalies(certificate) == ()


STRINGS = {
    "Latin-1": (0x13, "Müller".encode("latin-1"), "is a PrintableString with bytes of Latin-1"),
    "UTF-8": (0x13, "Müller".encode(), "is a PrintableString with bytes of UTF-8"),
    "at sign": (0x13, b"a@b_c*", "is a PrintableString with characters that it may not hold (@_*)"),
    "T61": (0x14, b"plain", "is a T61String, which new certificates should not have (ASCII)"),
    "T61 in Latin-1": (0x14, b"M\xfcller", "is a T61String, which new certificates should not have (Latin-1)"),
    "odd BMP": (0x1E, b"\0a\0", "is a BMPString of 3 bytes, which are no whole characters of 2 bytes"),
    "odd Universal": (0x1C, b"\0\0\0a\0", "is a UniversalString of 5 bytes, which are no whole characters of 4 bytes"),
    "no UTF-8": (0x0C, b"M\xfcller", "is a UTF8String that is no UTF-8"),
    "IA5": (0x16, b"M\xfcller", "is an IA5String with bytes that are no ASCII (Latin-1)"),
    "Visible": (0x1A, b"M\xfcller", "is a VisibleString with bytes that are no ASCII (Latin-1)"),
    "Numeric": (0x12, b"12a", "is a NumericString with characters that it may not hold (a)"),
}


def named(tag: int, content: bytes) -> bytes:
    return sequence(tlv(0x31, sequence(builder.oid("2.5.4.3"), tlv(tag, content))))


@pytest.mark.parametrize("name", STRINGS)
def test_a_string_that_is_not_what_its_type_says(name: str) -> None:
    tag, content, misfit = STRINGS[name]
    misnamed = named(tag, content)
    alternative = extension(oids.SUBJECT_ALTERNATIVE_NAME, sequence(tlv(0xA4, misnamed)))
    known = builder.certificate(subject=misnamed, issuer=misnamed, extensions=[alternative])
    assert anomalies(known) == tuple(
        f"{field}: CN {misfit} (RFC 5280 4.1.2.4)" for field in ("issuer", "subject", "subject alternative name")
    )


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (0x13, b"Contoso (a) 'b' +,-./:=? 1"),
        (0x0C, "Müller @".encode()),
        (0x1E, "Müller".encode("utf-16-be")),
        (0x1C, "Müller".encode("utf-32-be")),
        (0x16, b"a@contoso.com"),
        (0x12, b"12 3"),
    ],
)
def test_a_string_that_is_what_its_type_says(tag: int, content: bytes) -> None:
    assert anomalies(builder.certificate(subject=named(tag, content))) == ()


@pytest.mark.parametrize(
    ("extensions", "sentence"),
    [
        ((builder.key_usage(),), "key usage allows nothing (RFC 5280 4.2.1.3)"),
        ((SIGNING,), "key usage lets what is no CA sign certificates (RFC 5280 4.2.1.9)"),
        (
            (extension(oids.BASIC_CONSTRAINTS, sequence(tlv(0x01, b"\xff"))),),
            "basic constraints of a CA are not critical (RFC 5280 4.2.1.9)",
        ),
        (
            (extension(oids.BASIC_CONSTRAINTS, sequence(tlv(0x02, b"\x00"))),),
            "basic constraints limit the path below what is no CA (RFC 5280 4.2.1.9)",
        ),
        (
            (name_constraints(permitted=["DNS:contoso.com"]),),
            "name constraints stand in what is no CA (RFC 5280 4.2.1.10)",
        ),
        (
            (CA, extension(oids.NAME_CONSTRAINTS, sequence(), critical=True)),
            "name constraints hold no subtree (RFC 5280 4.2.1.10)",
        ),
        (
            (CA, extension(oids.POLICY_CONSTRAINTS, sequence(tlv(0x80, b"\x00")))),
            "policy constraints (2.5.29.36) extension is not critical (RFC 5280 4.2)",
        ),
        (
            (extension(oids.SUBJECT_KEY_IDENTIFIER, tlv(0x04, b"1"), critical=True),),
            "subject key identifier (2.5.29.14) extension is critical (RFC 5280 4.2)",
        ),
        (
            (extension(oids.EXTENDED_KEY_USAGE, sequence()),),
            "extended key usage names no purpose (RFC 5280 4.2.1.12)",
        ),
        (
            (builder.alternative_names(),),
            "subject alternative name holds no name (RFC 5280 4.2.1.6)",
        ),
    ],
)
def test_extension(extensions: tuple[bytes, ...], sentence: str) -> None:
    assert breaches(*extensions) == [sentence]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("DNS:.contoso.com", "a host name"),
        ("DNS:S01 PXE", "a host name"),
        ("DNS:mp_01.contoso.com", "a host name"),
        ("DNS:mp01.*.contoso.com", "a host name"),
        ("DNS:-mp01.contoso.com", "a host name"),
        ("DNS:10.0.0.1", "a host name"),
        ("DNS:mp01.contoso.com&mp.contoso.net", "a host name"),
        (f"DNS:{'a' * 64}.contoso.com", "a host name"),
        ("email:contoso.com", "an e-mail address"),
        ("URI:contoso", "a whole URI"),
    ],
)
def test_alternative_name(name: str, what: str) -> None:
    assert breaches(builder.alternative_names(name)) == [
        f"subject alternative name {name} is not {what} (RFC 5280 4.2.1.6)"
    ]


def test_names_of_subject_and_issuer() -> None:
    critical = extension(oids.SUBJECT_ALTERNATIVE_NAME, sequence(builder.general_name("DNS:a.b")), critical=True)
    told = "subject is empty, and the subject alternative name is not critical (RFC 5280 4.2.1.6)"
    assert breaches(builder.alternative_names("DNS:a.b"), subject="") == [told]
    assert breaches(critical, subject="") == []
    assert breaches(issuer="") == ["issuer is empty (RFC 5280 4.1.2.4)"]
    assert breaches(CA, subject="") == ["subject of a CA is empty (RFC 5280 4.1.2.6)"]


def test_serial_number_of_zero() -> None:
    assert breaches(serial=0) == ["serial number is zero (RFC 5280 4.1.2.2)"]


@pytest.mark.parametrize(
    "unreadable",
    [
        extension(oids.POLICY_CONSTRAINTS, sequence(tlv(0x80, b"\xff")), critical=True),
        extension(oids.POLICY_CONSTRAINTS, sequence(tlv(0x02, b"\x00")), critical=True),
        extension(oids.POLICY_CONSTRAINTS, sequence(tlv(0xA0, tlv(0x02, b"\x00"))), critical=True),
        extension(oids.INHIBIT_ANY_POLICY, tlv(0x02, b"\xff"), critical=True),
        extension(oids.CERTIFICATE_POLICIES, sequence()),
        policies("1.2.3", "1.2.4", "1.2.3"),
        extension(oids.BASIC_CONSTRAINTS, sequence(tlv(0x01, b"\xff"), tlv(0x02, b"\xff")), critical=True),
        extension(oids.NAME_CONSTRAINTS, sequence(tlv(0x30, sequence())), critical=True),
        extension(oids.NAME_CONSTRAINTS, sequence(tlv(0xA0), tlv(0xA0)), critical=True),
    ],
)
def test_constraint_that_cannot_be_obeyed_is_not_passed_over(unreadable: bytes) -> None:
    """A negative number, a field of an odd tag and one that is there twice are no constraint that is not there."""
    (sentence,) = breaches(unreadable)
    assert "extension cannot be read" in sentence
