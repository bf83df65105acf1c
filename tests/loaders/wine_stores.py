"""The stores that Wine wrote (data/wine_stores), and what expected.json says of them, in one form for all formats."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certaudit.evidence import CertificateEntry, Input
from certaudit.evidence.windows import store_properties
from certaudit.loaders import load

DATA = Path(__file__).parent / "data" / "wine_stores"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
SHA1 = {name: facts["sha1"].upper() for name, facts in EXPECTED["certificates"].items()}

LOCATIONS = {
    "LM": "LocalMachine",
    "CU": "CurrentUser",
    "LM-GroupPolicy": "LocalMachineGroupPolicy",
    "LM-Enterprise": "LocalMachineEnterprise",
    "Service-CcmExec": "Services\\CcmExec",
}
Place = tuple[str | None, str | None, str]


@dataclass(frozen=True)
class Facts:
    """What the store tells of a certificate."""

    friendly_name: str | None = None
    description: str | None = None
    key: store_properties.KeyProvider | None = None
    restriction: str | None = None
    archived: bool = False


def loaded(*paths: str) -> list[Input]:
    """The inputs of files below data/wine_stores, which must be readable without a remark."""
    inputs = [item for path in paths for item in load(DATA / path, path, lambda name: None)]
    assert [(item.path, item.error, item.remarks) for item in inputs if item.error or item.remarks] == []
    return inputs


def planned(*locations: str) -> dict[Place, Facts]:
    """(location, store, SHA-1) of every certificate that expected.json puts into these locations."""
    found: dict[Place, Facts] = {}
    for name, certificates in EXPECTED["stores"].items():
        location, store = name.split("/")
        if location in locations:
            for certificate, facts in certificates.items():
                if certificate != "*":
                    found[LOCATIONS[location], store, SHA1[certificate]] = facts_of(facts)
    return found


def facts_of(plan: dict[str, Any]) -> Facts:
    """The plan of one certificate in expected.json as Facts."""
    info = plan.get("key_prov_info")
    key = info and store_properties.KeyProvider(
        info["container"], info["provider"], info["type"], info["flags"], info["cProvParam"], info["keyspec"]
    )
    return Facts(
        plan.get("friendly"), plan.get("description"), key, plan.get("eku_property_hex"), plan.get("archived", False)
    )


def inventory(entries: Iterable[CertificateEntry]) -> dict[Place, Facts]:
    """The same of what was read; the roots that Wine adds are left out."""
    return {place(entry): facts(entry) for entry in entries if entry.certificate.sha1 in SHA1.values()}


def place(entry: CertificateEntry) -> Place:
    """Where an entry was found."""
    return entry.provenance.location, entry.provenance.store, entry.certificate.sha1


def facts(entry: CertificateEntry) -> Facts:
    """What the properties of an entry tell."""
    restriction = store_properties.property_value(entry.properties, store_properties.ENHANCED_KEY_USAGE)
    return Facts(
        entry.friendly_name,
        store_properties.description(entry.properties),
        store_properties.key_provider(entry.properties),
        None if restriction is None else restriction.hex(),
        store_properties.is_archived(entry.properties),
    )


def entries(inputs: Iterable[Input]) -> list[CertificateEntry]:
    """All certificates of several inputs."""
    return [entry for item in inputs for entry in item.certificates]
