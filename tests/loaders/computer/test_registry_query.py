"""reg query and ver: Windows, roles, versions, the client, what HTTP.sys has bound; in the forms of 2003 and later."""

from __future__ import annotations

import pytest

from certaudit.evidence import IIS_APPLICATION, Binding, ClientFacts, ComputerFacts, Input, Software
from certaudit.loaders import load_bytes
from tests.loaders.computer.outputs import IIS, ONE, TWO

HTTP = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters"
WINDOWS = r"""
Microsoft Windows [Versionsnummer 10.0.20348.2227]

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion
    ProductName    REG_SZ    Windows Server 2022 Standard


HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion
    InstallationType    REG_SZ    Server Core

HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName
    ComputerName    REG_SZ    MP01

HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters
    Domain    REG_SZ    contoso.com

HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL
    SendTrustedIssuerList    REG_DWORD    0x0

HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecureBoot\State
    UEFISecureBootEnabled    REG_DWORD    0x1

"""
ROLES = r"""
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\MP
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification
    Site Code    REG_SZ    S01

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification
    Parent Site Code    REG_SZ

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup
    Full Version    REG_SZ    5.00.9146.1000

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP
    IsPXE    REG_DWORD    0x1

"""
CLIENT_2003 = """
! REG.EXE VERSION 3.0

HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\CCM\\Security
    Certificate Store\tREG_SZ\tMY


! REG.EXE VERSION 3.0

HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\CCM\\Security
    Certificate Selection Criteria\tREG_SZ\tSubjectStr:contoso.com


! REG.EXE VERSION 3.0

HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\CCM\\Security
    Select First Certificate\tREG_DWORD\t0x1

"""
BOUND = rf"""
{HTTP}\SslBindingInfo\0.0.0.0:443
    AppId    REG_BINARY    81E1C34D4BE1214AB02259FC669B0914
    SslCertHash    REG_BINARY    {ONE}
    SslCertStoreName    REG_SZ    MY

{HTTP}\SslSniBindingInfo\{{00000000-0000-0000-0000-000000000001}}
    HostnamePort    REG_SZ    mp01.contoso.com:443
    AppId    REG_SZ    {IIS}
    SslCertHash    REG_BINARY    {TWO.lower()}

"""


def load(text: str, encoding: str = "ascii") -> Input:
    return load_bytes(text.encode(encoding), "SMP01/facts/what.txt")


def facts(text: str) -> ComputerFacts:
    computer = load(text).computer
    assert computer is not None
    return computer


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_windows(encoding: str, end: str) -> None:
    item = load(WINDOWS.replace("\n", end), encoding)
    assert (item.format, item.error, item.remarks) == ("registry-query", None, ())
    assert item.computer == ComputerFacts(
        name="MP01",
        domain="contoso.com",
        windows="10.0.20348.2227",
        product="Windows Server 2022 Standard",
        installation="Server Core",
        sends_trusted_issuers=False,
        secure_boot=True,
    )


@pytest.mark.parametrize(
    ("line", "code_page", "version"),
    [
        ("Microsoft Windows [Version 5.2.3790]", "cp437", "5.2.3790"),
        ("Microsoft Windows [Version 6.1.7601]", "cp850", "6.1.7601"),
        ("Microsoft Windows [Versionsnummer 6.3.9600]", "cp850", "6.3.9600"),
        ("Microsoft Windows [version 10.0.17763.1]", "cp850", "10.0.17763.1"),
        ("Microsoft Windows [バージョン 6.2.9200]", "cp932", "6.2.9200"),
        ("Microsoft Windows [版本 10.0.26100.1742]", "cp936", "10.0.26100.1742"),
        ("Microsoft Windows [Версия 10.0.14393]", "cp866", "10.0.14393"),
    ],
)
def test_ver_in_every_language(line: str, code_page: str, version: str) -> None:
    item = load(f"\r\n{line}\r\n", code_page)
    assert item.computer == ComputerFacts(windows=version)


@pytest.mark.parametrize(
    ("version", "build", "expected"),
    [("5.2", "3790", "5.2.3790"), ("6.3", "9600", "6.3.9600"), ("6.3", "20348", "10.0.20348")],
)
def test_the_version_by_the_registry_where_ver_is_not_understood(version: str, build: str, expected: str) -> None:
    values = f"    CurrentVersion    REG_SZ    {version}\n    CurrentBuildNumber    REG_SZ    {build}\n"
    text = f"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\n{values}"
    assert facts(text).windows == expected


def test_roles_and_versions() -> None:
    item = load(ROLES)
    assert item.computer == ComputerFacts(
        role_keys=("DP", "MP", "Setup", "Identification"),
        site_code="S01",
        site_version="5.00.9146.1000",
        is_pxe=True,
    )
    setup = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup"
    assert item.software == (Software("site-version", "5.00.9146.1000", entry=setup),)


def test_the_client_of_a_64_bit_2003() -> None:
    assert facts(CLIENT_2003).client == ClientFacts("MY", "SubjectStr:contoso.com", True)


def test_what_http_sys_has_bound() -> None:
    item = load(BOUND)
    assert item.remarks == ()
    assert item.bindings == (
        Binding("address", 443, "0.0.0.0", None, ONE, "MY", IIS_APPLICATION),
        Binding("name", 443, None, "mp01.contoso.com", TWO, None, IIS_APPLICATION),
    )


@pytest.mark.parametrize(("before", "after"), [(ONE, ONE[:-2]), ("0.0.0.0:443", "somewhere"), ("SslCertHash", "Hash")])
def test_a_binding_that_is_not_understood_is_said(before: str, after: str) -> None:
    item = load(BOUND.replace(before, after, 1))
    assert len(item.bindings) == 1
    assert len(item.remarks) == 1
    assert "in the registry is not understood" in item.remarks[0]


def test_kits_among_the_installed_programs() -> None:
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
    kit, add_on = "Windows Assessment and Deployment Kit", "Windows Preinstallation Environment Add-ons"
    text = "".join(
        f"{key}\\{number}\n    DisplayName    REG_SZ    {name}\n\n"
        f"{key}\\{number}\n    DisplayVersion    REG_SZ    10.1.26100.{number}\n\n"
        for number, name in enumerate((kit, f"{kit} {add_on}", "Windows Automated Installation Kit", "Another"))
    )
    assert [(found.product, found.version) for found in load(text).software] == [
        ("waik", "10.1.26100.0"),
        ("waik", "10.1.26100.2"),
    ]


def test_a_value_cut_off_is_no_value() -> None:
    text = ROLES[: ROLES.index("S01") + 2]
    item = load(text)
    assert item.computer is not None
    assert item.computer.site_code is None
    assert len(item.remarks) == 1
    assert "may be cut off" in item.remarks[0]


def test_values_that_make_no_sense_are_not_told() -> None:
    assert facts(ROLES.replace("0x1", "yes")).is_pxe is None
    assert load("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\n    Site Code\n").computer is None


def test_a_file_of_50_megabytes_is_one_sentence() -> None:
    item = load(ROLES * 70_000)
    assert item.error is not None
    assert item.computer is None
