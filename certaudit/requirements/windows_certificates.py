"""The CA certificates that Windows itself brings: data in windows-certificates.toml, read once.

Several of them have expired, are signed with MD5 or have keys of 1,024 bits and less. Windows needs them all the same,
so that none of them fails a requirement as long as no chain of the site uses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from certaudit.site.client_selection import ATTRIBUTES
from certaudit.site.toml_table import Table, read_toml
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import prepared

_Comparable = frozenset[tuple[tuple[str, object], int]]


class WindowsCertificates(NamedTuple):
    """All of them by SHA-1 thumbprint, each with whether Microsoft says that it must stay; and their subjects."""

    required: Mapping[str, bool]
    subjects: frozenset[_Comparable]

    def impersonates(self, certificate: Certificate) -> bool:
        """True where it bears the subject of one of them and is another certificate."""
        subject = if_readable(lambda: certificate.subject, otherwise=())
        comparable = frozenset(Counter(attribute.comparable for attribute in subject).items())
        return certificate.sha1 not in self.required and comparable in self.subjects


@cache
def read_windows_certificates(path: Path = Path(__file__).parent / "windows-certificates.toml") -> WindowsCertificates:
    """The table in the file at `path`. Raises UsageError."""
    top = read_toml(path)
    required, subjects = {}, []
    for table in top.tables("certificate"):
        required[table.required_text("sha1")] = table.boolean("required", False)
        subjects.append(_subject(table))
        table.required_text("source")
        table.close()
    top.close()
    return WindowsCertificates(required, frozenset(subjects))


def _subject(table: Table) -> _Comparable:
    """The attributes of a subject, in whatever order, as Attribute.comparable has them."""
    pairs = (text.partition("=") for text in table.texts("subject"))
    return frozenset(Counter((ATTRIBUTES[keyword], prepared(value)) for keyword, _, value in pairs).items())


def is_of_windows(certificate: Certificate) -> bool:
    """True for a certificate that Windows brings: by its thumbprint, never by its name."""
    return certificate.sha1 in read_windows_certificates().required
