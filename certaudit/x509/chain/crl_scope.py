"""Which certificates and reasons a CRL speaks of (RFC 5280 6.3.3 (b) to (e))."""

from __future__ import annotations

from certaudit.x509.crl import RevocationList
from certaudit.x509.extensions import DistributionPoint, IssuingDistributionPoint
from certaudit.x509.fields import Reading
from certaudit.x509.name import DIRECTORY_NAME, GeneralName, Name, relative_name

ALL_REASONS = frozenset(
    {
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "privilegeWithdrawn",
        "aACompromise",
    }
)

_Comparable = tuple[int, object]


def crl_issuers(point: DistributionPoint, certificate_issuer: Name) -> tuple[Name, ...]:
    """Whose CRL the distribution point means: cRLIssuer where it is there, else the certificate's issuer."""
    named = tuple(name.directory for name in point.crl_issuer if name.directory is not None)
    return named if point.crl_issuer else (certificate_issuer,)


def implied_point(certificate_issuer: Name) -> DistributionPoint:
    """The distribution point of a CRL that the issuer publishes anywhere (RFC 5280 6.3.3, last paragraph)."""
    name = GeneralName(DIRECTORY_NAME, certificate_issuer.raw, directory=certificate_issuer)
    return DistributionPoint((name,), None, None, ())


def covered_reasons(
    crl: RevocationList, point: DistributionPoint, certificate_issuer: Name, *, is_ca: bool
) -> frozenset[str]:
    """The reasons for which `crl` speaks of a certificate with this issuer and distribution point; empty for none.

    The CRL's issuer is expected to be one of `crl_issuers`. Raises UnreadableFieldError.
    """
    scope = crl.issuing_distribution_point
    reasons = ALL_REASONS if point.reasons is None else point.reasons
    if scope is None:
        return frozenset() if point.crl_issuer and crl.issuer != certificate_issuer else reasons
    if point.crl_issuer and not scope.indirect:
        return frozenset()
    if scope.only_attribute_certificates or (scope.only_user_certificates and is_ca):
        return frozenset()
    if scope.only_ca_certificates and not is_ca:
        return frozenset()
    if not _names_meet(scope, crl.issuer, point, certificate_issuer):
        return frozenset()
    return reasons if scope.only_some_reasons is None else reasons & scope.only_some_reasons


def _names_meet(
    scope: IssuingDistributionPoint, crl_issuer: Name, point: DistributionPoint, certificate_issuer: Name
) -> bool:
    """6.3.3 (b)(2)(i): one name of the CRL's distribution point is one of the certificate's."""
    own = _comparable(scope.names, [crl_issuer] if scope.relative is not None else [], scope)
    if not own:
        return True
    if point.names or point.relative is not None:
        issuers = crl_issuers(point, certificate_issuer) if point.relative is not None else ()
        return bool(own & _comparable(point.names, issuers, point))
    return bool(own & _comparable(point.crl_issuer, (), point))


def _comparable(
    names: tuple[GeneralName, ...],
    issuers: tuple[Name, ...] | list[Name],
    point: DistributionPoint | IssuingDistributionPoint,
) -> set[_Comparable]:
    """The full names of a distribution point, as things that compare: directory names as names, others as bytes."""
    found: set[_Comparable] = {(name.kind, name.directory or name.content) for name in names}
    for issuer in issuers:
        if point.relative is not None:
            with Reading("name relative to the CRL issuer"):
                found.add((DIRECTORY_NAME, relative_name(issuer, point.relative)))
    return found
