"""The collect script, run by Wine's cmd: what it collects is what is there, and the audit reads its folder as it is.

Wine has no certutil, findstr and PowerShell that do anything, no netsh and no appcmd, and its cmd is not that of
Windows: what those write is not tested here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from certaudit.cli.collect_script import SCRIPT
from certaudit.evidence import IIS_APPLICATION, Binding, Evidence, Input
from certaudit.loaders import load
from tests.loaders.test_site_control import SAMPLE as SITE_CONTROL
from tests.loaders.wine_stores import DATA, SHA1, entries
from tests.wine.stores import SOURCES, live, offline
from tests.wine.windows import Windows, windows_path

pytestmark = pytest.mark.wine
EXPORTS = ("LM_SystemCertificates", "LM_Policies_SystemCertificates", "LM_EnterpriseCertificates", "LM_Services")
CACHE = "windows/system32/config/systemprofile/AppData/LocalLow/Microsoft/CryptnetUrlCache/Content"
CRL = Path("fixtures/contoso/crl/contoso-issuing-ca-1.crl")
FOLDER = "of SMP01 (x86)"
THUMBPRINT = "585947F104B5BCE53239F02D1C6FED06832F47DC"
KEYS = rf"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\MP]
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP]
"SiteCode"="S01"
"IsPXE"=dword:00000001
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
"Site Code"="S01"
"Site Server"="SITE01.contoso.com"
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
"Full Version"="4.00.6487.2000"
"Installation Directory"="C:\\Program Files\\Configuration Manager (x64)"
"Some Password"="swordfish"
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\CCM\Security]
"Certificate Store"="MY"
"Select First Certificate"=dword:00000001
[HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall\{{KIT (1)}}]
"DisplayName"="Windows Assessment and Deployment Kit"
"DisplayVersion"="10.1.26100.2454"
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Another]
"DisplayName"="Another program"
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters\SslBindingInfo\0.0.0.0:443]
"AppId"=hex:81,e1,c3,4d,4b,e1,21,4a,b0,22,59,fc,66,9b,09,14
"SslCertHash"=hex:{",".join(THUMBPRINT[place : place + 2] for place in range(0, 40, 2))}
"SslCertStoreName"="MY"
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecureBoot\State]
"UEFISecureBootEnabled"=dword:00000001
"""


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
    keys = tmp_path_factory.mktemp("keys") / "keys.reg"
    keys.write_text(KEYS, encoding="utf-16")
    windows.import_registry(keys)
    inbox = windows.prefix / "drive_c/Program Files/Configuration Manager (x64)/inboxes/sitectrl.box"
    inbox.mkdir(parents=True)
    (inbox / "sitectrl.ct0").write_text(SITE_CONTROL)
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


def test_the_facts_are_read(inputs: tuple[Input, ...]) -> None:
    evidence = Evidence(inputs)
    (computer,) = [one.facts for one in evidence.computers.values()]
    assert (computer.script, computer.site_code, computer.site_server) == (2, "S01", "SITE01.contoso.com")
    assert {"MP", "DP", "Identification", "Setup"} <= set(computer.role_keys)
    assert (computer.site_version, computer.is_pxe, computer.secure_boot) == ("4.00.6487.2000", True, True)
    assert (computer.client.certificate_store, computer.client.select_first) == ("MY", True)
    assert (computer.windows or "").startswith("6.1.")
    assert computer.name
    assert computer.collected is not None
    assert evidence.bindings == (Binding("address", 443, "0.0.0.0", None, THUMBPRINT, "MY", IIS_APPLICATION),)
    software = {(found.product, found.version) for item in inputs for found in item.software}
    assert software == {("site-version", "4.00.6487.2000"), ("waik", "10.1.26100.2454")}


def test_the_site_control_file_is_found(folder: Path) -> None:
    """Wine has no findstr that does anything: what is taken of the file is tested beside the script's other lines."""
    assert (folder / "sitectrl.ct0").exists()


def test_no_other_program_and_no_other_value_is_taken(folder: Path) -> None:
    texts = [path.read_bytes() for path in folder.rglob("*.txt")]
    assert not any(b"Another program" in text or b"swordfish" in text for text in texts)


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
