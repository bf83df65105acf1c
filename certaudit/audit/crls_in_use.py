"""Which CRLs speak of the present, and of what is in use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from certaudit.evidence import CrlEntry
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.crl_scope import crl_issuers
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import if_readable
from certaudit.x509.name import Name

_Kind = tuple[object, ...]
_KeyOfName = tuple[Name, bytes | None]


def current(crls: Sequence[CrlEntry], as_of: datetime) -> tuple[CrlEntry, ...]:
    """The CRLs but those that a newer one of the same issuer, key, scope and kind replaces, issued by `as_of`: these
    say nothing of the present. One that cannot be read for it replaces none and is not replaced."""
    issued = [(entry, if_readable(partial(_issue, entry.crl), otherwise=None)) for entry in crls]
    newest: dict[_Kind, datetime] = {}
    for _, issue in issued:
        if issue is not None and issue[1] <= as_of:
            kind, begins = issue
            newest[kind] = max(begins, newest.get(kind, begins))
    return tuple(entry for entry, issue in issued if issue is None or issue[1] >= newest.get(issue[0], issue[1]))


def _issue(crl: RevocationList) -> tuple[_Kind, datetime]:
    """What is equal for CRLs of which the newer replaces the older, and when it was issued."""
    present = (crl.extensions.get(oid) for oid in (oids.ISSUING_DISTRIBUTION_POINT, oids.AUTHORITY_KEY_IDENTIFIER))
    scope = (extension.value if extension else None for extension in present)
    return (crl.issuer, crl.base_number is None, *scope), crl.this_update


def of_issuers(
    crls: Iterable[CrlEntry], used: Collection[Certificate], certificates: Iterable[Certificate]
) -> Iterator[CrlEntry]:
    """The CRLs that speak of a certificate of `used`: they bear the name of its issuer, or one that it names for them,
    and not the key of a CA of that name that is not in use. One whose issuer cannot be read may be of anybody."""
    names = {name for certificate in used for name in if_readable(partial(_issuers, certificate), otherwise=())}
    keys = _keys(used)
    others = _keys(certificate for certificate in certificates if certificate not in used)
    for entry in crls:
        signer = if_readable(partial(_signer, entry.crl), otherwise=None)
        if signer is None or (signer[0] in names and (signer in keys or signer not in others)):
            yield entry


def _issuers(certificate: Certificate) -> tuple[Name, ...]:
    points = if_readable(lambda: certificate.crl_distribution_points, otherwise=None) or ()
    return certificate.issuer, *(name for point in points for name in crl_issuers(point, certificate.issuer))


def _keys(certificates: Iterable[Certificate]) -> set[_KeyOfName]:
    """The names and key identifiers of the certificates that have both."""
    found = (if_readable(partial(_key, known), otherwise=None) for known in certificates)
    return {pair for pair in found if pair is not None and pair[1] is not None}


def _key(certificate: Certificate) -> _KeyOfName:
    return certificate.subject, certificate.subject_key_identifier


def _signer(crl: RevocationList) -> _KeyOfName:
    identifier = crl.authority_key_identifier
    return crl.issuer, identifier.key_identifier if identifier else None
