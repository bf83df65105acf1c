"""What damage takes away is a loss, in whichever format and wherever it happens: a run with a loss is incomplete."""

from __future__ import annotations

import struct

import pytest

from certaudit.evidence import Input
from certaudit.loaders import load_bytes
from certaudit.loaders.stores.serialized_store import HEADER
from tests.loaders.samples import LEAF, OTHER, ROOT, read


def element(id: int, value: bytes) -> bytes:
    return struct.pack("<III", id, 1, len(value)) + value


SST = b"\0\0\0\0CERT" + element(11, b"a\0\0\0") + element(32, LEAF) + element(32, OTHER) + bytes(12)
BOUNDARIES = [8, 8 + 16, 8 + 16 + 12 + len(LEAF), len(SST) - 12]
BLOB = (element(11, b"a\0\0\0") + element(32, LEAF)).hex(",")
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\MY\Certificates"
EXPORT = f'Windows Registry Editor Version 5.00\r\n\r\n[{KEY}\\{{}}]\r\n"Blob"=hex:{{}}\r\n\r\n'


def is_said(item: Input) -> bool:
    return item.error is not None or bool(item.losses)


@pytest.mark.parametrize("end", [*BOUNDARIES, *(boundary + 5 for boundary in BOUNDARIES), len(SST) - 1])
def test_an_sst_that_is_cut_off(end: int) -> None:
    assert load_bytes(SST, "my.sst").losses == ()
    assert is_said(load_bytes(SST[:end], "my.sst"))


@pytest.mark.parametrize("place", [*BOUNDARIES[1:3], BOUNDARIES[0] + 4, BOUNDARIES[1] + HEADER.size])
def test_an_sst_with_a_flipped_bit_where_it_matters(place: int) -> None:
    damaged = bytearray(SST)
    damaged[place] ^= 0x40
    assert is_said(load_bytes(bytes(damaged), "my.sst"))


@pytest.mark.parametrize("digits", [BLOB[:-300], BLOB[:100] + "zz" + BLOB[102:], BLOB[:48] + "00" + BLOB[50:], ""])
def test_a_record_of_a_registry_export(digits: str) -> None:
    sound = load_bytes(EXPORT.format(_sha1(), BLOB).encode(), "my.reg")
    assert (len(sound.certificates), sound.losses) == (1, ())
    assert is_said(load_bytes(EXPORT.format(_sha1(), digits).encode(), "my.reg"))


def test_a_record_that_is_not_what_its_name_says() -> None:
    assert is_said(load_bytes(EXPORT.format("AB" * 20, BLOB).encode(), "my.reg"))


@pytest.mark.parametrize("more", [b"\x30\x82\x03", ROOT[:-1], b"garbage", read("leaf.p8"), b"\x30\x03\x02\x01\x05"])
def test_what_follows_a_certificate_in_der(more: bytes) -> None:
    assert load_bytes(LEAF + ROOT, "both.cer").losses == ()
    assert is_said(load_bytes(LEAF + more, "both.cer"))


def _sha1() -> str:
    (entry,) = load_bytes(LEAF, "leaf.cer").certificates
    return entry.certificate.sha1
