"""Certificates of other products are known by their marks, and whoever is like them in name alone is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from certaudit import requirements
from certaudit.audit.assignment import Holding
from certaudit.audit.assignment.foreign_certificates import TABLE, kind_of
from certaudit.evidence import CertificateEntry, Provenance
from certaudit.x509 import oids
from tests import builder

MULTI_VALUED = builder.sequence(
    builder.tlv(
        0x31,
        *map(
            builder.attribute,
            ("DC=net", "DC=windows", "CN=MS-Organization-Access", "OU=82dbaca4-3e81-46ca-9c73-0950c1eaca97"),
        ),
    )
)
CLIENT = builder.extended_key_usage(oids.CLIENT_AUTHENTICATION)


def known(store: str | None = "My", friendly_name: str | None = None, **fields: Any) -> str | None:
    certificate = builder.certificate(**fields)
    entry = CertificateEntry(certificate, Provenance("stores.reg", store=store), friendly_name=friendly_name)
    return kind_of(Holding(certificate, (entry,)))


@pytest.mark.parametrize(
    ("mark", "fields"),
    [
        ("MS-Organization-Access", {"issuer": MULTI_VALUED}),
        ("MS-Organization-Access", {"extensions": [builder.extension("1.2.840.113556.1.5.284.5", b"\x04\x00")]}),
        ("MS-Organization-P2P-Access", {"issuer": "CN=MS-Organization-P2P-Access [2026]"}),
        ("Intune", {"issuer": "CN=Microsoft Intune MDM Device CA"}),
        ("Intune", {"extensions": [builder.extension("1.2.840.113556.5.4", bytes(16))]}),
        ("SMS Issuing", {"issuer": "CN=SMS Issuing"}),
        ("SMS Issuing", {"extensions": [builder.extended_key_usage("1.3.6.1.4.1.311.101.2")]}),
        ("SMS Issuing", {"store": "SMS"}),
        ("WMSvc", {"issuer": "CN=WMSvc-SHA2-MP01", "subject": "CN=WMSvc-SHA2-MP01"}),
        ("Azure", {"issuer": "DC=Windows Azure CRP Certificate Generator"}),
        ("WSUS", {"issuer": "CN=WSUS Publishers Self-signed", "subject": "CN=WSUS Publishers Self-signed"}),
        ("Remote Desktop itself", {"store": "Remote Desktop"}),
        ("Remote Desktop itself", {"extensions": [builder.extended_key_usage("1.3.6.1.4.1.311.54.1.2")]}),
    ],
)
def test_each_is_known_by_its_mark(mark: str, fields: dict[str, Any]) -> None:
    assert mark in (known(**fields) or "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"subject": "CN=MS-Organization-Access", "extensions": [CLIENT]},
        {"subject": "CN=SMS Issuing"},
        {"issuer": "CN=SMS Issuing CA 2,DC=contoso,DC=com"},
        {"friendly_name": "SMS Signing Certificate", "extensions": [CLIENT]},
        {"friendly_name": "SMS Role SSL Certificate", "extensions": [CLIENT]},
        {"subject": "CN=WMSvc-SHA2-MP01"},
        {"extensions": [builder.extended_key_usage(oids.SERVER_AUTHENTICATION, "1.3.6.1.4.1.311.101")]},
        {"extensions": [builder.extension("1.2.840.113556.5.40", b"\x05\x00")]},
        {"store": None},
    ],
)
def test_a_certificate_of_the_pki_is_taken_for_none_of_them(fields: dict[str, Any]) -> None:
    assert known(**fields) is None


def test_the_sources_of_the_table_exist() -> None:
    path = Path(requirements.__file__).parent / "sources.toml"
    ids = {source["id"] for source in tomllib.loads(path.read_text("utf-8"))["source"]}
    assert {kind.source for kind in TABLE} <= ids
