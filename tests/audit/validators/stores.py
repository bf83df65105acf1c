"""A system with certificate stores, as the checks of stores see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import Store
from certaudit.evidence import UNKNOWN_KEY, CertificateEntry, Evidence, Input, PrivateKey, Provenance, StoreProperty
from certaudit.evidence.windows import store_properties
from certaudit.findings.result import Result
from certaudit.site.site import System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder, pki

CLIENT = System("ws0001.contoso.com", kind="client", roles=("client",))
WEB = System("dp01.contoso.com", roles=("distribution-point",))
KEY = PrivateKey(present=True, machine=True)
ARCHIVED = StoreProperty(store_properties.ARCHIVED, b"")


def leaf(serial: int = 1, purpose: str = oids.CLIENT_AUTHENTICATION, **fields: Any) -> Certificate:
    points = builder.distribution_points(pki.HTTP)
    return pki.certificate(
        serial=serial,
        **{"subject": f"CN=ws{serial:04d}.contoso.com", "extensions": [builder.extended_key_usage(purpose), points]}
        | fields,
    )


def entry(
    certificate: Certificate, *properties: StoreProperty, key: PrivateKey = KEY, store: str = "My", **place: Any
) -> CertificateEntry:
    where = Provenance("stores.reg", store=store, **{"location": "LocalMachine"} | place)
    return CertificateEntry(certificate, where, key, properties=properties)


def plain(certificate: Certificate, *properties: StoreProperty, store: str = "Root", **place: Any) -> CertificateEntry:
    return entry(certificate, *properties, key=UNKNOWN_KEY, store=store, **place)


def context(*entries: CertificateEntry, system: System = CLIENT, serving: Any = (), **site: Any) -> Context:
    held = Evidence((Input("stores.reg", "registry-export", certificates=entries),))
    serving = tuple(
        Assignment(system, None, role, State.ASSIGNED, Holding(known, (pki.entry(known),))) for role, known in serving
    )
    known = pki.context(held={system.key: held}, assignments=serving, **site)
    return replace(known, site=replace(known.site, systems=(system,)))


def stores_of(known: Context) -> tuple[Store, ...]:
    (stores,) = known.stores.values()
    return stores


def judged(known: Context, check: Any = None, name: str = "Root", **parameters: Any) -> Result:
    (store,) = (store for store in stores_of(known) if store.name == name)
    result: Result = check(store, known, **parameters)
    return result
