"""Text that holds certificates: PEM blocks with anything around them, or bare Base64.

A block is told from the DER inside; its label is only a hint, because certutil and others label wrongly.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from itertools import islice

from certaudit.evidence import CertificateEntry, Input, PrivateKey
from certaudit.loaders import limits
from certaudit.loaders.contents import Contents
from certaudit.loaders.pki import armour, asn1, private_key
from certaudit.loaders.pki.armour import Block
from certaudit.loaders.signatures import SUBMIT
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.structure import Kind, kind_of
from certaudit.printable import printable
from certaudit.x509.public_key import PublicKey


def sniff(source: Source) -> bool:
    """True for text with a PEM marker, and for text that is Base64 of a SEQUENCE and nothing else."""
    text = armour.plain_text(source.head)
    if b"-----BEGIN " in text:
        return b"\0" not in text[: text.index(b"-----BEGIN ")]
    if source.content is None or b"\0" in text:
        return False
    if b"-----BEGIN " in source.content:  # behind more than 64 KiB of other text
        return True
    return text.lstrip()[:1] == b"M" and source.size <= limits.MAX_BARE_BASE64 and _bare(source) is not None


def _bare(source: Source) -> bytes | None:
    data = armour.decoded(armour.plain_text(source.data))
    return data if data and asn1.sniff(source.part(data, "Base64")) else None


def load(source: Source) -> Input:
    """All that the blocks hold, private keys matched with the certificates beside them."""
    text = armour.plain_text(source.data)
    if b"-----BEGIN " not in text:
        return _load_bare(source)
    contents, keys = Contents(source), list[PublicKey]()
    formats, refusals = set[str](), list[UnreadableError]()
    blocks = list(islice(armour.blocks(text), limits.MAX_PEM_BLOCKS + 1))
    if len(blocks) > limits.MAX_PEM_BLOCKS:
        raise UnreadableError(
            f"{source.shown} has more than {limits.MAX_PEM_BLOCKS:,} PEM blocks: cut it into several files.", "pem"
        )
    for number, block in enumerate(blocks, 1):
        place = f"block {number}" if len(blocks) > 1 else ""
        try:
            formats |= _take(contents, keys, block, place)
        except UnreadableError as refusal:
            refusals.append(refusal)
            contents.lose(str(refusal))
    _match(contents, keys)
    if not contents and not contents.others and len(refusals) == len(blocks) == 1:
        raise refusals[0]
    _refuse_harmless(source, contents, blocks)
    return contents.to_input(f"{formats.pop()}-pem" if len(formats) == 1 else "pem")


def _load_bare(source: Source) -> Input:
    data = _bare(source)
    if data is None:
        raise UnreadableError(f"{source.shown} is Base64 of nothing known: export the certificate again.")
    result = asn1.load(replace(source, content=data, head=data, size=len(data)))
    return replace(result, format=result.format.removesuffix("-der") + "-base64")


def _take(contents: Contents, keys: list[PublicKey], block: Block, place: str) -> set[str]:
    """Takes up one block; the names of the formats in it, without what says how they are encoded."""
    what = f"The {printable(block.label)} block" if not place else f"{place.capitalize()} ({printable(block.label)})"
    kind = _kind(block)
    if kind is Kind.ENCRYPTED_PRIVATE_KEY:
        contents.remark(f"{what} is an encrypted private key, which was not opened.")
    elif kind is Kind.PRIVATE_KEY:
        _take_key(contents, keys, block, what)
    elif block.problem:
        contents.lose(f"{what} cannot be read: {block.problem}.")
    elif kind is None:
        contents.remark(f"{what} is not certificate material, and was not read.")
    elif block.data[:1] != b"\x30":
        contents.lose(f"{what} cannot be read: its content is no DER.")
    else:
        data = block.data
        if "TRUSTED" in block.label:  # OpenSSL appends its own trust settings to the certificate
            data = asn1_first(data)
        part = contents.source.part(data, place)
        result = asn1.load(replace(part, entry=place or None))
        contents.absorb(result)
        return {result.format.removesuffix("-der")}
    return set()


def asn1_first(data: bytes) -> bytes:
    """The first element of `data` alone, all of it where there is none."""
    from certaudit.x509 import der

    try:
        return der.read(data).raw
    except der.DerError:
        return data


def _kind(block: Block) -> Kind | None:
    """What a block is: by its DER where there is any, by its label where there is none; None: nothing for us."""
    if block.data[:1] == b"\x30":
        try:
            return kind_of(block.data)
        except ValueError:
            return Kind.UNKNOWN
    if "PRIVATE KEY" in block.label:
        return Kind.ENCRYPTED_PRIVATE_KEY if "ENCRYPTED" in block.label else None
    return Kind.UNKNOWN if block.problem or any(word in block.label for word in _LABELS) else None


def _take_key(contents: Contents, keys: list[PublicKey], block: Block, what: str) -> None:
    try:
        keys.append(private_key.public_half(block.data))
    except private_key.UnusablePrivateKeyError as error:
        contents.remark(f"{what} is a private key that cannot be used: {error}.")


def _match(contents: Contents, keys: list[PublicKey]) -> None:
    """Says of each certificate whose key is there that it is; whoever holds the file can copy the key."""
    identities = {private_key.identity(key.spki): key for key in keys}
    paired = set[Hashable]()

    def with_key(entry: CertificateEntry) -> CertificateEntry:
        identity = private_key.identity(entry.certificate.spki)
        if identity not in identities or entry.private_key.present is not None:
            return entry
        paired.add(identity)
        return replace(entry, private_key=PrivateKey(present=True, matches=True, exportable=True))

    contents.certificates = [with_key(entry) for entry in contents.certificates]
    for identity, key in identities.items():
        if identity not in paired:
            contents.remark(f"A private key ({key}) belongs to no certificate in the file.")


def _refuse_harmless(source: Source, contents: Contents, blocks: list[Block]) -> None:
    """Raises where the blocks are keys, requests and the like, of which a folder of evidence may hold some."""
    if contents or contents.others or not all(_kind(block) in _HARMLESS for block in blocks):
        return
    labels = ", ".join(dict.fromkeys(printable(block.label) for block in blocks[:5])) or "a marker of one"
    has_key = any("PRIVATE KEY" in block.label for block in blocks)
    what = f"PEM text without a certificate, only {labels}"
    are_requests = bool(blocks) and all(_kind(block) is Kind.REQUEST for block in blocks)
    remedy = SUBMIT if are_requests else "name the certificate's own file, or a PFX"
    raise source.refusal(what, remedy, "private-key" if has_key else "unknown", harmless=bool(blocks))


_LABELS = ("CERTIFICATE", "CRL", "PKCS", "CMS")
_HARMLESS = (None, Kind.PRIVATE_KEY, Kind.ENCRYPTED_PRIVATE_KEY, Kind.PUBLIC_KEY, Kind.REQUEST)
