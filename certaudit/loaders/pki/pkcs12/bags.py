"""The bags of a PFX (RFC 7292 4.2): read one by one, so that one odd bag hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from certaudit.loaders import limits
from certaudit.x509 import der

KEY = "1.2.840.113549.1.12.10.1.1"
SHROUDED_KEY = "1.2.840.113549.1.12.10.1.2"
CERTIFICATE = "1.2.840.113549.1.12.10.1.3"
CRL = "1.2.840.113549.1.12.10.1.4"
SECRET = "1.2.840.113549.1.12.10.1.5"
SAFE_CONTENTS = "1.2.840.113549.1.12.10.1.6"

_FRIENDLY_NAME = "1.2.840.113549.1.9.20"
_LOCAL_KEY_ID = "1.2.840.113549.1.9.21"
_CSP_NAME = "1.3.6.1.4.1.311.17.1"
_LOCAL_MACHINE = "1.3.6.1.4.1.311.17.2"
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_X509_CRL = "1.2.840.113549.1.9.23.1"


Remark = Callable[[str], None]


class Bag(NamedTuple):
    """One bag: its type, its value, and those of its attributes that an audit needs."""

    type: str
    value: der.Element
    friendly_name: str | None = None
    local_key_id: bytes | None = None
    provider: str | None = None
    local_machine: bool = False

    def x509(self) -> bytes:
        """The DER in a certificate bag or CRL bag (RFC 7292 4.2.3, 4.2.4). Raises DerError."""
        oid_element, wrapped = self.value.children(der.SEQUENCE)
        oid = der.object_identifier(oid_element)
        if oid not in (_X509_CERTIFICATE, _X509_CRL):
            raise der.DerError(f"its type {oid} is not X.509")
        (octets,) = wrapped.children()
        return octets.octets()


def bags(safe: der.Element, remark: Remark, lose: Remark, nesting: int = 0) -> Iterator[Bag]:
    """Every bag of a SafeContents, those of nested ones in their place.

    A bag that cannot be read goes to `lose`, what is odd about one that can to `remark`.
    """
    number = 0
    members = iter(safe.expect(der.SEQUENCE))
    while True:
        number += 1
        try:
            element = next(members, None)
            if number > der.MAX_CHILDREN:
                raise der.DerError(f"there are more than {der.MAX_CHILDREN:,}")
        except der.DerError as error:
            lose(f"What follows bag {number - 1} cannot be read ({error}).")
            return
        if element is None:
            return
        try:
            bag = _bag(element, remark)
            if bag.type == SAFE_CONTENTS and nesting < limits.MAX_SAFE_NESTING:
                yield from bags(bag.value, remark, lose, nesting + 1)
                continue
        except (der.DerError, ValueError) as error:
            lose(f"Bag {number} cannot be read ({der.reason(error)}).")
            continue
        yield bag


def _bag(element: der.Element, remark: Remark) -> Bag:
    oid, wrapped, *rest = element.children(der.SEQUENCE)
    (value,) = wrapped.children(der.context(0))
    attributes: dict[str, der.Element | None] = {}
    try:
        for attribute in rest[0].children(der.SET) if rest else ():
            name, values = attribute.children(der.SEQUENCE)
            attributes.setdefault(der.object_identifier(name), next(iter(values), None))
    except (der.DerError, ValueError) as error:
        remark(f"The attributes of a bag cannot be read ({der.reason(error)}).")
    key_id = attributes.get(_LOCAL_KEY_ID)
    return Bag(
        der.object_identifier(oid),
        value,
        _text(attributes.get(_FRIENDLY_NAME), "friendly name", remark),
        key_id.octets() if key_id else None,
        _text(attributes.get(_CSP_NAME), "provider name", remark),
        _LOCAL_MACHINE in attributes,
    )


def _text(value: der.Element | None, what: str, remark: Remark) -> str | None:
    """A BMPString as text; an odd last byte is left out, and said."""
    if value is None:
        return None
    if value.tag != der.BMP_STRING:
        try:
            return der.text(value)
        except der.DerError:
            remark(f"A {what} is not a character string.")
            return None
    if len(value.content) % 2:
        remark(f"A {what} has an odd number of bytes.")
    return value.content[: len(value.content) // 2 * 2].decode("utf-16-be", "replace")
