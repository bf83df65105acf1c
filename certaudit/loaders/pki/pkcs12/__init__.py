"""PKCS #12 (RFC 7292, RFC 9579), as Windows, OpenSSL, NSS, GnuTLS and Java write it, read bag by bag.

The reader is our own because libraries give one key of several, hide every bag behind the first odd one, say "wrong
password" of an unknown cipher, and can be kept busy for minutes by a number in the file.
"""

from __future__ import annotations

from certaudit.evidence import Input
from certaudit.loaders.pki.pkcs12.reader import Reader
from certaudit.loaders.source import Source, UnreadableError
from certaudit.loaders.structure import Kind
from certaudit.x509 import der


def sniff(source: Source) -> bool:
    """True for a PFX, sound or not."""
    return source.kind is Kind.PKCS12


def load(source: Source) -> Input:
    """Certificates, CRLs and the facts about keys and protection. Raises UnreadableError where it is no whole PFX."""
    reader = Reader(source)
    try:
        reader.read()
    except (der.DerError, ValueError, IndexError) as error:
        raise UnreadableError(
            f"{source.shown} is a PKCS #12 file that is damaged ({der.reason(error)}): copy or export it again.",
            "pkcs12",
        ) from error
    contents = reader.contents
    if not contents and contents.error is None:
        reason = f" ({contents.remarks[0].rstrip('.')})" if contents.remarks else ""
        contents.error = (
            f"{source.shown} is a PKCS #12 file without a certificate{reason}: export it with its certificate."
        )
    return contents.to_input("pkcs12")
