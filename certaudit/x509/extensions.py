"""Extension values (RFC 5280 4.2 and 5.2, and Microsoft's own): each parser takes the extnValue content."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.x509 import der
from certaudit.x509.name import GeneralName, general_name, general_names

KEY_USAGE_BITS = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)

REASONS = (
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "unused",
    "removeFromCRL",
    "privilegeWithdrawn",
    "aACompromise",
)


class Extension(NamedTuple):
    """One extension as the certificate has it: `value` is the content of extnValue."""

    oid: str
    critical: bool
    value: bytes


class BasicConstraints(NamedTuple):
    """RFC 5280 4.2.1.9; `path_length` counts the CA certificates that may follow, None is no limit."""

    ca: bool
    path_length: int | None


class AuthorityKeyIdentifier(NamedTuple):
    """RFC 5280 4.2.1.1."""

    key_identifier: bytes | None
    issuer: tuple[GeneralName, ...]
    serial: int | None


class DistributionPoint(NamedTuple):
    """One CRL distribution point (RFC 5280 4.2.1.13).

    `names` is the full name; `relative` the DER element of nameRelativeToCRLIssuer; `reasons` None is all reasons.
    """

    names: tuple[GeneralName, ...]
    relative: der.Element | None
    reasons: frozenset[str] | None
    crl_issuer: tuple[GeneralName, ...]


class PolicyConstraints(NamedTuple):
    """RFC 5280 4.2.1.11: certificates that may follow before the constraint holds; None is no constraint."""

    require_explicit_policy: int | None
    inhibit_policy_mapping: int | None


class NameConstraints(NamedTuple):
    """RFC 5280 4.2.1.10: the bases of the permitted and of the excluded subtrees."""

    permitted: tuple[GeneralName, ...]
    excluded: tuple[GeneralName, ...]


class Template(NamedTuple):
    """The certificate template (1.3.6.1.4.1.311.21.7): its OID and revision. Not the template's schema version."""

    oid: str
    major: int | None
    minor: int | None


class IssuingDistributionPoint(NamedTuple):
    """RFC 5280 5.2.5."""

    names: tuple[GeneralName, ...]
    relative: der.Element | None
    only_user_certificates: bool
    only_ca_certificates: bool
    only_some_reasons: frozenset[str] | None
    indirect: bool
    only_attribute_certificates: bool


def extensions(element: der.Element) -> tuple[Extension, ...]:
    """The members of an Extensions SEQUENCE, in order, duplicates kept. Raises DerError."""
    found = []
    for member in element.children(der.SEQUENCE):
        oid, *rest = member.children(der.SEQUENCE)
        critical = rest[0].tag == der.BOOLEAN and der.boolean(rest[0]) if rest else False
        found.append(Extension(der.object_identifier(oid), critical, rest[-1].octets() if rest else b""))
    return tuple(found)


def key_usage(value: bytes) -> frozenset[str]:
    """The named bits that are set. Raises DerError."""
    bits = der.named_bits(der.read_all(value))
    return frozenset(name for number, name in enumerate(KEY_USAGE_BITS) if number in bits)


def object_identifiers(value: bytes) -> tuple[str, ...]:
    """The members of a SEQUENCE OF OBJECT IDENTIFIER: extended key usage. Raises DerError."""
    return tuple(der.object_identifier(member) for member in der.sequence(value))


def policies(value: bytes) -> tuple[str, ...]:
    """The policy identifiers of a CertificatePolicies, or of Microsoft's application policies. Raises DerError."""
    return tuple(der.object_identifier(member.children(der.SEQUENCE)[0]) for member in der.sequence(value))


def certificate_policies(value: bytes) -> tuple[str, ...]:
    """RFC 5280 4.2.1.4, by which none appears twice and the list is not empty. Raises DerError."""
    found = policies(value)
    if not found or len(set(found)) != len(found):
        raise der.DerError("a policy is there twice" if found else "it holds no policy")
    return found


def policy_qualifiers(value: bytes) -> frozenset[str]:
    """The kinds (OIDs) of the qualifiers in a CertificatePolicies. Raises DerError."""
    kinds = set()
    for information in der.sequence(value):
        for qualifiers in information.children(der.SEQUENCE)[1:]:
            kinds |= {der.object_identifier(qualifier.children(der.SEQUENCE)[0]) for qualifier in qualifiers}
    return frozenset(kinds)


def policy_mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """(issuer domain policy, subject domain policy) pairs. Raises DerError."""
    pairs = []
    for member in der.sequence(value):
        issuer, subject = member.children(der.SEQUENCE)
        pairs.append((der.object_identifier(issuer), der.object_identifier(subject)))
    return tuple(pairs)


def _fields(value: bytes, *tags: int) -> dict[int, der.Element]:
    """The members of a SEQUENCE of optional fields by number. Raises DerError for one that is unknown or there twice.

    A constraint that is passed over because of its odd tag would let through what it forbids.
    """
    members = der.sequence(value)
    for member in members:
        if member.tag not in tags:
            raise der.DerError(f"tag 0x{member.tag:02X} at byte {member.start} is that of no field")
    fields = {member.tag & 0x1F: member for member in members}
    if len(fields) != len(members):
        raise der.DerError("a field is there twice")
    return fields


def _count(element: der.Element, tag: int = der.INTEGER) -> int:
    """A number of certificates. Raises DerError where it is negative, which programs take each in their own way."""
    number = der.integer(element, tag)
    if number < 0:
        raise der.DerError(f"the number at byte {element.start} is negative")
    return number


def policy_constraints(value: bytes) -> PolicyConstraints:
    """RFC 5280 4.2.1.11. Raises DerError."""
    fields = {number: _count(field, field.tag) for number, field in _fields(value, 0x80, 0x81).items()}
    return PolicyConstraints(fields.get(0), fields.get(1))


def inhibit_any_policy(value: bytes) -> int:
    """RFC 5280 4.2.1.14. Raises DerError."""
    return _count(der.read_all(value))


def basic_constraints(value: bytes) -> BasicConstraints:
    """RFC 5280 4.2.1.9. Raises DerError."""
    ca, path_length = False, None
    for member in der.sequence(value):
        if member.tag == der.BOOLEAN:
            ca = der.boolean(member)
        else:
            path_length = _count(member)
    return BasicConstraints(ca, path_length)


def subject_key_identifier(value: bytes) -> bytes:
    """RFC 5280 4.2.1.2. Raises DerError."""
    return der.read_all(value).expect(der.OCTET_STRING).content


def authority_key_identifier(value: bytes) -> AuthorityKeyIdentifier:
    """RFC 5280 4.2.1.1. Raises DerError."""
    key_identifier: bytes | None = None
    issuer: tuple[GeneralName, ...] = ()
    serial: int | None = None
    for member in der.sequence(value):
        match member.tag & 0x1F:
            case 0:
                key_identifier = member.content
            case 1:
                issuer = general_names(member)
            case 2:
                serial = der.integer(member, member.tag)
    return AuthorityKeyIdentifier(key_identifier, issuer, serial)


def subject_alternative_names(value: bytes) -> tuple[GeneralName, ...]:
    """RFC 5280 4.2.1.6, in the order of the certificate. Raises DerError."""
    return general_names(der.read_all(value).expect(der.SEQUENCE))


def distribution_points(value: bytes) -> tuple[DistributionPoint, ...]:
    """RFC 5280 4.2.1.13. Raises DerError."""
    points = []
    for member in der.sequence(value):
        fields = {field.tag & 0x1F: field for field in member.children(der.SEQUENCE)}
        names, relative = _distribution_point_name(fields.get(0))
        reasons = _reasons(fields[1]) if 1 in fields else None
        points.append(DistributionPoint(names, relative, reasons, general_names(fields[2]) if 2 in fields else ()))
    return tuple(points)


def _distribution_point_name(
    element: der.Element | None,
) -> tuple[tuple[GeneralName, ...], der.Element | None]:
    if element is None:
        return (), None
    (choice,) = element
    return ((), choice) if choice.tag & 0x1F == 1 else (general_names(choice), None)


def _reasons(element: der.Element) -> frozenset[str]:
    bits = der.named_bits(element, element.tag)
    # ReasonFlags has its own numbering: bit 0 is unused, 7 is privilegeWithdrawn, 8 is aACompromise.
    flags = (None, *REASONS[1:7], "privilegeWithdrawn", "aACompromise")
    return frozenset(name for number, name in enumerate(flags) if name and number in bits)


def issuing_distribution_point(value: bytes) -> IssuingDistributionPoint:
    """RFC 5280 5.2.5. Raises DerError."""
    fields = _fields(value, 0xA0, 0x81, 0x82, 0x83, 0x84, 0x85)
    if not fields:
        raise der.DerError("it is empty")
    names, relative = _distribution_point_name(fields.get(0))

    def flag(number: int) -> bool:
        return number in fields and any(fields[number].content)

    some_reasons = _reasons(fields[3]) if 3 in fields else None
    return IssuingDistributionPoint(names, relative, flag(1), flag(2), some_reasons, flag(4), flag(5))


def access_descriptions(value: bytes) -> tuple[tuple[str, GeneralName], ...]:
    """(access method OID, location) pairs of an AuthorityInfoAccess. Raises DerError."""
    pairs = []
    for member in der.sequence(value):
        method, location = member.children(der.SEQUENCE)
        pairs.append((der.object_identifier(method), general_name(location)))
    return tuple(pairs)


def name_constraints(value: bytes) -> NameConstraints:
    """RFC 5280 4.2.1.10. Raises DerError."""
    trees = {
        number: tuple(general_name(subtree.children(der.SEQUENCE)[0]) for subtree in member)
        for number, member in _fields(value, 0xA0, 0xA1).items()
    }
    return NameConstraints(trees.get(0, ()), trees.get(1, ()))


def template(value: bytes) -> Template:
    """Microsoft's CertificateTemplate. Raises DerError."""
    oid, *versions = der.sequence(value)
    numbers = [der.integer(version) for version in versions] + [None, None]
    return Template(der.object_identifier(oid), numbers[0], numbers[1])


def template_name(value: bytes) -> str:
    """The name of a version 1 template. Raises DerError."""
    return der.text(der.read_all(value))


def crl_reason(value: bytes) -> str:
    """RFC 5280 5.3.1. Raises DerError."""
    number = der.integer(der.read_all(value), der.ENUMERATED)
    return REASONS[number] if 0 <= number < len(REASONS) else f"reason {number}"
