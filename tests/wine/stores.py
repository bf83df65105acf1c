"""What was found where, live and offline, in one form that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from certaudit.evidence import CertificateEntry
from certaudit.loaders import load
from certaudit.x509.certificate import Certificate
from tests.loaders import wine_stores

SOURCES = (
    "windows:LocalMachine/*",
    "windows:LocalMachineGroupPolicy/*",
    "windows:LocalMachineEnterprise/*",
    "windows:Services/CcmExec/*",
)
Found = dict[tuple[str | None, str | None, str], dict[int, str]]


def live(inputs: Iterable[dict[str, Any]], wanted: Iterable[str]) -> Found:
    """The properties of each certificate by location, store and SHA-1; only those `wanted`: Wine brings others."""
    assert [(item["path"], item["error"]) for item in inputs if item["error"]] == []
    known = set(wanted)
    return {
        (entry["location"], entry["store"], sha1): dict(entry["properties"])
        for item in inputs
        for entry in item["certificates"]
        if (sha1 := Certificate(bytes.fromhex(entry["der"])).sha1) in known
    }


def offline(entries: Iterable[CertificateEntry], wanted: Iterable[str]) -> Found:
    """The same of what was read from files."""
    known = set(wanted)
    return {
        wine_stores.place(entry): {part.id: part.value.hex() for part in entry.properties}
        for entry in entries
        if entry.certificate.sha1 in known
    }


def read(*paths: Path) -> list[CertificateEntry]:
    """The certificates of files, all of which must be readable."""
    inputs = [item for path in paths for item in load(path, path.name, lambda name: None)]
    assert [item.error for item in inputs if item.error] == []
    return wine_stores.entries(inputs)
