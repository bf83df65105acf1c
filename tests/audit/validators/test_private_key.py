"""Checks of private keys: what a CER file, a PFX and a Windows store tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certaudit.audit.assignment import Holding
from certaudit.audit.validators import private_key as checks
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import (
    CertificateEntry,
    Evidence,
    Input,
    KeyTest,
    Media,
    MediaVariables,
    PrivateKey,
    Provenance,
    SiteEvidence,
)
from certaudit.findings.result import Status
from certaudit.site.deployment import Deployment
from certaudit.site.site import System
from tests import builder
from tests.pki import MEDIA, MP01, context

CONTEXT = context()
CERTIFICATE = builder.certificate()
CSP = "Microsoft RSA SChannel Cryptographic Provider"

CER = (PrivateKey(), Provenance("mp01.cer"))
KEYLESS_PFX = (PrivateKey(present=False), Provenance("keyless.pfx"))


def pfx(**facts: object) -> tuple[PrivateKey, Provenance]:
    told = {"present": True, "matches": True, "exportable": True} | facts
    return PrivateKey(**told), Provenance("mp01.pfx")  # type: ignore[arg-type]


def store(location: str = "LocalMachine", **facts: object) -> tuple[PrivateKey, Provenance]:
    told = {"present": True, "provider": CSP, "provider_type": 12, "machine": True} | facts
    return PrivateKey(**told), Provenance("mp01.reg", store="My", location=location)  # type: ignore[arg-type]


KEYLESS_STORE = store(present=False, provider=None, provider_type=None, machine=None)


def found(*places: tuple[PrivateKey, Provenance], role: str = "web-server") -> AssignedCertificate:
    entries = tuple(CertificateEntry(CERTIFICATE, provenance, key) for key, provenance in places)
    return AssignedCertificate(Holding(CERTIFICATE, entries), role, MP01)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (pfx(), Status.PASS),
        (store(), Status.NOT_APPLICABLE),
        (KEYLESS_PFX, Status.FAIL),
        (KEYLESS_STORE, Status.FAIL),
        (CER, Status.NOT_CHECKED),
    ],
)
def test_present(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.present(found(place), CONTEXT).status is status


def tried(*answers: bool | None, exportable: bool | None = None) -> Context:
    tests = (KeyTest("My", CERTIFICATE.sha1, works, None if works else "is gone", exportable) for works in answers)
    other = KeyTest("My", "00" * 20, False, "is gone")
    item = Input("mp01/facts/keys.txt", "key-tests", key_tests=(*tests, other))
    return context(held={MP01.key: Evidence((item,))})


@pytest.mark.parametrize(
    ("answers", "present", "tested"),
    [
        ((), Status.NOT_APPLICABLE, Status.NOT_CHECKED),
        ((True,), Status.PASS, Status.PASS),
        ((False,), Status.FAIL, Status.NOT_APPLICABLE),
        ((None,), Status.NOT_APPLICABLE, Status.NOT_CHECKED),
        ((None, True), Status.PASS, Status.PASS),
        ((False, True), Status.PASS, Status.PASS),
        ((None, False), Status.FAIL, Status.NOT_APPLICABLE),
    ],
)
def test_a_test_of_the_key_settles_what_a_store_declares(
    answers: tuple[bool | None, ...], present: Status, tested: Status
) -> None:
    assert checks.present(found(store()), tried(*answers)).status is present
    assert checks.tested(found(store()), tried(*answers)).status is tested


def test_a_failed_test_says_why_and_outweighs_a_file() -> None:
    result = checks.present(found(store(), pfx()), tried(False))
    assert (result.status, "is gone" in result.message) == (Status.FAIL, True)
    assert "is gone" in checks.tested(found(store()), tried(None)).message


@pytest.mark.parametrize(
    ("place", "status"),
    [(pfx(), Status.PASS), (CER, Status.NOT_APPLICABLE), (KEYLESS_STORE, Status.NOT_APPLICABLE)],
)
def test_tested_is_about_keys_that_are_declared(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.tested(found(place), CONTEXT).status is status


def test_of_what_travels_in_a_file_no_store_tells() -> None:
    assert checks.present(found(store(), role="pxe-service-point"), tried(True)).status is Status.NOT_CHECKED
    assert checks.present(found(pfx(), role="pxe-service-point"), tried(False)).status is Status.PASS


@pytest.mark.parametrize(("exportable", "status"), [(True, Status.FAIL), (False, Status.PASS)])
def test_a_test_tells_whether_the_key_may_be_exported(exportable: bool, status: Status) -> None:
    assert checks.not_exportable(found(store()), tried(True, exportable=exportable)).status is status


def test_present_passes_where_one_of_several_places_has_the_key() -> None:
    assert checks.present(found(CER, KEYLESS_PFX, pfx()), CONTEXT).status is Status.PASS


def test_present_says_what_would_settle_it() -> None:
    assert "supply the PFX, or an export of the certificate store" in checks.present(found(CER), CONTEXT).message


def test_absent() -> None:
    assert checks.absent(found(CER), CONTEXT).status is Status.PASS
    result = checks.absent(found(CER, pfx()), CONTEXT)
    assert (result.status, result.observed) == (Status.FAIL, "a private key in mp01.pfx")


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (pfx(), Status.PASS),
        (pfx(matches=False), Status.FAIL),
        (pfx(matches=None), Status.NOT_CHECKED),
        (KEYLESS_PFX, Status.NOT_APPLICABLE),
        (store(), Status.NOT_APPLICABLE),
        (CER, Status.NOT_CHECKED),
    ],
)
def test_matches(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.matches(found(place), CONTEXT).status is status


def test_matches_fails_where_one_of_two_files_has_the_wrong_key() -> None:
    assert checks.matches(found(pfx(), pfx(matches=False)), CONTEXT).status is Status.FAIL


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (pfx(), Status.PASS),
        (store(exportable=False), Status.FAIL),
        (store(), Status.NOT_CHECKED),
        (CER, Status.NOT_CHECKED),
        (KEYLESS_PFX, Status.NOT_APPLICABLE),
    ],
)
def test_exportable(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.exportable(found(place), CONTEXT).status is status


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (store(exportable=False), Status.PASS),
        (store(exportable=True), Status.FAIL),
        (store(), Status.NOT_CHECKED),
        (pfx(), Status.NOT_CHECKED),
        (CER, Status.NOT_CHECKED),
        (KEYLESS_PFX, Status.NOT_APPLICABLE),
    ],
)
def test_not_exportable(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.not_exportable(found(place), CONTEXT).status is status


def test_not_exportable_goes_by_the_store_where_there_is_a_pfx_too() -> None:
    assert checks.not_exportable(found(pfx(), store(exportable=False)), CONTEXT).status is Status.PASS


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (store(), Status.PASS),
        (pfx(), Status.FAIL),
        (CER, Status.NOT_CHECKED),
        (KEYLESS_PFX, Status.NOT_APPLICABLE),
    ],
)
def test_not_kept_in_file(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.not_kept_in_file(found(place), CONTEXT).status is status


def test_not_kept_in_file_names_the_file() -> None:
    assert checks.not_kept_in_file(found(store(), pfx()), CONTEXT).observed == "mp01.pfx"


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (store(), Status.PASS),
        (pfx(provider=CSP), Status.PASS),
        (pfx(), Status.PASS),
        (pfx(provider="Microsoft Software Key Storage Provider"), Status.FAIL),
        (pfx(provider="microsoft smart card key storage provider"), Status.FAIL),
        (pfx(provider="Microsoft Platform Crypto Provider"), Status.FAIL),
        (store(provider="Contoso HSM", provider_type=0), Status.FAIL),
        (store(provider=None, provider_type=0), Status.FAIL),
        (store(provider=None, provider_type=12), Status.PASS),
        (store(provider=None, provider_type=None), Status.NOT_CHECKED),
        (CER, Status.NOT_CHECKED),
        (KEYLESS_PFX, Status.NOT_APPLICABLE),
    ],
)
def test_not_in_key_storage_provider(place: tuple[PrivateKey, Provenance], status: Status) -> None:
    assert checks.not_in_key_storage_provider(found(place), CONTEXT).status is status


def test_a_pfx_without_the_provider_passes_and_says_why() -> None:
    result = checks.not_in_key_storage_provider(found(pfx()), CONTEXT)
    assert result.message == "the file names no provider: an import uses the default CSP"


def test_a_key_storage_provider_at_one_of_two_places_is_not_hidden_by_the_other() -> None:
    subject = found(pfx(provider=CSP), store(provider="Microsoft Software Key Storage Provider", provider_type=0))
    assert checks.not_in_key_storage_provider(subject, CONTEXT).status is Status.FAIL


@pytest.mark.parametrize(
    ("places", "status"),
    [
        ((store(),), Status.PASS),
        ((store(machine=False),), Status.FAIL),
        ((store("CurrentUser", machine=None),), Status.FAIL),
        ((store(), store("CurrentUser")), Status.FAIL),
        ((store(machine=None),), Status.NOT_CHECKED),
        ((CER,), Status.NOT_CHECKED),
        ((pfx(),), Status.NOT_APPLICABLE),
        ((pfx(), store()), Status.PASS),
        ((KEYLESS_PFX,), Status.NOT_APPLICABLE),
    ],
)
def test_belongs_to_computer(places: tuple[tuple[PrivateKey, Provenance], ...], status: Status) -> None:
    assert checks.belongs_to_computer(found(*places), CONTEXT).status is status


@pytest.mark.parametrize(
    ("places", "status"),
    [
        ((store(signs_only=False),), Status.PASS),
        ((store(signs_only=True),), Status.FAIL),
        ((store(),), Status.NOT_CHECKED),
        ((pfx(signs_only=False),), Status.PASS),
        (((PrivateKey(present=True, matches=True), Provenance("tls://mp01:443")),), Status.PASS),
        ((pfx(signs_only=True),), Status.FAIL),
        ((pfx(),), Status.PASS),
        ((pfx(matches=None),), Status.NOT_CHECKED),
        ((pfx(), store()), Status.PASS),
        ((pfx(signs_only=True), store(signs_only=False)), Status.PASS),
        ((pfx(signs_only=False), store(signs_only=True)), Status.FAIL),
        ((store(signs_only=False), store(signs_only=True)), Status.FAIL),
        ((store(provider_type=0),), Status.NOT_APPLICABLE),
        ((pfx(provider="Microsoft Software Key Storage Provider", signs_only=True),), Status.NOT_APPLICABLE),
        ((CER,), Status.NOT_CHECKED),
        ((KEYLESS_PFX,), Status.NOT_APPLICABLE),
    ],
)
def test_for_key_exchange(places: tuple[tuple[PrivateKey, Provenance], ...], status: Status) -> None:
    assert checks.for_key_exchange(found(*places), CONTEXT).status is status


KSP = store(provider="Microsoft Software Key Storage Provider", provider_type=0)
GATEWAY = "https://cmg.contoso.com/CCM_Proxy_MutualAuth/72057594037927941"


@pytest.mark.parametrize(
    ("version", "status"),
    [("1802", Status.PASS), ("1710", Status.FAIL), ("5.00.9152", Status.PASS), (None, Status.FAIL)],
)
def test_a_version_from_which_on_key_storage_providers_are_supported(version: str | None, status: Status) -> None:
    known = context(deployment=Deployment(site_version=version))
    assert checks.not_in_key_storage_provider(found(KSP), known, until="1802").status is status
    assert checks.not_in_key_storage_provider(found(store()), known, until="1802").status is Status.PASS


def over_gateway(
    place: tuple[PrivateKey, Provenance], version: str | None, address: str = GATEWAY, *systems: System
) -> Status:
    media = Media("iso", variables=MediaVariables((), management_points=(address,)))
    evidence = SiteEvidence({MEDIA.key: Evidence((Input("boot.iso", "iso", media=media),))})
    known = context(deployment=Deployment(site_version=version), systems=(MEDIA, *systems))
    subject = found(place, role="boot-media")._replace(system=MEDIA)
    return checks.usable_over_gateway(subject, replace(known, evidence=evidence), since="2609").status


@pytest.mark.parametrize(
    ("place", "version", "status"),
    [
        (KSP, "2603", Status.FAIL),
        (KSP, "2609", Status.PASS),
        (KSP, None, Status.NOT_CHECKED),
        (store(), "2603", Status.PASS),
        (store(), None, Status.PASS),
        (CER, "2603", Status.NOT_CHECKED),
    ],
)
def test_media_over_a_gateway(place: tuple[PrivateKey, Provenance], version: str | None, status: Status) -> None:
    assert over_gateway(place, version) is status


def test_what_a_gateway_is_known_by() -> None:
    gateway = System("cmg.contoso.com", roles=("cloud-management-gateway",))
    assert over_gateway(KSP, "2603", "https://cmg.contoso.com") is Status.NOT_APPLICABLE
    assert over_gateway(KSP, "2603", "https://CMG.contoso.com:443/", gateway) is Status.FAIL
    assert over_gateway(KSP, "2603", "cmg.contoso.com", gateway) is Status.FAIL
    assert over_gateway(KSP, "2603", "https://mp01.contoso.com", gateway) is Status.NOT_APPLICABLE
