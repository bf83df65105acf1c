"""Who signed a CRL, and whether they were entitled to (RFC 5280 6.3.3 (f) and (g))."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import Cause, RevocationAnswer
from certaudit.x509.chain.paths import End, Path, PathBuilder
from certaudit.x509.chain.signature import Verification, crl_signature
from certaudit.x509.chain.validation import Validator
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import UnreadableFieldError, if_readable

MAX_DEPTH = 3
"""How far CRL signers may depend on one another's CRLs."""


class Entitlement(Enum):
    """What is known of the signature of a CRL."""

    ENTITLED = "signed by someone entitled to"
    NOT_ENTITLED = "not signed by someone entitled to"
    OPEN = "cannot be verified"


class SigningKey(Enum):
    """Whose key signed a CRL, beside that which signed the certificates in question."""

    OWN = "the same key"
    DEDICATED = "a key that signs CRLs alone, or another issuer's"
    ROLLED_OVER = "another key of the CA, joined to this one by a certificate that the CA issued to itself"
    OTHER = "another key of the CA"


class Judgement(NamedTuple):
    """What is known of the signature of a CRL: why it may not be used (else empty), and whose key made it, with its
    SubjectPublicKeyInfo; None where nobody entitled did. `cause` is the kind of the reason."""

    entitlement: Entitlement
    reason: str
    whose: SigningKey | None = None
    spki: bytes | None = None
    cause: Cause | None = None


class CrlSigners:
    """Finds who signed a CRL, in the path of the certificate asked about or beside it."""

    def __init__(
        self,
        builder: PathBuilder,
        validator: Validator,
        answers: Callable[[Path], tuple[RevocationAnswer, ...]],
    ) -> None:
        """`answers` gives the revocation of each element of a path."""
        self._builder, self._validator, self._answers = builder, validator, answers
        self._asking: list[Certificate] = []
        self._judged: dict[tuple[RevocationList, Path], Judgement] = {}
        self._beside: dict[Certificate, tuple[Path, ...]] = {}

    @property
    def assuming(self) -> bool:
        """True while the answer depends on a CRL signer whose own revocation is being asked."""
        return bool(self._asking)

    def judge(self, crl: RevocationList, upper: Path) -> Judgement:
        """Whether `crl` may speak of what the head of `upper` issued."""
        known = self._judged.get((crl, upper))
        if known is None:
            known = self._judge(crl, upper)
            if not self.assuming:
                self._judged[crl, upper] = known
        return known

    def _judge(self, crl: RevocationList, upper: Path) -> Judgement:
        absent = f"no certificate of its issuer, {crl.issuer}, is at hand"
        judgement = Judgement(Entitlement.NOT_ENTITLED, absent, cause=Cause.SIGNER_MISSING)
        for path, in_path in self._candidates(crl, upper):
            key = self._validator.state(path).key
            signed, why = crl_signature(crl, key) if key is not None else (Verification.UNVERIFIABLE, "no key")
            if signed is Verification.UNVERIFIABLE:
                judgement = Judgement(Entitlement.OPEN, why, cause=Cause.SIGNATURE_UNVERIFIABLE)
            elif signed is Verification.BAD:
                if judgement.cause in (Cause.SIGNER_MISSING, Cause.SIGNATURE_INVALID, Cause.OTHER_KEY):
                    cause, reason = mismatch(path.certificates[0], crl, why)
                    judgement = Judgement(Entitlement.NOT_ENTITLED, reason, cause=cause)
            else:
                refusal = self._refusal(path, in_path=in_path)
                if refusal is None:
                    whose = _whose_key(path, upper)
                    return Judgement(Entitlement.ENTITLED, "", whose, path.certificates[0].spki)
                cause, reason = refusal
                judgement = Judgement(Entitlement.NOT_ENTITLED, reason, cause=cause)
        return judgement

    def _candidates(self, crl: RevocationList, upper: Path) -> Iterator[tuple[Path, bool]]:
        """(path of the signer, whether it is part of the path asked about), nearest first."""
        met: set[Certificate] = set()
        tail: Path | None = upper
        while tail is not None:
            if _is_named(tail.certificates[0], crl):
                met.add(tail.certificates[0])
                yield tail, True
            tail = tail.upper
        if upper.end is not End.ANCHOR:
            return
        for certificate in self._builder.named(crl.issuer):
            if certificate not in met:
                for path in self._paths(certificate):
                    # RFC 5280 6.3.3 (f): the same trust anchor as for the certificate itself.
                    if path.end is End.ANCHOR and path.certificates[-1] == upper.certificates[-1]:
                        yield path, False

    def _paths(self, certificate: Certificate) -> tuple[Path, ...]:
        known = self._beside.get(certificate)
        if known is None:
            known = self._beside[certificate] = self._builder.paths(certificate).paths
        return known

    def _refusal(self, path: Path, *, in_path: bool) -> tuple[Cause, str] | None:
        """Why the holder of the key that signed may not; None where it may."""
        signer = path.certificates[0]
        try:
            usage = signer.key_usage
        except UnreadableFieldError as error:
            return Cause.SIGNER_MAY_NOT, f"its signer {signer.subject}: {error}"
        if usage is not None and "cRLSign" not in usage:
            return Cause.SIGNER_MAY_NOT, f"its signer {signer.subject} may not sign CRLs: cRLSign is not set"
        if in_path:
            return None  # what is wrong with it is said at its own place in the path
        problems = self._validator.problems(path)
        if problems:
            reason = f"the path of its signer {signer.subject} is not valid: {problems[0].message.rstrip('.')}"
            return Cause.SIGNER_PATH, reason
        revocation = self._revoked(path)
        return (Cause.SIGNER_REVOCATION, revocation) if revocation is not None else None

    def _revoked(self, path: Path) -> str | None:
        """Why revocation speaks against a signer beside the path.

        A CRL may have to speak for the certificate of its own signer (a self-issued certificate for a new CRL
        key, PKITS 4.5.4): while that is asked, the signer is taken as good, so that the CRL can still revoke it.
        """
        signer = path.certificates[0]
        if signer in self._asking:
            return None
        if len(self._asking) >= MAX_DEPTH:
            return "its signers depend on one another's CRLs"
        self._asking.append(signer)
        try:
            answers = self._answers(path)
        finally:
            self._asking.pop()
        for certificate, answer in zip(path.certificates, answers, strict=True):
            if not answer.status.settles:
                return f"for its signer's path, {certificate.subject}: {answer.message.rstrip('.')}"
        return None


def _whose_key(signer: Path, upper: Path) -> SigningKey:
    """Whose key the head of `signer` has, beside that of the head of `upper`."""
    own, other = upper.certificates[0], signer.certificates[0]
    if own.spki == other.spki:
        return SigningKey.OWN
    if own.subject != other.subject or "keyCertSign" not in (other.key_usage or ("keyCertSign",)):
        return SigningKey.DEDICATED
    above = {certificate.spki for certificate in upper.certificates}
    if other.spki in above or own.spki in {certificate.spki for certificate in signer.certificates}:
        return SigningKey.ROLLED_OVER
    return SigningKey.OTHER


def mismatch(issuer: Certificate, crl: RevocationList, why: str) -> tuple[Cause, str]:
    """Why the key of `issuer` did not make the signature: another key of that name did, or, as `why` says, none.

    The key identifiers tell which (RFC 5280 5.2.1); where one is missing, the signature counts as damaged.
    """
    named = if_readable(lambda: crl.authority_key_identifier, otherwise=None)
    own = if_readable(lambda: issuer.subject_key_identifier, otherwise=None)
    if named is None or named.key_identifier is None or own is None or named.key_identifier == own:
        return Cause.SIGNATURE_INVALID, why
    reason = (
        f"it names the key {named.key_identifier.hex().upper()}, "
        f"and the certificate of {issuer.subject} at hand has the key {own.hex().upper()}"
    )
    return Cause.OTHER_KEY, reason


def _is_named(certificate: Certificate, crl: RevocationList) -> bool:
    return if_readable(lambda: certificate.subject == crl.issuer, otherwise=False)
