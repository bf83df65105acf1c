"""A certificate: its bytes, and every field that can be read out of them, each on first demand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from certaudit.x509 import algorithms, der, oids
from certaudit.x509 import extensions as values
from certaudit.x509.algorithms import SignatureAlgorithm
from certaudit.x509.extensions import Extension
from certaudit.x509.fields import Reading, UnreadableFieldError
from certaudit.x509.name import DNS_NAME, GeneralName, Name, parse_name
from certaudit.x509.public_key import PublicKey, public_key

T = TypeVar("T")


class Certificate:
    """An X.509 certificate. Equal to another with the same bytes.

    Every property but `der` and the thumbprints may raise UnreadableFieldError; an absent optional extension is
    None or empty.
    """

    def __init__(self, data: bytes) -> None:
        """`data` is the DER. Raises DerError where it is no Certificate at all."""
        outer = der.read_all(data)
        members = outer.children(der.SEQUENCE)
        if len(members) != 3 or members[0].tag != der.SEQUENCE or members[2].tag != der.BIT_STRING:
            raise der.DerError("not a certificate: signed part, algorithm and signature are expected")
        fields = members[0].children()
        self._version = fields.pop(0) if fields and fields[0].tag == der.context(0) else None
        if len(fields) < 6 or fields[3].tag != der.SEQUENCE or fields[0].tag != der.INTEGER:
            raise der.DerError("not a certificate: serial, issuer, validity, subject and key are expected")
        self.der = data
        self._tbs, self._outer_algorithm, self._signature = members
        self._fields = fields

    @cached_property
    def sha256(self) -> str:
        """SHA-256 thumbprint, upper-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest().upper()

    @cached_property
    def sha1(self) -> str:
        """SHA-1 thumbprint, as Windows shows it, upper-case hexadecimal."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest().upper()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __reduce__(self) -> tuple[type[Certificate], tuple[bytes]]:
        """Travels between processes as its bytes."""
        return Certificate, (self.der,)

    def __repr__(self) -> str:
        return f"<Certificate {self.sha1}>"

    @cached_property
    def version(self) -> int:
        """1, 2 or 3; any other has fields that nobody knows, and counts as one that cannot be read."""
        with Reading("version"):
            number = 1 if self._version is None else der.integer(self._version.first()) + 1
            if not 1 <= number <= 3:
                raise der.DerError(f"{number} is not known")
            return number

    @cached_property
    def serial(self) -> int:
        """The serial number; RFC 5280 4.1.2.2 wants it positive and of 20 octets at most, neither is enforced."""
        with Reading("serial number"):
            return der.integer(self._fields[0])

    @cached_property
    def serial_hex(self) -> str:
        """The serial number as Windows shows it: the content octets in lower-case hexadecimal."""
        return self._fields[0].content.hex()

    @cached_property
    def issuer(self) -> Name:
        """The issuer's name."""
        with Reading("issuer"):
            return parse_name(self._fields[2].raw)

    @cached_property
    def subject(self) -> Name:
        """The subject's name; empty where the certificate has none."""
        with Reading("subject"):
            return parse_name(self._fields[4].raw)

    def _validity(self, position: int, field: str) -> datetime:
        with Reading(field):
            return der.time(self._fields[3].children(der.SEQUENCE)[position])

    @cached_property
    def not_before(self) -> datetime:
        """First instant of validity, UTC."""
        return self._validity(0, "notBefore")

    @cached_property
    def not_after(self) -> datetime:
        """Last instant of validity, UTC."""
        return self._validity(1, "notAfter")

    @cached_property
    def public_key(self) -> PublicKey:
        """The subject's public key."""
        with Reading("public key"):
            return public_key(self._fields[5])

    @cached_property
    def spki(self) -> bytes:
        """The DER SubjectPublicKeyInfo, readable or not: equal for equal keys."""
        return self._fields[5].raw

    @cached_property
    def signature_algorithm(self) -> SignatureAlgorithm:
        """The algorithm of the issuer's signature."""
        with Reading("signature algorithm"):
            return algorithms.signature_algorithm(self._outer_algorithm)

    @cached_property
    def signature_algorithms_agree(self) -> bool:
        """True where the signed and the outer AlgorithmIdentifier are the same (RFC 5280 4.1.1.2)."""
        return self._fields[1].raw == self._outer_algorithm.raw

    @cached_property
    def tbs(self) -> bytes:
        """The bytes that the issuer signed."""
        return self._tbs.raw

    @cached_property
    def signature(self) -> bytes:
        """The issuer's signature."""
        with Reading("signature"):
            return der.bit_string(self._signature)

    @cached_property
    def all_extensions(self) -> tuple[Extension, ...]:
        """All extensions in the order of the certificate, duplicates too."""
        with Reading("extensions"):
            for field in self._fields[6:]:
                if field.tag == der.context(3):
                    return values.extensions(field.first())
            return ()

    @cached_property
    def extensions(self) -> dict[str, Extension]:
        """Extensions by OID; of a duplicate, the first."""
        found: dict[str, Extension] = {}
        for extension in self.all_extensions:
            found.setdefault(extension.oid, extension)
        return found

    def _value(self, oid: str, parse: Callable[[bytes], T]) -> T | None:
        extension = self.extensions.get(oid)
        if extension is None:
            return None
        with Reading(f"{oids.extension(oid)} extension"):
            return parse(extension.value)

    @cached_property
    def key_usage(self) -> frozenset[str] | None:
        """The key usage bits by their RFC 5280 names; None where the extension is absent."""
        return self._value(oids.KEY_USAGE, values.key_usage)

    @cached_property
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """The purposes (OIDs) of the extended key usage extension; None where it is absent."""
        return self._value(oids.EXTENDED_KEY_USAGE, values.object_identifiers)

    @cached_property
    def application_policies(self) -> tuple[str, ...] | None:
        """The purposes (OIDs) of Microsoft's application policies extension; None where it is absent."""
        return self._value(oids.MS_APPLICATION_POLICIES, values.policies)

    @cached_property
    def basic_constraints(self) -> values.BasicConstraints | None:
        """Basic constraints; None where absent."""
        return self._value(oids.BASIC_CONSTRAINTS, values.basic_constraints)

    @property
    def is_ca(self) -> bool:
        """True where basic constraints say CA, or a self-issued version 1 certificate has none (X.509 before v3)."""
        constraints = self.basic_constraints
        if constraints is None:
            return self.version < 3 and self.is_self_issued
        return constraints.ca

    @property
    def is_self_issued(self) -> bool:
        """True where issuer and subject are the same name; says nothing about the signature."""
        return bool(self.subject) and self.issuer == self.subject

    @cached_property
    def subject_alternative_names(self) -> tuple[GeneralName, ...]:
        """The names of the subject alternative name extension, in order; empty where absent."""
        return self._value(oids.SUBJECT_ALTERNATIVE_NAME, values.subject_alternative_names) or ()

    @cached_property
    def dns_names(self) -> tuple[str, ...]:
        """The raw DNS entries of the subject alternative name, in order."""
        return tuple(name.text for name in self.subject_alternative_names if name.kind == DNS_NAME)

    @cached_property
    def subject_key_identifier(self) -> bytes | None:
        """The subject key identifier; None where absent."""
        return self._value(oids.SUBJECT_KEY_IDENTIFIER, values.subject_key_identifier)

    @cached_property
    def authority_key_identifier(self) -> values.AuthorityKeyIdentifier | None:
        """The authority key identifier; None where absent."""
        return self._value(oids.AUTHORITY_KEY_IDENTIFIER, values.authority_key_identifier)

    @cached_property
    def crl_distribution_points(self) -> tuple[values.DistributionPoint, ...] | None:
        """The CRL distribution points in order; None where the extension is absent."""
        return self._value(oids.CRL_DISTRIBUTION_POINTS, values.distribution_points)

    @cached_property
    def freshest_crl(self) -> tuple[values.DistributionPoint, ...] | None:
        """Where delta CRLs are (RFC 5280 4.2.1.15); None where the extension is absent."""
        return self._value(oids.FRESHEST_CRL, values.distribution_points)

    @cached_property
    def authority_information_access(self) -> tuple[tuple[str, GeneralName], ...]:
        """(access method OID, location) pairs; empty where absent."""
        return self._value(oids.AUTHORITY_INFORMATION_ACCESS, values.access_descriptions) or ()

    @cached_property
    def policies(self) -> tuple[str, ...] | None:
        """The certificate policies (OIDs); None where the extension is absent."""
        return self._value(oids.CERTIFICATE_POLICIES, values.certificate_policies)

    @cached_property
    def policy_qualifiers(self) -> frozenset[str]:
        """The kinds (OIDs) of the qualifiers of the certificate policies; empty where there are none."""
        return self._value(oids.CERTIFICATE_POLICIES, values.policy_qualifiers) or frozenset()

    @cached_property
    def policy_mappings(self) -> tuple[tuple[str, str], ...]:
        """(issuer domain, subject domain) policy pairs; empty where absent."""
        return self._value(oids.POLICY_MAPPINGS, values.policy_mappings) or ()

    @cached_property
    def policy_constraints(self) -> values.PolicyConstraints | None:
        """Policy constraints; None where absent."""
        return self._value(oids.POLICY_CONSTRAINTS, values.policy_constraints)

    @cached_property
    def inhibit_any_policy(self) -> int | None:
        """Certificates that may follow before anyPolicy stops counting; None where absent."""
        return self._value(oids.INHIBIT_ANY_POLICY, values.inhibit_any_policy)

    @cached_property
    def name_constraints(self) -> values.NameConstraints | None:
        """Name constraints; None where absent."""
        return self._value(oids.NAME_CONSTRAINTS, values.name_constraints)

    @cached_property
    def template(self) -> values.Template | None:
        """The certificate template of version 2 or later that AD CS names; None where absent."""
        return self._value(oids.MS_TEMPLATE, values.template)

    @cached_property
    def template_name(self) -> str | None:
        """The name of the version 1 template; None where absent."""
        return self._value(oids.MS_TEMPLATE_NAME, values.template_name)

    @cached_property
    def unreadable(self) -> tuple[str, ...]:
        """A sentence for each field that cannot be read, in field order."""
        return tuple(dict.fromkeys(_unreadable(self)))


_FIELDS = (
    "version",
    "serial",
    "issuer",
    "subject",
    "not_before",
    "not_after",
    "public_key",
    "signature_algorithm",
    "signature",
    "extensions",
    "key_usage",
    "extended_key_usage",
    "application_policies",
    "basic_constraints",
    "subject_alternative_names",
    "subject_key_identifier",
    "authority_key_identifier",
    "crl_distribution_points",
    "freshest_crl",
    "authority_information_access",
    "policies",
    "policy_mappings",
    "policy_constraints",
    "inhibit_any_policy",
    "name_constraints",
    "template",
    "template_name",
)


def _unreadable(certificate: Certificate) -> Iterator[str]:
    for field in _FIELDS:
        try:
            getattr(certificate, field)
        except UnreadableFieldError as error:
            yield str(error)
