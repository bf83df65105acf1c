"""WAIK and the version of the site, out of the registry of a site server: as an export and as a hive."""

from __future__ import annotations

import pytest

from certaudit.evidence import Input, Software
from certaudit.loaders import load_bytes

from .hive_writer import HiveWriter

PRODUCT = "{31E8F586-4EF7-4500-844D-BA8756474FF1}"
UNINSTALL = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
OTHER_VIEW = r"HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
SETUP = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup"
WAIK = ('"DisplayName"="Windows Automated Installation Kit"', '"DisplayVersion"="2.0.0.0"')
SITE = ('"Full Version"="4.00.6487.2000"', '"Installation Directory"="C:\\\\Program Files\\\\ConfigMgr"')
FOUND = [("waik", "2.0.0.0"), ("site-version", "4.00.6487.2000")]


def export(*keys: tuple[str, tuple[str, ...]], encoding: str = "utf-16") -> Input:
    blocks = ["\r\n".join((f"[{path}]", *values)) for path, values in keys]
    text = "\r\n\r\n".join(("Windows Registry Editor Version 5.00", *blocks, ""))
    return load_bytes(text.encode(encoding), "toolchain.reg")


def versions(item: Input) -> list[tuple[str, str | None]]:
    return [(software.product, software.version) for software in item.software]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "cp1252"])
def test_an_export_without_stores(encoding: str) -> None:
    other = (f"{UNINSTALL}\\Other", ('"DisplayName"="7-Zip"', '"DisplayVersion"="9.20"'))
    item = export((f"{UNINSTALL}\\{PRODUCT}", WAIK), other, (SETUP, SITE), encoding=encoding)
    assert (item.format, item.error, versions(item)) == ("registry-export", None, FOUND)
    assert item.software[1] == Software("site-version", "4.00.6487.2000", entry=SETUP)


def test_an_export_with_an_empty_store() -> None:
    store = (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\My\Certificates", ())
    assert versions(export(store, (SETUP, SITE))) == FOUND[1:]


def test_the_second_view_counts_once_and_an_older_kit_counts() -> None:
    older = tuple(value.replace("2.0.0.0", "1.1.0.0") for value in WAIK)
    keys = ((f"{UNINSTALL}\\{PRODUCT}", WAIK), (f"{OTHER_VIEW}\\{PRODUCT}", WAIK), (f"{UNINSTALL}\\older", older))
    assert versions(export(*keys)) == [("waik", "2.0.0.0"), ("waik", "1.1.0.0")]


@pytest.mark.parametrize("version", ["", "two", "2", "2.0.0.0.0", "2.0\\\\n"])
def test_a_version_that_is_none_is_not_known(version: str) -> None:
    item = export((SETUP, SITE), (f"{UNINSTALL}\\{PRODUCT}", (WAIK[0], f'"DisplayVersion"="{version}"')))
    assert versions(item) == FOUND[1:]


@pytest.mark.parametrize("path", [f"-{SETUP}", f"{SETUP}\\More", SETUP.replace("SMS", "XMS")])
def test_other_keys_do_not_count(path: str) -> None:
    assert export((path, SITE)).error is not None


def test_a_hive() -> None:
    writer = HiveWriter()
    version = writer.text("Full Version", "4.00.6487.2000")
    setup = writer.key("SMS", [writer.key("Setup", values=[version])])
    kit = [
        writer.text("DisplayName", "Windows Automated Installation Kit"),
        writer.text("DisplayVersion", "2.0.0.0"),
    ]
    programs = writer.key("Uninstall", [writer.key(PRODUCT, values=kit)])
    windows = writer.key("Windows", [writer.key("CurrentVersion", [programs])])
    root = writer.root([writer.key("Microsoft", [windows, setup])])
    item = load_bytes(writer.hive(root), "SOFTWARE")
    assert (item.format, item.error, versions(item)) == ("registry-hive", None, FOUND)
