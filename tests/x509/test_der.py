"""The DER and BER reader at its edges."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certaudit.x509 import der
from certaudit.x509.der import DerError


def test_indefinite_length_is_read_to_its_end_marker() -> None:
    element = der.read_all(bytes.fromhex("3080020105020106" + "0000"))
    assert [der.integer(member) for member in element] == [5, 6]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "data ends at byte 0"),
        ("30", "data ends at byte 1"),
        ("300502", "claims 5 bytes, 1 are left"),
        ("3089010203", "length of 9 bytes at byte 0 does not fit"),
        ("308402", "length of 4 bytes"),
        ("1f8101", "multi-byte tag"),
        ("0480", "primitive element of indefinite length"),
        ("3080" * 60, "nested more than 40 deep"),
        ("050000", "1 bytes follow the element"),
    ],
)
def test_what_does_not_fit_is_an_error(data: str, sentence: str) -> None:
    with pytest.raises(DerError, match=sentence):
        der.read_all(bytes.fromhex(data))


def test_deep_nesting_is_refused_when_it_is_walked() -> None:
    data = b"\x05\x00"
    for _ in range(60):
        data = bytes([0x30, 0x81, len(data)]) + data if len(data) > 127 else bytes([0x30, len(data)]) + data
    element = der.read_all(data)
    with pytest.raises(DerError, match="nested more than 40 deep"):
        innermost(element)


def innermost(element: der.Element) -> der.Element:
    for inner in element:
        return innermost(inner)
    return element


@pytest.mark.parametrize("octets", ["", "80", "2b80"])
def test_cut_off_object_identifier(octets: str) -> None:
    content = bytes.fromhex(octets)
    with pytest.raises(DerError, match="empty or cut off"):
        der.object_identifier(der.read_all(bytes([6, len(content)]) + content))


@pytest.mark.parametrize(
    ("tag", "text", "moment"),
    [
        (der.UTC_TIME, "491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (der.UTC_TIME, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (der.UTC_TIME, "1003010000Z", datetime(2010, 3, 1, tzinfo=UTC)),
        (der.UTC_TIME, "1003011530Z", datetime(2010, 3, 1, 15, 30, tzinfo=UTC)),
        (der.UTC_TIME, "100301020000+0200", datetime(2010, 3, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "21100301000000Z", datetime(2110, 3, 1, tzinfo=UTC)),
    ],
)
def test_times(tag: int, text: str, moment: datetime) -> None:
    assert der.time(der.read_all(bytes([tag, len(text)]) + text.encode())) == moment


@pytest.mark.parametrize(
    "text", ["", "20100301", "99999999999999Z", "1003010000", "2010121112Z", "2010030115Z", "201003010000 0Z"]
)
def test_times_of_other_forms_are_an_error(text: str) -> None:
    with pytest.raises(DerError, match="is not of a form"):
        der.time(der.read_all(bytes([der.GENERALIZED_TIME, len(text)]) + text.encode()))


def test_strings_by_their_type() -> None:
    assert der.text(der.read_all(b"\x1e\x04\x00a\x04\x10")) == "aА"
    assert der.text(der.read_all(b"\x0c\x02\xff\xfe")) == "ÿþ", "what UTF-8 cannot hold is shown as Latin-1"
    with pytest.raises(DerError, match="is not a character string"):
        der.text(der.read_all(b"\x02\x01\x05"))


def test_reason_speaks_of_the_bytes_and_not_of_python() -> None:
    told = "it has fewer or more parts than it should"
    with pytest.raises(ValueError, match="unpack") as unpacked:
        _one, _two = list[int]()
    assert der.reason(unpacked.value) == told
    assert der.reason(IndexError("list index out of range")) == told
    assert der.reason(DerError("element at byte 1 is empty")) == "element at byte 1 is empty"
    assert der.reason(OverflowError()) == "OverflowError"
