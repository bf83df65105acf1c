"""Offline hives: sound ones of two writers, and those that are broken, hostile, dirty or large."""

from __future__ import annotations

import importlib
import random
import struct
import sys
import time
from pathlib import Path

import pytest

from certaudit.evidence import CertificateEntry, Input, StoreProperty
from certaudit.loaders import limits, load, load_bytes
from certaudit.loaders.stores import registry_hive, registry_log
from tests.optional import need_package

from . import wine_stores
from .hive_writer import BASE, HiveWriter, new_log, old_log
from .wine_stores import DATA, SHA1, loaded, place, planned

need_package("regipy", "hive")

ELEMENT = (DATA / "elements/LM_My_client1.bin").read_bytes()
OTHER = (DATA / "elements/LM_My_smp_web.bin").read_bytes()
CERTIFICATES = r"Microsoft\SystemCertificates\My\Certificates"


def record(writer: HiveWriter, data: bytes = ELEMENT, name: str = SHA1["client1"], value: str = "Blob") -> int:
    return writer.key(name, values=[writer.binary(value, data)])


def hive(*, path: str = CERTIFICATES, sequences: tuple[int, int] = (1, 1), name: str = "") -> bytes:
    writer = HiveWriter()
    return writer.hive(writer.path(path, [record(writer)]), sequences, name)


def found(item: Input) -> list[str]:
    return [entry.certificate.sha1 for entry in item.certificates]


def read(data: bytes, name: str = "SOFTWARE") -> Input:
    return load_bytes(data, name)


@pytest.mark.parametrize("writer", ["hivex", "reged"])
def test_software_hive_holds_what_was_put_into_its_stores(writer: str) -> None:
    inputs = loaded(f"hive/SOFTWARE.{writer}")
    expected = planned("LM", "LM-GroupPolicy", "LM-Enterprise", "Service-CcmExec")
    assert wine_stores.inventory(wine_stores.entries(inputs)) == expected
    assert len(inputs[0].crls) == 2
    assert inputs[0].format == "registry-hive"


@pytest.mark.parametrize("writer", ["hivex", "reged"])
def test_user_hive_holds_what_was_put_into_its_stores(writer: str) -> None:
    inputs = loaded(f"hive/NTUSER.DAT.{writer}")
    assert wine_stores.inventory(wine_stores.entries(inputs)) == planned("CU")


def test_every_format_tells_the_same() -> None:
    """Each property of each certificate, byte for byte; an SST lacks the hashes, and its store."""

    def properties(entries: list[CertificateEntry]) -> dict[wine_stores.Place, tuple[StoreProperty, ...]]:
        return {place(entry): entry.properties for entry in entries}

    exports = properties(wine_stores.entries(loaded("reg/LM_SystemCertificates.reg", "reg/LM_Services.reg")))
    for writer in ("hivex", "reged"):
        hives = properties(wine_stores.entries(loaded(f"hive/SOFTWARE.{writer}")))
        assert {key: hives[key] for key in exports} == exports
    for store in ("My", "Root", "CA", "SMS", "TrustedPeople", "Disallowed", "WebHosting"):
        ssts = {e.certificate.sha1: set(e.properties) for e in wine_stores.entries(loaded(f"sst/LM_{store}.sst"))}
        kept = {
            sha1: {item for item in items if item.id not in (3, 4, 15, 19)}
            for (location, name, sha1), items in exports.items()
            if (location, name) == ("LocalMachine", store)
        }
        assert ssts == kept
    for entry in wine_stores.entries(loaded("appdata")):
        assert entry.properties == exports["LocalMachine", "My", entry.certificate.sha1]


@pytest.mark.parametrize(
    ("path", "file", "location"),
    [
        (CERTIFICATES, "SOFTWARE", "LocalMachine"),
        (CERTIFICATES, "NTUSER.DAT", "CurrentUser"),
        (rf"Software\{CERTIFICATES}", "copy.bin", "CurrentUser"),
        (rf"Software\{CERTIFICATES}", "config/DEFAULT", r"Users\S-1-5-18"),
        (rf"Software\{CERTIFICATES}", r"ServiceProfiles\LocalService\NTUSER.DAT", r"Users\S-1-5-19"),
        (rf"Software\Policies\{CERTIFICATES}", "NTUSER.DAT", "CurrentUserGroupPolicy"),
        (rf"POLICIES\{CERTIFICATES}", "SOFTWARE", "LocalMachineGroupPolicy"),
        (r"Microsoft\EnterpriseCertificates\NTAuth\Certificates", "SOFTWARE", "LocalMachineEnterprise"),
        (r"Microsoft\Cryptography\Services\W3SVC\SystemCertificates\My\Certificates", "SOFTWARE", r"Services\W3SVC"),
        (
            r"Local Settings\Software\Microsoft\Windows\CurrentVersion\AppContainer\Storage\pkg\Software"
            rf"\{CERTIFICATES}",
            "UsrClass.dat",
            r"AppContainer\pkg",
        ),
    ],
)
def test_every_physical_store(path: str, file: str, location: str) -> None:
    item = read(hive(path=path), file)
    (entry,) = item.certificates
    assert entry.provenance.location == location
    assert entry.provenance.entry == rf"{path}\{SHA1['client1']}"


def test_name_in_the_header_tells_the_account() -> None:
    item = read(hive(path=rf"Software\{CERTIFICATES}", name=r"\System32\Config\DEFAULT"), "copy.bin")
    assert item.certificates[0].provenance.location == r"Users\S-1-5-18"


def test_values_in_segments_are_read_whole() -> None:
    writer = HiveWriter()
    big = random.Random(1).randbytes(40_000)
    data = struct.pack("<III", 4711, 1, len(big)) + big + ELEMENT
    item = read(writer.hive(writer.path(CERTIFICATES, [record(writer, data, value="blob")])))
    assert item.certificates[0].properties[0] == StoreProperty(4711, big)


def test_hive_without_stores_is_no_error_and_said() -> None:
    writer = HiveWriter()
    item = read(writer.hive(writer.path("Microsoft", [])))
    sentence = "SOFTWARE has no certificate store: copy the hive SOFTWARE, or NTUSER.DAT of a user."
    assert (item.error, item.remarks) == (None, (sentence,))


def test_hive_with_empty_stores_is_as_usual() -> None:
    writer = HiveWriter()
    item = read(writer.hive(writer.path(CERTIFICATES, [])))
    assert (item.error, item.remarks) == (None, ())


def test_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "regipy", None)
    monkeypatch.setitem(sys.modules, "regipy.registry", None)
    assert read(hive()).error == (
        "SOFTWARE is a registry hive, and the package that reads hives is missing: "
        "pip install 'certaudit[hive]', or export the stores with reg export."
    )


def test_hive_cut_off_in_its_header() -> None:
    assert read(hive()[:600]).error == "SOFTWARE is a registry hive cut off in its header: copy it again."


def test_cut_off_hive_says_so_and_is_read() -> None:
    writer = HiveWriter()
    root = writer.path(CERTIFICATES, [record(writer)])
    writer.pad(20_000)
    item = read(writer.hive(root)[:-4096])
    assert found(item) == [SHA1["client1"]]
    assert item.remarks == ("SOFTWARE is cut off: 4,096 bytes are missing at its end.",)


def test_broken_key_hides_no_other_store() -> None:
    writer = HiveWriter()
    good = writer.key("My", [writer.key("Certificates", [record(writer)])])
    broken = writer.key("Root", [writer.key("Certificates", [0x7FFFFFF0])])
    stores = writer.key("Microsoft", [writer.key("SystemCertificates", [broken, good])])
    item = read(writer.hive(writer.root([stores])))
    assert found(item) == [SHA1["client1"]]
    (remark,) = item.remarks
    assert remark == r"Microsoft\\SystemCertificates\\Root\\Certificates is damaged: 1 of its 1 keys cannot be read."


def test_broken_key_hides_no_sibling() -> None:
    writer = HiveWriter()
    item = read(writer.hive(writer.path(CERTIFICATES, [0x7FFFFFF0, record(writer), 33])))
    assert found(item) == [SHA1["client1"]]
    assert item.remarks[0].endswith("Certificates is damaged: 2 of its 3 keys cannot be read.")


@pytest.mark.parametrize("form", ["li", "lh", "ri"])
def test_every_form_of_list(form: str) -> None:
    writer = HiveWriter()
    mine = record(writer)
    pairs = {"li": (mine,), "lh": (mine, 1234), "ri": (mine,)}[form]
    kind = b"li" if form == "ri" else form.encode()
    keys = writer.cell(kind + struct.pack(f"<H{len(pairs)}I", 1, *pairs))
    if form == "ri":
        keys = writer.cell(b"ri" + struct.pack("<HI", 1, keys))
    store = writer.key("My", [writer.node("Certificates", 1, keys)])
    item = read(writer.hive(writer.path(r"Microsoft\SystemCertificates", [store])))
    assert (found(item), item.remarks) == ([SHA1["client1"]], ())


def test_broken_value_hides_no_other_record() -> None:
    writer = HiveWriter()
    broken = writer.node("00" * 20, 0, 0xFFFFFFFF, 1, 0x7FFFFFF0)
    item = read(writer.hive(writer.path(CERTIFICATES, [broken, record(writer)])))
    assert found(item) == [SHA1["client1"]]
    assert len(item.remarks) == 1
    assert "is damaged: it" in item.remarks[0]


def test_root_key_that_the_header_misses_is_in_the_first_cell() -> None:
    data = bytearray(hive())
    struct.pack_into("<I", data, 36, 0x7FFFFFF0)
    assert found(read(bytes(data))) == [SHA1["client1"]]


def test_root_key_that_cannot_be_read() -> None:
    data = bytearray(hive())
    data[BASE + 36 : BASE + 38] = b"xx"
    item = read(bytes(data))
    assert item.error is not None
    assert "The root key of the hive cannot be read" in item.error


def test_keys_that_lead_in_circles_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 stores, each with the same 1,000 records: more than any sound hive of this size has."""
    writer = HiveWriter()
    records = [record(writer) for _ in range(1000)]
    many = writer.cell(b"lf" + struct.pack("<H", 1000) + b"".join(struct.pack("<II", at, 0) for at in records))
    stores = [writer.key("My", [writer.node("Certificates", 1000, many)]) for _ in range(1000)]
    root = writer.path(r"Microsoft\SystemCertificates", stores)
    monkeypatch.setattr(limits, "MAX_HIVE_SEEKS", 50_000)
    start = time.process_time()
    item = read(writer.hive(root))
    assert time.process_time() - start < 20
    assert found(item) == [SHA1["client1"]]
    assert item.remarks == ("The keys of the hive lead in circles: reading was given up.",)


def test_key_below_itself_ends() -> None:
    writer = HiveWriter()
    loop = writer.cell(b"lf" + struct.pack("<HII", 1, 0, 0))
    node = writer.node("Microsoft", 1, loop)
    data = bytearray(writer.hive(node))
    struct.pack_into("<I", data, BASE + loop + 8, node)
    assert read(bytes(data)).error is None


def test_large_hive_takes_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB, of which all but the first bytes are a hole in the file."""
    path, data = tmp_path / "SOFTWARE", bytearray(hive())
    struct.pack_into("<I", data, 40, (200 << 20) - BASE)
    path.write_bytes(data)
    with path.open("r+b") as file:
        file.truncate(200 << 20)
    monkeypatch.setattr(registry_hive, "bytearray", None, raising=False)  # it is mapped, not read
    start = time.process_time()
    (item,) = load(path, "SOFTWARE", lambda name: None)
    assert time.process_time() - start < 5
    assert (found(item), item.remarks) == ([SHA1["client1"]], ())


# Transaction logs


def pair() -> tuple[bytes, bytes]:
    """A hive as it was and as it should be: with another certificate in the place of the first."""
    old, new = HiveWriter(), HiveWriter()
    padded = OTHER + b"\0" * (len(ELEMENT) - len(OTHER))
    roots = [
        writer.path(CERTIFICATES, [record(writer, data, name)])
        for writer, data, name in ((old, ELEMENT, SHA1["client1"]), (new, padded, SHA1["smp_web"]))
    ]
    return old.hive(roots[0], (8, 7)), new.hive(roots[1], (8, 8))


def pages(old: bytes, new: bytes) -> list[tuple[int, bytes]]:
    """The pages of 512 bytes in which two hives differ, and their offsets behind the header."""
    starts = range(BASE, len(old), 512)
    return [(at - BASE, new[at : at + 512]) for at in starts if new[at : at + 512] != old[at : at + 512]]


def folder(tmp_path: Path, data: bytes, **logs: bytes) -> list[Input]:
    (tmp_path / "SOFTWARE").write_bytes(data)
    for ending, log in logs.items():
        (tmp_path / f"software.{ending}").write_bytes(log)
    return list(load(tmp_path, "in", lambda name: None))


def test_dirty_hive_without_logs_says_so(tmp_path: Path) -> None:
    old, _ = pair()
    (item,) = folder(tmp_path, old)
    assert found(item) == [SHA1["client1"]]
    assert item.remarks == (
        "in/SOFTWARE is a dirty hive, logs not applied (none lies beside it): its last changes may be missing.",
    )


def test_logs_that_do_not_follow_are_not_applied(tmp_path: Path) -> None:
    old, new = pair()
    item, *_ = folder(tmp_path, old, LOG1=new_log(old, [(3, pages(old, new))]), LOG2=b"regf" + bytes(600))
    assert found(item) == [SHA1["client1"]]
    assert "logs not applied (those beside it do not follow on it)" in item.remarks[0]


@pytest.mark.parametrize("form", ["new", "old", "two"])
def test_logs_are_applied_and_are_no_errors(tmp_path: Path, form: str) -> None:
    old, new = pair()
    changes = pages(old, new)
    logs = {
        "new": {"LOG1": new_log(old, [(7, changes)]), "LOG2": bytes(512)},
        "old": {"LOG": old_log(old, new, 8)},
        # The second continues the first, and ends with what is left of an earlier round.
        "two": {
            "LOG1": new_log(old, [(8, changes[1:]), (5, [(0, bytes(512))])]),
            "LOG2": new_log(old, [(7, [*changes[:1], *[(at, bytes(512)) for at, _ in changes[1:]]])]),
        },
    }[form]
    item, *others = folder(tmp_path, old, **logs)
    assert found(item) == [SHA1["smp_web"]]
    assert "in/SOFTWARE was copied while in use: the changes in its transaction logs were applied." in item.remarks
    assert [other.error for other in others] == [None] * len(others)
    assert (tmp_path / "SOFTWARE").read_bytes() == old


@pytest.mark.filterwarnings("ignore")  # regipy leaves files open
def test_replay_agrees_with_regipy(tmp_path: Path) -> None:
    recovery = importlib.import_module("regipy.recovery")
    old, new = pair()
    log, hive_path = new_log(old, [(7, pages(old, new))]), tmp_path / "SOFTWARE"
    hive_path.write_bytes(old)
    (tmp_path / "LOG1").write_bytes(log)
    recovery.apply_transaction_logs(str(hive_path), str(tmp_path / "LOG1"), restored_hive_path=str(tmp_path / "out"))
    ours = bytearray(old)
    assert registry_log.replay(ours, [log]) == 1
    assert ours[BASE:] == (tmp_path / "out").read_bytes()[BASE:]
    assert ours[BASE:] == new[BASE:]


def test_log_that_is_named_says_what_to_do(tmp_path: Path) -> None:
    old, new = pair()
    item = load_bytes(old_log(old, new, 8), "SOFTWARE.LOG")
    assert (item.format, item.error) == (
        "registry-log",
        "SOFTWARE.LOG is the transaction log of a registry hive: put it beside its hive, it is read with it.",
    )


@pytest.mark.parametrize("name", ["SOFTWARE", "smp01.hiv", "copy of SOFTWARE"])
def test_a_hive_whose_header_is_damaged_is_not_taken_for_its_log(tmp_path: Path, name: str) -> None:
    old, _ = pair()
    (tmp_path / name).write_bytes(old[:28] + b"\1" + old[29:])
    (item,) = load(tmp_path, "in", lambda name: None)
    assert (item.format, item.error) == (
        "registry-hive",
        f"in/{name} is the transaction log of a registry hive under another name, or a hive with a damaged header: "
        "copy the hive again, and its logs beside it.",
    )


def test_hostile_logs_end() -> None:
    old, new = pair()
    rng = random.Random(4)
    for log in (new_log(old, [(7, pages(old, new))] * 3), old_log(old, new, 8)):
        for _ in range(300):
            data = bytearray(log)
            for _ in range(rng.randrange(1, 8)):
                struct.pack_into("<I", data, rng.randrange(0, min(len(data) - 4, 700)) & ~3, rng.randrange(1 << 32))
            ours = bytearray(old)
            registry_log.replay(ours, [bytes(data[: rng.randrange(len(data))]), bytes(data)])
            assert len(ours) == len(old)


@pytest.mark.parametrize("name", ["SOFTWARE.hivex", "NTUSER.DAT.reged"])
def test_damage_never_raises(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    rng, whole = random.Random(name), (DATA / "hive" / name).read_bytes()
    for round in range(60):
        data = bytearray(whole[: rng.randrange(len(whole))] if round % 3 == 0 else whole)
        for _ in range(rng.randrange(20)):
            if round % 2:
                struct.pack_into(
                    "<I", data, rng.randrange(len(data) - 4) & ~3, rng.choice((0, 0xFFFFFFFF, 0x7FFFFFFF, 32))
                )
            else:
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        read(bytes(data))
    assert capfd.readouterr() == ("", "")
