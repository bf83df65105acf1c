"""The CA certificates above a certificate on its best candidate path, for checks that are about them."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.audit.validators.context import Context
from certaudit.x509.certificate import Certificate


class Issuers(NamedTuple):
    """The certificates above one, its issuer first; `complete` where they reach a trust anchor or a root."""

    certificates: tuple[Certificate, ...]
    complete: bool

    @property
    def gap(self) -> str:
        """The sentence of a check that has no answer because the path ends early."""
        return "Its path of issuers is not complete; supply the certificates of the CAs up to the root."


def issuers_of(certificate: Certificate, context: Context) -> Issuers:
    """The issuers of `certificate`; none, and complete, where it is self-issued and stands alone."""
    best = context.chains.best(certificate)
    path = best.certificates
    return Issuers(path[1:], best.anchored or path[-1].is_self_issued)
