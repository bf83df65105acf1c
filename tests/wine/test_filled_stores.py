"""Stores that Wine's crypt32 wrote, from certificates that OpenSSL made: live, offline and OpenSSL agree."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from certaudit.evidence.windows import store_properties
from certaudit.x509.certificate import Certificate
from tests.wine.stores import SOURCES, live, offline, read
from tests.wine.windows import Windows, windows_path

pytestmark = pytest.mark.wine
FIXTURES = Path("fixtures")
CSP = {"provider": "Microsoft RSA SChannel Cryptographic Provider", "type": 12, "flags": 0x20, "spec": 1}
KSP = {"provider": "Microsoft Software Key Storage Provider", "type": 0, "flags": 0x20, "spec": 0}
CLIENT_ONLY = "300a06082b06010505070302"


def planned(folder: Path) -> list[dict[str, Any]]:
    """What is to be in which store: certificates that OpenSSL made, with properties of every kind."""
    broken = [path for path in sorted((FIXTURES / "contoso-broken").rglob("*.cer")) if path.read_bytes()[:1] == b"0"]
    root, issuing = FIXTURES / "contoso/roots/contoso-root-ca.cer", FIXTURES / "contoso/ca/contoso-issuing-ca-1.cer"
    pda = FIXTURES / "contoso/clients/pda0007/pda0007.cer"
    authorities = [path for path in broken if path.parent.name == "ca"]

    def certificate(path: Path, **facts: Any) -> dict[str, Any]:
        return {"path": windows_path(path)} | facts

    def part(
        location: str, store: str, *certificates: Any, crls: Iterable[Path] = (), sst: bool = False
    ) -> dict[str, Any]:
        saved = windows_path(folder / f"{store}.sst") if sst else None
        shown = list(map(windows_path, crls))
        return {"location": location, "store": store, "certificates": certificates, "crls": shown, "sst": saved}

    device = certificate(pda, friendly_name="José – 東京", description="a device", key=CSP | {"container": "le-1234"})
    return [
        part("LocalMachine", "My", device, certificate(issuing, key=KSP | {"container": "te-ü"}), sst=True),
        part("LocalMachine", "Root", certificate(root, purposes=CLIENT_ONLY, friendly_name="")),
        part(
            "LocalMachine",
            "CA",
            *map(certificate, authorities),
            crls=sorted((FIXTURES / "contoso/crl").glob("*.crl")),
            sst=True,
        ),
        part("LocalMachine", "Disallowed", certificate(issuing)),
        part("LocalMachine", "My Own Store", certificate(root)),
        part("LocalMachineGroupPolicy", "Root", certificate(root)),
        part("LocalMachineEnterprise", "NTAuth", certificate(issuing)),
        part("Services\\CcmExec", "My", certificate(pda, friendly_name="service")),
    ]


@pytest.fixture(scope="module")
def folder(windows: Windows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    plan = folder / "plan.json"
    plan.write_text(json.dumps(planned(folder)), encoding="utf-8")
    assert windows.python("fill_stores.py", windows_path(plan)).strip() == "filled"
    for number, key in enumerate(
        (
            "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates",
            "HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates",
            "HKLM\\SOFTWARE\\Microsoft\\EnterpriseCertificates",
            "HKLM\\SOFTWARE\\Microsoft\\Cryptography\\Services",
        )
    ):
        windows.export_registry(key, folder / f"{number}.reg")
    return folder


@pytest.fixture(scope="module")
def inputs(windows: Windows, folder: Path) -> list[dict[str, Any]]:
    return windows.read(*SOURCES)


@pytest.fixture(scope="module")
def wanted(folder: Path) -> set[str]:
    return {
        Certificate(_local(one["path"]).read_bytes()).sha1 for part in planned(folder) for one in part["certificates"]
    }


def test_every_certificate_is_where_it_was_put(inputs: Any, folder: Path, wanted: set[str]) -> None:
    places = {
        (part["location"], part["store"], Certificate(_local(one["path"]).read_bytes()).sha1)
        for part in planned(folder)
        for one in part["certificates"]
    }
    found = set(live(inputs, wanted))
    assert places <= found
    imported = {place for place in found - places if place[1] in ("My", "Root", "CA", "Disallowed", "NTAuth")}
    assert imported == set()


def test_registry_export_and_live_agree(inputs: Any, folder: Path, wanted: set[str]) -> None:
    exported = offline(read(*sorted(folder.glob("*.reg"))), wanted)
    shown = live(inputs, wanted)
    assert shown.keys() == exported.keys()
    for place, properties in exported.items():
        assert properties.items() <= shown[place].items(), place


def test_sst_and_live_agree(inputs: Any, folder: Path, wanted: set[str]) -> None:
    shown = live(inputs, wanted)
    for path in folder.glob("*.sst"):
        saved = {key[2]: value for key, value in offline(read(path), wanted).items()}
        assert saved
        for sha1, properties in saved.items():
            assert properties.items() <= shown["LocalMachine", path.stem, sha1].items()


def test_properties_are_what_was_set(inputs: Any) -> None:
    device = Certificate((FIXTURES / "contoso/clients/pda0007/pda0007.cer").read_bytes())
    (entry,) = (
        entry
        for item in inputs
        if item["path"] == "windows:LocalMachine/My"
        for entry in item["certificates"]
        if bytes.fromhex(entry["der"]) == device.der
    )
    assert entry["friendly_name"] == "José – 東京"
    key = entry["private_key"]
    assert (key["present"], key["provider"], key["provider_type"]) == (True, CSP["provider"], 12)
    assert (key["container"], key["machine"]) == ("le-1234", True)
    properties = dict(entry["properties"])
    assert bytes.fromhex(properties[store_properties.DESCRIPTION]).decode("utf-16-le") == "a device\0"


def test_crls_are_read_too(inputs: Any) -> None:
    (crls,) = (item["crls"] for item in inputs if item["path"] == "windows:LocalMachine/CA")
    expected = {path.read_bytes().hex() for path in (FIXTURES / "contoso/crl").glob("*.crl")}
    assert expected <= set(crls)


def test_openssl_sees_the_same_certificates(inputs: Any, wanted: set[str], tmp_path: Path) -> None:
    assert shutil.which("openssl")
    path, checked = tmp_path / "one.der", 0
    for der in {entry["der"] for item in inputs for entry in item["certificates"]}:
        certificate = Certificate(bytes.fromhex(der))
        if certificate.sha1 not in wanted:
            continue
        path.write_bytes(bytes.fromhex(der))
        command = ["openssl", "x509", "-inform", "DER", "-in", str(path), "-noout", "-fingerprint", "-serial"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        fingerprint, serial = (line.partition("=")[2] for line in told.splitlines())
        assert fingerprint.replace(":", "") == certificate.sha1
        assert int(serial, 16) == certificate.serial
        checked += 1
    assert checked == len(wanted)


def test_an_archived_and_a_damaged_record_written_by_hand(windows: Windows, folder: Path, tmp_path: Path) -> None:
    """Property 19 hides a certificate; a record whose length runs past its end has nothing that can be read."""
    root = (FIXTURES / "contoso/roots/contoso-root-ca.cer").read_bytes()
    archived = struct.pack("<III", 19, 1, 0) + struct.pack("<III", 32, 1, len(root)) + root
    damaged = struct.pack("<III", 32, 1, 5000) + root
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\Hidden\Certificates"
    sha1 = Certificate(root).sha1
    text = "REGEDIT4\n" + "".join(
        f'\n[{key}\\{name}]\n"Blob"=hex:{data.hex(",")}\n' for name, data in ((sha1, archived), ("0" * 40, damaged))
    )
    path = tmp_path / "hidden.reg"
    path.write_text(text, encoding="ascii")
    windows.import_registry(path)
    (item,) = windows.read("windows:LocalMachine/Hidden")
    assert [entry["der"] for entry in item["certificates"]] == [root.hex()]
    assert "is damaged" in item["remarks"][0]


def _local(path: str) -> Path:
    return Path(path.removeprefix("Z:").replace("\\", "/"))
