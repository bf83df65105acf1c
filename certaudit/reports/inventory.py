"""The inventory as text and as JSON (`certaudit-inventory/1`): what is where, without a judgement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, TypedDict

from certaudit.audit.assignment import Holding, holdings
from certaudit.document.certificates import certificate_object, input_object, provenance_object, readable
from certaudit.document.evidence_objects import CertificateObject, InputObject, ProvenanceObject
from certaudit.document.inert_json import made_inert
from certaudit.document.vocabulary import Digest, Instant, Limit
from certaudit.evidence import CertificateEntry, CrlEntry, Input
from certaudit.instants import instant
from certaudit.printable import inert, printable
from certaudit.reports import Options
from certaudit.reports.computers import ComputerObject, computer_lines, computer_objects
from certaudit.reports.json_report import dump
from certaudit.reports.plain_text import wrapped
from certaudit.reports.stores import StoreObject, by_store, facts, heading, store_objects
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import if_readable

SCHEMA = "certaudit-inventory/1"


class CrlObject(TypedDict):
    """A CRL, once for all places; a field that is absent or cannot be read is null."""

    sha256: Digest
    issuer: str | None
    this_update: Instant | None
    next_update: Instant | None
    number: int | None
    delta: bool
    entries: int | None
    provenance: list[ProvenanceObject]


class InventoryDocument(TypedDict):
    """What is in the inputs."""

    schema: Annotated[str, Limit(words=(SCHEMA,))]
    inputs: list[InputObject]
    certificates: list[CertificateObject]
    crls: list[CrlObject]
    stores: list[StoreObject]
    computers: list[ComputerObject]


def write(inputs: tuple[Input, ...], form: str, options: Options) -> str:
    """The inventory in the format `form` (table or json)."""
    if form == "json":
        return dump(made_inert(_document(inputs)))
    return "\n".join(map(inert, _lines(inputs, options))) + "\n"


def _document(inputs: tuple[Input, ...]) -> InventoryDocument:
    found = holdings(entry for item in inputs for entry in item.certificates)
    places: dict[RevocationList, list[CrlEntry]] = {}
    for item in inputs:
        for entry in item.crls:
            places.setdefault(entry.crl, []).append(entry)
    return {
        "schema": SCHEMA,
        "inputs": [input_object(item) for item in inputs],
        "certificates": [certificate_object(holding, []) for holding in found],
        "crls": [_crl_object(crl, entries) for crl, entries in places.items()],
        "stores": store_objects(inputs),
        "computers": computer_objects(inputs),
    }


def _crl_object(crl: RevocationList, entries: list[CrlEntry]) -> CrlObject:
    return {
        "sha256": crl.sha256,
        "issuer": _crl_field(crl, "issuer"),
        "this_update": _crl_field(crl, "this_update"),
        "next_update": _crl_field(crl, "next_update"),
        "number": _crl_field(crl, "number"),
        "delta": _crl_field(crl, "base_number") is not None,
        "entries": _crl_length(crl),
        "provenance": [provenance_object(entry.provenance) for entry in entries],
    }


def _crl_field(crl: RevocationList, field: str) -> Any:
    value = if_readable(lambda: getattr(crl, field), otherwise=None)
    if isinstance(value, datetime):
        return instant(value)
    return value if value is None or isinstance(value, int) else str(value)


def _crl_length(crl: RevocationList) -> int | None:
    return if_readable(lambda: len(crl), otherwise=None)


def _lines(inputs: tuple[Input, ...], options: Options) -> Iterator[str]:
    for item in inputs:
        yield f"{printable(item.path)}  ({item.format}{f', {item.size} bytes' if item.size is not None else ''})"
        if item.error is not None:
            yield from _wrapped(f"cannot be read: {item.error}", options.width)
        for place, entries in by_store(item.certificates).items():
            if place is not None:
                yield from _wrapped(heading(place, len(entries)), options.width)
            for entry in entries:
                yield from _certificate(entry, options.width, indent=2 if place is None else 4)
        for crl_entry in item.crls:
            crl = crl_entry.crl
            yield from _wrapped(
                f"CRL of {_crl_field(crl, 'issuer')}, {_crl_length(crl)} entries, "
                f"{_crl_field(crl, 'this_update')} to {_crl_field(crl, 'next_update')}",
                options.width,
            )
        for remark in item.remarks:
            yield from _wrapped(f"remark: {remark}", options.width)
    for indent, line in computer_lines(inputs):
        yield from _wrapped(line, options.width, indent)
    certificates = len({entry.certificate for item in inputs for entry in item.certificates})
    unreadable = sum(item.error is not None for item in inputs)
    yield f"{certificates} certificates in {len(inputs)} inputs, {unreadable} unreadable."


def _certificate(entry: CertificateEntry, width: int, indent: int) -> Iterator[str]:
    certificate, is_stored = entry.certificate, entry.provenance.store is not None
    description = certificate_object(Holding(certificate, (entry,)), [])
    bits, kind = description["public_key"]["bits"], description["public_key"]["type"]
    key = "" if is_stored else {True: ", private key", False: ", no private key", None: ""}[entry.private_key.present]
    name = f', "{description["friendly_name"]}"' if description["friendly_name"] else ""
    yield from _wrapped(f"{description['subject'] or '(no subject)'}{name}", width, indent)
    yield from _wrapped(
        f"SHA-1 {certificate.sha1}, until {readable(certificate, 'not_after')}, {kind} {bits or '?'} bits, "
        f"{description['signature_algorithm']}{key}",
        width,
        indent + 2,
    )
    for line in facts(entry) if is_stored else ():
        yield from _wrapped(line, width, indent + 2)


def _wrapped(text: str, width: int, indent: int = 2) -> list[str]:
    lead = " " * indent
    return wrapped(text, width, lead, lead + "  ")
