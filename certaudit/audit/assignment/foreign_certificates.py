"""Certificates that other products, and Configuration Manager itself, put beside those of the PKI, and their marks.

They lie in the stores of every computer and serve no PKI role. A kind is known by its issuer, its extensions, its
purposes or its store, never by a friendly name. `source` is an id of certaudit/requirements/sources.toml.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from certaudit.audit.assignment.holding import Holding
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable
from certaudit.x509.name import COMMON_NAME, DOMAIN_COMPONENT, Name


class Kind(NamedTuple):
    """Whose certificates they are. A mark that is empty does not tell them; one that fits is enough.

    `issuers` are common names or domain components of the issuer, `begins` is how such a name may begin as well;
    `extensions` and `purposes` are object identifiers, each with all below it: one of the former is enough, of the
    latter there may be no other. With `is_self_issued` the issuer is the subject.
    """

    name: str
    source: str
    issuers: tuple[str, ...] = ()
    begins: str | None = None
    extensions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    store: str | None = None
    is_self_issued: bool = False

    def fits(self, holding: Holding) -> bool:
        """True where the certificate is of this kind. Raises UnreadableFieldError."""
        certificate = holding.certificate
        marks: tuple[Callable[[], bool], ...] = (
            lambda: any(_is_below(oid, self.extensions) for oid in certificate.extensions),
            lambda: self._issued(certificate),
            lambda: _all_below(certificate.extended_key_usage or (), self.purposes),
            lambda: self.store is not None and {entry.provenance.store for entry in holding.entries} == {self.store},
        )
        return any(mark() for mark in marks)

    def _issued(self, certificate: Certificate) -> bool:
        if self.is_self_issued and not certificate.is_self_issued:
            return False
        names = _names(certificate.issuer)
        return any(name in self.issuers or (self.begins is not None and name.startswith(self.begins)) for name in names)


TABLE = (
    Kind(
        "the device identity of Microsoft Entra ID (MS-Organization-Access)",
        "certuiexts",
        issuers=("MS-Organization-Access",),
        extensions=("1.2.840.113556.1.5.284",),
    ),
    Kind(
        "the daily one of Microsoft Entra ID for Remote Desktop (MS-Organization-P2P-Access)",
        "entra-devices",
        issuers=("MS-Organization-P2P-Access",),
        begins="MS-Organization-P2P-Access [",
    ),
    Kind(
        "the device identity of Microsoft Intune (MDM)",
        "certuiexts",
        issuers=(
            "Microsoft Intune MDM Device CA",
            "Microsoft Intune Root Certification Authority",
            "SC_Online_Issuing",
        ),
        extensions=("1.2.840.113556.5.4", "1.2.840.113556.5.6", "1.2.840.113556.5.14"),
    ),
    Kind(
        "one of Configuration Manager's own (SMS Issuing of Enhanced HTTP, or self-signed)",
        "cbehttp",
        issuers=("SMS Issuing",),
        purposes=("1.3.6.1.4.1.311.101",),
        store="SMS",
    ),
    Kind("that of the IIS management service (WMSvc)", "stores-seen", begins="WMSvc-", is_self_issued=True),
    Kind("that of the Azure guest agent", "stores-seen", issuers=("Windows Azure CRP Certificate Generator",)),
    Kind(
        "the signing certificate of WSUS",
        "stores-seen",
        issuers=("WSUS Publishers Self-signed",),
        is_self_issued=True,
    ),
    Kind(
        "that of Remote Desktop itself",
        "stores-seen",
        purposes=("1.3.6.1.4.1.311.54.1.2",),
        store="Remote Desktop",
    ),
)


def kind_of(holding: Holding) -> str | None:
    """Whose certificate it is, in words; None for one that may be of the PKI, and for one that cannot be read."""
    return if_readable(lambda: next((kind.name for kind in TABLE if kind.fits(holding)), None), otherwise=None)


def _names(name: Name) -> tuple[str, ...]:
    return (*name.values(COMMON_NAME), *name.values(DOMAIN_COMPONENT))


def _is_below(oid: str, roots: tuple[str, ...]) -> bool:
    return any(oid == root or oid.startswith(f"{root}.") for root in roots)


def _all_below(purposes: tuple[str, ...], roots: tuple[str, ...]) -> bool:
    return bool(purposes) and all(_is_below(oid, roots) for oid in purposes)
