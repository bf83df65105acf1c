"""OpenSSL as the second judge of what would be accepted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import second_judge
from certaudit.x509.name import Name
from tests import builder
from tests.builder import extension
from tests.pki import AS_OF, DAY, SECOND, authority, chains, key, name_constraints

ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority("CN=Contoso Issuing CA 1", number=2, issuer=ROOT)


def test_agreement() -> None:
    leaf = ISSUING.issue()
    assert second_judge.refusal((leaf, ISSUING.certificate, ROOT.certificate), AS_OF) is None


def test_refusal_takes_validity_away_and_keeps_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_judge, "refusal", lambda *_: "OpenSSL refuses it: it has its reasons.")
    path = chains(ROOT, intermediates=[ISSUING]).best(ISSUING.issue())
    assert path.problems == ()
    assert path.refused_by_openssl == "OpenSSL refuses it: it has its reasons."
    assert not path.valid


def test_path_that_is_not_accepted_is_not_put_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_judge, "refusal", lambda *_: pytest.fail("asked"))
    for path in (chains().best(ROOT.issue()), chains(ROOT).best(ROOT.issue(not_after=AS_OF - DAY))):
        assert path.refused_by_openssl is None
        assert not path.valid


def test_valid_path_comes_before_one_that_openssl_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = authority("CN=Contoso Root CA", number=1)
    leaf = ROOT.issue()
    for refused, other in ((ROOT, renewed), (renewed, ROOT)):
        anchor = refused.certificate
        monkeypatch.setattr(
            second_judge, "refusal", lambda path, _, anchor=anchor: "No." if path[-1] == anchor else None
        )
        first, second = chains(ROOT, renewed).paths(leaf)
        assert first.certificates[-1] == other.certificate
        assert second.refused_by_openssl == "No."


def test_real_disagreement_over_a_critical_extension_that_openssl_does_not_know() -> None:
    value = builder.sequence(builder.sequence(builder.oid(oids.SERVER_AUTHENTICATION)))
    critical = extension(oids.MS_APPLICATION_POLICIES, value, critical=True)
    leaf = ISSUING.issue(extensions=(critical,))
    path = chains(ROOT, intermediates=[ISSUING]).best(leaf)
    assert path.problems == ()
    assert path.refused_by_openssl == (
        "OpenSSL refuses it: unhandled critical extension. "
        "The application policies (1.3.6.1.4.1.311.21.10) extension of "
        f"{leaf.subject} is critical, and OpenSSL does not know it."
    )
    assert not path.valid


NAMES_ITSELF = (ISSUING.certificate.subject, ISSUING.certificate.serial)
OTHER_SERIAL = (ISSUING.certificate.issuer, 99)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (NAMES_ITSELF, "names an issuer of its CA that is not CN=Contoso Root CA but the subject of the CA itself"),
        ((ISSUING.issue(subject="CN=X").subject, ISSUING.certificate.serial), "but another one (CN=X)"),
        (OTHER_SERIAL, "names another serial number than that of CN=Contoso Issuing CA 1 above it"),
    ],
    ids=["itself", "another issuer", "another serial"],
)
def test_an_authority_key_identifier_that_names_another_is_told_as_the_cause(
    pair: tuple[Name, int], words: str
) -> None:
    issuer, serial = pair
    names = builder.tlv(0xA1, builder.tlv(0xA4, issuer.raw))
    number = builder.tlv(0x82, builder.integer(serial)[2:])
    misled = extension(oids.AUTHORITY_KEY_IDENTIFIER, builder.sequence(names, number))
    leaf = builder.certificate(
        issuer=str(ISSUING.certificate.subject), signer=ISSUING.key, hash="sha256", extensions=[misled]
    )
    path = chains(ROOT, intermediates=[ISSUING]).best(leaf)
    assert path.problems == ()
    assert path.refused_by_openssl is not None
    assert path.refused_by_openssl.startswith("OpenSSL refuses it: unable to get local issuer certificate. ")
    assert words in path.refused_by_openssl
    assert "Windows was reported to go by the key identifier" in path.refused_by_openssl


def test_certificate_that_openssl_cannot_read() -> None:
    plain = ISSUING.issue(serial=5)
    padded = Certificate(_resigned(plain, builder.integer(5), b"\x02\x02\x00\x05"))
    path = chains(ROOT, intermediates=[ISSUING]).best(padded)
    assert path.problems == ()
    assert path.refused_by_openssl is not None
    assert path.refused_by_openssl.startswith("OpenSSL cannot read a certificate of it:")


def _resigned(certificate: Certificate, old: bytes, new: bytes) -> bytes:
    from certaudit.x509 import der

    tbs, algorithm, _ = (each.raw for each in der.sequence(certificate.der))
    inside = der.read_all(tbs).content
    tbs = builder.sequence(inside.replace(old, new, 1))
    return builder.sequence(tbs, algorithm, builder.tlv(0x03, b"\x00", builder._signed(tbs, "sha256", ISSUING.key)))


def test_negative_serial_number_is_no_warning_and_no_refusal() -> None:
    leaf = ISSUING.issue(serial=-5)
    assert chains(ROOT, intermediates=[ISSUING]).best(leaf).valid


@pytest.mark.parametrize(
    ("offset", "agrees"), [(DAY, True), (DAY + SECOND, False), (-DAY, True), (-DAY - SECOND, False)]
)
def test_it_judges_at_the_same_second(offset: object, agrees: bool) -> None:
    leaf = ISSUING.issue(not_before=AS_OF - DAY, not_after=AS_OF + DAY)
    path = (leaf, ISSUING.certificate, ROOT.certificate)
    assert (second_judge.refusal(path, AS_OF + offset) is None) == agrees  # type: ignore[operator]


def test_constraints_of_every_ca_above_reach_the_leaf() -> None:
    upper = authority("CN=U", number=3, issuer=ROOT, extensions=(name_constraints(permitted=["DNS:contoso.com"]),))
    lower = authority("CN=L", number=4, issuer=upper)
    leaf = lower.issue("CN=x", extensions=(builder.alternative_names("DNS:fabrikam.com"),))
    path = (leaf, lower.certificate, upper.certificate, ROOT.certificate)
    assert second_judge.refusal(path, AS_OF) is not None


def test_signature_of_every_element_is_judged() -> None:
    leaf = ISSUING.issue()
    false = builder.certificate(
        subject=ISSUING.subject,
        issuer=ROOT.subject,
        key=ISSUING.key,
        signer=key(66),
        hash="sha256",
        extensions=(builder.basic_constraints(ca=True),),
    )
    assert second_judge.refusal((leaf, false, ROOT.certificate), AS_OF) is not None
    forged = Certificate(leaf.der.replace(b"mp01", b"mp02"))
    assert second_judge.refusal((forged, ISSUING.certificate, ROOT.certificate), AS_OF) is not None


def test_importing_the_package_loads_no_cryptography() -> None:
    script = (
        "import sys, certaudit.x509.chain; "
        "print([name for name in ('OpenSSL', 'cryptography', 'ssl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_leaf_whose_basic_constraints_cannot_be_read_is_still_judged() -> None:
    leaf = ISSUING.issue(extensions=(extension(oids.BASIC_CONSTRAINTS, b"\x30\x05"),))
    path = chains(ROOT, intermediates=[ISSUING]).best(leaf)
    assert path.problems == ()
    assert not path.valid
