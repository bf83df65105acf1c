"""Everything else: files that are known not to be ours are called by their names, the rest by how they begin."""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.computer import tool_text
from certaudit.loaders.pki import armour
from certaudit.loaders.signatures import MAGIC, TEXT, Signature
from certaudit.loaders.source import Source


def sniff(source: Source) -> bool:
    """True for anything: this is the last format that is tried."""
    return True


def load(source: Source) -> Input:
    """Never anything: raises UnreadableError that says what the file is."""
    known = _known(source)
    promised = "not a PKCS #12 file but " if source.ending in (".pfx", ".p12") else ""
    if known is not None:
        raise source.refusal(
            promised + known.what, known.remedy, known.format, harmless=known.harmless, advised=known.is_listing
        )
    data = source.data  # which says so where the file is too big for any format
    if _is_text(armour.plain_text(source.head)):
        raise source.refusal(f"{promised}text without a certificate in it", "export the certificate again")
    begins = data[:4].hex(" ").upper()
    raise source.refusal(f"{promised}data of no known certificate format (it begins with {begins})", "export it again")


def _known(source: Source) -> Signature | None:
    text = armour.plain_text(source.head)
    for magic, signature in MAGIC:
        if source.head.startswith(magic) or text.startswith(magic):
            return signature
    lines = "\n".join(tool_text.beginning(source))
    return next((signature for pattern, signature in TEXT if pattern.search(lines)), None)


def _is_text(data: bytes) -> bool:
    return not any(byte < 0x20 and byte not in b"\t\r\n\f\x1b\x1a" for byte in data[:4096])
