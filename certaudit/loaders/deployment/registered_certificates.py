"""The certificates that a site lists under Boot Media and PXE: an export of SMS_CertificateInfo as CSV."""

from __future__ import annotations

import re

from certaudit.evidence import Input, RegisteredCertificate
from certaudit.loaders import limits
from certaudit.loaders.deployment import csv_table
from certaudit.loaders.source import Source

FORMAT = "sms-certificate-info"

_COLUMNS = {"thumbprint", "isblocked"}


def sniff(source: Source) -> bool:
    """True for a table whose header names thumbprints and whether they are blocked."""
    return csv_table.columns(source) >= _COLUMNS


def load(source: Source) -> Input:
    """The certificates in the table, and a remark on each line that names none. Raises UnreadableError."""
    registered, remarks = [], []
    for number, row in csv_table.rows(source, FORMAT):
        entry = _entry(row)
        if entry is None:
            remarks.append(f"Line {number} of the table names no thumbprint, and was passed over.")
        else:
            registered.append(entry)
    return Input(source.name, FORMAT, registered=tuple(registered), remarks=tuple(remarks[: limits.MAX_REMARKS]))


def _entry(row: dict[str, str]) -> RegisteredCertificate | None:
    thumbprint = re.sub(r"[\s:]", "", row.get("thumbprint", "")).upper()
    if not re.fullmatch(r"[0-9A-F]{40}", thumbprint):
        return None
    blocked = csv_table.TRUTH.get(row.get("isblocked", "").casefold())
    return RegisteredCertificate(
        thumbprint,
        row.get("type") or None,
        blocked,
        row.get("issuedto") or None,
        csv_table.instant(row.get("validfrom", "")),
    )
