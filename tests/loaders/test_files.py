"""Files and folders: what cannot be opened, what is passed over, and in which order."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from certaudit.evidence import EMPTY_FOLDER, Evidence, Input
from certaudit.loaders import load
from certaudit.loaders.limits import MAX_SIZE
from tests.loaders.samples import LEAF, ROOT, read, sentence
from tests.optional import missing


def no_password(name: str) -> str | None:
    return None


def load_one(path: Path) -> Input:
    (item,) = load(path, "named", no_password)
    return item


def test_a_file_is_named_as_its_caller_names_it(tmp_path: Path) -> None:
    path = tmp_path / "leaf.txt"
    path.write_bytes(LEAF)
    item = load_one(path)
    assert (item.path, item.format, item.size, item.error) == ("named", "x509-der", len(LEAF), None)
    assert item.sha256 == item.certificates[0].certificate.sha256
    assert item.certificates[0].provenance.input == "named"


def test_a_missing_path(tmp_path: Path) -> None:
    expected = "named does not exist: correct the path, or put the file there."
    assert sentence(load_one(tmp_path / "nothing")) == expected
    (tmp_path / "file").write_bytes(b"x")
    assert sentence(load_one(tmp_path / "file" / "below")) == expected


def test_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone\x1b")
    assert sentence(load_one(tmp_path / "link")) == (
        "named is a link to gone\\x1B, which does not exist: mend the link or name the file."
    )


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    assert "leads back to itself" in sentence(load_one(tmp_path / "link"))


def test_a_name_that_the_system_refuses(tmp_path: Path) -> None:
    assert "cannot be opened" in sentence(load_one(tmp_path / "a\0b"))
    assert "cannot be opened" in sentence(load_one(tmp_path / ("x" * 5000)))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.pfx"
    path.write_bytes(LEAF)

    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert sentence(load_one(path)) == (
        "named may not be read by this user: grant read permission, or run as one who has it."
    )


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.cer").write_bytes(LEAF)
    real = os.listdir

    def listdir(path: Path) -> list[str]:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    a, b = load(tmp_path, "site", no_password)
    assert sentence(a).startswith("site/a may not be read by this user")
    assert b.error is None


@pytest.mark.parametrize("kind", ["pipe", "device", "socket"])
def test_what_is_no_file_is_not_opened(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("x")
    started = time.perf_counter()
    error = sentence(load_one(path))
    assert time.perf_counter() - started < 1
    assert f"{kind}, not a file, and was not opened" in error
    assert sentence(load(tmp_path, "folder", no_password)[0]) == error.replace("named", "folder/x", 1)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    assert sentence(load_one(tmp_path / "x")) == "named is empty: copy or export it again."


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.cer"
    with path.open("wb") as file:
        file.truncate(MAX_SIZE + 1)
    started = time.perf_counter()
    item = load_one(path)
    assert time.perf_counter() - started < 1
    assert "too big to be read (67,108,865 bytes; the limit is 67,108,864)" in sentence(item)
    assert (item.size, item.sha256) == (MAX_SIZE + 1, None)


def test_a_folder_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b/z.cer", "b/a.cer", "a.cer", ".hidden.cer", "c.cer", "B.cer"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(LEAF)
    names = [item.path for item in load(tmp_path, "site/", no_password)]
    assert names == ["site/.hidden.cer", "site/B.cer", "site/a.cer", "site/b/a.cer", "site/b/z.cer", "site/c.cer"]


def test_what_lies_beside_the_evidence_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "leaf.cer").write_bytes(LEAF)
    (tmp_path / "README.md").write_bytes(b"0. About these files\n")
    (tmp_path / ".gitkeep").touch()
    (tmp_path / "leaf.password").write_bytes(b"MIIsecret")
    (tmp_path / "site.toml").write_bytes(b"[site]\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "server.key").write_bytes(read("leaf.key"))
    (tmp_path / "server.p8").write_bytes(read("leaf.p8"))
    (tmp_path / "server.csr").write_bytes(read("leaf-request.der"))
    items = {item.path: item for item in load(tmp_path, "s", no_password)}
    assert all(item.error is None for item in items.values())
    assert items["s/README.md"].format == "ignored"
    assert items["s/README.md"].remarks == ("s/README.md is text without a certificate in it, and was passed over.",)
    assert items["s/server.key"].format == "private-key"
    assert items["s/server.csr"].format == "certificate-request"
    assert "secret" not in repr(items["s/leaf.password"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.cer", b""),
        ("broken.pfx", b"text"),
        ("broken.crl", b"\0\0\0\0"),
        ("broken", LEAF[:100]),
        ("broken", b"-----BEGIN CERTIFICATE-----\nMIIB\n"),
        ("broken", b"\x30\x82\xff\xff"),
        ("store", read("root.jks")),
        ("stores.reg", b"damaged"),
        ("STORES.REG", b"\xff\xfe\0\0"),
        ("SOFTWARE", bytes(5000)),
        ("ntuser.dat", b"ferg" + bytes(5000)),
        ("smp01.hiv", b""),
        ("media.iso", b"\0" * 40000),
        ("boot.WIM", b"MSWIM"),
        ("S0100001.var", b"\1\2\3"),
    ],
)
def test_certificate_material_that_is_broken_is_an_error_in_a_folder_too(
    name: str, data: bytes, tmp_path: Path
) -> None:
    (tmp_path / "0.cer").write_bytes(ROOT)
    (tmp_path / name).write_bytes(data)
    good, bad = load(tmp_path, "s", no_password)
    assert good.error is None
    assert bad.error is not None


def test_a_folder_that_holds_no_evidence_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README").write_bytes(b"nothing")
    readme, folder = load(tmp_path, "s", no_password)
    assert readme.error is None
    assert sentence(folder) == "The folder s has nothing to audit: none of its 1 files holds a certificate or a CRL."


def test_an_empty_folder_is_no_error_and_no_evidence(tmp_path: Path) -> None:
    folder = load_one(tmp_path)
    assert (folder.format, folder.error, folder.remarks) == (EMPTY_FOLDER, None, ())
    assert not Evidence((folder,)).is_readable
    (tmp_path / ".gitkeep").write_bytes(b"")
    kept, folder = load(tmp_path, "s", no_password)
    assert (kept.error, folder.format, folder.error) == (None, EMPTY_FOLDER, None)


def test_links_between_folders_do_not_lead_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "leaf.cer").write_bytes(LEAF)
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "b" / "a").symlink_to("../a")
    (tmp_path / "file").symlink_to("a/leaf.cer")
    items = load(tmp_path, "s", no_password)
    assert [item.path for item in items] == ["s/a/leaf.cer", "s/a/up", "s/b/a", "s/file"]
    assert [bool(item.certificates) for item in items] == [True, False, False, True]
    assert all(item.error is None for item in items)


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.cer")).write_bytes(LEAF)
    except OSError:
        missing("this file system takes UTF-8 names only")
    (item,) = load(tmp_path, "s", no_password)
    assert item.path == "s/caf\\xe9.cer"
    item.path.encode()


def test_the_password_is_asked_for_under_the_name_of_the_file(tmp_path: Path) -> None:
    asked = []

    def password(name: str) -> str | None:
        asked.append(name)
        return "certaudit"

    (tmp_path / "aes.pfx").write_bytes(read("aes.pfx"))
    (tmp_path / "leaf.cer").write_bytes(LEAF)
    items = load(tmp_path, "s", password)
    assert all(item.error is None for item in items)
    assert asked == ["s/aes.pfx"]
