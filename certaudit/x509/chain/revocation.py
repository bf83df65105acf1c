"""The revocation of each element of a path, from the CRLs and OCSP responses at hand (RFC 5280 6.3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.crl_signer import CrlSigners
from certaudit.x509.chain.crl_source import CrlSource
from certaudit.x509.chain.crl_store import CrlStore
from certaudit.x509.chain.paths import End, Path, PathBuilder
from certaudit.x509.chain.trust import Trust
from certaudit.x509.chain.validation import Validator
from certaudit.x509.fields import UnreadableFieldError

if TYPE_CHECKING:
    from certaudit.x509.chain.ocsp import OcspResponses

_ANCHOR = RevocationAnswer(
    RevocationStatus.NOT_APPLICABLE, "It heads the path: trust in it is decided by whoever trusts it, not by a CRL."
)
_NO_ISSUER = RevocationAnswer(
    RevocationStatus.UNKNOWN,
    "Its issuer's certificate is not at hand, so no CRL can be verified.",
    cause=Cause.SIGNER_MISSING,
)
_SourceKey = tuple[Path, bool, bytes, bytes]


class Revocation:
    """Answers for the elements of paths; what depends on the issuer and its CRLs alone is worked out once."""

    def __init__(self, trust: Trust, as_of: datetime, builder: PathBuilder, validator: Validator) -> None:
        self._signers = CrlSigners(builder, validator, self.answers)
        self._store = CrlStore(trust.crls, as_of, self._signers)
        self._ocsp = _ocsp(trust, as_of, validator)
        self._sources: dict[_SourceKey, CrlSource] = {}
        self._known: dict[Path, tuple[RevocationAnswer, ...]] = {}

    def answers(self, path: Path) -> tuple[RevocationAnswer, ...]:
        """One answer for each certificate of the path, in its order."""
        above = self._above(path.upper) if path.upper is not None else ()
        return (self.answer(path), *above)

    def _above(self, path: Path) -> tuple[RevocationAnswer, ...]:
        known = self._known.get(path)
        if known is None:
            known = self.answers(path)
            if not self._signers.assuming:
                self._known[path] = known
        return known

    def answer(self, path: Path) -> RevocationAnswer:
        """The answer for the first certificate of the path."""
        if path.upper is None:
            return _ANCHOR if path.end in (End.ANCHOR, End.UNTRUSTED_ROOT) else _NO_ISSUER
        certificate = path.certificates[0]
        try:
            answer = self._source(certificate, path.upper).look_up(certificate.issuer, certificate.serial)
        except UnreadableFieldError as error:
            answer = _unreadable(error)
        if self._ocsp is None or answer.status is RevocationStatus.REVOKED:
            return answer
        return self._better(answer, self._ocsp.answer(certificate, path.upper, self._crl_answer))

    def _crl_answer(self, path: Path) -> RevocationAnswer:
        """What the CRLs alone say, for the certificate of an OCSP responder."""
        if path.upper is None:
            return _NO_ISSUER
        certificate = path.certificates[0]
        try:
            return self._source(certificate, path.upper).look_up(certificate.issuer, certificate.serial)
        except UnreadableFieldError as error:
            return _unreadable(error)

    def _better(self, crl: RevocationAnswer, ocsp: RevocationAnswer | None) -> RevocationAnswer:
        """Revoked by either is revoked; else good by either is good; else the CRL's answer, unless it has none."""
        if ocsp is None or (crl.status is RevocationStatus.GOOD and ocsp.status is not RevocationStatus.REVOKED):
            return crl
        silent = (RevocationStatus.NOT_SUPPLIED, RevocationStatus.NO_DISTRIBUTION_POINT)
        settled = (RevocationStatus.GOOD, RevocationStatus.REVOKED)
        return ocsp if ocsp.status in settled or crl.status in silent else crl

    def _source(self, certificate: Certificate, upper: Path) -> CrlSource:
        constraints = certificate.basic_constraints
        is_ca = constraints is not None and constraints.ca
        present = certificate.extensions
        points, freshest = present.get(oids.CRL_DISTRIBUTION_POINTS), present.get(oids.FRESHEST_CRL)
        key = (upper, is_ca, points.value if points else b"", freshest.value if freshest else b"")
        source = self._sources.get(key)
        if source is None:
            source = self._store.source(certificate, upper, is_ca=is_ca)
            if not self._signers.assuming:
                self._sources[key] = source
        return source


def _unreadable(error: UnreadableFieldError) -> RevocationAnswer:
    message = f"Nothing can be looked up: {error}."
    return RevocationAnswer(RevocationStatus.UNKNOWN, message, cause=Cause.UNREADABLE)


def _ocsp(trust: Trust, as_of: datetime, validator: Validator) -> OcspResponses | None:
    """What the OCSP responses at hand say; imported where there are any, which is seldom."""
    if not trust.ocsp_responses:
        return None
    from certaudit.x509.chain.ocsp import OcspResponses

    return OcspResponses(trust.ocsp_responses, as_of, validator)
