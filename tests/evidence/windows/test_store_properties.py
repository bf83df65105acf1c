"""What properties tell, and what odd ones do not."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime

import pytest

from certaudit.evidence import UNKNOWN_KEY, PrivateKey, StoreProperty
from certaudit.evidence.windows import store_properties
from certaudit.evidence.windows.store_properties import KeyProvider
from tests.loaders import wine_stores
from tests.loaders.wine_stores import EXPECTED, SHA1, loaded

HEADER = 28


def provider(container: str = "box", name: str = "CSP", *, type: int = 24, flags: int = 0x20, spec: int = 1) -> bytes:
    names = (container + "\0" + name + "\0").encode("utf-16-le")
    second = HEADER + 2 * len(container) + 2
    return struct.pack("<7I", HEADER, second, type, flags, 0, 0, spec) + names


def test_friendly_name_keeps_every_nul_but_the_last() -> None:
    def name(value: str) -> str | None:
        return store_properties.friendly_name((StoreProperty(11, value.encode("utf-16-le")),))

    assert name("SMS\0") == "SMS"
    assert name("SMS") == "SMS"
    assert name("SMS\0\0") == "SMS\0"
    assert name("SMS\0Client\0") == "SMS\0Client"
    assert store_properties.friendly_name(()) is None


def test_odd_bytes_and_lone_surrogates_in_a_name_do_not_raise() -> None:
    assert store_properties.text(b"a\0\x00\xd8b") == "a\ud800"


def test_last_of_two_equal_properties_counts() -> None:
    first, second = (StoreProperty(11, text.encode("utf-16-le")) for text in ("a", "b"))
    assert store_properties.friendly_name((first, second)) == "b"


def test_key_provider_is_read() -> None:
    info = store_properties.key_provider((StoreProperty(2, provider()),))
    assert info == KeyProvider("box", "CSP", 24, 0x20, 0, 1)


@pytest.mark.parametrize("offset", [0, 5, 27, 1000, 0xFFFFFFFF])
def test_name_outside_of_the_value_is_none(offset: int) -> None:
    value = struct.pack("<I", offset) + provider()[4:]
    info = store_properties.key_provider((StoreProperty(2, value),))
    assert info is not None
    assert (info.container, info.provider) == (None, "CSP")


def test_name_without_its_nul_ends_with_the_value() -> None:
    info = store_properties.key_provider((StoreProperty(2, provider()[:-2] + b"x"),))
    assert info is not None
    assert info.provider == "CSP"


def test_private_key_is_what_the_store_says() -> None:
    assert store_properties.private_key((StoreProperty(2, provider()),), "My") == PrivateKey(
        present=True, provider="CSP", provider_type=24, container="box", machine=True, signs_only=False
    )
    user = store_properties.private_key((StoreProperty(2, provider(flags=0)),), "Root")
    assert (user.present, user.machine, user.exportable, user.matches) == (True, False, None, None)
    assert store_properties.private_key((StoreProperty(2, b"short"),), "My") == PrivateKey(present=True)


@pytest.mark.parametrize("store", ["My", "WebHosting", "Remote Desktop"])
def test_store_of_own_certificates_says_that_there_is_no_key(store: str) -> None:
    assert store_properties.private_key((), store) == PrivateKey(present=False)


@pytest.mark.parametrize("store", ["Root", "CA", "SMS", "TrustedPeople", None])
def test_other_stores_say_nothing_about_missing_keys(store: str | None) -> None:
    assert store_properties.private_key((), store) == UNKNOWN_KEY


def test_restriction_by_property() -> None:
    value = bytes.fromhex(EXPECTED["stores"]["LM/Root"]["rogue_root"]["eku_property_hex"])
    assert store_properties.enhanced_key_usage((StoreProperty(9, value),)) == ("1.3.6.1.5.5.7.3.2",)
    assert store_properties.enhanced_key_usage((StoreProperty(9, b"\x30"),)) is None
    assert store_properties.enhanced_key_usage(()) is None


def test_flags_and_names() -> None:
    properties = (
        StoreProperty(19, b""),
        StoreProperty(69, b"\x01\0\0\0"),
        StoreProperty(71, "SMP01\0".encode("utf-16-le")),
        StoreProperty(20, b"\xab"),
        StoreProperty(13, "d\0".encode("utf-16-le")),
    )
    assert store_properties.is_archived(properties)
    assert store_properties.is_backed_up(properties) is True
    assert store_properties.request_originator(properties) == "SMP01"
    assert store_properties.key_identifier(properties) == b"\xab"
    assert store_properties.description(properties) == "d"
    assert not store_properties.is_archived(())
    assert store_properties.is_backed_up((StoreProperty(69, b""),)) is None


def test_recorded_hashes_are_those_of_the_certificates() -> None:
    entries = wine_stores.entries(loaded("reg/LM_SystemCertificates.reg"))
    assert {store_properties.sha1_matches(entry.certificate, entry.properties) for entry in entries} == {True}
    issuing = next(entry for entry in entries if entry.certificate.sha1 == SHA1["issuing_ca"])
    md5 = store_properties.property_value(issuing.properties, 4)
    assert md5 == hashlib.md5(issuing.certificate.der, usedforsecurity=False).digest()
    assert store_properties.key_identifier(issuing.properties) == issuing.certificate.subject_key_identifier


def test_recorded_hash_of_another_certificate() -> None:
    entry = wine_stores.entries(loaded("reg/LM_SystemCertificates.reg"))[0]
    properties = (StoreProperty(3, bytes(20)),)
    assert store_properties.sha1_matches(entry.certificate, properties) is False
    assert store_properties.recorded_sha1(properties) == "00" * 20
    assert store_properties.sha1_matches(entry.certificate, ()) is None


@pytest.mark.parametrize(
    ("item", "name", "value"),
    [
        (StoreProperty(11, "SMS\0".encode("utf-16-le")), "FRIENDLY_NAME", "SMS"),
        (StoreProperty(19, b""), "ARCHIVED", "yes"),
        (StoreProperty(92, b"\0\x08\0\0"), "SUBJECT_PUB_KEY_BIT_LENGTH", "2048"),
        (StoreProperty(3, b"\xab\xcd"), "SHA1_HASH", "ABCD"),
        (StoreProperty(104, bytes.fromhex("00803ed5deb19d01")), "DISALLOWED_FILETIME", "1970-01-01T00:00:00Z"),
        (StoreProperty(104, b""), "DISALLOWED_FILETIME", ""),
        (StoreProperty(104, b"\xff" * 8), "DISALLOWED_FILETIME", "FF" * 8),
        (StoreProperty(122, bytes.fromhex("300a06082b06010505070302")), "DISALLOWED_ENHKEY_USAGE", "1.3.6.1.5.5.7.3.2"),
        (StoreProperty(122, b"\x01"), "DISALLOWED_ENHKEY_USAGE", "01"),
        (StoreProperty(2, provider()), "KEY_PROV_INFO", "CSP, type 24, machine key box"),
        (StoreProperty(2, b"\x01"), "KEY_PROV_INFO", "01"),
        (StoreProperty(4711, b"\x01"), "property 4711", "01"),
    ],
)
def test_every_property_can_be_shown(item: StoreProperty, name: str, value: str) -> None:
    assert (store_properties.property_name(item.id), store_properties.shown(item)) == (name, value)


def test_filetime() -> None:
    assert store_properties.filetime((116444736000000000).to_bytes(8, "little")) == datetime(1970, 1, 1, tzinfo=UTC)
    assert store_properties.filetime(b"") is None
