"""Hostile text comes out inert, and an RFC 4514 name still reads back as the same name."""

from __future__ import annotations

import re

import pytest
from cryptography import x509

from certaudit.printable import attribute_value, inert, printable
from certaudit.x509.name import parse_name
from tests.builder import name

HOSTILE = [
    "\x1b[2J\x1b[1;1HPASS",
    "\x1b]8;;http://evil\x07click\x1b]8;;\x07",
    "##vso[task.setvariable variable=x]y",
    "a\r\n::error::b",
    "::set-output name=x::y",
    "::error::",
    "good.com\0.evil.com",
    "x, O=Contoso",
    "abc\u202egnp.exe",
    "zero\u200bwidth",
    "\ufeffmark",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    " lead and trail ",
    "#hash",
    "back\\slash",
    "c1\x9bcontrol",
    "\u2028line",
    "tab\tbed",
    "日本",
    "\U0001f600",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_printable_text_is_inert(text: str) -> None:
    for shown in (printable(text), attribute_value(text)):
        assert shown.isprintable()
        assert "##" not in shown
        assert "\u202e" not in shown
        assert not re.search(r"::[a-z-]+( .*)?::", shown)


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\0" not in text])
def test_a_name_reads_back_as_the_same_name(text: str) -> None:
    raw = name("CN=" + text.replace("\\", "\\\\").replace(",", "\\,"))
    shown = str(parse_name(raw))
    (attribute,) = x509.Name.from_rfc4514_string(shown)
    assert attribute.value == text


def test_ordinary_text_stays_as_it_is() -> None:
    assert printable("mp01.contoso.com: 5 (ok)") == "mp01.contoso.com: 5 (ok)"
    assert attribute_value("Contoso Issuing CA 1") == "Contoso Issuing CA 1"


def test_lone_surrogates_do_not_escape() -> None:
    assert printable("a\ud800b") == "a\\uD800b"
    assert attribute_value("a\ud800b") == "a\\ED\\A0\\80b"


@pytest.mark.parametrize("text", ["fe80::1", "::1", "a::b.c", "2001:db8::8a2e:370:7334", "PKCS #12"])
def test_what_begins_no_command_stays(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_making_inert_again_changes_nothing(text: str) -> None:
    assert inert(inert(text)) == inert(text)
    assert inert(printable(text)) == printable(text)
    assert inert(attribute_value(text)) == attribute_value(text)
