"""Certificates against an independent reader, and certificates that strict readers refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cryptography
import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError
from certaudit.x509.fields import UnreadableFieldError
from certaudit.x509.name import Name, parse_name
from certaudit.x509.profile import anomalies
from tests import builder

VECTORS = Path(cryptography_vectors.__file__).parent / "x509"
PKITS = sorted((VECTORS / "PKITS_data" / "certs").glob("*.crt"))
ODD = sorted(
    path for path in VECTORS.rglob("*") if path.suffix in (".pem", ".der", ".crt") and "PKITS" not in str(path)
)
PROPERTIES = (
    *("version", "serial_number", "not_valid_before_utc", "not_valid_after_utc", "issuer", "subject", "extensions"),
    *("signature_algorithm_oid", "signature_hash_algorithm", "signature_algorithm_parameters", "signature"),
)
"""The properties of a certificate in `cryptography`."""
ROOT = Path(__file__).parents[2]
DECISION = ROOT / "docs" / "decisions" / "0001-read-x509-ourselves.md"
SOURCES = sorted((ROOT / "certaudit" / "x509").glob("*.py"))


def certificates(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    if b"-----BEGIN" not in data:
        yield data
        return
    import base64

    for body in re.findall(rb"-----BEGIN CERTIFICATE-----(.*?)-----END", data, re.S):
        yield base64.b64decode(body)


pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")


def independent(data: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(data)
    except (ValueError, x509.InvalidVersion):
        return None


def test_pkits_certificates_read_as_an_independent_reader_reads_them() -> None:
    assert len(PKITS) > 400
    for path in PKITS:
        ours, theirs = Certificate(path.read_bytes()), independent(path.read_bytes())
        if theirs is None:
            assert path.name in ("DSAParametersInheritedCACert.crt", "ValidDSAParameterInheritanceTest5EE.crt")
            assert ours.public_key.type == "DSA"
            continue
        assert agree(ours, theirs), path.name


def agree(ours: Certificate, theirs: x509.Certificate) -> bool:
    assert ours.sha256 == theirs.fingerprint(hashes.SHA256()).hex().upper()
    assert ours.serial == theirs.serial_number
    assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
    assert ours.issuer.raw == theirs.issuer.public_bytes()
    assert ours.subject.raw == theirs.subject.public_bytes()
    assert ours.tbs == theirs.tbs_certificate_bytes
    assert ours.signature == theirs.signature
    assert [e.oid for e in ours.all_extensions] == [e.oid.dotted_string for e in theirs.extensions]
    assert [e.critical for e in ours.all_extensions] == [e.critical for e in theirs.extensions]
    for extension in theirs.extensions:
        assert extension_agrees(ours, extension.value)
    return True


def extension_agrees(ours: Certificate, value: x509.ExtensionType) -> bool:
    match value:
        case x509.BasicConstraints(ca=ca, path_length=length):
            constraints = ours.basic_constraints
            return constraints is not None and (constraints.ca, constraints.path_length) == (ca, length)
        case x509.KeyUsage():
            return ours.key_usage is not None and ("keyCertSign" in ours.key_usage) is value.key_cert_sign
        case x509.ExtendedKeyUsage():
            return ours.extended_key_usage == tuple(oid.dotted_string for oid in value)
        case x509.SubjectAlternativeName():
            return ours.dns_names == tuple(value.get_values_for_type(x509.DNSName))
        case x509.SubjectKeyIdentifier():
            return ours.subject_key_identifier == value.digest
        case x509.AuthorityKeyIdentifier():
            identifier = ours.authority_key_identifier
            return identifier is not None and identifier.key_identifier == value.key_identifier
        case x509.CertificatePolicies():
            return ours.policies == tuple(policy.policy_identifier.dotted_string for policy in value)
        case x509.InhibitAnyPolicy():
            return ours.inhibit_any_policy == value.skip_certs
    return True


def test_whatever_else_is_public_and_odd_hides_nothing() -> None:
    """Each of the library's own odd certificates loads here or is no certificate, and all its fields are tried."""
    read = 0
    for path in ODD:
        for data in certificates(path):
            theirs = independent(data)
            try:
                ours = Certificate(data)
            except DerError:
                assert theirs is None, path.name
                continue
            read += 1
            assert isinstance(anomalies(ours), tuple)
            if theirs is not None:
                assert ours.serial == theirs.serial_number
    assert read > 100


@pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
def test_the_figures_of_the_decision_to_read_them_ourselves_are_true() -> None:
    """Where another version of the library is installed, they may differ; that it loses many is the reason."""
    page = DECISION.read_text(encoding="utf-8")
    said = re.search(r"Of the (\d+) odd .* `cryptography` (\S+) .*?, (\d+) do not load in it\s+and (\d+) raise", page)
    lines = re.search(r"some ([\d,]+) lines", page)
    assert said is not None
    assert lines is not None
    distinct = {data for path in ODD for data in certificates(path) if _is_certificate(data)}
    unloaded = [data for data in distinct if independent(data) is None]
    raising = [data for data in distinct.difference(unloaded) if _a_property_raises(data)]
    if said[2] == cryptography.__version__:
        assert (len(distinct), len(unloaded), len(raising)) == (int(said[1]), int(said[3]), int(said[4]))
    assert len(unloaded) + len(raising) > len(distinct) / 10
    ours = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES)
    assert abs(ours - int(lines[1].replace(",", ""))) < ours / 10, ours


def _is_certificate(data: bytes) -> bool:
    try:
        return bool(Certificate(data))
    except DerError:
        return False


def _a_property_raises(data: bytes) -> bool:
    theirs = x509.load_der_x509_certificate(data)
    try:
        for name in PROPERTIES:
            getattr(theirs, name)
        theirs.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return True
    return False


def test_pkits_crls_read_as_an_independent_reader_reads_them() -> None:
    paths = sorted((VECTORS / "PKITS_data" / "crls").glob("*.crl"))
    assert len(paths) > 150
    for path in paths:
        ours, theirs = RevocationList(path.read_bytes()), x509.load_der_x509_crl(path.read_bytes())
        assert (ours.this_update, ours.next_update) == (theirs.last_update_utc, theirs.next_update_utc)
        assert {serial for _, serial in ours.entries} == {entry.serial_number for entry in theirs}
        assert ours.tbs == theirs.tbs_certlist_bytes


@pytest.mark.parametrize("cut", [0, 1, 4, 20, 200, -1])
def test_truncated_der_is_no_certificate(cut: int) -> None:
    data = builder.certificate_der()
    with pytest.raises(DerError):
        Certificate(data[:cut])


def test_negative_serial_is_an_anomaly() -> None:
    certificate = builder.certificate(serial=-5)
    assert certificate.serial == -5
    assert "serial number is negative (RFC 5280 4.1.2.2)" in anomalies(certificate)


def test_serial_of_thirty_octets_is_an_anomaly() -> None:
    certificate = builder.certificate(serial=1 << 232)
    assert "serial number has 30 octets, 20 are allowed (RFC 5280 4.1.2.2)" in anomalies(certificate)


def test_duplicate_extension_is_an_anomaly_and_the_first_counts() -> None:
    usages = [builder.key_usage("digitalSignature"), builder.key_usage("keyEncipherment")]
    certificate = builder.certificate(extensions=usages)
    assert certificate.key_usage == frozenset({"digitalSignature"})
    assert "key usage (2.5.29.15) extension appears 2 times (RFC 5280 4.2)" in anomalies(certificate)


def test_an_unreadable_extension_hides_no_other() -> None:
    broken = builder.extension(oids.EXTENDED_KEY_USAGE, b"\x30\x05\x06\x09")
    certificate = builder.certificate(extensions=[broken, builder.key_usage("digitalSignature")])
    assert certificate.key_usage == frozenset({"digitalSignature"})
    with pytest.raises(UnreadableFieldError, match=r"extended key usage \(2.5.29.37\) extension cannot be read"):
        _ = certificate.extended_key_usage
    assert len(anomalies(certificate)) == 1


def test_names_are_equal_as_rfc_5280_has_it() -> None:
    one = builder.certificate(subject="CN=Contoso  Root CA,DC=contoso").subject
    other = builder.certificate(subject="CN=contoso root ca,DC=CONTOSO").subject
    assert one == other
    assert hash(one) == hash(other)
    assert one != builder.certificate(subject="CN=Contoso Root CA 2,DC=contoso").subject


def test_names_whose_attributes_differ_in_number_are_not_equal() -> None:
    unit, other = (builder.sequence(builder.oid("2.5.4.11"), builder.tlv(0x0C, text)) for text in (b"a", b"b"))

    def named(*rdns: bytes) -> Name:
        return parse_name(builder.sequence(*rdns))

    pair = named(builder.tlv(0x31, unit, other))
    assert pair == named(builder.tlv(0x31, other, unit))
    assert named(builder.tlv(0x31, unit)) != named(builder.tlv(0x31, unit, unit))
    assert pair != named(builder.tlv(0x31, unit, unit, other))
    assert named(builder.tlv(0x31, unit, unit, other)) != named(builder.tlv(0x31, unit, other, other))
    assert pair != named(builder.tlv(0x31, unit), builder.tlv(0x31, other))


def test_mutations_raise_nothing_else() -> None:
    """Any byte changed: the certificate reads, or is none; every anomaly is a sentence."""
    data = builder.certificate_der(
        extensions=[
            builder.key_usage("digitalSignature"),
            builder.extended_key_usage(oids.CLIENT_AUTHENTICATION),
            builder.alternative_names("DNS:a.contoso.com", "UPN:x@contoso.com", "dir:CN=x"),
            builder.distribution_points("http://pki.contoso.com/a.crl"),
            builder.basic_constraints(ca=False),
        ]
    )
    for position in range(len(data)):
        for value in (0x00, 0x80, 0xFF, data[position] ^ 1):
            mutated = data[:position] + bytes([value]) + data[position + 1 :]
            try:
                certificate = Certificate(mutated)
            except DerError:
                continue
            assert all(isinstance(sentence, str) for sentence in anomalies(certificate))
