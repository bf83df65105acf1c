"""Which one of the certificates of a file a command is about."""

from __future__ import annotations

from certaudit.audit.assignment import holdings, is_ca
from certaudit.errors import NothingToAuditError, UsageError
from certaudit.evidence import Evidence
from certaudit.printable import printable
from certaudit.x509.certificate import Certificate


def the_certificate(path: str, evidence: Evidence, thumbprint: str | None) -> Certificate:
    """The certificate with `thumbprint`, or else the only end-entity certificate, or the only one at all.

    Raises NothingToAuditError where there is none, UsageError where there are several.
    """
    found = [holding.certificate for holding in holdings(evidence.certificates)]
    if not found:
        raise NothingToAuditError(f"{printable(path)} holds no certificate that can be read")
    if thumbprint is not None:
        wanted = "".join(thumbprint.split()).replace(":", "").upper()
        found = [certificate for certificate in found if wanted in (certificate.sha1, certificate.sha256)]
        if not found:
            raise UsageError(f"{printable(path)} holds no certificate with thumbprint {printable(thumbprint)}")
    ends = [certificate for certificate in found if not is_ca(certificate)] or found
    if len(ends) > 1:
        thumbprints = ", ".join(certificate.sha1 for certificate in ends[:5])
        raise UsageError(f"{printable(path)} holds {len(ends)} certificates ({thumbprints}); choose with --thumbprint")
    return ends[0]
