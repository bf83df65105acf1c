"""What the properties of a certificate in a Windows store tell (wincrypt.h, CERT_*_PROP_ID; source
`ms-gpef`: 2.2.1.1.1.1).

Every value comes from an untrusted file: what cannot be read is None, never an exception. Nothing here judges.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from certaudit.evidence import UNKNOWN_KEY, PrivateKey, StoreProperty
from certaudit.instants import instant
from certaudit.x509 import extensions
from certaudit.x509.certificate import Certificate

KEY_PROVIDER = 2
SHA1_HASH = 3
ENHANCED_KEY_USAGE = 9
FRIENDLY_NAME = 11
DESCRIPTION = 13
ARCHIVED = 19
KEY_IDENTIFIER = 20
AUTO_ENROLL = 21
BACKED_UP = 69
REQUEST_ORIGINATOR = 71

MACHINE_KEYSET = 0x20
"""CRYPT_MACHINE_KEYSET and NCRYPT_MACHINE_KEY_FLAG in the flags of property 2."""

AT_KEYEXCHANGE, AT_SIGNATURE = 1, 2
"""What a key of CryptoAPI is for, as property 2 says it: both sign, the first alone decrypts."""

STORES_OF_OWN_CERTIFICATES = frozenset({"my", "webhosting", "remote desktop"})
"""Stores (in lower case) that hold what their owner presents to others: there, no property 2 means no private key.
In Root, CA and all others nobody expects a key, so its absence is not worth a statement."""

_PROVIDER_HEADER = struct.Struct("<7I")
_MAX_NAME = 4096


@dataclass(frozen=True, slots=True)
class KeyProvider:
    """Property 2, CERT_KEY_PROV_INFO: where Windows would look for the private key. It need not be there.

    `type` is dwProvType, 0 for a CNG key storage provider; `flags` bit 0x20 says machine key set; `key_spec` is
    AT_KEYEXCHANGE, AT_SIGNATURE, or 0 for CNG; `parameters` counts the CRYPT_KEY_PROV_PARAM records.
    """

    container: str | None
    provider: str | None
    type: int
    flags: int
    parameters: int
    key_spec: int


def property_value(properties: Sequence[StoreProperty], id: int) -> bytes | None:
    """The value of the property `id`; None where the certificate has none. Of a duplicate, the last, as crypt32."""
    for item in reversed(properties):
        if item.id == id:
            return item.value
    return None


def text(value: bytes) -> str:
    """UTF-16LE without the one NUL that ends it. A NUL inside or a second one at the end stays: Windows refuses to
    import such friendly names (requirement `name.friendly-name-without-nul`). An odd last byte is dropped,
    lone surrogates are kept."""
    decoded = value[: len(value) & ~1].decode("utf-16-le", "surrogatepass")
    return decoded.removesuffix("\0")


def friendly_name(properties: Sequence[StoreProperty]) -> str | None:
    """Property 11; None where there is none."""
    value = property_value(properties, FRIENDLY_NAME)
    return None if value is None else text(value)


def description(properties: Sequence[StoreProperty]) -> str | None:
    """Property 13; None where there is none."""
    value = property_value(properties, DESCRIPTION)
    return None if value is None else text(value)


def request_originator(properties: Sequence[StoreProperty]) -> str | None:
    """Property 71, the computer that asked for the certificate; None where there is none."""
    value = property_value(properties, REQUEST_ORIGINATOR)
    return None if value is None else text(value)


def is_archived(properties: Sequence[StoreProperty]) -> bool:
    """True where property 19 is there, whatever its value: Windows then passes the certificate over."""
    return property_value(properties, ARCHIVED) is not None


def is_backed_up(properties: Sequence[StoreProperty]) -> bool | None:
    """Property 69: whether the private key was exported as a backup; None where it does not tell."""
    value = property_value(properties, BACKED_UP)
    return None if value is None or len(value) < 4 else any(value[:4])


def key_identifier(properties: Sequence[StoreProperty]) -> bytes | None:
    """Property 20: the subject key identifier, or the SHA-1 of the SubjectPublicKeyInfo; None where there is none."""
    return property_value(properties, KEY_IDENTIFIER)


def enhanced_key_usage(properties: Sequence[StoreProperty]) -> tuple[str, ...] | None:
    """Property 9: the only purposes (OIDs) for which this machine accepts the certificate, on top of what the
    certificate itself says; None where there is no such restriction or it cannot be read."""
    value = property_value(properties, ENHANCED_KEY_USAGE)
    try:
        return None if value is None else extensions.object_identifiers(value)
    except (ValueError, IndexError):
        return None


def recorded_sha1(properties: Sequence[StoreProperty]) -> str | None:
    """Property 3: what the store takes for the SHA-1 thumbprint, upper-case hexadecimal; None where there is none."""
    value = property_value(properties, SHA1_HASH)
    return None if value is None else value.hex().upper()


def sha1_matches(certificate: Certificate, properties: Sequence[StoreProperty]) -> bool | None:
    """Whether property 3 is the certificate's real SHA-1 hash; None where there is no property 3."""
    recorded = recorded_sha1(properties)
    return None if recorded is None else recorded == certificate.sha1


def key_provider(properties: Sequence[StoreProperty]) -> KeyProvider | None:
    """Property 2; None where there is none or its header is cut off. Names that do not fit into it are None."""
    value = property_value(properties, KEY_PROVIDER)
    if value is None or len(value) < _PROVIDER_HEADER.size:
        return None
    container, provider, type, flags, parameters, _, key_spec = _PROVIDER_HEADER.unpack_from(value)
    return KeyProvider(_name_at(value, container), _name_at(value, provider), type, flags, parameters, key_spec)


def _name_at(value: bytes, offset: int) -> str | None:
    """The NUL-terminated UTF-16LE name at `offset`; its end is the value's where the NUL is missing."""
    if not _PROVIDER_HEADER.size <= offset < len(value):
        return None
    units = value[offset : offset + 2 * _MAX_NAME]
    return units[: len(units) & ~1].decode("utf-16-le", "surrogatepass").partition("\0")[0]


def private_key(properties: Sequence[StoreProperty], store: str | None) -> PrivateKey:
    """What the store says of the private key. `present` repeats the store's word: the key itself was not looked at,
    and whether it may be exported is written elsewhere.

    Without property 2, `present` is False in a store of own certificates, else None (the input does not tell).
    """
    if property_value(properties, KEY_PROVIDER) is None:
        own = store is not None and store.lower() in STORES_OF_OWN_CERTIFICATES
        return _NO_KEY if own else UNKNOWN_KEY
    info = key_provider(properties)
    if info is None:
        return PrivateKey(present=True)
    return PrivateKey(
        present=True,
        provider=info.provider,
        provider_type=info.type,
        container=info.container,
        machine=bool(info.flags & MACHINE_KEYSET),
        signs_only={AT_KEYEXCHANGE: False, AT_SIGNATURE: True}.get(info.key_spec),
    )


_NO_KEY = PrivateKey(present=False)


def filetime(value: bytes) -> datetime | None:
    """A FILETIME (100 ns since 1601, UTC) to the microsecond; None where it is none."""
    if len(value) < 8:
        return None
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=int.from_bytes(value[:8], "little") // 10)
    except OverflowError:
        return None


_TEXT, _HEX, _NUMBER, _TIME, _PURPOSES, _PROVIDER, _PRESENCE = range(7)

# Names as wincrypt.h has them, without CERT_ and _PROP_ID.
_KNOWN = {
    2: ("KEY_PROV_INFO", _PROVIDER),
    3: ("SHA1_HASH", _HEX),
    4: ("MD5_HASH", _HEX),
    6: ("KEY_SPEC", _NUMBER),
    9: ("ENHKEY_USAGE", _PURPOSES),
    10: ("NEXT_UPDATE_LOCATION", _HEX),
    11: ("FRIENDLY_NAME", _TEXT),
    12: ("PVK_FILE", _TEXT),
    13: ("DESCRIPTION", _TEXT),
    14: ("ACCESS_STATE", _NUMBER),
    15: ("SIGNATURE_HASH", _HEX),
    16: ("SMART_CARD_DATA", _HEX),
    17: ("EFS", _HEX),
    18: ("FORTEZZA_DATA", _HEX),
    19: ("ARCHIVED", _PRESENCE),
    20: ("KEY_IDENTIFIER", _HEX),
    21: ("AUTO_ENROLL", _TEXT),
    22: ("PUBKEY_ALG_PARA", _HEX),
    23: ("CROSS_CERT_DIST_POINTS", _HEX),
    24: ("ISSUER_PUBLIC_KEY_MD5_HASH", _HEX),
    25: ("SUBJECT_PUBLIC_KEY_MD5_HASH", _HEX),
    26: ("ENROLLMENT", _HEX),
    27: ("DATE_STAMP", _TIME),
    28: ("ISSUER_SERIAL_NUMBER_MD5_HASH", _HEX),
    29: ("SUBJECT_NAME_MD5_HASH", _HEX),
    30: ("EXTENDED_ERROR_INFO", _TEXT),
    64: ("RENEWAL", _HEX),
    65: ("ARCHIVED_KEY_HASH", _HEX),
    68: ("AIA_URL_RETRIEVED", _HEX),
    69: ("BACKED_UP", _HEX),
    70: ("OCSP_RESPONSE", _HEX),
    71: ("REQUEST_ORIGINATOR", _TEXT),
    72: ("SOURCE_LOCATION", _TEXT),
    73: ("SOURCE_URL", _TEXT),
    75: ("OCSP_CACHE_PREFIX", _TEXT),
    76: ("SMART_CARD_ROOT_INFO", _HEX),
    83: ("ROOT_PROGRAM_CERT_POLICIES", _HEX),
    84: ("ROOT_PROGRAM_NAME_CONSTRAINTS", _HEX),
    89: ("SIGN_HASH_CNG_ALG", _TEXT),
    92: ("SUBJECT_PUB_KEY_BIT_LENGTH", _NUMBER),
    98: ("AUTH_ROOT_SHA256_HASH", _HEX),
    104: ("DISALLOWED_FILETIME", _TIME),
    105: ("ROOT_PROGRAM_CHAIN_POLICIES", _HEX),
    107: ("SHA256_HASH", _HEX),
    122: ("DISALLOWED_ENHKEY_USAGE", _PURPOSES),
    126: ("NOT_BEFORE_FILETIME", _TIME),
    127: ("NOT_BEFORE_ENHKEY_USAGE", _PURPOSES),
}


def property_name(id: int) -> str:
    """The name that wincrypt.h gives a property, or "property N" where this list does not have it."""
    return _KNOWN[id][0] if id in _KNOWN else f"property {id}"


def shown(item: StoreProperty) -> str:
    """A property's value for a reader; raw hexadecimal where its form is not known or it does not have that form.

    The text is not made inert: pass it through `printable` like any other text from outside.
    """
    form = _KNOWN.get(item.id, ("", _HEX))[1]
    if form == _TEXT:
        return text(item.value)
    if form == _NUMBER and len(item.value) == 4:
        return str(int.from_bytes(item.value, "little"))
    if form == _TIME and (moment := filetime(item.value)):
        return instant(moment)
    if form == _PURPOSES:
        return _purposes(item.value)
    if form == _PROVIDER and (info := key_provider((item,))):
        key_set = "machine" if info.flags & MACHINE_KEYSET else "user"
        return f"{info.provider or 'no provider'}, type {info.type}, {key_set} key {info.container or 'without a name'}"
    return "yes" if form == _PRESENCE else item.value.hex().upper()


def _purposes(value: bytes) -> str:
    try:
        return ", ".join(extensions.object_identifiers(value))
    except (ValueError, IndexError):
        return value.hex().upper()
