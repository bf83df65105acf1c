"""The certificates that a site lists under Boot Media and PXE: an export of SMS_CertificateInfo as CSV.

`Get-WmiObject -Namespace root\\sms\\site_S01 SMS_CertificateInfo | Export-Csv certificates.csv` writes it; Excel may
have saved it with semicolons or tabs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from certaudit.evidence import Input, RegisteredCertificate
from certaudit.loaders import armour
from certaudit.loaders.contents import MAX_REMARKS
from certaudit.loaders.source import Source

FORMAT = "sms-certificate-info"

_COLUMNS = {"thumbprint", "isblocked"}
_KINDS = {"1": "boot-media", "2": "pxe-service-point"}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_MAX_ROWS = 100_000


def sniff(source: Source) -> bool:
    """True for a table whose header names thumbprints and whether they are blocked."""
    return set(_header(armour.plain_text(source.head[:8192]))[0]) >= _COLUMNS


def load(source: Source) -> Input:
    """The certificates in the table, and a remark on each line that names none. Raises UnreadableError."""
    text = armour.plain_text(source.data)
    header, separator, start = _header(text)
    registered, remarks = [], []
    try:
        for number, row in enumerate(_rows(text[start:], separator), 1):
            entry = _entry(dict(zip(header, row, strict=False)))
            if entry is None:
                remarks.append(f"Line {number} of the table names no thumbprint, and was passed over.")
            else:
                registered.append(entry)
    except csv.Error as error:
        raise source.refusal(f"a damaged table ({error})", "export it again", FORMAT, harmless=False) from error
    return Input(source.name, FORMAT, registered=tuple(registered), remarks=tuple(remarks[:MAX_REMARKS]))


def _entry(fields: dict[str, str]) -> RegisteredCertificate | None:
    thumbprint = re.sub(r"[\s:]", "", fields.get("thumbprint", "")).upper()
    if not re.fullmatch(r"[0-9A-F]{40}", thumbprint):
        return None
    blocked = _TRUTH.get(fields.get("isblocked", "").strip().casefold())
    return RegisteredCertificate(thumbprint, _KINDS.get(fields.get("type", "").strip()), blocked)


def _header(text: bytes) -> tuple[list[str], str, int]:
    """The columns in lower case, what separates them, and where the rows begin; PowerShell's #TYPE line is skipped."""
    start = text.find(b"\n") + 1 if text.startswith(b"#TYPE") else 0
    end = text.find(b"\n", start) + 1 or len(text)
    line = text[start:end].decode("utf-8", "replace")
    separator = max(",;\t", key=line.count)
    return [name.strip(' "\r\n').casefold() for name in line.split(separator)], separator, end


def _rows(text: bytes, separator: str) -> Iterator[list[str]]:
    lines = text.decode("utf-8", "replace").splitlines()[:_MAX_ROWS]
    return (row for row in csv.reader(lines, delimiter=separator) if any(row))
