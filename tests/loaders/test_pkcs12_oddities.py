"""PFX files that no program would write: what is odd in one part hides no other."""

from __future__ import annotations

import time

import pytest

from certaudit.loaders.pki.pkcs12 import kdf
from certaudit.x509 import der
from certaudit.x509.name import der_encode
from tests.loaders import pfx_builder as build
from tests.loaders.samples import EC, LEAF, LEAF_KEY, OTHER, ROOT, ders, loaded, read, sentence

PLAIN = b"certaudit"
BMP = build.bmp("certaudit")


@pytest.mark.parametrize("mac", [b"", b"\0\0"])
def test_empty_and_absent_password_may_be_mixed(mac: bytes) -> None:
    for spelling in (b"", b"\0\0"):
        algorithm = build.sequence(
            build.oid("1.2.840.113549.1.12.1.3"), build.sequence(build.octets(build.SALT), build.integer(5))
        )
        key = kdf.pkcs12("sha1", spelling, build.SALT, 5, kdf.KEY, 24)
        iv = kdf.pkcs12("sha1", spelling, build.SALT, 5, kdf.IV, 8)
        ciphertext = _triple_des(key, iv, build.sequence(build.certificate_bag(LEAF)))
        item = loaded(build.pfx(build.encrypted_safe(algorithm, ciphertext), mac_password=mac), None)
        assert item.error is None
        assert ders(item) == [LEAF]


def _triple_des(key: bytes, iv: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    count = 8 - len(data) % 8
    encryptor = Cipher(TripleDES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(data + bytes([count]) * count) + encryptor.finalize()


def test_a_password_that_old_openssl_widened_byte_by_byte() -> None:
    old = b"".join(bytes([0, byte]) for byte in "Straße".encode()) + b"\0\0"
    data = build.pfx(build.safe(build.certificate_bag(LEAF)), mac_password=old)
    assert loaded(data, "Straße").error is None
    assert "does not open" in sentence(loaded(data, "Strasse"))


def test_odd_bags_hide_nothing() -> None:
    bags = (
        build.certificate_bag(b"\x30\x03\x02\x01\x05"),
        b"\x30\x02\x05\x00",
        build.bag(3, build.octets(b"no certificate bag")),
        build.bag(99, build.octets(b"")),
        build.bag(5, build.octets(b"")),
        build.crl_bag(b"\x30\x00"),
        build.crl_bag(read("root.crl")),
        build.certificate_bag(LEAF, b"\x30\x01\xff"),
        build.bag(6, build.sequence(build.certificate_bag(ROOT))),
        build.bag(2, build.sequence(build.octets(b""))),
    )
    item = loaded(build.pfx(build.safe(*bags), mac_password=BMP))
    assert item.error is None
    assert ders(item) == [LEAF, ROOT]
    assert len(item.crls) == 1
    assert len(item.remarks) == 9  # one for each odd bag but the nested one, and one for the key that is nobody's
    assert item.pfx is not None
    assert item.pfx.keys == 1


def test_a_safe_that_is_damaged_hides_no_other() -> None:
    data = build.pfx(b"\x30\x02\x05\x00", build.safe(build.certificate_bag(LEAF)), mac_password=BMP)
    item = loaded(data)
    assert "Safe 1 of sample.pfx is damaged (it has fewer or more parts than it should)" in sentence(item)
    assert ders(item) == [LEAF]


def test_a_friendly_name_of_odd_length_or_with_control_characters_is_kept() -> None:
    bags = (
        build.certificate_bag(LEAF, build.friendly_name("odd".encode("utf-16-be") + b"!")),
        build.certificate_bag(ROOT, build.friendly_name("a\0\x1b[31m".encode("utf-16-be"))),
    )
    item = loaded(build.pfx(build.safe(*bags)))
    assert [entry.friendly_name for entry in item.certificates] == ["odd", "a\0\x1b[31m"]
    assert item.remarks == ("A friendly name has an odd number of bytes.",)


def test_a_key_under_another_password_is_there_but_did_not_open() -> None:
    key = build.shrouded_bag(
        LEAF_KEY, b"other", build.local_key_id(b"1"), build.friendly_name("k\x1b".encode("utf-16-be"))
    )
    data = build.pfx(build.safe(key, build.certificate_bag(LEAF, build.local_key_id(b"1"))), mac_password=BMP)
    item = loaded(data)
    assert item.error is None
    assert item.certificates[0].private_key.present is True
    assert item.certificates[0].private_key.matches is None
    assert item.remarks == (
        "The private key «k\\x1B» did not open: it has another password than the file, or is damaged.",
    )


@pytest.mark.parametrize(
    ("of_certificate", "of_key", "losses"),
    [(b"1", b"1", 0), (b"1", b"2", 1), (None, b"2", 0), (b"1", None, 0)],
)
def test_a_local_key_id_that_leads_elsewhere_is_said(
    of_certificate: bytes | None, of_key: bytes | None, losses: int
) -> None:
    key = build.key_bag(LEAF_KEY, *([build.local_key_id(of_key)] if of_key else []))
    certificate = build.certificate_bag(LEAF, *([build.local_key_id(of_certificate)] if of_certificate else []))
    item = loaded(build.pfx(build.safe(key, certificate), mac_password=BMP))
    assert item.certificates[0].private_key.matches is True
    assert len(item.losses) == losses


def test_keys_pair_by_public_key_whatever_the_local_key_ids_say() -> None:
    bags = (
        build.key_bag(LEAF_KEY, build.local_key_id(b"of another")),
        build.certificate_bag(ROOT, build.local_key_id(b"of another")),
        build.certificate_bag(LEAF),
    )
    root, leaf = loaded(build.pfx(build.safe(*bags))).certificates
    assert leaf.private_key.matches is True
    assert root.private_key.present is False


def test_a_key_that_is_named_for_a_certificate_it_does_not_fit() -> None:
    bags = (build.key_bag(LEAF_KEY, build.local_key_id(b"1")), build.certificate_bag(OTHER, build.local_key_id(b"1")))
    (other,) = loaded(build.pfx(build.safe(*bags))).certificates
    assert other.private_key.present is True
    assert other.private_key.matches is False


@pytest.mark.parametrize(
    ("usage", "signs_only"),
    [
        (b"\7\x80", True),  # AT_SIGNATURE, as Windows and `openssl pkcs12 -keysig` write it
        (b"\4\x10", False),  # AT_KEYEXCHANGE, as Windows and `openssl pkcs12 -keyex` write it
        (b"\4\xb0", False),
        (b"\1\x02", None),
        (b"\0", None),
        (b"", None),
        (None, None),
    ],
)
def test_what_a_key_is_marked_for(usage: bytes | None, signs_only: bool | None) -> None:
    mark = b"" if usage is None else build.attribute("2.5.29.15", der_encode(der.BIT_STRING, usage))
    attributes = build.attribute("2.5.4.3", build.octets(b"other")) + mark
    members = der_encode(der.context(0), attributes)
    key = build.sequence(der.read(LEAF_KEY).content + members)
    for bag in (build.key_bag(key), build.shrouded_bag(key, PLAIN)):
        (entry,) = loaded(build.pfx(build.safe(bag, build.certificate_bag(LEAF)))).certificates
        assert (entry.private_key.matches, entry.private_key.signs_only) == (True, signs_only)


def test_a_key_that_belongs_to_no_certificate() -> None:
    item = loaded(build.pfx(build.safe(build.key_bag(LEAF_KEY), build.certificate_bag(EC))))
    assert item.certificates[0].private_key.present is False
    assert item.pfx is not None
    assert item.pfx.unpaired_keys == 1
    assert item.remarks == ("A private key (RSA 1024 bits) belongs to no certificate in the file.",)


def test_a_damaged_key_matches_nothing_and_says_why() -> None:
    for position in (-1, -10, -20, -30, -40):
        damaged = bytearray(LEAF_KEY)
        damaged[position] ^= 1
        item = loaded(build.pfx(build.safe(build.key_bag(bytes(damaged)), build.certificate_bag(LEAF))))
        assert item.certificates[0].private_key.present is None
        assert item.certificates[0].private_key.matches is None
        assert item.remarks[0] == (
            "A private key cannot be used: its numbers do not belong together, so the key is damaged."
        )


def test_an_altered_file_is_told_from_a_wrong_password() -> None:
    sealed = build.sealed_safe(PLAIN, build.certificate_bag(LEAF))
    data = build.pfx(sealed, mac_password=BMP)
    altered = data[:-30] + bytes([data[-30] ^ 1]) + data[-29:]
    item = loaded(altered)
    assert "opens, but its MAC does not fit" in sentence(item)
    assert ders(item) == [LEAF]


def test_without_a_mac_the_password_is_tried_on_the_data() -> None:
    data = build.pfx(build.sealed_safe(PLAIN, build.certificate_bag(LEAF)))
    assert ders(loaded(data)) == [LEAF]
    assert "the password is wrong, or the file is damaged" in sentence(loaded(data, "wrong"))
    assert "needs a password" in sentence(loaded(data, None))


def test_a_password_with_a_nul_is_refused() -> None:
    data = build.pfx(build.sealed_safe(PLAIN, build.certificate_bag(LEAF)))
    error = sentence(loaded(data, "cert\0audit"))
    assert error.startswith("The password for sample.pfx contains a NUL character")


def test_scrypt() -> None:
    safe = build.encrypted_safe(*build.pbes2_scrypt(build.sequence(build.certificate_bag(LEAF)), PLAIN, 1024, 8, 1))
    item = loaded(build.pfx(safe, mac_password=BMP))
    assert ders(item) == [LEAF]
    assert item.pfx is not None
    assert item.pfx.protections[1].algorithm == "PBES2 (scrypt with N=1024 r=8 p=1, AES-256-CBC)"


def test_pbmac1() -> None:
    password = "Straße 🔑"
    sealed = build.sealed_safe(password.encode(), build.certificate_bag(LEAF))
    item = loaded(build.pfx_with_pbmac1(password.encode(), sealed), password)
    assert item.error is None
    assert item.pfx is not None
    assert item.pfx.protections[0].algorithm == "PBMAC1 (PBKDF2 with HMAC-SHA512, HMAC-SHA256)"
    assert item.pfx.protections[0].iterations == 7
    assert "does not open" in sentence(loaded(build.pfx_with_pbmac1(b"other", sealed), "third"))
    short = build.pfx_with_pbmac1(password.encode(), sealed, key_length=19)
    assert "its MAC does not fit" in sentence(loaded(short, password))


def test_thousands_of_keys_and_certificates_take_no_time() -> None:
    bags = [build.key_bag(LEAF_KEY)] * 1000 + [build.certificate_bag(EC)] * 1000
    started = time.perf_counter()
    item = loaded(build.pfx(build.safe(*bags)))
    assert time.perf_counter() - started < 5
    assert (len(item.certificates), item.pfx and item.pfx.keys) == (1000, 1000)


def _scrypt_safe(n: int, r: int, p: int) -> bytes:
    return build.encrypted_safe(*build.pbes2_scrypt(b"\x30\x00", PLAIN, n, r, p, real=False))


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (build.pfx(build.safe(), mac_password=BMP, claimed=2**31 - 1), "2,147,483,647 iterations"),
        (build.pfx(build.encrypted_safe(*build.pbes2(b"", PLAIN, claimed=10**8))), "100,000,000 iterations"),
        (build.pfx(*[build.encrypted_safe(*build.pbes2(b"", PLAIN, claimed=10**6))] * 20), "11,000,000 iterations"),
        (build.pfx(_scrypt_safe(16384, 8, 4096)), "scrypt with N·r·p of 536,870,912"),
        (build.pfx(_scrypt_safe(2**22, 1, 1)), "scrypt with N·r·p of 4,194,304"),
        (build.pfx(_scrypt_safe(2**60, 2**60, 2**60)), "scrypt with N·r·p of"),
    ],
)
def test_a_costly_file_is_refused_before_time_is_spent(data: bytes, number: str) -> None:
    started = time.perf_counter()
    error = sentence(loaded(data))
    assert time.perf_counter() - started < 0.5
    assert f"asks for {number}" in error
    assert "the limit is" in error


def test_a_cost_hidden_in_an_encrypted_safe_is_refused_too() -> None:
    algorithm, data = build.pbes2(LEAF_KEY, PLAIN, claimed=10**8)
    hidden = build.bag(2, build.sequence(algorithm, build.octets(data)))
    pfx = build.pfx(build.sealed_safe(PLAIN, build.certificate_bag(LEAF), hidden), mac_password=BMP)
    started = time.perf_counter()
    item = loaded(pfx)
    assert time.perf_counter() - started < 0.5
    assert "100,000,0" in sentence(item)
    assert item.pfx is not None
    assert 10**8 in {row.iterations for row in item.pfx.protections}


def test_unknown_algorithms_are_named_by_their_oids() -> None:
    unknown = build.sequence(build.oid("1.2.3.4.5"), build.octets(b""))
    item = loaded(build.pfx(build.encrypted_safe(unknown, b"x"), build.safe(build.certificate_bag(LEAF))))
    assert "encryption 1.2.3.4.5" in sentence(item)
    assert ders(item) == [LEAF]
    shrouded = build.bag(2, build.sequence(unknown, build.octets(b"x")), build.local_key_id(b"1"))
    bags = (shrouded, build.certificate_bag(LEAF, build.local_key_id(b"1")))
    item = loaded(build.pfx(build.safe(*bags), mac_password=BMP))
    assert item.error is None
    assert item.certificates[0].private_key.present is True
    assert any("encryption 1.2.3.4.5" in remark for remark in item.remarks)


def test_a_safe_for_the_holder_of_a_certificate() -> None:
    enveloped = build.sequence(build.oid("1.2.840.113549.1.7.3"), build.explicit(build.sequence()))
    assert "is encrypted to a certificate" in sentence(loaded(build.pfx(enveloped)))


def test_bytes_behind_the_pfx_are_remarked() -> None:
    data = build.pfx(build.safe(build.certificate_bag(LEAF)))
    assert loaded(data + b"\0\r\n").remarks == ()
    assert loaded(data + b"trailing").remarks == ("8 bytes follow the PKCS #12 data.",)
