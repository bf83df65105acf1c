"""PFX files of real programs, against what cryptography says of them."""

from __future__ import annotations

import warnings

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from certaudit.evidence import Protection
from certaudit.loaders import load_bytes
from tests.loaders.samples import EC, FOLDER, LEAF, OTHER, ROOT, ders, loaded, read, sample, sentence

UNREADABLE = {"aria.pfx", "key-only.pfx"}
SLOW = {"nss-3des.p12", "gnutls.p12"}  # 600,000 iterations of a key derivation that Python computes itself
PASSWORDS = {
    "unicode-password.pfx": "Straße 🔑",
    "unicode-password-legacy.pfx": "Straße 🔑",
    "empty-password.pfx": "",
    "empty-password-legacy.pfx": "",
}
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".pfx", ".p12"))


def password_of(name: str) -> str:
    return PASSWORDS.get(name, "certaudit")


@pytest.mark.parametrize("name", [name for name in FILES if name not in UNREADABLE | {"keytool-secret.p12"}])
def test_gives_the_certificates_and_names_that_cryptography_gives(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pkcs12.load_pkcs12(read(name), password_of(name).encode() or None)
    expected = [*([theirs.cert] if theirs.cert else []), *theirs.additional_certs]

    item = sample(name, password_of(name))

    assert item.error is None
    assert item.format == "pkcs12"
    names = [(cert.certificate.public_bytes(Encoding.DER), (cert.friendly_name or b"").decode()) for cert in expected]
    assert sorted(names) == sorted((e.certificate.der, e.friendly_name or "") for e in item.certificates)
    assert item.pfx is not None
    assert bool(item.pfx.keys) == (theirs.key is not None)
    assert item.pfx.unpaired_keys == 0


@pytest.mark.parametrize("name", [name for name in FILES if name not in UNREADABLE | SLOW and "keytool" not in name])
def test_says_of_each_certificate_whether_its_key_is_there(name: str) -> None:
    for entry in sample(name, password_of(name)).certificates:
        is_leaf = entry.certificate.der != ROOT and name != "certificates-only.pfx"
        assert entry.private_key.present is is_leaf
        assert entry.private_key.matches is (True if is_leaf else None)
        assert entry.private_key.exportable is (True if is_leaf else None)


@pytest.mark.parametrize(
    ("name", "mac", "certificates", "key"),
    [
        ("windows.pfx", "1.3.14.3.2.26", "1.2.840.113549.1.12.1.6", "1.2.840.113549.1.12.1.3"),
        ("aes.pfx", "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.13"),
        ("2des.pfx", "1.2.840.113549.2.5", "1.2.840.113549.1.12.1.4", "1.2.840.113549.1.12.1.4"),
        ("md5-des.pfx", "1.3.14.3.2.26", "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.3"),
        ("no-encryption.pfx", "2.16.840.1.101.3.4.2.1", None, None),
        ("no-protection.pfx", None, None, None),
        ("key-only-encrypted.pfx", "2.16.840.1.101.3.4.2.1", None, "1.2.840.113549.1.5.13"),
    ],
)
def test_names_the_protection_of_each_part(
    name: str, mac: str | None, certificates: str | None, key: str | None
) -> None:
    pfx = sample(name).pfx
    assert pfx is not None
    found = {row.target: row.oid for row in pfx.protections}
    expected = {"mac": mac, "certificates": certificates, "key": key}
    assert found == {target: oid for target, oid in expected.items() if oid}


def test_tells_algorithms_and_iterations() -> None:
    assert (pfx := sample("windows.pfx").pfx)
    assert Protection("mac", "1.3.14.3.2.26", "HMAC-SHA1", 2000) in pfx.protections
    assert (pfx := sample("camellia.pfx").pfx)
    name = "PBES2 (PBKDF2 with HMAC-SHA256, Camellia-128-CBC)"
    assert Protection("certificates", "1.2.840.113549.1.5.13", name, 2048, 128) in pfx.protections


@pytest.mark.parametrize(
    ("name", "protected"),
    [
        ("aes.pfx", True),
        ("key-only-encrypted.pfx", True),
        ("certificates-only.pfx", True),
        ("empty-password.pfx", False),
        ("no-encryption.pfx", False),
        ("no-protection.pfx", False),
        ("keytool-no-password.p12", False),
    ],
)
def test_tells_whether_a_password_guards_the_key(name: str, protected: bool) -> None:
    pfx = sample(name).pfx
    assert pfx is not None
    assert pfx.password_protected is protected


def test_reads_what_windows_notes_beside_the_key() -> None:
    leaf, root = sample("windows.pfx").certificates
    assert leaf.private_key.provider == "Microsoft Enhanced Cryptographic Provider v1.0"
    assert leaf.private_key.machine is True
    assert leaf.friendly_name == "Leaf of Contoso"
    assert root.private_key.provider is None


def test_finds_every_key_of_a_java_keystore() -> None:
    item = sample("keytool.p12")
    assert item.pfx is not None
    assert item.pfx.keys == 2
    with_key = [entry.certificate.der for entry in item.certificates if entry.private_key.matches]
    assert sorted(with_key) == sorted([LEAF, EC])
    assert OTHER in ders(item)


@pytest.mark.parametrize(
    "name", ["empty-password.pfx", "empty-password-legacy.pfx", "no-protection.pfx", "keytool-no-password.p12"]
)
def test_asks_for_no_password_where_none_is_needed(name: str) -> None:
    def never(name: str) -> str | None:
        raise AssertionError(name)

    assert load_bytes(read(name), name, never).error is None


def test_wrong_password_or_damaged() -> None:
    assert sentence(sample("aes.pfx", "wrong")) == (
        "aes.pfx does not open: the password is wrong, or the file is damaged; "
        "try it with the program that wrote the file."
    )
    assert sample("aes.pfx", "wrong").pfx is not None


def test_password_needed() -> None:
    assert sentence(sample("aes.pfx", None)) == (
        "aes.pfx needs a password and none was given: name its password file "
        "(--password-file, or password_file in the manifest) or environment variable."
    )


def test_unsupported_cipher_names_its_oid() -> None:
    error = sentence(sample("aria.pfx"))
    assert "1.2.410.200046.1.1.12" in error
    assert "does not support" in error
    assert "password" not in error


def test_what_opens_without_a_password_is_read_without_it() -> None:
    item = sample("key-only-encrypted.pfx", None)
    assert "needs a password" in sentence(item)
    assert ders(item) == [LEAF, ROOT]
    leaf, root = item.certificates
    assert leaf.private_key.present is True
    assert leaf.private_key.matches is None
    assert root.private_key.present is False


@pytest.mark.parametrize("name", ["no-mac.pfx", "rc4-40.pfx", "windows.pfx", "keytool.p12", "ec.pfx"])
def test_every_truncation_is_a_sentence(name: str) -> None:
    data = read(name)
    for length in range(8, len(data), 97):
        assert "is cut off" in sentence(loaded(data[:length]))


def test_a_key_alone_is_no_evidence() -> None:
    item = sample("key-only.pfx")
    assert "without a certificate" in sentence(item)
    assert item.pfx is not None
    assert item.pfx.keys == 1


def test_the_password_is_in_no_sentence() -> None:
    for name in FILES:
        if name not in SLOW:
            for item in (sample(name, "hunter2-secret"), sample(name, "hunter2\0secret")):
                assert "hunter2" not in repr(item)
