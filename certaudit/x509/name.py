"""Distinguished names and general names (RFC 5280 4.1.2.4, 4.2.1.6)."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from certaudit.printable import attribute_value
from certaudit.x509 import der

COMMON_NAME = "2.5.4.3"
ORGANIZATIONAL_UNIT = "2.5.4.11"
EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25"

# RFC 4514 section 3, and the ones that Active Directory adds.
_KEYWORDS = {
    COMMON_NAME: "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    ORGANIZATIONAL_UNIT: "OU",
    "2.5.4.12": "T",
    "2.5.4.42": "GN",
    "2.5.4.43": "I",
    "0.9.2342.19200300.100.1.1": "UID",
    DOMAIN_COMPONENT: "DC",
    EMAIL_ADDRESS: "E",
}


class Attribute(NamedTuple):
    """One attribute of a relative distinguished name; `tag` is that of its ASN.1 value, `raw` the whole value."""

    oid: str
    tag: int
    raw: bytes

    @property
    def text(self) -> str:
        """The value as text; where it is no character string, `#` and its hexadecimal DER (RFC 4514 2.4)."""
        try:
            return der.text(der.read_all(self.raw))
        except der.DerError:
            return "#" + self.raw.hex()

    @property
    def comparable(self) -> tuple[str, object]:
        """What is equal for two attributes that RFC 5280 7.1 takes as the same."""
        try:
            value = der.text(der.read_all(self.raw))
        except der.DerError:
            return self.oid, self.raw
        return self.oid, prepared(value)

    @property
    def keyword(self) -> str:
        """The short name of its type, or the OID."""
        return _KEYWORDS.get(self.oid, self.oid)

    def __str__(self) -> str:
        keyword = self.keyword
        text = self.text
        return f"{keyword}={text if text.startswith('#') and self.tag not in _STRINGS else attribute_value(text)}"


_STRINGS = {
    der.UTF8_STRING,
    der.NUMERIC_STRING,
    der.PRINTABLE_STRING,
    der.TELETEX_STRING,
    der.IA5_STRING,
    der.VISIBLE_STRING,
    der.UNIVERSAL_STRING,
    der.BMP_STRING,
}


def folded(text: str) -> str:
    """`text` without regard to case as DNS (RFC 4343) and Windows compare names: letter by letter.

    What Unicode folds beyond that is another name: ß is not ss, and no letter beyond ASCII equals one of ASCII.
    """
    return text.lower() if text.isascii() else "".join(map(_folded_letter, text))


def _folded_letter(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 and lower.isascii() == letter.isascii() else letter


def prepared(value: str) -> str:
    """RFC 4518 as far as certificates need it: case, compatibility forms and insignificant space folded."""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    return " ".join(value.casefold().split())


@dataclass(frozen=True, eq=False)
class Name:
    """A distinguished name: its DER, and its relative distinguished names in the order of the certificate.

    Two names are equal as RFC 5280 7.1 has it: without regard to case, string type and repeated space.
    """

    raw: bytes
    rdns: tuple[tuple[Attribute, ...], ...]

    @cached_property
    def comparable(self) -> tuple[frozenset[tuple[object, int]], ...]:
        """Equal for equal names; usable as a key. For each RDN its attributes, and how often each is there."""
        return tuple(
            frozenset(Counter(attribute.comparable for attribute in rdn).items())
            if len(rdn) > 1
            else frozenset((attribute.comparable, 1) for attribute in rdn)
            for rdn in self.rdns
        )

    @cached_property
    def _hash(self) -> int:
        return hash(self.comparable)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and (self.raw == other.raw or self.comparable == other.comparable)

    def __hash__(self) -> int:
        return self._hash

    def __iter__(self) -> Iterator[Attribute]:
        return (attribute for rdn in self.rdns for attribute in rdn)

    def __bool__(self) -> bool:
        return any(self.rdns)

    @cached_property
    def _text(self) -> str:
        return ",".join("+".join(map(str, rdn)) for rdn in reversed(self.rdns))

    def __str__(self) -> str:
        """RFC 4514 text, last relative distinguished name first, safe to print; empty for an empty name."""
        return self._text

    def values(self, oid: str) -> tuple[str, ...]:
        """The raw texts of all attributes of type `oid`, in the order of the certificate."""
        return tuple(attribute.text for attribute in self if attribute.oid == oid)


@lru_cache(maxsize=2048)
def parse_name(raw: bytes) -> Name:
    """The name whose DER is `raw`. Raises DerError. Empty relative distinguished names are kept."""
    rdns = []
    for rdn in der.read_all(raw).children(der.SEQUENCE):
        attributes = []
        for pair in rdn.children(der.SET):
            oid, value = pair.children(der.SEQUENCE)
            attributes.append(Attribute(der.object_identifier(oid), value.tag, value.raw))
        rdns.append(tuple(attributes))
    return Name(raw, tuple(rdns))


def relative_name(issuer: Name, fragment: der.Element) -> Name:
    """The full name that nameRelativeToCRLIssuer (RFC 5280 4.2.1.13) means: `issuer` with one RDN appended."""
    attributes = b"".join(pair.raw for pair in fragment)
    rdn = der_encode(der.SET, attributes)
    inside = der.read_all(issuer.raw).content
    return parse_name(der_encode(der.SEQUENCE, inside + rdn))


def der_encode(tag: int, content: bytes) -> bytes:
    """One DER element."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


# GeneralName choices (RFC 5280 4.2.1.6)
OTHER_NAME, RFC822_NAME, DNS_NAME, X400_ADDRESS, DIRECTORY_NAME = range(5)
EDI_PARTY_NAME, URI, IP_ADDRESS, REGISTERED_ID = range(5, 9)

UPN = "1.3.6.1.4.1.311.20.2.3"
_KINDS = (
    "other name",
    "email",
    "DNS",
    "X.400",
    "directory name",
    "EDI party",
    "URI",
    "IP address",
    "registered ID",
)


class GeneralName(NamedTuple):
    """One GeneralName: which choice it is, its content octets, and what they mean where that is plain."""

    kind: int
    content: bytes
    directory: Name | None = None
    other_oid: str | None = None
    other_text: str | None = None

    @property
    def text(self) -> str:
        """The raw value as text. Names are told apart by `kind`, never by this."""
        if self.kind == DIRECTORY_NAME and self.directory is not None:
            return str(self.directory)
        if self.kind == IP_ADDRESS and len(self.content) in (4, 16):
            return str(ipaddress.ip_address(self.content))
        if self.kind == OTHER_NAME:
            return self.other_text if self.other_text is not None else (self.other_oid or self.content.hex())
        if self.kind == REGISTERED_ID:
            return self.other_oid or self.content.hex()
        if self.kind in (RFC822_NAME, DNS_NAME, URI):
            return self.content.decode("latin-1")
        return self.content.hex()

    def __str__(self) -> str:
        """`DNS:mp01.contoso.com`, safe to print."""
        label = "UPN" if self.other_oid == UPN and self.kind == OTHER_NAME else _KINDS[self.kind]
        return f"{label}:{self.text if self.kind == DIRECTORY_NAME else attribute_value(self.text)}"


def general_name(element: der.Element) -> GeneralName:
    """The GeneralName that `element` is. Raises DerError."""
    kind = element.tag & 0x1F
    if element.tag & 0xC0 != 0x80 or kind > REGISTERED_ID:
        raise der.DerError(f"tag 0x{element.tag:02X} at byte {element.start} is no kind of general name")
    if kind == DIRECTORY_NAME:
        (inner,) = element
        return GeneralName(kind, element.content, directory=parse_name(inner.raw))
    if kind == OTHER_NAME:
        return _other_name(element)
    if kind == REGISTERED_ID:
        oid = der.object_identifier(der.read_all(der_encode(der.OBJECT_IDENTIFIER, element.content)))
        return GeneralName(kind, element.content, other_oid=oid)
    return GeneralName(kind, element.content)


def _other_name(element: der.Element) -> GeneralName:
    oid, *value = element
    text = None
    for wrapper in value[:1]:
        for inner in wrapper:
            if inner.tag in _STRINGS:
                text = der.text(inner)
    return GeneralName(OTHER_NAME, element.content, other_oid=der.object_identifier(oid), other_text=text)


def general_names(element: der.Element) -> tuple[GeneralName, ...]:
    """The members of a GeneralNames, whatever tag it bears. Raises DerError."""
    return tuple(general_name(member) for member in element)
