"""An assignment: how it stands with one certificate role that a system needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from certaudit.audit.assignment.bound import Bound
from certaudit.audit.assignment.client_choice import Choice
from certaudit.audit.assignment.holding import Holding, owner_name
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate


class State(StrEnum):
    """How it stands with one role on one system."""

    ASSIGNED = "assigned"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    NOT_SUPPLIED = "not-supplied"
    NOT_NEEDED = "not-needed"
    """The system is spoken to without TLS, or its clients need no certificate."""


class Foreign(NamedTuple):
    """A certificate that is none of the PKI, and whose it is (foreign_certificates.py)."""

    certificate: Certificate
    kind: str


_NOT_FROM_A_STORE = "it is in a Windows store, and the product uses the PFX that was imported, or what the media carry"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer for one certificate role that one site system role of one system needs.

    `holding` is there where the state is ASSIGNED; `candidates` where it is AMBIGUOUS. `pinned` is the thumbprint
    that the manifest names, where it names one. `passed_over` are certificates that would serve as well, were they
    valid now and not archived: the server may be bound to one of them still. `choice` is the product's own, of a role
    that it chooses the certificate for. `bound` is what HTTP.sys presents in the place of the role, None where that was
    not collected or the role is none that it serves. `foreign` are certificates at hand that are none of the PKI, and
    `elsewhere` are such as would fit, in a store that the product does not take the role's certificate from.
    """

    system: System | None
    site_system_role: str | None
    role: str
    state: State
    holding: Holding | None = None
    candidates: tuple[Holding, ...] = ()
    pinned: str | None = None
    passed_over: tuple[Holding, ...] = ()
    choice: Choice | None = None
    bound: Bound | None = None
    foreign: tuple[Foreign, ...] = ()
    elsewhere: tuple[Holding, ...] = ()

    @property
    def why_not(self) -> tuple[tuple[Certificate, str], ...]:
        """Certificates at hand that do not serve the role, and why not: each half a sentence."""
        refused = self.choice.refused if self.choice else ()
        told = {refusal.certificate: refusal.reason for refusal in refused}
        told |= {one.certificate: f"it is {one.kind}" for one in self.foreign if one.certificate not in told}
        told |= {one.certificate: _NOT_FROM_A_STORE for one in self.elsewhere}
        return tuple((certificate, reason) for certificate, reason in told.items() if not self._serves(certificate))

    def _serves(self, certificate: Certificate) -> bool:
        return self.holding is not None and self.holding.certificate == certificate

    @property
    def follows_binding(self) -> bool:
        """True where what is bound decides: a thumbprint is told, and the manifest names no other."""
        return self.bound is not None and bool(self.bound.thumbprints) and not self.contradicts_binding

    @property
    def contradicts_binding(self) -> bool:
        """True where the manifest names a certificate and another is bound."""
        if self.pinned is None or self.bound is None or not self.bound.thumbprints:
            return False
        return self.pinned not in self.bound.thumbprints and not self.is_bound

    @property
    def is_bound(self) -> bool:
        """True where the certificate that serves the role is the one that is bound."""
        return self.holding is not None and self.bound is not None and self.bound.names(self.holding.certificate)

    @property
    def owner(self) -> str | None:
        """What reports call the system that it is about; None for the trust lists."""
        return owner_name(self.system, self.holding)
