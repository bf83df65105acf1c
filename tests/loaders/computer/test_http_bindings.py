"""What HTTP.sys presents, as netsh prints it in every language and httpcfg did before it."""

from __future__ import annotations

import pytest

from certaudit.evidence import IIS_APPLICATION, Binding, Input
from certaudit.loaders import load_bytes
from tests.loaders.computer.outputs import HTTPCFG, NETSH, ONE, TWO, netsh

BINDINGS = (
    Binding("address", 443, "0.0.0.0", None, ONE, "MY", IIS_APPLICATION),
    Binding("address", 8531, "::", None, TWO, "WebHosting", IIS_APPLICATION),
    Binding("name", 443, None, "mp01.contoso.com", TWO, "My", IIS_APPLICATION),
    Binding("central-store", 443, None, None, None, None, IIS_APPLICATION),
    Binding("address", 10123, "10.0.0.5", None, ONE, None, IIS_APPLICATION),
)
EMPTY = "\r\nSSL-Zertifikatbindungen: \r\n------------------------- \r\n\r\n"


def load(text: str | bytes, name: str = "SMP01/facts/bindings.txt") -> Input:
    return load_bytes(text.encode() if isinstance(text, str) else text, name)


@pytest.mark.parametrize("later", [0, 2, 10])
@pytest.mark.parametrize("language", NETSH)
def test_every_language_and_version(language: str, later: int) -> None:
    for encoding in (NETSH[language].code_page, "utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        item = load(netsh(language, later).encode(encoding, "replace"), "what.ever")
        assert (item.format, item.error, item.remarks) == ("http-bindings", None, ())
        assert item.bindings == BINDINGS, encoding


def test_httpcfg_of_2003_prints_a_blank_for_a_leading_zero() -> None:
    item = load(HTTPCFG)
    assert item.remarks == ()
    assert item.bindings == (Binding("address", 443, "0.0.0.0", None, f"{ONE[:34]}03C07C", "MY", IIS_APPLICATION),)


def test_an_empty_list_is_known_by_its_name() -> None:
    item = load(EMPTY)
    assert (item.format, item.bindings, item.remarks, item.error) == ("http-bindings", (), (), None)


def test_lines_set_apart_by_hand_are_read() -> None:
    assert load(netsh("en").replace("\r\n", "\n\n")).bindings == BINDINGS


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("0.0.0.0:443", "somewhere", BINDINGS[1:]),
        ("0.0.0.0:443", "0.0.0.0:70000", BINDINGS[1:]),
        ("0.0.0.0:443", "443", BINDINGS[1:]),
        (ONE.lower(), ONE.lower()[:-2], (*BINDINGS[1:4],)),
        ("[::]:8531", "[::zz]:8531", (BINDINGS[0], *BINDINGS[2:])),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_read(
    before: str, after: str, left: tuple[Binding, ...]
) -> None:
    item = load(netsh("ja").replace(before, after))
    assert item.bindings == left
    assert item.remarks
    assert all(remark.endswith("is not understood, and was passed over.") for remark in item.remarks)


def test_a_thumbprint_that_is_not_understood_is_no_central_store() -> None:
    item = load(netsh("en").replace(TWO.lower(), TWO.lower() + "00"))
    assert [binding.kind for binding in item.bindings] == ["address", "central-store", "address"]


@pytest.mark.parametrize("length", range(0, len(netsh("de")), 23))
def test_no_beginning_of_a_file_has_a_binding_that_the_whole_has_not(length: int) -> None:
    item = load(netsh("de")[:length])
    assert set(item.bindings) <= set(BINDINGS) | {binding._replace(store=None) for binding in BINDINGS}


def test_a_file_cut_off_says_so() -> None:
    text = netsh("en")
    item = load(text[: text.index("mp01.contoso.com") + 5])
    assert item.bindings == BINDINGS[:2]
    assert len(item.remarks) == 1
    assert "may be cut off" in item.remarks[0]


def test_a_binding_without_its_guid_says_so() -> None:
    text = netsh("en")
    item = load(text[: text.index("    Application ID", text.index("[::]"))])
    assert item.bindings == BINDINGS[:1]
    assert item.remarks == ("The file ends in the middle of a binding, which was passed over: collect it again.",)


def test_a_file_of_50_megabytes_is_one_sentence() -> None:
    item = load(netsh("en") + "    x : y \r\n" * 5_000_000)
    assert item.error is not None
    assert item.error.endswith("has one of more than 8,388,608: collect it again.")
    assert (item.format, item.bindings) == ("http-bindings", ())


def test_text_about_certificates_is_no_list_of_bindings() -> None:
    assert load(f"appid : {IIS_APPLICATION}\nport : 443\n", "notes.txt").format == "unknown"
