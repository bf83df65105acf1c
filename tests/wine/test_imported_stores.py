"""The machine whose exports are in the test data, brought to life: live stores agree with every offline form of them.

Wine writes stores well and reads them badly: it hides certificates with properties that it does not know, and its
stores of the user show those of the computer too. What it hides, the registry adds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certaudit.evidence.windows import store_properties
from certaudit.x509.certificate import Certificate
from tests.loaders.wine_stores import DATA, SHA1
from tests.optional import need_package
from tests.wine.stores import SOURCES, live, offline, read
from tests.wine.windows import Windows, windows_path

pytestmark = pytest.mark.wine
EXPORTS = ("LM_SystemCertificates", "LM_Policies_SystemCertificates", "LM_EnterpriseCertificates", "LM_Services")


@pytest.fixture(scope="module")
def inputs(windows: Windows) -> list[dict[str, Any]]:
    windows.import_registry(*(DATA / "reg" / f"{name}.reg" for name in EXPORTS))
    return windows.read(*SOURCES)


def test_registry_export_and_live_agree_on_every_certificate_and_property(inputs: Any) -> None:
    exported = offline(read(*(DATA / "reg" / f"{name}.reg" for name in EXPORTS)), SHA1.values())
    shown = live(inputs, SHA1.values())
    assert shown.keys() == exported.keys()
    for place, properties in exported.items():
        assert properties.items() <= shown[place].items(), place


@pytest.mark.parametrize("writer", ["hivex", "reged"])
def test_hive_and_live_agree(inputs: Any, writer: str) -> None:
    need_package("regipy", "hive")
    stored = offline(read(DATA / "hive" / f"SOFTWARE.{writer}"), SHA1.values())
    shown = live(inputs, SHA1.values())
    assert shown.keys() == stored.keys()
    for place, properties in stored.items():
        assert properties.items() <= shown[place].items(), place


def test_sst_and_live_agree(inputs: Any) -> None:
    shown = live(inputs, SHA1.values())
    for path in sorted((DATA / "sst").glob("LM_*.sst")):
        store = path.stem.removeprefix("LM_")
        saved = {key[2]: value for key, value in offline(read(path), SHA1.values()).items()}
        there = {sha1: value for (location, name, sha1), value in shown.items() if (location, name) == _of(store)}
        assert saved.keys() == there.keys(), store
        for sha1, properties in saved.items():
            # It was saved before `expired` was archived; see the README of the data.
            assert properties.items() <= there[sha1].items(), (store, sha1)


def test_what_wine_hides_is_shown_all_the_same(inputs: Any) -> None:
    (entry,) = (
        entry
        for item in inputs
        for entry in item["certificates"]
        if Certificate(bytes.fromhex(entry["der"])).sha1 == SHA1["expired"]
    )
    assert [store_properties.ARCHIVED, ""] in entry["properties"]
    assert entry["entry"].startswith("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\My\\Certificates\\")


def test_a_store_that_is_not_there(windows: Windows) -> None:
    (item,) = windows.read("windows:LocalMachine/NoSuchStore")
    assert "is not there" in item["error"]


def test_the_inventory_command_runs_on_windows(windows: Windows) -> None:
    import click

    packages = windows_path(Path(click.__file__).parents[1])
    text = windows.python("run_certaudit.py", packages, "inventory", "windows:LocalMachine/SMS", "--format", "json")
    document = json.loads(text)
    found = {certificate["sha1"] for certificate in document["certificates"]}
    assert found == {SHA1["sms_sign"], SHA1["sms_enc"]}


def _of(store: str) -> tuple[str, str]:
    return "LocalMachine", store
