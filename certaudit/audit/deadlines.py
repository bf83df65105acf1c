"""What breaks next: the days to come on which a certificate or a CRL that something depends on runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from certaudit.audit.assignment import Assignment
from certaudit.evidence import CrlEntry
from certaudit.printable import attribute_value
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME, Name


class Deadline(NamedTuple):
    """Something that stops on a day to come. `systems` are those that it takes along."""

    when: datetime
    what: str
    certificate: str | None
    systems: tuple[str, ...]


def deadlines(
    assignments: Iterable[Assignment], crls: Iterable[CrlEntry], chains: Chains, as_of: datetime
) -> tuple[Deadline, ...]:
    """Each deadline after `as_of`, soonest first; one for each certificate and each of `crls`."""
    dependants: dict[Certificate, dict[str, str]] = {}
    for assignment in assignments:
        if assignment.holding is None or assignment.owner is None:
            continue
        for certificate in chains.best(assignment.holding.certificate).certificates:
            dependants.setdefault(certificate, {})[assignment.owner] = assignment.role
    found = [_certificate(certificate, systems) for certificate, systems in dependants.items()]
    found += [_crl(entry.crl, dependants) for entry in crls]
    coming = {(deadline.when, deadline.what): deadline for deadline in found if deadline and deadline.when > as_of}
    return tuple(coming[key] for key in sorted(coming))


def _certificate(certificate: Certificate, systems: dict[str, str]) -> Deadline | None:
    return if_readable(lambda: _end_of_certificate(certificate, systems), otherwise=None)


def _end_of_certificate(certificate: Certificate, systems: dict[str, str]) -> Deadline:
    roles = sorted(set(systems.values()))
    what = f"{_kind(certificate, roles)} certificate {_short(certificate.subject) or certificate.sha1} expires"
    return Deadline(certificate.not_after, what, certificate.sha256, tuple(sorted(systems)))


def _kind(certificate: Certificate, roles: list[str]) -> str:
    return "CA" if certificate.is_ca else " and ".join(roles)


def _short(name: Name) -> str:
    """The last common name of `name`, or the whole of it."""
    common_names = name.values(COMMON_NAME)
    return attribute_value(common_names[-1]) if common_names else str(name)


def _crl(crl: RevocationList, dependants: dict[Certificate, dict[str, str]]) -> Deadline | None:
    """The end of a CRL of an issuer that a certificate in use depends on."""
    return if_readable(lambda: _end_of_crl(crl, dependants), otherwise=None)


def _end_of_crl(crl: RevocationList, dependants: dict[Certificate, dict[str, str]]) -> Deadline | None:
    systems = {
        name
        for certificate, names in dependants.items()
        if certificate.issuer == crl.issuer and not certificate.is_self_issued
        for name in names
    }
    if crl.next_update is None or not systems:
        return None
    return Deadline(crl.next_update, f"CRL of {_short(crl.issuer)} ends", None, tuple(sorted(systems)))
