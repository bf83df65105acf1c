"""DER and BER elements (X.690): a reader that never copies and never recurses on its input.

Indefinite lengths (8.1.3.6) are read too, because NSS writes PKCS #12 files with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTF8_STRING = 0x0C
NUMERIC_STRING = 0x12
PRINTABLE_STRING = 0x13
TELETEX_STRING = 0x14
IA5_STRING = 0x16
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
VISIBLE_STRING = 0x1A
UNIVERSAL_STRING = 0x1C
BMP_STRING = 0x1E
SEQUENCE = 0x30
SET = 0x31

CONSTRUCTED = 0x20
MAX_DEPTH = 40
# Hostile data can hold one element in every two bytes. No certificate, P7B or PFX comes near these bounds; a CRL's
# entries are iterated, never listed, and are not bound by them.
MAX_CHILDREN = 1 << 18
MAX_INDEFINITE = 1 << 20

# T.61 as Windows and OpenSSL read it in practice: Latin-1.
_STRING_ENCODINGS = {
    UTF8_STRING: "utf-8",
    NUMERIC_STRING: "ascii",
    PRINTABLE_STRING: "ascii",
    TELETEX_STRING: "latin-1",
    IA5_STRING: "ascii",
    VISIBLE_STRING: "ascii",
    UNIVERSAL_STRING: "utf-32-be",
    BMP_STRING: "utf-16-be",
}


class DerError(ValueError):
    """Bytes that are not the ASN.1 structure expected; the message says which byte and why."""


def reason(error: Exception) -> str:
    """What is wrong with the bytes that raised `error`, for a sentence.

    Where a part is missing Python speaks of its own lists and variables, which tells an administrator nothing.
    """
    if isinstance(error, IndexError) or "values to unpack" in str(error):
        return "it has fewer or more parts than it should"
    return str(error) or type(error).__name__


def context(number: int, *, constructed: bool = True) -> int:
    """The identifier octet of a context-specific tag: `context(0)` is [0] of an explicit or constructed type."""
    return 0x80 | (CONSTRUCTED if constructed else 0) | number


class Element:
    """One tag-length-value inside `data`: header at `start`, content from `body` to `stop`, next element at `end`.

    A plain class: a certificate has some fifty of them, and a frozen dataclass takes five times as long to make.
    """

    __slots__ = ("body", "data", "depth", "end", "start", "stop", "tag")

    def __init__(self, data: bytes, tag: int, start: int, body: int, stop: int, end: int, depth: int = 0) -> None:
        self.data = data
        self.tag = tag
        self.start = start
        self.body = body
        self.stop = stop
        self.end = end
        self.depth = depth

    @property
    def content(self) -> bytes:
        """The content octets."""
        return self.data[self.body : self.stop]

    @property
    def raw(self) -> bytes:
        """The whole element: identifier, length and content octets."""
        return self.data[self.start : self.end]

    def __iter__(self) -> Iterator[Element]:
        """The elements inside this one, in order. Raises DerError at the first that does not fit."""
        if self.depth >= MAX_DEPTH:
            raise DerError(f"elements are nested more than {MAX_DEPTH} deep at byte {self.start}")
        data, offset, stop, depth = self.data, self.body, self.stop, self.depth + 1
        while offset < stop:
            element = read(data, offset, stop, depth)
            yield element
            offset = element.end

    def children(self, tag: int | None = None) -> list[Element]:
        """All elements inside this one; with `tag`, this element itself must bear that tag."""
        if tag is not None:
            self.expect(tag)
        found = list(islice(self, MAX_CHILDREN + 1))
        if len(found) > MAX_CHILDREN:
            raise DerError(f"more than {MAX_CHILDREN:,} elements inside the one at byte {self.start}")
        return found

    def first(self) -> Element:
        """The first element inside this one. Raises DerError where there is none."""
        for element in self:
            return element
        raise DerError(f"element at byte {self.start} is empty")

    def expect(self, tag: int) -> Element:
        """This element, or DerError where its tag is another."""
        if self.tag != tag:
            raise DerError(f"tag 0x{tag:02X} expected at byte {self.start}, 0x{self.tag:02X} found")
        return self

    def octets(self) -> bytes:
        """The value of an OCTET STRING, put together where BER split it into pieces (X.690 8.7.3)."""
        if self.tag & CONSTRUCTED:
            return b"".join(piece.octets() for piece in self)
        return self.content


def read(data: bytes, offset: int = 0, limit: int | None = None, depth: int = 0) -> Element:
    """The element that starts at `offset`. Raises DerError where it does not fit before `limit`."""
    limit = len(data) if limit is None else limit
    body = offset + 2
    if body > limit:
        raise DerError(f"data ends at byte {limit} where an element should start")
    tag, length = data[offset], data[offset + 1]
    if tag & 0x1F == 0x1F:
        raise DerError(f"multi-byte tag at byte {offset}")
    if length == 0x80:
        return _indefinite(data, tag, offset, body, limit, depth)
    if length & 0x80:
        count = length & 0x7F
        if count > 8 or body + count > limit:
            raise DerError(f"length of {count} bytes at byte {offset} does not fit")
        length = int.from_bytes(data[body : body + count], "big")
        body += count
    if body + length > limit:
        raise DerError(f"element at byte {offset} claims {length} bytes, {limit - body} are left")
    return Element(data, tag, offset, body, body + length, body + length, depth)


def _indefinite(data: bytes, tag: int, start: int, body: int, limit: int, depth: int) -> Element:
    if not tag & CONSTRUCTED:
        raise DerError(f"primitive element of indefinite length at byte {start}")
    if depth >= MAX_DEPTH:
        raise DerError(f"elements are nested more than {MAX_DEPTH} deep at byte {start}")
    offset = body
    while data[offset : min(offset + 2, limit)] != b"\0\0":
        offset = read(data, offset, limit, depth + 1).end
        if offset - body > MAX_INDEFINITE:
            raise DerError(f"element of indefinite length at byte {start} is longer than {MAX_INDEFINITE:,} bytes")
    return Element(data, tag, start, body, offset, offset + 2, depth)


def read_all(data: bytes) -> Element:
    """The single element that `data` is. Raises DerError where bytes follow it."""
    element = read(data)
    if element.end != len(data):
        raise DerError(f"{len(data) - element.end} bytes follow the element that ends at byte {element.end}")
    return element


def sequence(data: bytes) -> list[Element]:
    """The members of the SEQUENCE that `data` is. Raises DerError."""
    return read_all(data).children(SEQUENCE)


@lru_cache(maxsize=4096)
def _dotted(content: bytes) -> str:
    if not content or content[-1] & 0x80:
        raise DerError("object identifier is empty or cut off")
    arcs: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))


def object_identifier(element: Element) -> str:
    """The dotted form of an OBJECT IDENTIFIER. Raises DerError."""
    element.expect(OBJECT_IDENTIFIER)
    if element.stop - element.body > 256:
        raise DerError(f"object identifier of {element.stop - element.body} bytes at byte {element.start}")
    return _dotted(element.content)


def integer(element: Element, tag: int = INTEGER) -> int:
    """The value of an INTEGER (or of an ENUMERATED, or an implicitly tagged one by its `tag`). Raises DerError."""
    element.expect(tag)
    if element.stop == element.body:
        raise DerError(f"integer without content at byte {element.start}")
    return int.from_bytes(element.content, "big", signed=True)


def boolean(element: Element) -> bool:
    """The value of a BOOLEAN; any byte but zero is true, as BER has it. Raises DerError."""
    element.expect(BOOLEAN)
    if element.stop - element.body != 1:
        raise DerError(f"boolean of {element.stop - element.body} bytes at byte {element.start}")
    return element.data[element.body] != 0


def bit_string(element: Element, tag: int = BIT_STRING) -> bytes:
    """The bytes of a BIT STRING that has no unused bits counted off. Raises DerError."""
    element.expect(tag)
    if element.stop == element.body or element.data[element.body] > 7:
        raise DerError(f"bit string without a valid count of unused bits at byte {element.start}")
    return element.data[element.body + 1 : element.stop]


def named_bits(element: Element, tag: int = BIT_STRING) -> frozenset[int]:
    """The numbers of the bits that are set in a named-bit list; bit 0 is the first. Raises DerError."""
    octets = bit_string(element, tag)
    return frozenset(index * 8 + bit for index, byte in enumerate(octets) for bit in range(8) if byte & (0x80 >> bit))


def text(element: Element, tag: int | None = None) -> str:
    """The text of a character string, by its own tag or by `tag` where it is implicitly tagged.

    A string that its encoding cannot hold is read as Latin-1: an auditor must see it rather than lose it.
    Raises DerError where the tag is not that of a string.
    """
    encoding = _STRING_ENCODINGS.get(element.tag if tag is None else tag)
    if encoding is None:
        raise DerError(f"tag 0x{element.tag:02X} at byte {element.start} is not a character string")
    content = element.content
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def time(element: Element) -> datetime:
    """The instant of a UTCTime or GeneralizedTime, in UTC (RFC 5280 4.1.2.5). Raises DerError."""
    digits = element.content.decode("latin-1")
    if element.tag == UTC_TIME:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    elif element.tag != GENERALIZED_TIME:
        raise DerError(f"tag 0x{element.tag:02X} at byte {element.start} is not a time")
    moment = _moment(digits)
    if moment is None:
        raise DerError(f"time {digits!r} at byte {element.start} is not of a form that RFC 5280 knows")
    return moment


# Each form with its digits counted: strptime alone takes 100301153Z for a time as well, and 1530 for 15:03:00.
_TIMES = tuple(
    (re.compile(pattern, re.ASCII), form)
    for pattern, form in (
        (r"\d{14}Z", "%Y%m%d%H%M%SZ"),
        (r"\d{12}Z", "%Y%m%d%H%MZ"),
        (r"\d{14}[+-]\d{4}", "%Y%m%d%H%M%S%z"),
        (r"\d{14}\.\d{1,6}Z", "%Y%m%d%H%M%S.%fZ"),
    )
)


@lru_cache(maxsize=4096)  # certificates and CRL entries made together have their times in common
def _moment(digits: str) -> datetime | None:
    for pattern, form in _TIMES:
        if pattern.fullmatch(digits):
            try:
                moment = datetime.strptime(digits, form)
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            except (ValueError, OverflowError):
                return None
    return None
