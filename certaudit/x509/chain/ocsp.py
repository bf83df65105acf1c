"""What OCSP responses supplied as files say, once it is sure who says it (RFC 6960 3.2, 4.2.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.paths import Path
from certaudit.x509.chain.signature import Verification, certificate_signature, verify
from certaudit.x509.chain.validation import Validator
from certaudit.x509.der import DerError
from certaudit.x509.fields import UnreadableFieldError, if_readable
from certaudit.x509.ocsp import OcspResponse, SingleResponse, ocsp_response

OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"

Ask = Callable[[Path], RevocationAnswer]
_PRECEDENCE = (
    RevocationStatus.REVOKED,
    RevocationStatus.GOOD,
    RevocationStatus.STALE,
    RevocationStatus.NOT_YET_VALID,
    RevocationStatus.UNKNOWN,
    RevocationStatus.BAD_SIGNATURE,
)
_CAUSES = {
    RevocationStatus.STALE: Cause.OCSP_STALE,
    RevocationStatus.NOT_YET_VALID: Cause.OCSP_NOT_YET_VALID,
    RevocationStatus.UNKNOWN: Cause.OCSP_UNKNOWN,
    RevocationStatus.BAD_SIGNATURE: Cause.OCSP_SIGNER,
}


class OcspResponses:
    """The OCSP responses at hand, by the serial numbers that they speak of."""

    def __init__(self, responses: Iterable[bytes], as_of: datetime, validator: Validator) -> None:
        """Bytes that are no successful response say nothing of any certificate and are left out."""
        self._as_of, self._validator = as_of, validator
        self._by_serial: dict[int, list[tuple[OcspResponse, SingleResponse]]] = {}
        for data in responses:
            try:
                response = ocsp_response(data)
            except DerError:
                continue
            for single in response.responses:
                self._by_serial.setdefault(single.serial, []).append((response, single))

    def answer(self, certificate: Certificate, upper: Path, ask: Ask) -> RevocationAnswer | None:
        """The answer for a certificate issued by the head of `upper`; None where no response speaks of it.

        `ask` tells the revocation of a delegated responder.
        """
        about = if_readable(lambda: self._about(certificate, upper.certificates[0]), otherwise=())
        answers = [self._judged(response, single, upper, ask) for response, single in about]
        answers.sort(key=lambda answer: (_PRECEDENCE.index(answer.status), answer.message))
        return answers[0] if answers else None

    def _about(self, certificate: Certificate, issuer: Certificate) -> list[tuple[OcspResponse, SingleResponse]]:
        known = self._by_serial.get(certificate.serial, ())
        return [pair for pair in known if _is_about(pair[1], certificate, issuer)]

    def _judged(self, response: OcspResponse, single: SingleResponse, upper: Path, ask: Ask) -> RevocationAnswer:
        status, message = self._status(response, single, upper, ask)
        revoked = status is RevocationStatus.REVOKED
        return RevocationAnswer(
            status,
            message,
            (response.sha256,),
            revoked_on=single.revoked_on if revoked else None,
            reason=single.reason if revoked else None,
            this_update=single.this_update,
            next_update=single.next_update,
            cause=_CAUSES.get(status),
        )

    def _status(
        self, response: OcspResponse, single: SingleResponse, upper: Path, ask: Ask
    ) -> tuple[RevocationStatus, str]:
        refusal = self._refusal(response, upper, ask)
        if refusal is not None:
            return RevocationStatus.BAD_SIGNATURE, f"The OCSP response at hand cannot be used: {refusal}."
        if single.status == "revoked":
            reason = f", reason {single.reason}" if single.reason else ""
            return RevocationStatus.REVOKED, f"Revoked on {single.revoked_on:%Y-%m-%d %H:%M:%S} UTC{reason} (OCSP)."
        if self._as_of < single.this_update:
            began = f"{single.this_update:%Y-%m-%d %H:%M:%S}"
            return RevocationStatus.NOT_YET_VALID, f"The OCSP response at hand was issued only on {began} UTC."
        if single.next_update is None:
            # RFC 6960 4.2.2.1: newer information is always available, so a file of it is old at once.
            return RevocationStatus.STALE, "The OCSP response at hand does not say until when it holds."
        if self._as_of > single.next_update:
            ended = f"{single.next_update:%Y-%m-%d %H:%M:%S}"
            return RevocationStatus.STALE, f"The OCSP response at hand was to be renewed by {ended} UTC."
        if single.status == "good":
            return RevocationStatus.GOOD, f"Good by OCSP on {single.this_update:%Y-%m-%d %H:%M:%S} UTC."
        return RevocationStatus.UNKNOWN, "The OCSP responder does not know the certificate."

    def _refusal(self, response: OcspResponse, upper: Path, ask: Ask) -> str | None:
        """Why its signer may not speak for the head of `upper`; None where it may."""
        reason = "its signer is neither the issuer nor a responder that the issuer names"
        key = self._validator.state(upper).key
        for signer in (upper.certificates[0], *response.certificates):
            try:
                if not response.names(signer):
                    continue
                own = signer == upper.certificates[0] and key is not None
                spki = key if own and key is not None else signer.spki
                verdict, why = verify(response.signed, response.algorithm, response.signature, spki)
                refusal = why or "bad signature" if verdict is not Verification.GOOD else None
                if refusal is None and not own:
                    refusal = self._delegation_refusal(signer, upper, key, ask)
            except (UnreadableFieldError, DerError, IndexError) as error:
                refusal = str(error)
            if refusal is None:
                return None
            reason = refusal
        return reason

    def _delegation_refusal(self, signer: Certificate, upper: Path, key: bytes | None, ask: Ask) -> str | None:
        """RFC 6960 4.2.2.2: issued by the same CA itself, for OCSP signing, in force, not revoked."""
        path = Path((signer, *upper.certificates), upper.end, upper)
        if key is None or certificate_signature(signer, key)[0] is not Verification.GOOD:
            return f"its signer {signer.subject} was not issued by the certificate's own issuer"
        if oids.OCSP_SIGNING not in (signer.extended_key_usage or ()):
            return f"its signer {signer.subject} lacks the OCSP Signing purpose"
        # What is wrong above the responder is said at its own place in the path.
        own = [problem for problem in self._validator.problems(path) if problem.certificate == signer.sha256]
        if own:
            return f"its signer {signer.subject}: {own[0].message.rstrip('.')}"
        if OCSP_NO_CHECK in signer.extensions:
            return None
        answer = ask(path)
        return None if answer.status.settles else f"its signer {signer.subject}: {answer.message.rstrip('.')}"


def _is_about(single: SingleResponse, certificate: Certificate, issuer: Certificate) -> bool:
    try:
        return single.is_about(certificate.issuer.raw, issuer.spki)
    except (DerError, IndexError):
        return False
