"""The lines that the collect script makes of the keys that it tried."""

from __future__ import annotations

import pytest

from certaudit.evidence import Input, KeyTest
from certaudit.loaders import load_bytes

HEADER = "certaudit key test 1\r\n"
THUMBPRINT = "585947F104B5BCE53239F02D1C6FED06832F47DC"


def load(text: str, encoding: str = "ascii") -> Input:
    return load_bytes((HEADER + text).encode(encoding), "SMP01/facts/keys.txt")


@pytest.mark.parametrize(
    ("result", "works", "why"),
    [
        ("works", True, None),
        ("mismatch", False, "is not that of the certificate"),
        ("untried", None, "is of a kind that PowerShell did not try"),
        ("0x80090016", False, "is not there (0x80090016)"),
        ("0x8009000d", False, "is not there (0x8009000D)"),
        ("0x80090010", None, "could not be tried (0x80090010)"),
        ("0x80131501", None, "could not be tried (0x80131501)"),
    ],
)
def test_results(result: str, works: bool | None, why: str | None) -> None:
    item = load(f"My {THUMBPRINT} {result} -\r\n")
    assert (item.format, item.remarks) == ("key-tests", ())
    assert item.key_tests == (KeyTest("My", THUMBPRINT, works, why),)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
def test_exportable_and_encodings(encoding: str) -> None:
    item = load(f"SMS {THUMBPRINT} works True\r\nMy {THUMBPRINT.lower()} works False\r\n", encoding)
    assert [(test.store, test.thumbprint, test.exportable) for test in item.key_tests] == [
        ("SMS", THUMBPRINT, True),
        ("My", THUMBPRINT, False),
    ]


def test_what_is_not_understood_is_said() -> None:
    item = load(f"My {THUMBPRINT} funktioniert True\r\n\r\nMy {THUMBPRINT} works True\r\nMy {THUMBPRINT} works Fal")
    assert item.key_tests == (KeyTest("My", THUMBPRINT, True, None, True),)
    assert len(item.remarks) == 2


def test_a_computer_without_keys_is_read() -> None:
    assert (load("").format, load("").error) == ("key-tests", None)
