"""The certificate issuers list that clients have from 2012 on (source `cbplan`: PKI trusted root certificates)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from certaudit.evidence import SiteEvidence
from certaudit.site.releases import of_product
from certaudit.site.site import Site
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable

TopOf = Callable[[Certificate], Certificate]
"""Gives the last certificate of the best candidate path of one: its root, or where the path ends short of it."""


class IssuersList(NamedTuple):
    """Roots, by one of which a client certificate has to be issued. A list without roots is one that clients do not
    have: then they skip it."""

    roots: frozenset[Certificate] = frozenset()
    top_of: TopOf | None = None

    def covers(self, certificate: Certificate) -> bool:
        """True where a root of the list stands above the certificate, or there is no list."""
        return not self.roots or (self.top_of is not None and self.top_of(certificate) in self.roots)


def issuers_list(
    site: Site, evidence: SiteEvidence, servers: Iterable[Certificate], top_of: TopOf | None
) -> IssuersList:
    """The roots that the site lists, and those of `servers`, the web server certificates of its management points.

    Clients of 2007 have no such list. A path that ends short of a root adds nothing.
    """
    if top_of is None or site.release in of_product("2007"):
        return IssuersList()
    above = (top_of(certificate) for certificate in servers)
    return IssuersList(frozenset((*evidence.root_cas.every_certificate, *filter(_is_root, above))), top_of)


def _is_root(certificate: Certificate) -> bool:
    return if_readable(lambda: certificate.is_self_issued, otherwise=False)
