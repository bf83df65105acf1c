"""What no reader of a format foresaw is the error of one input; the others are read all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from certaudit.cli import run
from certaudit.loaders import load, load_bytes
from certaudit.loaders.pki import x509
from certaudit.loaders.source import Source
from tests.builder import integer, sequence, tlv
from tests.loaders.samples import LEAF, read

RESPONSE = read("response.ors")
NO_ANSWER = bytes.fromhex("30050a0100a000")
WIM = b"MSWIM\0\0\0" + bytes.fromhex("d0000000") + bytes(0x3C) + bytes.fromhex("10") + bytes(7) + b"\0" * 7 + b"\x80"


def short_key() -> bytes:
    rsa = sequence(*(integer(number) for number in (0, 15, 3, 3, 3, 5, 1, 3)))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return sequence(integer(0), algorithm, tlv(0x04, rsa))


def emptied(data: bytes) -> list[bytes]:
    """`data` with each of its context-specific constructed elements emptied in turn, lengths left as they are."""
    places = [place for place in range(len(data) - 1) if data[place] & 0xE0 == 0xA0 and 0 < data[place + 1] < 0x80]
    return [data[: place + 1] + b"\0" + data[place + 2 :] for place in places]


@pytest.mark.parametrize("data", [NO_ANSWER, WIM.ljust(208, b"\0"), short_key()], ids=["ocsp", "wim", "key"])
def test_known_ones_are_said_without_the_barrier(data: bytes) -> None:
    error = load_bytes(data, "sample").error
    assert error is not None
    assert "does not foresee" not in error


def test_an_ocsp_response_with_an_element_emptied() -> None:
    for data in emptied(RESPONSE):
        error = load_bytes(data, "sample.ors").error
        assert error is None or "does not foresee" not in error


@pytest.mark.parametrize("kind", [ValueError, StopIteration, RecursionError, AttributeError, MemoryError])
def test_anything_that_a_reader_throws(
    kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, loaded = x509.load, []

    def thrown(source: Source) -> object:
        loaded.append(source.name)
        if source.name.endswith("bad.cer"):
            raise kind
        return sound(source)

    monkeypatch.setattr(x509, "load", thrown)
    for name in ("a.cer", "bad.cer", "c.cer"):
        (tmp_path / name).write_bytes(LEAF)
    inputs = load(tmp_path, "mp01", lambda name: None)
    assert [len(item.certificates) for item in inputs] == [1, 0, 1]
    assert inputs[1].error is not None
    assert f"({kind.__name__})" in inputs[1].error
    assert run(["inventory", str(tmp_path)]) == 4
    assert "Traceback" not in capsys.readouterr().err
