"""The variables inside the envelope: XML with a value for each name, certificates among them as hexadecimal text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from xml.etree import ElementTree

from certaudit.evidence import CertificateEntry, Input, MediaVariables, PrivateKey, Provenance
from certaudit.loaders import limits
from certaudit.loaders.media.media_envelope import ClosedEnvelopeError
from certaudit.loaders.pki import pkcs12
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.structure import Kind, kind_of
from certaudit.printable import printable
from certaudit.x509 import der
from certaudit.x509.certificate import Certificate

MEDIA_CERTIFICATE = "media certificate"
ROOT_LIST = "root CA list"
SITE_SIGNING = "site server signing certificate"

_WITHOUT_KEY = PrivateKey(present=False)
_PASSWORD_LENGTH = 31


@dataclass
class Payload:
    """What the variables hold: the facts, the certificates with their places, what could not be read."""

    variables: MediaVariables
    certificates: list[CertificateEntry] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    error: str | None = None

    def lose(self, sentence: str) -> None:
        """Keeps the remark that a part which may hold something that counts was not understood."""
        self.remarks.append(sentence)
        self.losses.append(sentence)


def payload(text: str, source: Source) -> Payload:
    """What the XML `text` holds. Raises ClosedEnvelopeError where it is no list of variables, UnreadableError
    where it is one that is not read."""
    written, lost = _values(text, source)
    values = {name.casefold(): value for name, value in written.items()}
    guid = values.get("_smsmediaguid", "").strip()
    found = Payload(replace(_facts(values, guid), names=tuple(sorted(written))))
    for sentence in lost:
        found.lose(sentence)
    _take_pfx(values.get("_smstsmediapfx", ""), guid, source, found)
    roots = _take_certificates(values.get("_smstsrootcacerts", ""), ROOT_LIST, source, found)
    signing = _take_certificates(values.get("_smstssitesigningcertificate", ""), SITE_SIGNING, source, found)
    if len(signing) > 1:
        found.lose(f"The {SITE_SIGNING} is there {len(signing)} times; the first was taken.")
    found.variables = replace(found.variables, root_cas=roots, site_signing=next(iter(signing), None))
    return found


def _values(text: str, source: Source) -> tuple[dict[str, str], list[str]]:
    """The values by name, of names that differ in case alone the first, and a sentence on each part beside them."""
    if len(text) > limits.MAX_VARIABLES_TEXT:
        raise source.refusal("too big: its variables exceed 16 MiB", "make the media again", harmless=False)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        what = "not read, because its variables declare a document type, which no media does"
        raise source.refusal(what, "find out who changed it", harmless=False)
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ElementTree.ParseError as error:
        raise ClosedEnvelopeError("it is no whole XML") from error
    remarks = [] if _local(root) == "MediaVarList" else ["The list of variables has another name than MediaVarList."]
    values: dict[str, str] = {}
    seen: set[str] = set()
    for element in root.iter():
        name = element.get("name")
        if element is not root and (_local(element) != "var" or not name):
            remarks.append(f"The element {printable(_local(element))} among the variables is not understood.")
        if (element.tail or "").strip() or (_local(element) != "var" and (element.text or "").strip()):
            remarks.append("There is text between the variables, which was not read.")
        if _local(element) != "var" or not name:
            continue
        if name.casefold() in seen:
            remarks.append(f"The variable {printable(name)} is there more than once; the first was taken.")
            continue
        seen.add(name.casefold())
        values[name] = element.text or ""
    if not values:
        raise ClosedEnvelopeError("it has no variables")
    return values, remarks


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _facts(values: dict[str, str], guid: str) -> MediaVariables:
    addresses = [values.get("smstsmp", ""), *values.get("smstslocationmps", "").split("*")]
    bare = guid.strip("{}").casefold()
    return MediaVariables(
        names=tuple(values),
        site_code=values.get("_smstssitecode") or None,
        uses_tls=_is_true(values.get("_smstsusessl")),
        checks_crls=_is_true(values.get("_smstsusecrl")),
        management_points=tuple(dict.fromkeys(text.strip() for text in addresses if text.strip())),
        media_type=values.get("_smstsmediatype") or None,
        identity=hashlib.sha256(bare.encode()).hexdigest().upper() if bare else None,
        knows_unknown_computers=any(
            values.get(f"_smsts{architecture}unknownmachineguid") for architecture in ("x86", "x64")
        ),
        has_pfx=bool(values.get("_smstsmediapfx", "").strip()),
        has_root_list=bool(values.get("_smstsrootcacerts", "").strip()),
    )


def _is_true(value: str | None) -> bool | None:
    """A truth value of the variables; None where it is not told, or in another word."""
    return {"true": True, "1": True, "false": False, "0": False}.get((value or "").strip().casefold())


# The PFX of the media certificate, whose password is made of the media GUID.


def passwords(guid: str) -> tuple[str, ...]:
    """The documented spellings of the PFX password: the first 31 characters of the GUID, with braces and without."""
    bare = guid.strip("{}")
    return tuple(dict.fromkeys(text[:_PASSWORD_LENGTH] for text in (guid, f"{{{bare}}}", bare)))


def _take_pfx(value: str, guid: str, source: Source, found: Payload) -> None:
    digits = re.sub(r"\s", "", value)
    if not digits:
        return
    try:
        result = _pfx(source.part(bytes.fromhex(digits), MEDIA_CERTIFICATE), guid)
    except ValueError:
        found.error = f"The media certificate of {source.shown} is not hexadecimal text: make the media again."
        return
    except UnreadableError:
        found.error = f"The media certificate of {source.shown} is no PFX, or a damaged one: make the media again."
        return
    found.certificates += result.certificates
    found.remarks += result.remarks
    found.losses += result.losses
    if result.error is not None:
        found.remarks.append(result.error)
        found.error = (
            f"The media certificate of {source.shown} does not open with the password that the media's GUID gives: "
            "make the media again, or supply the PFX that it was made from."
        )
    entries = sorted(result.certificates, key=lambda entry: not entry.private_key.present)
    own = entries[0].certificate if entries else None
    found.variables = replace(found.variables, certificate=own, pfx=result.pfx)


def _pfx(part: Source, guid: str) -> Input:
    """What the PKCS #12 reader makes of it with the first spelling that opens it, else with the last.

    Raises UnreadableError.
    """
    if not pkcs12.sniff(part):
        raise UnreadableError("It is no PFX.")
    for spelling in passwords(guid):
        result = pkcs12.load(replace(part, password=partial(_password, spelling)))
        if result.error is None:
            break
    return result


def _password(password: str, name: str) -> str:
    return password


# Certificates in values whose container is not documented: looked for in whatever it is.


def _take_certificates(value: str, entry: str, source: Source, found: Payload) -> tuple[Certificate, ...]:
    certificates = tuple(dict.fromkeys(certificates_in(value)))
    for number, certificate in enumerate(certificates, 1):
        place = f"{entry}, certificate {number}" if len(certificates) > 1 else entry
        inside = f"{source.entry}, {place}" if source.entry else place
        found.certificates.append(CertificateEntry(certificate, Provenance(source.name, inside), _WITHOUT_KEY))
    if value.strip() and not certificates:
        found.lose(f"No certificate was found in the {entry}, although there is one.")
    elif (rest := _not_understood(value)) is not None:
        found.lose(f"In the {entry} {rest} beside the certificates that were found.")
    return certificates


def _not_understood(value: str) -> str | None:
    """What of a value with certificates is neither one of them nor their container; None: nothing."""
    packed = re.sub(r"\s", "", value)
    blobs = _blobs(value)
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", packed):
        blobs = [bytes.fromhex(packed)]
    elif re.search(r"[0-9A-Fa-f]{128}", packed) and len(blobs) == 1 and len(blobs[0]) * 2 < len(packed):
        return f"{len(packed) - 2 * len(blobs[0]):,} characters are no whole hexadecimal numbers"
    elif len(blobs) != 1:
        return "characters are no hexadecimal numbers"
    (data,) = blobs
    if _is_container(data):
        return None
    rest = _beside_certificates(data)
    return f"{rest:,} bytes are not understood" if rest else None


def _is_container(data: bytes) -> bool:
    """True for a PKCS #7 and for a serialized store, which have bytes of their own around their certificates."""
    try:
        return data[4:8] == b"CERT" or (data[:1] == b"\x30" and kind_of(data) is Kind.PKCS7)
    except der.DerError:
        return False


def _beside_certificates(data: bytes) -> int:
    """How many bytes of certificates one after another are none of them; padding of zeros does not count."""
    rest = position = 0
    while position < len(data):
        certificate = _certificate_at(data, position) if data[position] == 0x30 else None
        rest += certificate is None and data[position] != 0
        position += len(certificate.der) if certificate is not None else 1
        if rest > limits.MAX_VARIABLE_ATTEMPTS:
            break
    return rest


def certificates_in(value: str) -> Iterator[Certificate]:
    """Every certificate in hexadecimal or Base64 text: one after another, in a PKCS #7 or in a serialized store."""
    attempts = found = 0
    for data in _blobs(value):
        position = data.find(b"\x30\x82")
        while position >= 0 and attempts < limits.MAX_VARIABLE_ATTEMPTS and found < limits.MAX_VARIABLE_CERTIFICATES:
            attempts += 1
            certificate = _certificate_at(data, position)
            if certificate is not None:
                found += 1
                yield certificate
            behind = position + (len(certificate.der) if certificate else 1)
            position = data.find(b"\x30\x82", behind)


def _blobs(value: str) -> list[bytes]:
    if runs := re.findall(r"(?:[0-9A-Fa-f]{2}){64,}", value):
        return [bytes.fromhex(run) for run in runs]
    try:
        return [base64.b64decode(re.sub(r"\s", "", value), validate=True)]
    except ValueError:
        return []


def _certificate_at(data: bytes, position: int) -> Certificate | None:
    try:
        if kind_of(data, position) is not Kind.CERTIFICATE:
            return None
        return Certificate(der.read(data, position).raw)
    except der.DerError:
        return None
