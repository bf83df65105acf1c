"""Archives that are damaged or hostile: each is told in a sentence, and hides no evidence beside it."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from certaudit.loaders import limits
from certaudit.loaders.source import Allowance
from tests.loaders.archive_writer import PACKERS, every_kind, found, load, load_data, tarred, zipped
from tests.loaders.samples import FOLDER, LEAF, OTHER, ROOT, sentence
from tests.loaders.test_mutations import mutated

ARCHIVES = FOLDER / "archives"
FIXTURES = Path(__file__).parents[2] / "fixtures"


# Names, links and things that are no files


@every_kind
@pytest.mark.parametrize("path", ["/etc/leaf.cer", "../leaf.cer", "a/../../leaf.cer", "C:/leaf.cer", "a/.."])
def test_a_name_that_leads_out_is_refused_and_hides_no_other(tmp_path: Path, name: str, path: str) -> None:
    items = load_data(tmp_path, name, PACKERS[name]({path: LEAF, "root.cer": ROOT}))
    by_name = {item.path: item for item in items}
    assert sentence(by_name[f"{name}/{path}"]).endswith(
        "is a name that leads out of the archive, and was not read: pack the file anew."
    )
    assert by_name[f"{name}/root.cer"].error is None
    assert len(found(items)) == 1


@every_kind
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_name_the_first_is_read_and_the_other_said(tmp_path: Path, name: str) -> None:
    first, second = load_data(tmp_path, name, PACKERS[name]([("a.cer", LEAF), ("./a.cer", OTHER)]))
    assert (first.path, first.certificates[0].certificate.der) == (f"{name}/a.cer", LEAF)
    assert sentence(second) == (
        f"{name}/a.cer (2) is another entry of the same name, of which the first alone was read: pack it anew."
    )


@pytest.mark.parametrize(
    ("kind", "word"), [(stat.S_IFCHR, "a device"), (stat.S_IFIFO, "a named pipe"), (stat.S_IFSOCK, "a socket")]
)
def test_what_is_no_file_in_a_zip(tmp_path: Path, kind: int, word: str) -> None:
    info = zipfile.ZipInfo("x.cer")
    info.external_attr = (kind | 0o644) << 16
    (item,) = load_data(tmp_path, "x.zip", zipped([(info, b"")]))
    assert sentence(item) == f"x.zip/x.cer is {word}, not a file, and was not read: pack files alone."


@pytest.mark.parametrize(
    ("kind", "word"), [(tarfile.CHRTYPE, "a device"), (tarfile.FIFOTYPE, "a named pipe"), (b"V", "something special")]
)
def test_what_is_no_file_in_a_tar(tmp_path: Path, kind: bytes, word: str) -> None:
    info = tarfile.TarInfo("x.cer")
    info.type = kind
    (item,) = load_data(tmp_path, "x.tar", tarred([(info, b"")]))
    assert sentence(item) == f"x.tar/x.cer is {word}, not a file, and was not read: pack files alone."


def linked(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("target", ["/etc/ssl/leaf.cer", "../../leaf.cer", "../gone.cer", "link.cer"])
def test_a_link_that_leads_nowhere_in_the_archive(tmp_path: Path, target: str) -> None:
    link, leaf = load_data(tmp_path, "x.tar", tarred([(linked("a/link.cer", target), b""), ("leaf.cer", LEAF)]))
    assert "is a link to " in sentence(link)
    assert "which is not in the archive" in sentence(link)
    assert leaf.error is None


def test_links_that_lead_to_what_is_read(tmp_path: Path) -> None:
    hard = linked("hard.cer", "a/leaf.cer", tarfile.LNKTYPE)
    entries: list[tuple[str | zipfile.ZipInfo | tarfile.TarInfo, bytes]] = [
        ("a/leaf.cer", LEAF),
        (linked("b/link", "../a"), b""),
        (hard, b""),
    ]
    items = load_data(tmp_path, "x.tar", tarred(entries))
    assert [item.error for item in items] == [None] * 3
    assert len(found(items)) == 1


def test_a_method_that_is_not_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("leaf.cer", LEAF, zipfile.ZIP_LZMA)
        archive.writestr("root.cer", ROOT)
    leaf, root = load_data(tmp_path, "x.zip", out.getvalue())
    assert "is packed by method 14, which is not read" in sentence(leaf)
    assert root.error is None


@pytest.mark.parametrize(
    ("begins", "what"),
    [(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"), (b"\xfd7zXZ\0", "an xz archive"), (b"BZh91AY&SY", "a bzip2 archive")],
)
def test_archives_of_other_formats_are_not_passed_over(tmp_path: Path, begins: bytes, what: str) -> None:
    (tmp_path / "a.cer").write_bytes(ROOT)
    (tmp_path / "x").write_bytes(begins + bytes(100))
    _, item = load(tmp_path)
    assert f"is {what}: unpack it and name the folder, or pack it anew as ZIP or tar.gz." in sentence(item)


# Damage


def test_a_damaged_file_hides_no_other(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.cer": LEAF, "b.cer": ROOT}))
    data[60] ^= 0xFF
    a, b = load_data(tmp_path, "x.zip", bytes(data))
    assert sentence(a) == "x.zip/a.cer is damaged inside its archive: copy the archive again."
    assert b.error is None


@every_kind
def test_an_archive_that_is_cut_off_is_an_error_and_hides_no_other(tmp_path: Path, name: str) -> None:
    whole = PACKERS[name]({"a.cer": LEAF, "b.cer": ROOT, "c.bin": random.Random(1).randbytes(5000)}).rstrip(b"\0")
    (tmp_path / "0.cer").write_bytes(OTHER)
    for size in (len(whole) // 4, len(whole) // 2, len(whole) - 100):
        (tmp_path / name).write_bytes(whole[:size])
        other, *_, archive = load(tmp_path)
        assert (other.error, archive.path) == (None, f"{tmp_path.name}/{name}")
        assert "archive that is damaged or cut off: copy it again." in sentence(archive)


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz"])
@pytest.mark.parametrize(
    ("size", "errors"),
    [(1024, {"a.cer": True}), (1536, {"a.cer": False}), (2500, {"a.cer": False, "b.cer": True})],
)
def test_what_comes_before_the_cut_is_read(tmp_path: Path, name: str, size: int, errors: dict[str, bool]) -> None:
    """Each file takes a block for its header and two for itself."""
    cut = tarred({"a.cer": LEAF, "b.cer": ROOT})[:size]
    *items, archive = load_data(tmp_path, name, gzip.compress(cut) if name.endswith("gz") else cut)
    assert {item.path.rpartition("/")[2]: item.error is not None for item in items} == errors
    assert "damaged or cut off" in sentence(archive)


def test_damage_between_the_files_of_a_tar_does_not_pass_for_its_end(tmp_path: Path) -> None:
    whole = bytearray(tarred({"a.cer": LEAF, "b.cer": ROOT}))
    whole[1536 + 148 : 1536 + 156] = b"damaged!"
    a, archive = load_data(tmp_path, "x.tar", bytes(whole))
    assert a.error is None
    assert "damaged or cut off" in sentence(archive)


def test_what_hides_behind_the_end_of_a_tar_is_said(tmp_path: Path) -> None:
    _, archive = load_data(tmp_path, "x.tar", tarred({"a.cer": LEAF}) + tarred({"b.cer": ROOT}))
    assert "damaged or cut off" in sentence(archive)


@pytest.mark.parametrize("name", ["collected.zip", "collected.tar", "collected.tgz", "root.cer.gz"])
def test_an_archive_whose_beginning_is_damaged_is_an_error_in_a_folder_too(tmp_path: Path, name: str) -> None:
    (tmp_path / "0.cer").write_bytes(ROOT)
    (tmp_path / name).write_bytes(bytes(600))
    _, archive = load(tmp_path)
    assert archive.error is not None


@pytest.mark.parametrize(
    "name", ["info-zip.zip", "encrypted.zip", "link.zip", "gnu.tar", "gnu.tgz", "pax.tar", "v7.tar"]
)
def test_no_damage_escapes(tmp_path: Path, name: str) -> None:
    chance, data = random.Random(name), (ARCHIVES / name).read_bytes()
    for _ in range(60):
        items = load_data(tmp_path, name, mutated(data, chance))
        assert items
        assert all(item.error or item.format for item in items)


# Limits


def allow(monkeypatch: pytest.MonkeyPatch, members: int, size: int) -> None:
    monkeypatch.setattr(Allowance.__init__, "__defaults__", (members, size))


@every_kind
def test_more_files_than_are_read(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 3, 1 << 20)
    *items, archive = load_data(tmp_path, name, PACKERS[name]({f"{number}.cer": LEAF for number in range(5)}))
    assert [item.error for item in items] == [None] * 3
    assert "is an archive of more files than are read" in sentence(archive)


@every_kind
def test_archives_inside_one_another_share_their_limits(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, 3, 1 << 20)
    inner = PACKERS[name]({f"{number}.cer": LEAF for number in range(3)})
    *items, archive, root = load_data(tmp_path, name, PACKERS[name]({"1": inner, "2": ROOT}))
    assert [item.path for item in items] == [f"{name}/1/0.cer"]
    assert (archive.path, root.error) == (f"{name}/1", None)
    assert "more files than are read" in sentence(archive)


@every_kind
def test_more_bytes_than_are_unpacked_in_all(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.cer": LEAF, "b.cer": ROOT, "c.cer": OTHER}
    room = len(LEAF) + len(ROOT) + 10 + (len(tarred(files)) if name == "x.tar.gz" else 0)
    allow(monkeypatch, 10, room)
    a, b, c = load_data(tmp_path, name, PACKERS[name](files))
    assert (a.error, b.error) == (None, None)
    assert "is not unpacked, because no more than 2,147,483,648 bytes are unpacked out of one file" in sentence(c)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    zeros = bytes(20 << 20)
    bombs = {"x.zip": zipped({"bomb": zeros, "leaf.cer": LEAF}), "x.gz": gzip.compress(zeros)}
    started = time.perf_counter()
    bomb, leaf = load_data(tmp_path, "x.zip", bombs["x.zip"])
    assert "is packed more tightly than any evidence is (200 to 1), and was not unpacked" in sentence(bomb)
    assert leaf.error is None
    (bomb,) = load_data(tmp_path, "x.gz", bombs["x.gz"])
    assert "is a gzip archive that is too big to be unpacked" in sentence(bomb)
    assert time.perf_counter() - started < 5


def test_an_unused_log_is_no_bomb(tmp_path: Path) -> None:
    log, leaf = load_data(tmp_path, "x.zip", zipped({"SOFTWARE.LOG2": bytes(1 << 20), "leaf.cer": LEAF}))
    assert (log.format, log.error, leaf.error) == ("registry-log", None, None)


def test_a_file_above_the_limit_of_most_formats_is_read_by_those_that_read_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = FIXTURES / "contoso-registry/site01/stores-machine.reg"
    (expected,) = load(export)
    monkeypatch.setattr(limits, "MAX_SIZE", 1 << 12)
    data = zipped({"a.reg": export.read_bytes(), "b.txt": b"x" * 5000})
    stores, text = load_data(tmp_path, "x.zip", data)
    assert found([stores]) == found([expected])
    assert (stores.sha256, stores.size) == (expected.sha256, expected.size)
    assert text.error is None
    monkeypatch.setattr(limits, "MAX_MEMBER", 1 << 12)
    stores, _ = load_data(tmp_path, "x.zip", data)
    assert "is too big to be unpacked" in sentence(stores)


def test_a_directory_that_says_it_is_huge(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.cer": LEAF}))
    end = data.rindex(b"PK\5\6")
    filler = b"PK\1\2" + bytes(limits.MAX_DIRECTORY)
    data[end:end] = filler
    start = struct.unpack_from("<I", data, end + len(filler) + 16)[0]
    struct.pack_into("<I", data, end + len(filler) + 12, end + len(filler) - start)
    (item,) = load_data(tmp_path, "x.zip", bytes(data))
    assert "is a zip archive that is damaged or cut off" in sentence(item)


def test_headers_of_a_tar_that_would_never_end(tmp_path: Path) -> None:
    """A size below zero leads back to the header itself; a long extension keeps tarfile busy."""
    negative = bytearray(tarred({"a.cer": LEAF, "b.cer": ROOT}))
    header = tarfile.TarInfo("b.cer").tobuf(tarfile.GNU_FORMAT)
    forged = bytearray(header)
    forged[124:136] = b"\xff" * 8 + (-1024 & 0xFFFFFFFF).to_bytes(4, "big")
    forged[148:156] = b" " * 8
    forged[148:156] = b"%06o\0 " % sum(forged)
    negative[1536:2048] = forged
    pax = tarfile.TarInfo("x")
    pax.type, pax.size = tarfile.XHDTYPE, 1 << 20
    long = pax.tobuf() + b"1" * (1 << 20) + tarred({"a.cer": LEAF})
    for data in (bytes(negative), long):
        started = time.perf_counter()
        *_, archive = load_data(tmp_path, "x.tar", data)
        assert "damaged or cut off" in sentence(archive)
        assert time.perf_counter() - started < 2
