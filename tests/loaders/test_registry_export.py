"""Registry exports, in every form in which they turn up."""

from __future__ import annotations

import hashlib
import random
import re
import time
from pathlib import Path

import pytest

from certaudit.evidence import Input
from certaudit.loaders import limits, load, load_bytes
from certaudit.loaders.stores import registry_export

from . import wine_stores
from .wine_stores import DATA, SHA1, loaded, planned

STORE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\My\Certificates"
ELEMENT = (DATA / "elements/LM_My_client1.bin").read_bytes()
HEX = ",".join(f"{byte:02x}" for byte in ELEMENT)
VERSION_5 = "Windows Registry Editor Version 5.00\r\n\r\n"


def export(text: str, encoding: str = "utf-8", name: str = "x.reg") -> Input:
    return load_bytes(text.encode(encoding), name)


def record(value: str = f'"Blob"=hex:{HEX}', name: str = SHA1["client1"]) -> str:
    return f"[{STORE}\\{name}]\r\n{value}\r\n\r\n"


def found(item: Input) -> list[str]:
    return [entry.certificate.sha1 for entry in item.certificates]


def test_exports_of_a_machine_hold_what_was_put_into_its_stores() -> None:
    inputs = loaded(*(f"reg/{name.name}" for name in (DATA / "reg").glob("LM_*.reg")))
    assert {item.format for item in inputs} == {"registry-export"}
    expected = planned("LM", "LM-GroupPolicy", "LM-Enterprise", "Service-CcmExec")
    assert wine_stores.inventory(wine_stores.entries(inputs)) == expected


def test_export_of_a_user_holds_what_was_put_into_its_stores() -> None:
    inputs = loaded("reg/CU_SystemCertificates.reg")
    assert wine_stores.inventory(wine_stores.entries(inputs)) == planned("CU")


def test_crls_have_their_place() -> None:
    (item,) = loaded("reg/LM_SystemCertificates.reg")
    assert {(crl.provenance.location, crl.provenance.store) for crl in item.crls} == {("LocalMachine", "CA")}
    assert len(item.crls) == 2


def test_missing_key_is_said_in_my_only() -> None:
    (item,) = loaded("reg/LM_SystemCertificates.reg")
    said = {(e.provenance.store, e.private_key.present) for e in item.certificates}
    assert ("My", False) in said
    assert {present for store, present in said if store not in ("My", "WebHosting")} == {None}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("header", ["Windows Registry Editor Version 5.00", "REGEDIT4"])
def test_any_encoding_newline_and_version(encoding: str, newline: str, header: str) -> None:
    text = f"{header}\r\n\r\n" + record()
    mark = "﻿" if encoding == "utf-16-be" else ""
    assert found(export(mark + text.replace("\r\n", newline), encoding)) == [SHA1["client1"]]


@pytest.mark.parametrize("indent", ["", "  ", "\t", "          "])
@pytest.mark.parametrize("before", ["", " "])
def test_any_continuation(indent: str, before: str) -> None:
    wrapped = re.sub(r"((?:[0-9a-f]{2},){20})", rf"\1{before}\\\\\r\n{indent}", HEX)
    assert found(export(VERSION_5 + record(f'"Blob"=hex:{wrapped}'))) == [SHA1["client1"]]


@pytest.mark.parametrize(
    "value",
    [
        f'"Blob"=hex(3):{HEX}',
        f'"BLOB"=HEX:{HEX.upper()}',
        f'"blob" = hex:{HEX}',
        f'  "Blob"=hex:{HEX.replace(",", ", ")}  ',
    ],
)
def test_any_spelling_of_the_value(value: str) -> None:
    assert found(export(VERSION_5 + record(value))) == [SHA1["client1"]]


def test_comments_other_values_and_keys_are_passed_over() -> None:
    other = '; [comment]\r\n"Name"="a \\"quoted\\" \\\\ text"\r\n"Number"=dword:00000001\r\n@="default"\r\n'
    text = VERSION_5 + "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Other]\r\n" + other + record(other + f'"Blob"=hex:{HEX}')
    item = export(text)
    assert (found(item), item.remarks) == ([SHA1["client1"]], ())


def test_deletions_delete_nothing_and_hold_nothing() -> None:
    text = VERSION_5 + record().replace("[HKEY", "[-HKEY") + record('"Blob"=-')
    item = export(text)
    assert (item.error, found(item)) == (None, [])


def test_same_store_seen_through_wow6432node_counts_once() -> None:
    text = VERSION_5 + record() + record().replace(r"SOFTWARE\Microsoft", r"SOFTWARE\Wow6432Node\Microsoft")
    assert found(export(text)) == [SHA1["client1"]]


def test_key_named_after_another_certificate() -> None:
    item = export(VERSION_5 + record(name="00" * 20))
    assert found(item) == [SHA1["client1"]]
    escaped = STORE.replace("\\", "\\\\")
    sentence = f"is not what its name says: the SHA-1 of its content is {SHA1['client1']}."
    assert item.remarks == (f"{escaped}\\\\{'00' * 20} {sentence}",)


def test_bad_digits_hide_no_other_key() -> None:
    bad = HEX[:60] + "zz" + HEX[62:]
    item = export(VERSION_5 + record(f'"Blob"=hex:{bad}') + record())
    assert found(item) == [SHA1["client1"]]
    assert "is damaged: not all of its Blob is hexadecimal." in item.remarks[0]


def test_one_digit_bytes_are_bytes() -> None:
    short = re.sub("0([0-9a-f])", lambda match: match[1], HEX)
    assert found(export(VERSION_5 + record(f'"Blob"=hex:{short}'))) == [SHA1["client1"]]


def test_blob_of_another_type() -> None:
    item = export(VERSION_5 + record('"Blob"="text"') + record())
    assert found(item) == [SHA1["client1"]]
    assert item.remarks[0].endswith("is damaged: its Blob is not of type hex.")


def test_export_cut_off_in_a_value_keeps_the_keys_before() -> None:
    text = VERSION_5 + record() + record(name="11" * 20)
    item = export(text[:-1000])
    assert found(item) == [SHA1["client1"]]
    assert any("claims" in remark for remark in item.remarks)


def test_export_without_stores_is_an_error_only_where_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.reg"
    path.write_text(VERSION_5 + "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Other]\r\n", encoding="utf-16")
    (named,) = load(path, "other.reg", lambda name: None)
    assert named.error == (
        "other.reg is a registry export without any certificate store: "
        "export HKLM\\SOFTWARE\\Microsoft\\SystemCertificates with reg export."
    )
    (inside, _) = load(tmp_path, "folder", lambda name: None)
    assert inside.error is None


def test_export_of_an_empty_store_is_no_error() -> None:
    item = export(VERSION_5 + f"[{STORE}]\r\n")
    assert (item.error, item.remarks) == (None, ())


@pytest.mark.parametrize("text", [VERSION_5, "Windows Registry Editor Version 5.00", "REGEDIT4\r\n"])
def test_export_of_nothing_but_its_header_is_no_error(text: str) -> None:
    item = export(text)
    assert (item.error, item.remarks, item.losses) == (None, (), ())


def test_text_that_is_no_export() -> None:
    item = export("some text\r\n")
    assert item.format == "unknown"
    assert item.error == "x.reg is text without a certificate in it: export the certificate again."


def test_export_without_its_first_line_is_read() -> None:
    item = export(record())
    assert found(item) == [SHA1["client1"]]
    assert item.remarks == ("x.reg lacks the first line of a registry export.",)


def test_wines_own_registry_is_named() -> None:
    (item,) = load(DATA / "reg/wine_system.reg", "system.reg", lambda name: None)
    assert item.error == "system.reg is Wine's own registry, not an export: use wine reg export."


def test_large_export_is_read_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With chunks of an odd size nothing falls between them, and a file above the limit of other formats is read."""
    monkeypatch.setattr(registry_export, "_CHUNK", 4099)
    monkeypatch.setattr("certaudit.loaders.limits.MAX_SIZE", 1 << 16)
    path = DATA / "reg/LM_SystemCertificates.reg"
    (item,) = load(path, "x.reg", lambda name: None)
    assert (len(item.certificates), len(item.crls), item.remarks) == (26, 2, ())
    assert item.sha256 == hashlib.sha256(path.read_bytes()).hexdigest().upper()


def test_huge_value_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_export, "_CHUNK", 1 << 10)
    monkeypatch.setattr(limits, "MAX_REGISTRY_KEY", 1 << 14)
    text = VERSION_5 + record() + record('"Blob"=hex:' + "00," * 100_000) + record(name="22" * 20)
    item = export(text)
    assert any(remark == "A key of more than 16,384 bytes was passed over." for remark in item.remarks)
    assert found(item) == [SHA1["client1"]]


def test_many_short_lines_take_linear_time() -> None:
    text = VERSION_5 + record('"Blob"=hex:' + "00,\\\r\n  " * 200_000)
    start = time.process_time()
    export(text)
    export(text.replace("\r\n  ", "\n"))
    export(VERSION_5 + "\\" * 1_000_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", ["LM_Services.reg", "CU_SystemCertificates.reg"])
def test_damage_never_raises(name: str) -> None:
    rng, whole = random.Random(name), (DATA / "reg" / name).read_bytes()
    for _ in range(40):
        data = bytearray(whole[: rng.randrange(len(whole))] if rng.random() < 0.3 else whole)
        for _ in range(rng.randrange(20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        load_bytes(bytes(data), "x.reg")
