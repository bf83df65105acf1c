"""Live certificate stores, through a stand-in for crypt32: which stores a source names, and what is taken of each."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.load import load_sources
from certaudit.evidence import Input
from certaudit.evidence.windows import store_properties
from certaudit.loaders.source import UnreadableError
from certaudit.loaders.stores import windows_store
from certaudit.loaders.stores.crypt32 import Crypt32
from certaudit.loaders.stores.serialized_store import CRL, CTL
from certaudit.loaders.stores.windows_registry import Record, Registry
from certaudit.loaders.stores.windows_store import Target, target
from certaudit.site.site import EvidencePath
from certaudit.x509.certificate import Certificate
from tests import builder, pki
from tests.loaders.fake_crypt32 import (
    ENUM_ARCHIVED,
    OPEN_EXISTING,
    READONLY,
    FakeCrypt32,
    FakeRegistry,
    certificate,
    element,
)

LM, CU, SERVICES, ENTERPRISE = 0x20000, 0x10000, 0x50000, 0x90000
ONE, TWO, THREE = (builder.certificate_der(subject=f"CN=ws000{number}.contoso.com") for number in (1, 2, 3))
SHA1 = {der: Certificate(der).sha1 for der in (ONE, TWO, THREE)}
NAME = (store_properties.FRIENDLY_NAME, "SMP client\0".encode("utf-16-le"))
MACHINE = ("HKEY_LOCAL_MACHINE", r"SOFTWARE\Microsoft\SystemCertificates")


def load(text: str, dll: FakeCrypt32, registry: Any = None) -> tuple[Input, ...]:
    source: Any = registry or FakeRegistry()
    inputs = windows_store.load(text, Crypt32(dll), source)
    assert dll.open_handles == 0
    return inputs


# --- Which stores a source names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("windows:LocalMachine/My", Target("LocalMachine", "My")),
        ("windows:localmachine\\MY", Target("LocalMachine", "MY")),
        (r"windows:\\SMP01\LocalMachine/My", Target("LocalMachine", "My", "SMP01")),
        ("windows://SMP01/LocalMachine/My", Target("LocalMachine", "My", "SMP01")),
        ("windows:LocalMachine/*", Target("LocalMachine", "*")),
        ("windows:Services/CcmExec/My", Target("Services", "My", owner="CcmExec")),
        ("windows:Users/S-1-5-18/My", Target("Users", "My", owner="S-1-5-18")),
        ("windows:LocalMachine/Remote Desktop", Target("LocalMachine", "Remote Desktop")),
    ],
)
def test_targets(text: str, expected: Target) -> None:
    assert target(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "windows:",
        "windows:My",
        "windows:LocalMachine",
        "windows:LocalMachine/My/x",
        "windows:Services/My",
        "windows:Disk/My",
    ],
)
def test_what_names_no_store_says_how_to_name_one(text: str) -> None:
    with pytest.raises(UnreadableError, match="names no certificate store: write windows:LocalMachine/My"):
        target(text)


def test_another_computer_has_no_current_user() -> None:
    with pytest.raises(UnreadableError, match="no current user; name Users and a SID"):
        target(r"windows:\\SMP01\CurrentUser/My")


@pytest.mark.skipif(sys.platform == "win32", reason="there they can be read")
def test_elsewhere_than_on_windows_one_sentence_says_so(tmp_path: Path) -> None:
    source = EvidencePath("windows:LocalMachine/My")
    ((item,),) = load_sources(tmp_path, [source])
    assert item.path == "windows:LocalMachine/My"
    assert item.error is not None
    assert "only Windows has: run certaudit there, or export the stores" in item.error
    ((again,),) = load_sources(tmp_path, [replace(source, path=str(tmp_path / "x"), name="windows:LocalMachine/My")])
    assert again == item
    with pytest.raises(OSError, match="no registry"):
        Registry().stores(*MACHINE)


# --- What is taken of them --------------------------------------------------------------------------------------------


def test_certificates_crls_and_their_properties() -> None:
    archived = (store_properties.ARCHIVED, b"")
    crl = pki.ISSUING.crl()
    dll = FakeCrypt32(
        {(LM, "my"): [certificate(ONE, NAME), element(CRL, crl.der), element(CTL, b"0\0"), certificate(TWO, archived)]}
    )
    (item,) = load("windows:LocalMachine/MY", dll)
    assert (item.path, item.format, item.error) == ("windows:LocalMachine/My", "windows-store", None)
    assert item.remarks == ("1 CTL was passed over: only certificates and CRLs are audited.",)
    one, two = item.certificates
    assert (one.certificate.sha1, one.friendly_name) == (SHA1[ONE], "SMP client")
    assert (one.provenance.location, one.provenance.store, one.provenance.host) == ("LocalMachine", "My", None)
    assert one.private_key.present is False
    assert store_properties.is_archived(two.properties)
    assert [entry.crl for entry in item.crls] == [crl]


def test_stores_are_opened_for_reading_alone() -> None:
    dll = FakeCrypt32({(LM, "my"): [certificate(ONE)]})
    load("windows:LocalMachine/My", dll)
    assert dll.flags == [LM | OPEN_EXISTING | READONLY | ENUM_ARCHIVED]


def test_every_store_of_a_location_that_holds_something() -> None:
    dll = FakeCrypt32({(LM, "root"): [certificate(ONE)], (LM, "my"): [certificate(TWO)], (LM, "trust"): []})
    assert [item.path for item in load("windows:LocalMachine/*", dll)] == [
        "windows:LocalMachine/My",
        "windows:LocalMachine/Root",
    ]
    (empty,) = load("windows:LocalMachine/Trust", dll)
    assert (empty.error, empty.remarks) == (None, ())


def test_the_registry_adds_what_crypt32_does_not_show() -> None:
    dll = FakeCrypt32({(LM, "my"): [certificate(ONE)]})
    records = [
        Record("Certificates", SHA1[ONE], certificate(ONE, NAME)),
        Record("Certificates", SHA1[TWO], certificate(TWO)),
    ]
    (item,) = load("windows:LocalMachine/My", dll, FakeRegistry({(*MACHINE, "MY"): records}))
    assert [entry.certificate.sha1 for entry in item.certificates] == [SHA1[ONE], SHA1[TWO]]
    assert item.certificates[1].provenance.entry == rf"{MACHINE[0]}\{MACHINE[1]}\My\Certificates\{SHA1[TWO]}"


def test_a_store_that_only_the_registry_knows() -> None:
    path = r"SOFTWARE\Microsoft\EnterpriseCertificates"
    known = FakeRegistry({(MACHINE[0], path, "NTAuth"): [Record("Certificates", SHA1[ONE], certificate(ONE))]})
    (item,) = load("windows:LocalMachineEnterprise/*", FakeCrypt32(), known)
    assert (item.path, len(item.certificates)) == ("windows:LocalMachineEnterprise/NTAuth", 1)


def test_a_record_that_is_not_what_its_name_says() -> None:
    known = FakeRegistry({(*MACHINE, "MY"): [Record("Certificates", SHA1[TWO], certificate(ONE))]})
    (item,) = load("windows:LocalMachine/My", FakeCrypt32(), known)
    assert "is not what its name says" in item.remarks[0]


def test_stores_of_a_service() -> None:
    dll = FakeCrypt32({(SERVICES, "ccmexec\\my"): [certificate(ONE)], (SERVICES, "other\\my"): [certificate(TWO)]})
    (item,) = load("windows:Services/CcmExec/*", dll)
    assert item.path == "windows:Services/CcmExec/My"
    assert [entry.certificate.sha1 for entry in item.certificates] == [SHA1[ONE]]
    assert item.certificates[0].provenance.location == "Services\\CcmExec"


def test_another_computer() -> None:
    dll = FakeCrypt32({(LM, "\\\\smp01\\my"): [certificate(ONE)], (LM, "my"): [certificate(TWO)]})
    (item,) = load(r"windows:\\SMP01\LocalMachine/*", dll)
    assert item.path == "windows://SMP01/LocalMachine/My"
    assert [entry.certificate.sha1 for entry in item.certificates] == [SHA1[ONE]]
    assert item.certificates[0].provenance.host == "SMP01"


# --- What goes wrong --------------------------------------------------------------------------------------------------


def with_error(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr("ctypes.get_last_error", lambda: number, raising=False)
    monkeypatch.setattr("ctypes.FormatError", lambda number: "Some reason.", raising=False)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (2, "windows:LocalMachine/X is not there: look at the names of the stores with windows:LocalMachine/*."),
        (-2146885628, "is not there"),
        (5, "may not be read by this user: run certaudit as an administrator"),
        (53, "does not answer: see that it is on and its Remote Registry service runs"),
        (1234, "cannot be read (Some reason, 0x4d2): use an export of the store instead."),
    ],
)
def test_a_store_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, number: int, sentence: str) -> None:
    with_error(monkeypatch, number)
    for text in ("windows:LocalMachine/X", "windows:LocalMachine/*"):
        (item,) = load(text, FakeCrypt32())
        assert item.error is not None
        assert sentence in item.error or text.endswith("*")
        assert item.certificates == ()


def test_what_the_registry_shows_of_a_store_that_may_not_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    with_error(monkeypatch, 5)
    known = FakeRegistry({(*MACHINE, "MY"): [Record("Certificates", SHA1[ONE], certificate(ONE))]})
    (item,) = load("windows:LocalMachine/My", FakeCrypt32(), known)
    assert len(item.certificates) == 1
    assert "may not be read by this user" in item.remarks[0]


def test_a_context_that_cannot_be_put_into_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    with_error(monkeypatch, 1234)
    (item,) = load("windows:LocalMachine/My", FakeCrypt32({(LM, "my"): [certificate(ONE)]}, refuses_to_serialize=True))
    assert item.error is not None
    assert "Some reason" in item.error


def test_a_crypt32_without_a_function() -> None:
    (item,) = load("windows:LocalMachine/My", FakeCrypt32({(LM, "my"): []}, missing=("CertEnumCTLsInStore",)))
    assert item.error is not None
    assert "crypt32 of this Windows has no CertEnumCTLsInStore" in item.error
