"""A redacted report: no name of the site anywhere in it, and the same pseudonym for the same name."""

from __future__ import annotations

import json
import re
from typing import cast

import pytest

from certaudit.document.reader import checked
from certaudit.document.redaction import redacted
from certaudit.document.report_objects import Document


def test_no_name_of_the_site_is_left(broken: Document) -> None:
    document = redacted(broken)
    for part in ("inputs", "certificates", "chains", "findings", "coverage", "next_failures", "warnings", "site"):
        text = json.dumps(document[part]).casefold()
        for name in ("contoso", "fabrikam", "s01", "smp01", "branch"):
            found = re.findall(rf".{{60}}\b{name}.{{40}}", text)
            assert not found, found[:3]


def _with_finding(document: Document, **fields: str) -> str:
    """The redacted text of the first finding with these fields."""
    first, *others = document["findings"]
    changed = cast(Document, {**document, "findings": [{**first, **fields}, *others]})
    return json.dumps(redacted(changed)["findings"][0])


@pytest.mark.parametrize(
    ("expected", "sentence", "name"),
    [
        ("NLB name cluster", "Request a certificate for mp01.contoso.com, cluster from the template.", "cluster"),
        ("internet name a.example, extern", "It does not bear extern.", "extern"),
    ],
)
def test_a_name_that_no_field_holds_is_found_where_names_are_compared(
    sound: Document, expected: str, sentence: str, name: str
) -> None:
    assert name not in _with_finding(sound, expected=expected, remediation=sentence)


def test_hosts_and_names_in_addresses_are_taken_out(sound: Document) -> None:
    escaped = r"URI:ldap:///CN\=Secret CA\,CN\=crlsrv\,CN\=CDP\,DC\=corp"
    first, *others = sound["certificates"]
    points = ["URI:http://crlhost/x.crl", escaped, r"URI:file://\\\\filesrv\\share\\x.crl"]
    changed = cast(Document, {**sound, "certificates": [{**first, "crl_distribution_points": points}, *others]})
    sentence = (
        "crlhost has no domain; ldap:///CN=Secret CA,CN=crlsrv,CN=CDP,DC=corp cannot be read; filesrv is not there."
    )
    text = _with_finding(changed, message=sentence)
    for name in ("crlhost", "crlsrv", "Secret", "corp", "filesrv"):
        assert name not in text


def test_the_short_name_of_a_system_is_taken_out_unless_it_is_an_everyday_word(sound: Document) -> None:
    first, *others = sound["findings"]
    for system, is_left in (("jupiter.example", False), ("server.example", True)):
        changed = cast(Document, {**sound, "findings": [{**first, "system": system}, *others]})
        short = system.partition(".")[0]
        assert (short in _with_finding(changed, message=f"It does not name {short}.")) == is_left


def test_an_escaped_subject_is_found_where_it_stands_plain(sound: Document) -> None:
    first, *others = sound["certificates"]
    changed = cast(Document, {**sound, "certificates": [{**first, "subject": r"CN=Doe\, Jane,O=X"}, *others]})
    assert "Doe" not in _with_finding(changed, message="The key is also that of Doe, Jane.")


def test_no_serial_number_thumbprint_or_fingerprint_is_left(broken: Document) -> None:
    text = json.dumps(redacted(broken))
    for certificate in broken["certificates"]:
        assert certificate["sha256"] not in text
        assert certificate["sha1"] not in text
        assert len(certificate["serial"]) < 9 or certificate["serial"] not in text
    named = {
        finding["fingerprint"]
        for finding in broken["findings"]
        if finding["system"] or finding["certificate"] or finding["subject"]
    }
    assert not named & set(re.findall(r"[0-9a-f]{32}", text))


def test_it_is_a_report_like_any_other(sound: Document) -> None:
    document = redacted(sound)
    assert document["redacted"] is True
    assert checked(document, "x") == document


def test_nothing_but_names_is_taken_out(sound: Document) -> None:
    document = redacted(sound)
    assert document["summary"] == sound["summary"]
    assert list(document) == [*(key for key in sound), "redacted"]
    for now, was in zip(document["findings"], sound["findings"], strict=True):
        for field in ("requirement", "status", "severity", "role", "citations"):
            assert now[field] == was[field]
    assert [entry["when"] for entry in document["next_failures"]] == [entry["when"] for entry in sound["next_failures"]]


def test_a_name_has_one_pseudonym_everywhere(sound: Document) -> None:
    document = redacted(sound)
    coverage = {was["system"]: now["system"] for was, now in zip(sound["coverage"], document["coverage"], strict=True)}
    assert len(set(coverage.values())) == len(coverage)
    for was, now in zip(sound["findings"], document["findings"], strict=True):
        assert was["system"] is None or now["system"] == coverage[was["system"]]
    for was_certificate, certificate in zip(sound["certificates"], document["certificates"], strict=True):
        if was_certificate["names"] == ["DNS:mp01.contoso.com"]:
            assert certificate["names"] == [f"DNS:{coverage['mp01.contoso.com']}"]
    thumbprints = {certificate["sha256"] for certificate in document["certificates"]}
    assert {finding["certificate"] for finding in document["findings"]} - {None} <= thumbprints
    assert {thumbprint for chain in document["chains"] for thumbprint in chain["certificates"]} <= thumbprints


def test_fingerprints_stay_apart(sound: Document) -> None:
    fingerprints = [finding["fingerprint"] for finding in redacted(sound)["findings"]]
    assert len(set(fingerprints)) == len({finding["fingerprint"] for finding in sound["findings"]})


def test_with_a_key_pseudonyms_do_not_depend_on_the_report(sound: Document, broken: Document) -> None:
    def systems(document: Document, key: bytes | None) -> dict[str | None, str | None]:
        made = redacted(document, key)
        return {was["system"]: now["system"] for was, now in zip(document["coverage"], made["coverage"], strict=True)}

    key = b"k" * 32
    one, other = systems(sound, key), systems(broken, key)
    assert one["mp01.contoso.com"] == other["mp01.contoso.com"]
    assert one["mp01.contoso.com"] != systems(sound, b"l" * 32)["mp01.contoso.com"]
    assert str(systems(sound, None)["mp01.contoso.com"]).startswith("system-")
