"""Elements of certificate stores into the contents of one input, whatever file, key or call they came out of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from certaudit.evidence import CertificateEntry, CrlEntry, Input, Provenance, StoreProperty
from certaudit.evidence.windows import store_properties
from certaudit.evidence.windows.system_store import Address, StorePlace
from certaudit.loaders.contents import Contents
from certaudit.loaders.stores.serialized_store import (
    CERTIFICATE,
    CRL,
    NAMES,
    ElementError,
    StoreContext,
    pieces,
)
from certaudit.loaders.structure import Kind, kind_of
from certaudit.printable import printable
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError


@dataclass
class StoreReader:
    """Bytes of elements in, certificate and CRL entries out.

    What one physical store shows twice (Wow6432Node is a second view of it) is taken up once. `host` is the machine
    that the stores belong to, None where the input does not tell.
    """

    contents: Contents
    host: str | None = None
    _passed_over: dict[int, int] = field(default_factory=dict)
    _seen: set[tuple[StorePlace, bytes]] = field(default_factory=set)
    _is_damaged: bool = False

    def take(self, data: bytes, address: Address, entry: str) -> None:
        """All that the value of one record holds; `entry` is its place inside the input. Damage becomes a loss."""
        if not data:
            self.damage(f"{_subject(entry)} is damaged: it is empty.")
        for piece in pieces(data):
            if isinstance(piece, ElementError):
                self.damage(f"{_subject(entry)} is damaged: {piece}.")
            else:
                self.add(piece, address, entry)

    def damage(self, sentence: str) -> None:
        """A loss: something that cannot be read, and may have held a certificate."""
        self._is_damaged = True
        self.contents.lose(sentence)

    def add(self, context: StoreContext, address: Address, entry: str) -> None:
        """Keeps one context; where the name of its record is not the SHA-1 of what it holds, what it held is lost."""
        if address.place.store is not None:
            identity = (address.place, context.value)
            if identity in self._seen:
                return
            self._seen.add(identity)
        for number in (known.id for known in context.properties if _is_context(known.value)):
            self.damage(f"{_subject(entry)} is damaged: its property {number} is a certificate or a CRL.")
        if context.kind not in (CERTIFICATE, CRL):
            self._passed_over[context.kind] = self._passed_over.get(context.kind, 0) + 1
            return
        try:
            sha1 = self._keep(context, self._provenance(address, entry))
        except DerError as error:
            self.damage(f"{_subject(entry)} holds a {NAMES[context.kind]} that cannot be read ({error}).")
            return
        if address.name and address.name.upper() != sha1:
            self.contents.lose(f"{_subject(entry)} is not what its name says: the SHA-1 of its content is {sha1}.")

    def _keep(self, context: StoreContext, provenance: Provenance) -> str:
        """The SHA-1 of what was kept. Raises DerError."""
        if context.kind == CERTIFICATE:
            certificate = Certificate(context.value)
            self.contents.certificates.append(certificate_entry(certificate, context.properties, provenance))
            return certificate.sha1
        self.contents.crls.append(CrlEntry(RevocationList(context.value), provenance))
        return hashlib.sha1(context.value, usedforsecurity=False).hexdigest().upper()

    def _provenance(self, address: Address, entry: str) -> Provenance:
        source, place = self.contents.source, address.place
        inside = f"{source.entry}, {entry}" if source.entry and entry else source.entry or entry
        return Provenance(source.name, inside or None, place.store, place.location, self.host)

    def result(self, format: str) -> Input:
        """The evidence. A store in good order with nothing in it is as usual. Raises UnreadableError where damage left
        nothing."""
        for kind, count in sorted(self._passed_over.items()):
            were = "s were" if count > 1 else " was"
            self.contents.remark(f"{count:,} {NAMES[kind]}{were} passed over: only certificates and CRLs are audited.")
        if self.contents or self._is_damaged:
            return self.contents.to_input(format)
        return Input(self.contents.source.name, format, remarks=tuple(self.contents.remarks))


def certificate_entry(
    certificate: Certificate, properties: tuple[StoreProperty, ...], provenance: Provenance
) -> CertificateEntry:
    """A certificate of a store, with what its properties tell."""
    return CertificateEntry(
        certificate,
        provenance,
        store_properties.private_key(properties, provenance.store),
        store_properties.friendly_name(properties),
        properties,
    )


def _is_context(value: bytes) -> bool:
    """True where a property is what no property is, so that the number of its element was damaged."""
    if len(value) < 64 or value[:1] != b"\x30":
        return False
    try:
        return kind_of(value) in (Kind.CERTIFICATE, Kind.CRL)
    except DerError:
        return False


def _subject(entry: str) -> str:
    return printable(entry[:1].upper() + entry[1:]) if entry else "The file"
