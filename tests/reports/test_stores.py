"""Stores in the inventory: machine, store, certificate, key, and every property."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certaudit.cli import run
from certaudit.evidence import CertificateEntry, Input, PrivateKey, Provenance, StoreProperty
from certaudit.evidence.windows import store_properties
from certaudit.loaders import load
from certaudit.reports.stores import facts, heading, store_objects
from certaudit.x509.certificate import Certificate
from tests import builder

ROOT = Certificate(builder.certificate_der(subject="CN=Contoso Root CA"))


def entry(*properties: StoreProperty, key: PrivateKey | None = None, **place: str) -> CertificateEntry:
    where = Provenance(place.pop("input", "stores.reg"), **{"store": "My", "location": "LocalMachine"} | place)
    return CertificateEntry(ROOT, where, key or PrivateKey(), None, properties)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((None, "LocalMachine", "My"), "Personal (My) of the computer, 2 certificates"),
        (("SMP01", "LocalMachine", "My"), "SMP01: Personal (My) of the computer, 2 certificates"),
        ((None, "Services\\CcmExec", "My"), "Personal (My) of service CcmExec, 2 certificates"),
        ((None, "Users\\S-1-5-18", "My"), "Personal (My) of user S-1-5-18, 2 certificates"),
        ((None, "LocalMachineEnterprise", "NTAuth"), "NTAuth of the computer, by Active Directory, 2 certificates"),
        ((None, None, "My\x1b[2J"), "My\\x1B[2J, 2 certificates"),
        ((None, "Elsewhere\x07", "SMS"), "SMS of Elsewhere\\x07, 2 certificates"),
    ],
)
def test_headings(place: tuple[str | None, str | None, str], expected: str) -> None:
    assert heading(place, 2) == expected


def test_facts() -> None:
    purposes = builder.sequence(builder.oid("1.3.6.1.5.5.7.3.2"))
    found = entry(
        StoreProperty(store_properties.ARCHIVED, b""),
        StoreProperty(store_properties.ENHANCED_KEY_USAGE, purposes),
        StoreProperty(store_properties.SHA1_HASH, bytes(20)),
        StoreProperty(store_properties.DESCRIPTION, "a\x00b\0".encode("utf-16-le")),
        StoreProperty(store_properties.REQUEST_ORIGINATOR, "CA01\0".encode("utf-16-le")),
        key=PrivateKey(present=True, provider="A\nB", container="le-1", machine=True),
    )
    assert list(facts(found)) == [
        "private key of the computer in A\\x0AB, container le-1",
        "archived: Windows passes it over",
        "limited by the store to 1.3.6.1.5.5.7.3.2",
        f"the store has another SHA-1 hash on record: {'00' * 20}",
        "description: a\\x00b",
        "requested by: CA01",
    ]
    assert list(facts(entry(key=PrivateKey(present=False)))) == ["no private key"]
    assert list(facts(entry())) == []
    assert list(facts(entry(StoreProperty(store_properties.ENHANCED_KEY_USAGE, builder.sequence())))) == [
        "limited by the store to no purpose at all"
    ]


def test_a_store_in_two_inputs_is_one_where_the_machine_is_known() -> None:
    def inputs(**place: Any) -> list[Input]:
        return [Input(name, "sst", certificates=(entry(input=name, **place),)) for name in ("one", "two")]

    (store,) = store_objects(inputs(host="SMP01"))
    assert (store["host"], store["inputs"], len(store["certificates"])) == ("SMP01", ["one", "two"], 2)
    assert [store["inputs"] for store in store_objects(inputs())] == [["one"], ["two"]]


def test_every_property_is_in_the_document_known_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inventory", "fixtures/contoso-registry/mp01", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [store["store"] for store in document["stores"]] == ["CA", "My", "Root"]
    (archived,) = (one for one in document["stores"][1]["certificates"] if one["archived"])
    assert archived["properties"][1] == {"id": 19, "name": "ARCHIVED", "value": "yes"}
    unknown = entry(StoreProperty(4711, b"\x01\x02"))
    (store,) = store_objects([Input("stores.reg", "sst", certificates=(unknown,))])
    assert store["certificates"][0]["properties"] == [{"id": 4711, "name": "property 4711", "value": "0102"}]


def test_what_the_machine_shows_is_what_its_files_hold() -> None:
    items = load(Path("fixtures/contoso-registry/ws0001"), "ws0001", lambda name: None)
    places = [(store["location"], store["store"], store["title"]) for store in store_objects(items)]
    assert places == [
        ("CurrentUser", "My", "Personal"),
        ("LocalMachine", "CA", "Intermediate Certification Authorities"),
        ("LocalMachine", "Disallowed", "Untrusted Certificates"),
        ("LocalMachine", "My", "Personal"),
        ("LocalMachine", "Root", "Trusted Root Certification Authorities"),
    ]
