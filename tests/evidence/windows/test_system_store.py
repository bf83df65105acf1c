"""Registry keys and files as locations and stores."""

from __future__ import annotations

import pytest

from certaudit.evidence.windows import system_store
from certaudit.evidence.windows.system_store import Address, StorePlace

SID = "S-1-5-21-1111111111-2222222222-333333333-1105"


@pytest.mark.parametrize(
    ("key", "location"),
    [
        (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates", "LocalMachine"),
        (r"HKEY_LOCAL_MACHINE\Software\microsoft\systemcertificates", "LocalMachine"),
        (r"HKLM\SOFTWARE\Wow6432Node\Microsoft\SystemCertificates", "LocalMachine"),
        (r"HKEY_LOCAL_MACHINE\OFFLINE\Microsoft\SystemCertificates", "LocalMachine"),
        (r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\SystemCertificates", "LocalMachineGroupPolicy"),
        (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\EnterpriseCertificates", "LocalMachineEnterprise"),
        (
            r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Services\CcmExec\SystemCertificates",
            r"Services\CcmExec",
        ),
        (r"HKEY_CURRENT_USER\Software\Microsoft\SystemCertificates", "CurrentUser"),
        (r"HKEY_CURRENT_USER\Software\Policies\Microsoft\SystemCertificates", "CurrentUserGroupPolicy"),
        (rf"HKEY_USERS\{SID}\Software\Microsoft\SystemCertificates", rf"Users\{SID}"),
        (rf"HKEY_USERS\{SID}\Software\Policies\Microsoft\SystemCertificates", rf"Users\{SID}\GroupPolicy"),
        (r"HKEY_USERS\.DEFAULT\Software\Microsoft\SystemCertificates", r"Users\S-1-5-18"),
        (r"HKEY_USERS\OFFLINE\Software\Microsoft\SystemCertificates", "CurrentUser"),
        (r"HKEY_LOCAL_MACHINE\OFFLINE\Software\Microsoft\SystemCertificates", "CurrentUser"),
        (
            rf"HKEY_USERS\{SID}_Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppContainer\Storage"
            r"\pkg_8wekyb\Software\Microsoft\SystemCertificates",
            r"AppContainer\pkg_8wekyb",
        ),
        (r"Microsoft\SystemCertificates", "LocalMachine"),
        (r"Software\Microsoft\SystemCertificates", "CurrentUser"),
    ],
)
def test_location_of_a_registry_key(key: str, location: str) -> None:
    address = system_store.of_key(rf"{key}\MY\Certificates\ABCD")
    assert address == Address(StorePlace(location, "My", "certificates"), "ABCD")
    assert system_store.is_store_path(key)


@pytest.mark.parametrize(
    "key",
    [
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\MY\Certificates",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\Root\ProtectedRoots\X",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Other\MY\Certificates\ABCD",
        r"HKEY_LOCAL_MACHINE",
        "",
        "\\\\\\\\",
        r"Certificates\ABCD",
        r"MY\Certificates\ABCD",
        r"SystemCertificates\MY\Certificates\ABCD\Deeper",
    ],
)
def test_other_keys_are_no_records(key: str) -> None:
    assert system_store.of_key(key) is None


def test_hive_belongs_to_its_owner() -> None:
    record = r"Software\Microsoft\SystemCertificates\Root\CRLs\AB"
    owner = system_store.owner_of_file(r"C:\Windows\ServiceProfiles\NetworkService\NTUSER.DAT")
    assert owner == r"Users\S-1-5-20"
    assert system_store.of_key(record, owner) == Address(StorePlace(owner, "Root", "crls"), "AB")


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (r"C:\Windows\System32\config\DEFAULT", r"Users\S-1-5-18"),
        ("DEFAULT", r"Users\S-1-5-18"),
        ("Windows/ServiceProfiles/LocalService/NTUSER.DAT", r"Users\S-1-5-19"),
        ("Windows/System32/config/systemprofile/AppData/x", r"Users\S-1-5-18"),
        ("Users/jose/NTUSER.DAT", "CurrentUser"),
    ],
)
def test_owner_of_a_file(path: str, owner: str) -> None:
    assert system_store.owner_of_file(path) == owner


@pytest.mark.parametrize(("name", "shown"), [("MY", "My"), ("root", "Root"), ("REQUEST", "Request"), ("Acme", "Acme")])
def test_store_has_one_spelling(name: str, shown: str) -> None:
    assert system_store.canonical_store(name) == shown


def test_file_of_a_user_store() -> None:
    thumbprint = "ab" * 20
    for root in ("AppData/Roaming/Microsoft/SystemCertificates/MY", r"D:\copy\my"):
        address = system_store.of_file(f"{root}/Certificates/{thumbprint}")
        assert address == Address(StorePlace("CurrentUser", "My", "certificates"), thumbprint.upper())
    assert system_store.of_file(f"My/Other/{thumbprint}") is None
    assert system_store.of_file("My/Certificates/readme.txt") is None
    assert system_store.of_file(thumbprint) is None
