"""Complete CRLs and the delta CRLs that continue them (RFC 5280 5.2.4, 6.3.3 (c))."""

from __future__ import annotations

from datetime import datetime

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.crl_source import Combined, CrlStanding, evidence
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import if_readable
from certaudit.x509.name import Name


def combined(base: RevocationList, reasons: frozenset[str], deltas: dict[RevocationList, CrlStanding]) -> Combined:
    """`base`, which covers `reasons`, with the freshest delta CRL in force that continues it."""
    continuing = [
        crl for crl, standing in deltas.items() if standing.status is RevocationStatus.GOOD and _continues(crl, base)
    ]
    return Combined(base, max(continuing, key=freshness, default=None), reasons)


def continuation(
    combined: Combined, certificate: Certificate, deltas: dict[RevocationList, CrlStanding]
) -> CrlStanding | None:
    """What is wrong with the delta CRL that goes with the base, where base or certificate names one; None: nothing.

    Windows asks for it, and takes the revocation as unknown where it cannot have it (source `iis-delta`: a delta
    CRL that IIS refuses fails the check).
    """
    base = combined.base
    if combined.delta is not None or not (base.freshest_crl or certificate.freshest_crl):
        return None
    own = {crl: standing for crl, standing in deltas.items() if scope_key(crl) == scope_key(base)}
    if any(standing.status is RevocationStatus.GOOD and _follows(crl, base) for crl, standing in own.items()):
        return None
    if not own:
        return CrlStanding(RevocationStatus.NOT_SUPPLIED, "it was not supplied", cause=Cause.DELTA_MISSING)
    newest = own[max(own, key=freshness)]
    if newest.status is not RevocationStatus.GOOD:
        return newest
    return CrlStanding(RevocationStatus.STALE, _TOO_FRESH, cause=Cause.DELTA_TOO_FRESH)


def continued(
    current: tuple[Combined, ...],
    certificate: Certificate,
    deltas: dict[RevocationList, CrlStanding],
    set_aside: tuple[str, ...],
) -> RevocationAnswer:
    """The answer where a delta CRL is to be had, and may list what the complete CRL in force does not."""
    for combined in current:
        lacking = continuation(combined, certificate, deltas)
        if lacking is not None:
            message = f"The CRL of {combined.base.issuer} goes with a delta CRL, and {lacking.message}."
            return evidence(lacking.status, message, combined.lists, set_aside)._replace(cause=lacking.cause)
    raise AssertionError("nothing is lacking")


def _follows(delta: RevocationList, base: RevocationList) -> bool:
    """True for a delta CRL with nothing missing between the base and it, and for one that the base has overtaken."""
    return delta.base_number is not None and base.number is not None and delta.base_number <= base.number


def _continues(delta: RevocationList, base: RevocationList) -> bool:
    return if_readable(lambda: _fits(delta, base), otherwise=False)


def _fits(delta: RevocationList, base: RevocationList) -> bool:
    """6.3.3 (c): same scope, same key, and the delta starts no later than the base stands."""
    if delta.base_number is None or base.number is None or delta.number is None:
        return False
    one, other = delta.authority_key_identifier, base.authority_key_identifier
    if one is not None and other is not None and one.key_identifier != other.key_identifier:
        return False
    same_scope = scope_key(delta) == scope_key(base)
    return same_scope and delta.base_number <= base.number < delta.number


def scope_key(crl: RevocationList) -> tuple[Name, bytes]:
    """What is equal for CRLs of the same issuer and scope."""
    extension = crl.extensions.get(oids.ISSUING_DISTRIBUTION_POINT)
    return crl.issuer, extension.value if extension is not None else b""


def freshness(crl: RevocationList) -> tuple[datetime, int, str]:
    """Greater for a fresher CRL."""
    return crl.this_update, crl.number if crl.number is not None else -1, crl.sha256


_TOO_FRESH = "the one at hand continues a later CRL"
