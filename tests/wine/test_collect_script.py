"""The collect script, run by Wine's cmd: what it collects is what is there, and the audit reads its folder as it is.

Wine has no certutil that does anything, no netsh and no appcmd, and its cmd is not that of Windows: what those write
is not tested here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from certaudit.cli.collect_script import SCRIPT
from certaudit.evidence import Input
from certaudit.loaders import load
from tests.loaders.wine_stores import DATA, SHA1, entries
from tests.wine.stores import SOURCES, live, offline
from tests.wine.windows import Windows, windows_path

pytestmark = pytest.mark.wine
EXPORTS = ("LM_SystemCertificates", "LM_Policies_SystemCertificates", "LM_EnterpriseCertificates", "LM_Services")
CACHE = "windows/system32/config/systemprofile/AppData/LocalLow/Microsoft/CryptnetUrlCache/Content"
CRL = Path("fixtures/contoso/crl/contoso-issuing-ca-1.crl")
FOLDER = "of SMP01 (x86)"


def collect(windows: Windows, folder: Path, code: int = 0) -> str:
    done = windows.run("cmd", "/c", windows_path(SCRIPT), windows_path(folder))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    windows.import_registry(*(DATA / "reg" / f"{name}.reg" for name in EXPORTS))
    cache = windows.prefix / "drive_c" / CACHE
    cache.mkdir(parents=True)
    shutil.copy(CRL, cache / "77EC63BDA74BD0D0E0426DC8F8008506")
    published = windows.prefix / "drive_c/windows/system32/CertSrv/CertEnroll"
    published.mkdir(parents=True)
    shutil.copy("fixtures/contoso/roots/contoso-root-ca.cer", published / "Contoso Root CA.crt")
    folder = tmp_path_factory.mktemp("collected") / FOLDER
    collect(windows, folder)
    return folder


@pytest.fixture(scope="module")
def inputs(folder: Path) -> tuple[Input, ...]:
    return load(folder, "smp01", lambda name: None)


def test_every_store_is_there_as_it_is_live(windows: Windows, inputs: tuple[Input, ...]) -> None:
    assert [item.error for item in inputs if item.error] == []
    collected = offline(entries(inputs), SHA1.values())
    shown = live(windows.read(*SOURCES), SHA1.values())
    assert collected.keys() == shown.keys()
    for place, properties in collected.items():
        assert properties.items() <= shown[place].items()


def test_cached_crls_and_published_certificates_are_there(inputs: tuple[Input, ...]) -> None:
    cached = {item.path: item.format for item in inputs if "/cache/" in item.path}
    assert cached == {"smp01/cache/system/77EC63BDA74BD0D0E0426DC8F8008506": "crl-der"}
    assert "smp01/certenroll/Contoso Root CA.crt" in {item.path for item in inputs}


def test_the_log_says_what_was_collected_and_what_was_not(folder: Path) -> None:
    log = (folder / "collected.txt").read_text(encoding="cp1252")
    assert "stores-machine.reg  HKLM\\SOFTWARE\\Microsoft\\SystemCertificates" in log
    assert "cache\\system  C:\\windows\\System32\\config" in log
    assert "LEFT OUT  what only an administrator may read" in log  # Wine has no HKU\S-1-5-19 by which to tell one
    assert "6.1" in (folder / "facts" / "windows.txt").read_text(encoding="cp1252")


def test_a_folder_that_is_there_is_left_alone(windows: Windows, folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "file.txt").write_text("mine", encoding="ascii")
    assert "is there already: name another folder" in collect(windows, mine, code=2)
    assert [path.name for path in mine.iterdir()] == ["file.txt"]


def test_without_a_folder_it_writes_beside_itself(windows: Windows, folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "collect.cmd"
    shutil.copy(SCRIPT, script)
    done = windows.run("cmd", "/c", windows_path(script))
    assert done.returncode == 0
    (made,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert made.name.startswith("certaudit-")
    assert (made / "stores-machine.reg").stat().st_size == (folder / "stores-machine.reg").stat().st_size
