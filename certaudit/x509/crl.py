"""A certificate revocation list: its bytes, its fields on demand, its entries in a table (RFC 5280 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

from certaudit.x509 import algorithms, der, oids
from certaudit.x509 import extensions as values
from certaudit.x509.algorithms import SignatureAlgorithm
from certaudit.x509.extensions import Extension
from certaudit.x509.fields import Reading
from certaudit.x509.name import Name, general_names, parse_name

T = TypeVar("T")


class RevokedEntry(NamedTuple):
    """One entry of a CRL; dates in UTC. `issuer` is the certificate's issuer, which an indirect CRL may set."""

    serial: int
    date: datetime
    reason: str | None
    invalidity_date: datetime | None
    issuer: Name
    unknown_critical: tuple[str, ...] = ()


class RevocationList:
    """An X.509 CRL. Equal to another with the same bytes. Every property but `der` and `sha256` may raise
    UnreadableFieldError."""

    def __init__(self, data: bytes) -> None:
        """`data` is the DER. Raises DerError where it is no CertificateList at all."""
        members = der.read_all(data).children(der.SEQUENCE)
        if len(members) != 3 or members[0].tag != der.SEQUENCE or members[2].tag != der.BIT_STRING:
            raise der.DerError("not a CRL: signed part, algorithm and signature are expected")
        fields = members[0].children()
        self.version = 1
        if fields and fields[0].tag == der.INTEGER:
            self.version = der.integer(fields.pop(0)) + 1
        if len(fields) < 3 or fields[0].tag != der.SEQUENCE or fields[1].tag != der.SEQUENCE or not _is_time(fields[2]):
            raise der.DerError("not a CRL: algorithm, issuer and thisUpdate are expected")
        self.der = data
        self._tbs, self._outer_algorithm, self._signature = members
        self._inner_algorithm, self._issuer, self._this_update, *rest = fields
        self._next_update = rest.pop(0) if rest and _is_time(rest[0]) else None
        self._revoked = rest.pop(0) if rest and rest[0].tag == der.SEQUENCE else None
        self._extensions = rest.pop(0) if rest and rest[0].tag == der.context(0) else None
        self._superfluous = rest

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the DER, upper-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest().upper()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RevocationList) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __reduce__(self) -> tuple[type[RevocationList], tuple[bytes]]:
        """Travels between processes as its bytes."""
        return RevocationList, (self.der,)

    @cached_property
    def issuer(self) -> Name:
        """The name of the CRL's issuer."""
        with Reading("CRL issuer"):
            return parse_name(self._issuer.raw)

    @cached_property
    def this_update(self) -> datetime:
        """When it was issued, UTC."""
        with Reading("thisUpdate"):
            return der.time(self._this_update)

    @cached_property
    def next_update(self) -> datetime | None:
        """When the next one is due at the latest, UTC; None where it does not say."""
        with Reading("nextUpdate"):
            return None if self._next_update is None else der.time(self._next_update)

    @cached_property
    def signature_algorithm(self) -> SignatureAlgorithm:
        """The algorithm of its signature."""
        with Reading("CRL signature algorithm"):
            return algorithms.signature_algorithm(self._outer_algorithm)

    @cached_property
    def signature_algorithms_agree(self) -> bool:
        """True where the signed and the outer AlgorithmIdentifier are the same (RFC 5280 5.1.1.2)."""
        return self._inner_algorithm.raw == self._outer_algorithm.raw

    @cached_property
    def tbs(self) -> bytes:
        """The bytes that the issuer signed."""
        return self._tbs.raw

    @cached_property
    def signature(self) -> bytes:
        """The issuer's signature."""
        with Reading("CRL signature"):
            return der.bit_string(self._signature)

    @cached_property
    def extensions(self) -> dict[str, Extension]:
        """Extensions by OID. Unreadable where one appears twice, or where the list goes on after them: nobody can say
        then what the CRL covers."""
        with Reading("CRL extensions"):
            if self._superfluous:
                raise der.DerError(f"an element at byte {self._superfluous[0].start} is none that a CRL has there")
            if self._extensions is None:
                return {}
            found = values.extensions(self._extensions.first())
            table = {extension.oid: extension for extension in found}
            if len(table) != len(found):
                raise der.DerError("an extension appears twice")
            return table

    def _value(self, oid: str, parse: Callable[[bytes], T]) -> T | None:
        extension = self.extensions.get(oid)
        if extension is None:
            return None
        with Reading(f"CRL extension {oid}"):
            return parse(extension.value)

    @cached_property
    def number(self) -> int | None:
        """The CRL number; None where absent."""
        return self._value(oids.CRL_NUMBER, values.inhibit_any_policy)

    @cached_property
    def base_number(self) -> int | None:
        """The number of the complete CRL that this delta CRL extends; None where this is no delta."""
        return self._value(oids.DELTA_CRL_INDICATOR, values.inhibit_any_policy)

    @cached_property
    def authority_key_identifier(self) -> values.AuthorityKeyIdentifier | None:
        """The authority key identifier; None where absent."""
        return self._value(oids.AUTHORITY_KEY_IDENTIFIER, values.authority_key_identifier)

    @cached_property
    def issuing_distribution_point(self) -> values.IssuingDistributionPoint | None:
        """What part of the revocations this CRL covers; None where it covers all."""
        return self._value(oids.ISSUING_DISTRIBUTION_POINT, values.issuing_distribution_point)

    @cached_property
    def freshest_crl(self) -> tuple[values.DistributionPoint, ...] | None:
        """Where the delta CRLs of this CRL are; None where absent."""
        return self._value(oids.FRESHEST_CRL, values.distribution_points)

    @cached_property
    def next_publish(self) -> datetime | None:
        """When AD CS means to publish the next one, UTC, which is earlier than nextUpdate; None where absent."""
        return self._value(oids.MS_CRL_NEXT_PUBLISH, lambda value: der.time(der.read_all(value)))

    @cached_property
    def entries(self) -> dict[tuple[Name, int], RevokedEntry]:
        """The entries by (certificate issuer, serial): one look-up tells. Of a repeated one, the last."""
        with Reading("revoked certificates"):
            table: dict[tuple[Name, int], RevokedEntry] = {}
            issuer = self.issuer
            for element in self._revoked if self._revoked is not None else ():
                entry = _entry(element, issuer)
                issuer = entry.issuer  # RFC 5280 5.3.3: it holds for the entries that follow
                table[issuer, entry.serial] = entry
            return table

    def __len__(self) -> int:
        """How many entries it has."""
        return len(self.entries)


def _is_time(element: der.Element) -> bool:
    return element.tag in (der.UTC_TIME, der.GENERALIZED_TIME)


def _entry(element: der.Element, issuer: Name) -> RevokedEntry:
    serial, date, *rest = element.children(der.SEQUENCE)
    reason = invalidity = None
    unknown = []
    for extension in values.extensions(rest[0]) if rest else ():
        match extension.oid:
            case oids.REASON_CODE:
                reason = values.crl_reason(extension.value)
            case oids.INVALIDITY_DATE:
                invalidity = der.time(der.read_all(extension.value))
            case oids.CERTIFICATE_ISSUER:
                for name in general_names(der.read_all(extension.value)):
                    issuer = name.directory or issuer
            case oid if extension.critical:
                unknown.append(oid)
    return RevokedEntry(der.integer(serial), der.time(date), reason, invalidity, issuer, tuple(unknown))
