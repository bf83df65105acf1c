"""The CAs of a sound site, and what they issue unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki.authority import SIGNING, authority

HTTP = "http://pki.contoso.com/crl/ca.crl"
LDAP = "ldap:///CN=ca,CN=CDP,DC=contoso,DC=com?certificateRevocationList"
_POINTS = (builder.distribution_points(HTTP),)
_UNTIL = datetime(2020, 1, 1, tzinfo=UTC)

ROOT = authority("CN=Contoso Root CA,DC=contoso,DC=com", number=101, extensions=_POINTS, not_after=_UNTIL)
ISSUING = authority(
    "CN=Contoso Issuing CA 1,DC=contoso,DC=com", number=102, issuer=ROOT, extensions=_POINTS, not_after=_UNTIL
)


def certificate(**fields: Any) -> Certificate:
    """A certificate of the issuing CA, with an HTTP distribution point, unless `fields` say otherwise."""
    return ISSUING.issue(**{"extensions": _POINTS} | fields)


def intermediate(**fields: Any) -> Certificate:
    """A CA certificate, that of the issuing CA but for `fields`."""
    ca = (builder.basic_constraints(ca=True), SIGNING, *_POINTS)
    usual = {"subject": ISSUING.subject, "key": ISSUING.key, "extensions": ca, "not_after": _UNTIL}
    return ROOT.issue(**usual | fields)


def root(**fields: Any) -> Certificate:
    """A self-signed CA certificate, that of the root but for `fields`."""
    return intermediate(**{"subject": ROOT.subject, "key": ROOT.key} | fields)


def freshest(*urls: str) -> bytes:
    """A freshest CRL extension."""
    points = (
        builder.sequence(builder.tlv(0xA0, builder.tlv(0xA0, builder.general_name(f"URI:{url}")))) for url in urls
    )
    return builder.extension(oids.FRESHEST_CRL, builder.sequence(*points))
