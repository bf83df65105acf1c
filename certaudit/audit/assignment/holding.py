"""A certificate at one owner, wherever that owner has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from certaudit.evidence import CertificateEntry, PrivateKey, merged_key
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable


class Holding(NamedTuple):
    """One certificate at one owner: every place there where it was found, and what they tell together."""

    certificate: Certificate
    entries: tuple[CertificateEntry, ...]

    @property
    def private_key(self) -> PrivateKey:
        """What all places together tell of its private key."""
        return merged_key(entry.private_key for entry in self.entries)

    @property
    def friendly_names(self) -> tuple[str, ...]:
        """The friendly names it bears, each once."""
        return tuple(dict.fromkeys(entry.friendly_name for entry in self.entries if entry.friendly_name))


def owner_name(system: System | None, holding: Holding | None) -> str | None:
    """What reports call the owner of a certificate: its system, or the file that it is in where files were given and
    nobody said whose they are. None for the trust lists."""
    if system is None or system.kind != "files" or holding is None:
        return system.name if system else None
    return holding.entries[0].provenance.input


def holdings(entries: Iterable[CertificateEntry]) -> tuple[Holding, ...]:
    """The certificates of `entries`, each once with all its places, in order of first appearance."""
    places: dict[Certificate, list[CertificateEntry]] = {}
    for entry in entries:
        places.setdefault(entry.certificate, []).append(entry)
    return tuple(Holding(certificate, tuple(found)) for certificate, found in places.items())


def serves(holding: Holding) -> bool:
    """True for an end entity; for a CA where it is there with its key and for named purposes, as if it were one."""
    if not is_ca(holding.certificate):
        return True
    purposes = if_readable(lambda: holding.certificate.extended_key_usage, otherwise=None)
    return bool(holding.private_key.present and purposes)


def is_ca(certificate: Certificate) -> bool:
    """True for a CA certificate; one whose basic constraints cannot be read is taken for an end entity."""
    return if_readable(lambda: certificate.is_ca, otherwise=False)
