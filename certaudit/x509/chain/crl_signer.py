"""Who signed a CRL, and whether they were entitled to (RFC 5280 6.3.3 (f) and (g))."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import RevocationAnswer
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
    SubjectPublicKeyInfo; None where nobody entitled did."""

    entitlement: Entitlement
    reason: str
    whose: SigningKey | None = None
    spki: bytes | None = None


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
        verdict, reason = Entitlement.NOT_ENTITLED, f"no certificate of its issuer, {crl.issuer}, is at hand"
        for path, in_path in self._candidates(crl, upper):
            key = self._validator.state(path).key
            signed, why = crl_signature(crl, key) if key is not None else (Verification.UNVERIFIABLE, "no key")
            if signed is Verification.UNVERIFIABLE:
                verdict, reason = Entitlement.OPEN, why
            elif signed is Verification.BAD:
                if verdict is not Entitlement.OPEN:
                    reason = why
            else:
                refusal = self._refusal(path, in_path=in_path)
                if refusal is None:
                    whose = _whose_key(path, upper)
                    return Judgement(Entitlement.ENTITLED, "", whose, path.certificates[0].spki)
                verdict, reason = Entitlement.NOT_ENTITLED, refusal
        return Judgement(verdict, reason)

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

    def _refusal(self, path: Path, *, in_path: bool) -> str | None:
        """Why the holder of the key that signed may not; None where it may."""
        signer = path.certificates[0]
        try:
            usage = signer.key_usage
        except UnreadableFieldError as error:
            return f"its signer {signer.subject}: {error}"
        if usage is not None and "cRLSign" not in usage:
            return f"its signer {signer.subject} may not sign CRLs: cRLSign is not set"
        if in_path:
            return None  # what is wrong with it is said at its own place in the path
        problems = self._validator.problems(path)
        if problems:
            return f"the path of its signer {signer.subject} is not valid: {problems[0].message.rstrip('.')}"
        return self._revoked(path)

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


def _is_named(certificate: Certificate, crl: RevocationList) -> bool:
    return if_readable(lambda: certificate.subject == crl.issuer, otherwise=False)
