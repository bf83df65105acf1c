"""What a finding says of its subject, and the words about it that a row may leave a place for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from certaudit.audit.assignment import Holding
from certaudit.evidence import CertificateEntry
from certaudit.printable import printable
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME


class Facts(NamedTuple):
    """What a finding says of its subject: `words` fill the places of a row ("{system}"), the rest is as in Finding."""

    words: dict[str, str]
    role: str | None = None
    system: str | None = None
    certificate: str | None = None
    subject: str | None = None


def of_owner(role: str | None, system: System | None, holding: Holding | None = None) -> dict[str, str]:
    """The words for a role and its system; of files that nobody assigned to a system, for the computer that
    `holding` names."""
    words = {"role": role or ""}
    if system is not None and system.kind == "files":
        computer = _computer(holding.certificate) if holding else ""
        words["system"] = words["names"] = computer or "its computer"
    elif system is not None:
        words["system"] = printable(system.name)
        words["names"] = ", ".join(printable(name) for _, name in system.names) or printable(system.name)
    return words


def of_certificate(certificate: Certificate) -> dict[str, str]:
    """The words for a certificate, each empty where it cannot be read."""
    return {
        "thumbprint": certificate.sha1,
        "subject": if_readable(lambda: str(certificate.subject), otherwise=""),
        "issuer": if_readable(lambda: str(certificate.issuer), otherwise=""),
        "not_after": if_readable(lambda: str(certificate.not_after), otherwise=""),
    }


def of_places(entries: Iterable[CertificateEntry]) -> dict[str, str]:
    """The words for the inputs that certificates were found in."""
    return {"input": ", ".join(dict.fromkeys(printable(entry.provenance.input) for entry in entries))}


def _computer(certificate: Certificate) -> str:
    """The first name of a computer in a certificate, as far as it can be read."""
    names = if_readable(lambda: (*certificate.dns_names, *certificate.subject.values(COMMON_NAME)), otherwise=())
    return printable(next(iter(names), ""))
