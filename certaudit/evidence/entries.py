"""Certificates and CRLs at their places, and what is known of the private keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList

T = TypeVar("T")


class Provenance(NamedTuple):
    """Where a certificate or a CRL was found.

    `input` is the path as the report names it; `entry` the place inside it ("certificate 2", a registry key);
    store, location and host are those of a Windows certificate store ("My", "LocalMachine", "SMP01").
    """

    input: str
    entry: str | None = None
    store: str | None = None
    location: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What an input tells of a certificate's private key. None always means: this input does not tell.

    `provider_type` is CryptoAPI's dwProvType, 0 for a CNG key storage provider; `machine` says whether the key
    belongs to the computer rather than to a user. `signs_only` is True for an AT_SIGNATURE key of CryptoAPI, False for
    one of AT_KEYEXCHANGE; CNG has no such difference.
    """

    present: bool | None = None
    matches: bool | None = None
    exportable: bool | None = None
    provider: str | None = None
    provider_type: int | None = None
    container: str | None = None
    machine: bool | None = None
    signs_only: bool | None = None


UNKNOWN_KEY = PrivateKey()


class StoreProperty(NamedTuple):
    """One property of a certificate in a Windows store, kept as it is: numeric id and value."""

    id: int
    value: bytes


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """One certificate at one place."""

    certificate: Certificate
    provenance: Provenance
    private_key: PrivateKey = UNKNOWN_KEY
    friendly_name: str | None = None
    properties: tuple[StoreProperty, ...] = ()


class CrlEntry(NamedTuple):
    """One CRL at one place."""

    crl: RevocationList
    provenance: Provenance


def merged_key(keys: Iterable[PrivateKey]) -> PrivateKey:
    """One answer from several places that hold the same certificate: for each fact, the first that tells.

    A place that has the key outweighs one that lacks it: a certificate beside its PFX is the usual case.
    """
    ranked = sorted(keys, key=lambda key: {True: 0, False: 1, None: 2}[key.present])

    def first(fact: Callable[[PrivateKey], T | None]) -> T | None:
        return next((told for told in map(fact, ranked) if told is not None), None)

    return PrivateKey(
        present=first(lambda key: key.present),
        matches=first(lambda key: key.matches),
        exportable=first(lambda key: key.exportable),
        provider=first(lambda key: key.provider),
        provider_type=first(lambda key: key.provider_type),
        container=first(lambda key: key.container),
        machine=first(lambda key: key.machine),
        signs_only=first(lambda key: key.signs_only),
    )
