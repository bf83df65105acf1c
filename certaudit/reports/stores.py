"""Windows certificate stores as an administrator thinks of them: machine, store, certificate, key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypedDict

from certaudit.document.vocabulary import Digest
from certaudit.evidence import CertificateEntry, Input, PrivateKey, Provenance, StoreProperty
from certaudit.evidence.windows import store_properties, system_store
from certaudit.printable import printable

TITLES = {
    "My": "Personal",
    "Root": "Trusted Root Certification Authorities",
    "CA": "Intermediate Certification Authorities",
    "AuthRoot": "Third-Party Root Certification Authorities",
    "Disallowed": "Untrusted Certificates",
    "TrustedPeople": "Trusted People",
    "TrustedPublisher": "Trusted Publishers",
    "Trust": "Enterprise Trust",
    "Request": "Certificate Enrollment Requests",
    "WebHosting": "Web Hosting",
}
"""What the Certificates snap-in calls a store, where that is another name."""

_OWNERS = {
    system_store.LOCAL_MACHINE: "computer",
    system_store.CURRENT_USER: "current user",
    system_store.MACHINE_POLICY: "computer, by group policy",
    system_store.USER_POLICY: "current user, by group policy",
    system_store.ENTERPRISE: "computer, by Active Directory",
}

Place = tuple[str | None, str | None, str]
"""Machine, location and store."""


class StorePropertyObject(TypedDict):
    """A property of a certificate in a store; `value` is hexadecimal where its form is not known."""

    id: int
    name: str
    value: str


class StoredKeyObject(TypedDict):
    """Where a store says that the private key is; null where it does not say."""

    present: bool | None
    provider: str | None
    provider_type: int | None
    container: str | None
    of_computer: bool | None


class StoredCertificateObject(TypedDict):
    """A certificate in a store: which, and what this store has on record about it."""

    sha256: Digest
    friendly_name: str | None
    archived: bool
    private_key: StoredKeyObject
    properties: list[StorePropertyObject]


class StoreObject(TypedDict):
    """A store, put together from all inputs that show it; `host` is null where they do not tell the machine."""

    host: str | None
    location: str | None
    store: str
    title: str | None
    inputs: list[str]
    certificates: list[StoredCertificateObject]


def store_objects(inputs: Iterable[Input]) -> list[StoreObject]:
    """Every store in the inputs, in the order in which they appear. Without a machine, an input is one of its own."""
    found: dict[tuple[str | None, Place], list[CertificateEntry]] = {}
    for item in inputs:
        for place, entries in by_store(item.certificates).items():
            if place is not None:
                found.setdefault((None if place[0] else item.path, place), []).extend(entries)
    return [_store_object(place, entries) for (_, place), entries in found.items()]


def _store_object(place: Place, entries: list[CertificateEntry]) -> StoreObject:
    host, location, store = place
    return {
        "host": _text(host),
        "location": _text(location),
        "store": printable(store),
        "title": TITLES.get(store),
        "inputs": list(dict.fromkeys(printable(entry.provenance.input) for entry in entries)),
        "certificates": [_certificate_object(entry) for entry in entries],
    }


def _certificate_object(entry: CertificateEntry) -> StoredCertificateObject:
    key = entry.private_key
    return {
        "sha256": entry.certificate.sha256,
        "friendly_name": _text(entry.friendly_name),
        "archived": store_properties.is_archived(entry.properties),
        "private_key": {
            "present": key.present,
            "provider": _text(key.provider),
            "provider_type": key.provider_type,
            "container": _text(key.container),
            "of_computer": key.machine,
        },
        "properties": [_property_object(item) for item in entry.properties],
    }


def _property_object(item: StoreProperty) -> StorePropertyObject:
    return {
        "id": item.id,
        "name": store_properties.property_name(item.id),
        "value": printable(store_properties.shown(item)),
    }


def _text(value: str | None) -> str | None:
    return None if value is None else printable(value)


def by_store(entries: Iterable[CertificateEntry]) -> dict[Place | None, list[CertificateEntry]]:
    """The certificates by the store that holds them; None for those that no store holds."""
    found: dict[Place | None, list[CertificateEntry]] = {}
    for entry in entries:
        found.setdefault(place_of(entry.provenance), []).append(entry)
    return found


def place_of(provenance: Provenance) -> Place | None:
    """The store of a place; None where it is in none."""
    if provenance.store is None:
        return None
    return provenance.host, provenance.location, provenance.store


def heading(place: Place, count: int) -> str:
    """`SMP01: Personal (My) of the computer, 3 certificates`."""
    host, location, store = place
    shown = printable(store)
    title = f"{TITLES[store]} ({shown})" if store in TITLES else shown
    certificates = "1 certificate" if count == 1 else f"{count} certificates"
    machine = f"{printable(host)}: " if host else ""
    return f"{machine}{title}{_owner(location)}, {certificates}"


def _owner(location: str | None) -> str:
    if location is None:
        return ""
    kind, _, name = location.partition("\\")
    if location in _OWNERS:
        return f" of the {_OWNERS[location]}"
    words = {system_store.SERVICES: "service", system_store.USERS: "user", system_store.APP_CONTAINER: "app"}
    return f" of {words.get(kind, printable(kind))} {printable(name)}".rstrip()


def facts(entry: CertificateEntry) -> Iterator[str]:
    """What the store has on record about a certificate, a line each."""
    properties = entry.properties
    if entry.private_key.present is not None:
        yield _key(entry.private_key)
    if store_properties.is_archived(properties):
        yield "archived: Windows passes it over"
    purposes = store_properties.enhanced_key_usage(properties)
    if purposes is not None:
        yield f"limited by the store to {', '.join(map(printable, purposes)) or 'no purpose at all'}"
    if store_properties.sha1_matches(entry.certificate, properties) is False:
        yield f"the store has another SHA-1 hash on record: {store_properties.recorded_sha1(properties)}"
    named = (("description", store_properties.description), ("requested by", store_properties.request_originator))
    for words, value_of in named:
        if value := value_of(properties):
            yield f"{words}: {printable(value)}"


def _key(key: PrivateKey) -> str:
    if not key.present:
        return "no private key"
    whose = {True: " of the computer", False: " of a user", None: ""}[key.machine]
    where = f" in {printable(key.provider)}" if key.provider else ""
    container = f", container {printable(key.container)}" if key.container else ""
    return f"private key{whose}{where}{container}"
