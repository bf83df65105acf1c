"""Boot media in every shape: ISO images, folders, files of variables, Windows images."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from certaudit import loaders
from certaudit.evidence import Bootstrap, Input, Media, MediaVariables, Software
from certaudit.loaders.media import boot_media_folder, iso_image, windows_image
from fixtures.make.media import tree
from fixtures.make.media import variables as variables_text
from tests.loaders import media_writer as writer
from tests.optional import need_package, need_program

need_package("pycdlib", "media")

FIXTURES = Path(__file__).parents[2] / "fixtures"
MEDIA = FIXTURES / "media"
PASSWORD = "public-fixture-media"
MEDIA_CERTIFICATE = "4351FA3F04C2397BA6B2C80755554A058CD22982"
ROOT = "63263DC856950068E6B1AF1D77C96215E6AD4CFA"
SITE_SIGNING = "27EB527388AD36FB41B975E58CC2813031EDF034"
GUIDS = ("5D1C2F34-6B7A-4E8F-9A0B-1C2D3E4F5061", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")


def load(path: Path, password: str | None = PASSWORD) -> Input:
    """The one input at `path`."""
    (item,) = loaders.load(path, path.name, lambda name: password)
    return item


def media_of(item: Input) -> Media:
    assert item.media is not None
    return item.media


def variables_of(item: Input) -> MediaVariables:
    variables = media_of(item).variables
    assert variables is not None, item.error
    return variables


@pytest.mark.parametrize(
    ("name", "kind", "protected", "algorithm"),
    [
        ("branch-office.iso", "iso", True, "AES-256"),
        ("open.iso", "iso", False, "AES-128"),
        ("usb", "folder", True, "3DES"),
        ("variables/aes-128.dat", "variables", True, "AES-128"),
        ("variables/aes-256.dat", "variables", True, "AES-256"),
        ("variables/3des.dat", "variables", True, "3DES"),
        ("variables/aes-128-no-password.dat", "variables", False, "AES-128"),
        ("variables/aes-256-no-password.dat", "variables", False, "AES-256"),
        ("variables/3des-no-password.dat", "variables", False, "3DES"),
        ("variables/trailing-bytes.dat", "variables", True, "AES-256"),
        ("variables/pxe.boot.var", "boot-var", True, "AES-256"),
    ],
)
def test_every_shape_gives_the_certificates(name: str, kind: str, protected: bool, algorithm: str) -> None:
    item = load(MEDIA / name)
    media, variables = media_of(item), variables_of(item)
    assert (item.error, media.kind, media.protected, media.algorithm) == (None, kind, protected, algorithm)
    assert variables.certificate is not None
    assert variables.site_signing is not None
    assert variables.certificate.sha1 == MEDIA_CERTIFICATE
    assert [root.sha1 for root in variables.root_cas] == [ROOT]
    assert variables.site_signing.sha1 == SITE_SIGNING
    assert variables.management_points == ("https://mp.contoso.com",)
    assert variables.site_code == "S01"
    places = [(entry.provenance.entry, entry.private_key.present) for entry in item.certificates]
    assert places[0] == ("media certificate, certificate 1", True)
    assert places[-2:] == [("root CA list", False), ("site server signing certificate", False)]
    assert item.certificates[0].private_key.exportable


@pytest.mark.parametrize(
    "name", ["open.iso", "usb", "branch-office.iso", *(f"variables/{n}.dat" for n in ("aes-256", "damaged"))]
)
def test_nothing_that_opens_a_door_is_in_the_evidence(name: str) -> None:
    shown = repr(load(MEDIA / name)).casefold()
    for secret in (PASSWORD, *GUIDS, GUIDS[0][:30], GUIDS[1][:30], "public-fixture-value"):
        assert secret.casefold() not in shown


def test_nobody_is_asked_for_the_password_of_media_without_one() -> None:
    def asked(name: str) -> str:
        raise AssertionError(name)

    assert loaders.load(MEDIA / "open.iso", "open.iso", asked)[0].error is None


def test_names_of_variables_are_told_and_values_are_not() -> None:
    item = load(MEDIA / "open.iso")
    assert "OSDJoinPassword" in variables_of(item).names


def test_what_lies_beside_the_variables_is_told() -> None:
    item = load(MEDIA / "open.iso")
    assert media_of(item).bootstrap == Bootstrap("BootMedia", True, True)
    (software,) = item.software
    assert (software.product, software.version, software.architecture) == ("windows-pe", "6.0.6001.18000", "x64")
    assert media_of(item).created == writer.MADE


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("variables/aes-256.dat", "wrong", "the password is wrong or the file is damaged, which cannot be told apart"),
        ("variables/damaged.dat", PASSWORD, "the password is wrong or the file is damaged"),
        ("variables/aes-256.dat", None, "is protected by a password, or damaged, and no password was given"),
        ("variables/pxe.boot.var", None, "where the PXE server has no password, nothing opens this file"),
        ("variables/cut-off.dat", PASSWORD, "cut off: 1,000 bytes are missing"),
        ("variables/unknown-header", PASSWORD, "the format is not known for this release"),
        ("variables/mdt.dat", PASSWORD, "Microsoft Deployment Toolkit"),
    ],
)
def test_what_does_not_open_is_said_in_one_sentence(name: str, password: str | None, sentence: str) -> None:
    item = load(MEDIA / name, password)
    assert item.error is not None
    assert sentence in item.error
    assert item.certificates == ()
    assert item.media is None or item.media.protected is None


def test_names_are_matched_without_case(tmp_path: Path) -> None:
    data = (MEDIA / "variables/aes-256.dat").read_bytes()
    writer.write_folder(tmp_path, {"sms/DATA/variables.DAT": data, "Sources/BOOT.WIM": writer.windows_image()})
    item = load(tmp_path)
    assert (item.format, item.error) == (boot_media_folder.FORMAT, None)
    assert item.software == (Software("windows-pe", "6.1.7600.16385", "x64", "Sources/BOOT.WIM"),)


def test_a_media_folder_among_other_evidence_is_one_input(tmp_path: Path) -> None:
    shutil.copytree(MEDIA / "usb", tmp_path / "stick")
    shutil.copy(FIXTURES / "contoso/roots/contoso-root-ca.cer", tmp_path)
    items = loaders.load(tmp_path, "evidence", lambda name: PASSWORD)
    assert [(item.path, item.format) for item in items] == [
        ("evidence/contoso-root-ca.cer", "x509-der"),
        ("evidence/stick", "boot-media-folder"),
    ]


def test_certificate_files_on_the_media_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    shutil.copytree(MEDIA / "usb", tmp_path, dirs_exist_ok=True)
    (tmp_path / "spare.PFX").write_bytes(b"0")
    assert any("spare.PFX" in remark for remark in load(tmp_path).remarks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_bootstrap_file_is_read_however_it_was_saved(tmp_path: Path, encoding: str) -> None:
    text = "[mediainfo]\r\nMEDIATYPE=FullMedia\r\nPasswordRequired = TRUE\r\nOther=1\r\n"
    sealed = (MEDIA / "variables/aes-256.dat").read_bytes()
    writer.write_folder(
        tmp_path, {"SMS/data/Variables.dat": sealed, "SMS/data/TsmBootstrap.ini": text.encode(encoding)}
    )
    assert media_of(load(tmp_path)).bootstrap == Bootstrap("FullMedia", True, None)


def test_a_policy_and_the_version_of_usmt_are_told(tmp_path: Path) -> None:
    program = b"MZ" + bytes(100) + bytes.fromhex("bd04effe") + bytes.fromhex("00000100 01000600 0040b01d") + bytes(40)
    sealed = (MEDIA / "variables/aes-256.dat").read_bytes()
    writer.write_folder(
        tmp_path,
        {
            "SMS/data/Variables.dat": sealed,
            "SMS/data/Policy.xml": b"sealed",
            "SMS/PKG/S0100007/amd64/ScanState.exe": program,
        },
    )
    item = load(tmp_path)
    assert media_of(item).has_policy
    assert item.software == (Software("usmt", "6.1.7600.16384", None, "SMS/PKG/S0100007/amd64/ScanState.exe"),)


def test_an_iso_that_is_no_boot_media(tmp_path: Path) -> None:
    path = tmp_path / "other.iso"
    path.write_bytes(writer.iso_image({"setup.exe": b"MZ"}, udf=True))
    item = load(path)
    assert item.error is not None
    assert "not boot media of Configuration Manager" in item.error
    (beside, *_) = loaders.load(tmp_path, "evidence", lambda name: None)
    assert beside.error is None


def test_udf_without_iso_9660_is_to_be_mounted() -> None:
    data = bytes(0x8001) + b"BEA01" + bytes(0x1000)
    item = loaders.load_bytes(data, "udf.iso")
    assert item.error is not None
    assert "mount it and name the folder" in item.error


def test_without_pycdlib_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycdlib", None)
    item = load(MEDIA / "branch-office.iso")
    assert item.error is not None
    assert "pip install 'certaudit[media]'" in item.error


def test_a_boot_image_alone_tells_its_windows_pe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    path = tmp_path / "boot.wim"
    path.write_bytes(writer.windows_image("10.0.19041.1", 0))
    item = load(path)
    assert (item.error, item.software) == (None, (Software("windows-pe", "10.0.19041.1", "x86", None),))
    assert any("takes wimlib-imagex or 7z to look into" in remark for remark in item.remarks)


def test_prestaged_media_without_a_tool_are_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    path = tmp_path / "prestaged.wim"
    path.write_bytes(writer.windows_image(edition="Server"))
    error = load(path).error
    assert error is not None
    assert "install one, or extract the image" in error


@pytest.mark.parametrize("tool", ["wimlib-imagex", "7z"])
def test_prestaged_media(tmp_path: Path, tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need_program("wimlib-imagex")
    need_program(tool)
    path = tmp_path / "prestaged.wim"
    capture = ["wimlib-imagex", "capture", str(MEDIA / "usb"), str(path), "Prestaged", "--compress=LZX"]
    subprocess.run(capture, check=True, capture_output=True)
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda program: which(program) if program == tool else None)
    item = load(path)
    assert (item.error, media_of(item).kind, media_of(item).protected) == (None, "prestaged", True)
    assert variables_of(item).certificate is not None
    assert [software.version for software in item.software] == ["6.1.7600.16385"]


def media_with_boot_image(tmp_path: Path, *, variables: bool) -> dict[str, bytes]:
    """The files of a media whose boot image has contents: variables, or something else."""
    inside = tmp_path / "inside"
    writer.write_folder(inside, {"sms/DATA/variables.DAT" if variables else "windows/system.ini": b"x" * 5000})
    image = tmp_path / "inside.wim"
    capture = ["wimlib-imagex", "capture", str(inside), str(image), "Windows PE", "--compress=LZX"]
    subprocess.run(capture, check=True, capture_output=True)
    return {**tree(writer.sealed(variables_text(), PASSWORD)), "sources/boot.wim": image.read_bytes()}


@pytest.mark.parametrize("variables", [True, False])
@pytest.mark.parametrize(("shape", "tool"), [("iso", "7z"), ("folder", "7z"), ("folder", "wimlib-imagex")])
def test_variables_inside_the_boot_image_of_a_media(
    tmp_path: Path, variables: bool, shape: str, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_program("wimlib-imagex")
    need_program(tool)
    files = media_with_boot_image(tmp_path, variables=variables)
    path = tmp_path / "media"
    if shape == "iso":
        path.write_bytes(writer.iso_image(files, udf=True))
    else:
        writer.write_folder(path, files)
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda program: which(program) if program == tool else None)
    item = load(path)
    assert (item.error, media_of(item).boot_image_has_variables) == (None, variables)


def test_a_boot_image_that_no_program_looks_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_program("wimlib-imagex")
    path = tmp_path / "media"
    writer.write_folder(path, media_with_boot_image(tmp_path, variables=True))
    monkeypatch.setattr(shutil, "which", lambda program: None)
    item = load(path)
    assert media_of(item).boot_image_has_variables is None
    assert item.remarks[-1] == (
        "sources/boot.wim was not looked into for media variables of its own: wimlib-imagex or 7z is not installed."
    )


def test_a_boot_image_that_a_program_does_not_read_is_said(tmp_path: Path) -> None:
    need_program("7z")
    whole = writer.windows_image()
    listed = whole[:0x30] + (100).to_bytes(7, "little") + b"\2" + len(whole).to_bytes(8, "little") + whole[0x40:]
    path = tmp_path / "media.iso"
    files = {**tree(writer.sealed(variables_text(), PASSWORD)), "sources/boot.wim": listed + b"damage"}
    path.write_bytes(writer.iso_image(files, udf=False))
    item = load(path)
    assert media_of(item).boot_image_has_variables is None
    assert item.remarks[-1].endswith("of its own: it is a Windows image that 7z does not read.")


def test_media_without_a_boot_image_say_so(tmp_path: Path) -> None:
    path = tmp_path / "media"
    writer.write_folder(path, {"SMS/data/Variables.dat": writer.sealed(variables_text(), PASSWORD)})
    item = load(path)
    assert media_of(item).boot_image_has_variables is None
    assert item.remarks == ("There is no boot image on the media at sources/boot.wim.",)


def test_a_damaged_windows_image_is_no_traceback(tmp_path: Path) -> None:
    whole = writer.windows_image()
    for damaged in (
        whole[:300],
        whole[:100],
        whole[:0x08] + b"\0" * 8 + whole[0x10:],
        whole[:0x4F] + b"\4" + whole[0x50:],
    ):
        item = loaders.load_bytes(damaged, "boot.wim")
        assert item.format == windows_image.FORMAT
        assert item.error is not None


@pytest.mark.parametrize("name", ["branch-office.iso", "open.iso"])
def test_damaged_images_are_no_traceback(name: str) -> None:
    data = (MEDIA / name).read_bytes()
    for position in range(0x8006, len(data), 997):
        damaged = data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :]
        item = loaders.load_bytes(damaged, name, lambda name: PASSWORD)
        assert item.format == iso_image.FORMAT


def test_a_password_that_cannot_be_had_is_a_sentence(tmp_path: Path) -> None:
    from certaudit.site.passwords import nobody, password_of
    from certaudit.site.site import EvidencePath

    source = EvidencePath("x", password_env="CERTAUDIT_TEST_NO_SUCH_VARIABLE")
    for path in (MEDIA / "branch-office.iso", MEDIA / "usb"):
        (item,) = loaders.load(path, path.name, password_of(source, tmp_path, nobody))
        assert item.error is not None
        assert "environment variable CERTAUDIT_TEST_NO_SUCH_VARIABLE is not set" in item.error
