"""Archives as containers: ZIP, tar and gzip, and what is in them."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from certaudit import loaders
from certaudit.cli import run
from certaudit.evidence import Input
from certaudit.loaders import limits
from tests.loaders import test_registry_hive as hives
from tests.loaders.archive_writer import PACKERS, every_kind, found, load, load_data, tarred, tree_of, zipped
from tests.loaders.hive_writer import new_log
from tests.loaders.samples import FOLDER, LEAF, PASSWORD, ROOT, read, sentence
from tests.loaders.wine_stores import SHA1
from tests.optional import need_package

ARCHIVES = FOLDER / "archives"
FIXTURES = Path(__file__).parents[2] / "fixtures"
ALL = ["README.txt", "aes.pfx", "mp01/crl/root.crl", "mp01/web.cer", "root.cer"]


# What other programs wrote


@pytest.mark.parametrize("name", ["info-zip.zip", "gnu.tar", "gnu.tgz", "pax.tar", "v7.tar"])
def test_archives_of_other_programs(name: str) -> None:
    items = [item for item in load(ARCHIVES / name) if not item.path.endswith("link.cer")]
    assert [item.path for item in items] == [f"{name}/{inside}" for inside in ALL]
    assert [item.error for item in items] == [None] * len(ALL)
    assert [item.format for item in items] == ["ignored", "pkcs12", "crl-der", "x509-der", "x509-der"]
    assert (items[3].size, items[3].certificates[0].certificate.der) == (len(LEAF), LEAF)
    assert items[3].sha256 == items[3].certificates[0].certificate.sha256
    assert items[3].certificates[0].provenance.input == f"{name}/mp01/web.cer"


def test_a_file_packed_by_gzip() -> None:
    (item,) = load(ARCHIVES / "root.cer.gz")
    assert (item.path, item.format, item.error) == ("root.cer.gz/root.cer", "x509-der", None)


def test_an_encrypted_file_is_said_and_hides_no_other() -> None:
    readme, root = load(ARCHIVES / "encrypted.zip")
    assert readme.error is None
    assert sentence(root) == (
        "encrypted.zip/root.cer is encrypted inside its archive: unpack the archive and name the folder."
    )


@pytest.mark.parametrize("name", ["gnu.tar", "pax.tar", "gnu.tgz", "v7.tar"])
def test_a_link_to_what_is_in_the_archive_is_passed_over(name: str) -> None:
    (link,) = [item for item in load(ARCHIVES / name) if item.path.endswith("link.cer")]
    assert (link.error, link.remarks) == (
        None,
        (f"{name}/link.cer is a link to mp01/web.cer, which is read by itself.",),
    )


def test_a_link_out_of_the_archive_is_a_loss() -> None:
    link, root = load(ARCHIVES / "link.zip")
    assert sentence(link).endswith("is a link to mp01/web.cer, which is not in the archive: pack the file itself.")
    assert root.error is None


# An archive of a folder is that folder


def without_place(item: Input, container: str) -> Input:
    """The input as it would be whatever it lies in."""

    def inside(text: str) -> str:
        return text.replace(f"{container}/", "")

    certificates = [
        replace(entry, provenance=entry.provenance._replace(input=inside(entry.provenance.input)))
        for entry in item.certificates
    ]
    crls = [
        entry._replace(provenance=entry.provenance._replace(input=inside(entry.provenance.input)))
        for entry in item.crls
    ]
    return replace(
        item,
        path=inside(item.path),
        certificates=tuple(certificates),
        crls=tuple(crls),
        remarks=tuple(map(inside, item.remarks)),
        losses=tuple(map(inside, item.losses)),
        error=None if item.error is None else inside(item.error),
    )


@every_kind
@pytest.mark.parametrize("folder", ["contoso-registry", "contoso", "media"])
def test_an_archive_of_a_folder_gives_what_the_folder_gives(tmp_path: Path, name: str, folder: str) -> None:
    if folder == "media":
        need_package("pycdlib", "media")
    items = load_data(tmp_path, name, PACKERS[name](tree_of(FIXTURES / folder)), "public-fixture-media")
    expected = load(FIXTURES / folder, "public-fixture-media")
    assert [without_place(item, name) for item in items] == [without_place(item, folder) for item in expected]


def test_an_audit_of_archives_finds_what_that_of_folders_finds(tmp_path: Path) -> None:
    site = shutil.copytree(FIXTURES / "contoso-registry", tmp_path / "folders") / "site.toml"
    shutil.copytree(FIXTURES / "contoso", tmp_path / "contoso")  # the PFX and the media that no registry holds
    packed = tmp_path / "archives"
    packed.mkdir()
    text = site.read_text(encoding="utf-8")
    for folder in sorted(path for path in site.parent.iterdir() if path.is_dir()):
        (packed / f"{folder.name}.zip").write_bytes(
            zipped({f"{folder.name}/{n}": d for n, d in tree_of(folder).items()})
        )
        text = text.replace(f'evidence = ["{folder.name}/"', f'evidence = ["{folder.name}.zip"')
    text = text.replace('["site01/stores-machine.reg"]', '["site01.zip"]')
    assert text.count(".zip") == 13
    (packed / "site.toml").write_text(text, encoding="utf-8")
    reports = [answers(path) for path in (site, packed / "site.toml")]
    assert reports[0] == reports[1]


def answers(manifest: Path) -> list[tuple[object, ...]]:
    """Every finding of an audit, apart from what names a file."""
    report = manifest.with_suffix(".json")
    run(["audit", str(manifest), "--reproducible", "--format", f"json={report}"])
    keys = ("requirement", "role", "system", "certificate", "status", "severity")
    return sorted(tuple(str(finding[key]) for key in keys) for finding in json.loads(report.read_bytes())["findings"])


@every_kind
def test_boot_media_in_an_archive_are_one_input(tmp_path: Path, name: str) -> None:
    media = tree_of(FIXTURES / "media/usb")
    (item,) = load_data(tmp_path, name, PACKERS[name](media), "public-fixture-media")
    (expected,) = load(FIXTURES / "media/usb", "public-fixture-media")
    assert (item.path, item.format, item.media) == (name, "boot-media-folder", expected.media)
    inside = {f"stick/{path}": data for path, data in media.items()}
    root, stick = load_data(tmp_path, name, PACKERS[name]({**inside, "a.cer": ROOT}), "public-fixture-media")
    assert (root.path, stick.path) == (f"{name}/a.cer", f"{name}/stick")
    assert stick.media == expected.media
    assert (stick.sha256, stick.size, stick.software) == (expected.sha256, expected.size, expected.software)


def test_the_logs_of_a_hive_are_found_beside_it_in_an_archive(tmp_path: Path) -> None:
    need_package("regipy", "hive")
    old, new = hives.pair()
    files = {"c/SOFTWARE": old, "c/software.LOG1": new_log(old, [(7, hives.pages(old, new))])}
    hive, log = load_data(tmp_path, "x.zip", zipped(files))
    assert hive.remarks[0].endswith("copied while in use: the changes in its transaction logs were applied.")
    assert found([hive]) == [SHA1["smp_web"]]
    assert (log.format, log.error) == ("registry-log", None)


# What is in it, and what is not


@every_kind
def test_names_are_in_the_order_of_a_folder(tmp_path: Path, name: str) -> None:
    names = ["b/z.cer", "b-.cer", "a.cer", "./b/a.cer", "B.cer"]
    items = load_data(tmp_path, name, PACKERS[name](dict.fromkeys(names, LEAF)))
    assert [item.path for item in items] == [f"{name}/{n}" for n in ("B.cer", "a.cer", "b/a.cer", "b/z.cer", "b-.cer")]


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_archive_is_never_taken_for_what_its_first_file_is(kind: str) -> None:
    """A file may stand in it as it is, and a table may begin behind anything."""
    first = [
        *(FIXTURES / "contoso-registry/deployment").iterdir(),
        *(FIXTURES.parent / "tests/golden/inputs/media").glob("*.csv"),
        *(path for path in FOLDER.iterdir() if path.is_file()),
    ]
    assert len(first) > 50
    for path in first:
        files = {"0": path.read_bytes(), "1.cer": ROOT}
        item = loaders.load_bytes(stored(files) if kind == "zip" else tarred(files), path.name)
        assert (item.format, item.error) == (kind, f"{path.name} is an archive: save it and name the file.")


def stored(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_windows_writes_backslashes(tmp_path: Path) -> None:
    (item,) = load_data(tmp_path, "x.zip", zipped({"mp01\\web.cer": LEAF}))
    assert item.path == "x.zip/mp01/web.cer"


@every_kind
def test_an_archive_with_nothing_to_audit_says_so_where_it_is_named(tmp_path: Path, name: str) -> None:
    data = PACKERS[name]({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"})
    *inside, archive = load_data(tmp_path, name, data)
    expected = f"The archive {name} has nothing to audit: none of its 2 files holds a certificate or a CRL."
    assert [item.format for item in inside] == ["ignored", "ignored"]
    assert (sentence(archive), archive.path, archive.size) == (expected, name, len(data))
    (tmp_path / "a.cer").write_bytes(ROOT)
    _, beside = load(tmp_path)
    assert (beside.error, beside.remarks) == (None, (expected.replace(name, f"{tmp_path.name}/{name}"),))


def test_an_empty_archive(tmp_path: Path) -> None:
    for name, data in (("x.zip", zipped({})), ("x.gz", gzip.compress(b""))):
        assert "has nothing to audit" in sentence(load_data(tmp_path, name, data)[-1])


def test_archives_inside_archives_up_to_a_depth(tmp_path: Path) -> None:
    data, names = zipped({"leaf.cer": LEAF}), ["leaf.cer"]
    for depth in range(2, limits.MAX_NESTING + 1):
        names.insert(0, f"{depth}.zip")
        data = zipped({names[0]: data})
    (item,) = load_data(tmp_path, "x.zip", data)
    assert (item.path, item.error) == ("/".join(["x.zip", *names]), None)
    (item,) = load_data(tmp_path, "x.zip", zipped({"deep.zip": data}))
    assert "is an archive inside 4 others, and too deep to be opened: unpack it" in sentence(item)
    (item,) = load_data(tmp_path, "x.zip", zipped({"all.tar.gz": gzip.compress(tarred({"leaf.cer": LEAF}))}))
    assert item.path == "x.zip/all.tar.gz/leaf.cer"


def test_the_password_is_asked_for_under_the_name_inside(tmp_path: Path) -> None:
    asked = []

    def password(name: str) -> str:
        asked.append(name)
        return PASSWORD

    (tmp_path / "x.zip").write_bytes(zipped({"pfx/aes.pfx": read("aes.pfx")}))
    loaders.load(tmp_path / "x.zip", "site/x.zip", password)
    assert asked == ["site/x.zip/pfx/aes.pfx"]


def test_a_fetched_archive_is_one_input_that_says_what_it_is() -> None:
    item = loaders.load_bytes(zipped({"leaf.cer": LEAF}), "http://pki/leaf")
    assert sentence(item) == "http://pki/leaf is an archive: save it and name the file."
