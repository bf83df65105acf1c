"""The candidate paths of certificates under one trust, as of one instant: built, validated, judged twice."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Literal

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import second_judge
from certaudit.x509.chain.answer import RevocationAnswer, RevocationStatus
from certaudit.x509.chain.paths import (
    End,
    FoundPaths,
    Path,
    PathBuilder,
)
from certaudit.x509.chain.problem import BROKEN_LINK, Problem
from certaudit.x509.chain.revocation import Revocation
from certaudit.x509.chain.trust import PathSettings, Trust
from certaudit.x509.chain.validation import Validator

CACHED_LEAVES = 4096
"""Certificates whose paths are kept; what is known of their issuers is kept for good."""


class CandidatePath:
    """One way up from a certificate, with everything that is wrong with it.

    Each property is worked out on first demand, and kept.
    """

    # cached_property would need a dictionary for each path, and takes a lock each time.
    __slots__ = ("_answers", "_as_of", "_path", "_problems", "_refusal", "_revocation", "_strict", "_validator")

    def __init__(self, path: Path, validator: Validator, revocation: Revocation, as_of: datetime, *, strict: bool):
        self._path, self._validator, self._revocation = path, validator, revocation
        self._as_of, self._strict = as_of, strict
        self._problems: tuple[Problem, ...] | None = None
        self._answers: tuple[RevocationAnswer, ...] | None = None
        self._refusal: str | Literal[False] | None = False  # False until OpenSSL was asked

    def __repr__(self) -> str:
        return f"<CandidatePath {' > '.join(certificate.sha1[:8] for certificate in self.certificates)}>"

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Leaf first; last the trust anchor, or where the path ends short of one."""
        return self._path.certificates

    @property
    def anchored(self) -> bool:
        """True where the path ends at a trust anchor."""
        return self._path.end is End.ANCHOR

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, leaf first; with revocation, where the settings require it."""
        if self._problems is None:
            found = self._validator.problems(self._path)
            self._problems = found + self._unsettled() if self._strict else found
        return self._problems

    def _unsettled(self) -> tuple[Problem, ...]:
        pairs = zip(self.certificates, self.revocation, strict=True)
        return tuple([_problem(certificate, answer) for certificate, answer in pairs if not answer.status.settles])

    @property
    def revocation(self) -> tuple[RevocationAnswer, ...]:
        """What is known of the revocation of each certificate of the path, required or not."""
        if self._answers is None:
            self._answers = self._revocation.answers(self._path)
        return self._answers

    @property
    def policies(self) -> frozenset[str]:
        """The certificate policies (OIDs, in the anchor's domain) that the path is valid for (RFC 5280 6.1.6)."""
        return self._validator.policies(self._path)

    @property
    def refused_by_openssl(self) -> str | None:
        """Why OpenSSL refuses a path that is otherwise accepted: then nobody can vouch for it. None where it agrees,
        and where the path is not accepted anyway."""
        if not self.anchored or self.problems:
            return None
        if self._refusal is False:
            self._refusal = second_judge.refusal(self.certificates, self._as_of)
        return self._refusal

    @property
    def valid(self) -> bool:
        """True where the path is anchored, has no problem, and OpenSSL does not refuse it."""
        return self.anchored and not self.problems and self.refused_by_openssl is None


class Chains:
    """Answers for any number of certificates under one trust; the work on CAs and CRLs is done once."""

    def __init__(self, trust: Trust, as_of: datetime, settings: PathSettings | None = None) -> None:
        """`as_of` is an aware instant; it decides everything that depends on time."""
        self.as_of, self.trust = as_of, trust
        self.settings = settings or PathSettings()
        self._builder = PathBuilder(trust.anchors, trust.intermediates)
        self._validator = Validator(as_of, self.settings)
        self._revocation = Revocation(trust, as_of, self._builder, self._validator)
        self._candidates = lru_cache(maxsize=CACHED_LEAVES)(self._found)

    def paths(self, certificate: Certificate) -> tuple[CandidatePath, ...]:
        """Every candidate path, at least one, best first: valid ones, those whose signatures hold, anchored ones, then
        by fewest problems: a path whose signature fails leads nowhere, however trusted the name at its end."""
        return self._candidates(certificate)[0]

    def best(self, certificate: Certificate) -> CandidatePath:
        """The best candidate path."""
        return self.paths(certificate)[0]

    def top(self, certificate: Certificate) -> Certificate:
        """The last certificate of the best candidate path: a trust anchor, or where the path ends short of one."""
        return self.best(certificate).certificates[-1]

    def truncated(self, certificate: Certificate) -> bool:
        """True where there are more candidate paths than are followed (paths.MAX_PATHS, MAX_LENGTH, MAX_STEPS)."""
        return self._candidates(certificate)[1]

    def _found(self, certificate: Certificate) -> tuple[tuple[CandidatePath, ...], bool]:
        found: FoundPaths = self._builder.paths(certificate)
        strict = self.settings.revocation == "required"
        candidates = [
            CandidatePath(path, self._validator, self._revocation, self.as_of, strict=strict) for path in found.paths
        ]
        if len(candidates) > 1:
            candidates.sort(key=_order)
        return tuple(candidates), found.truncated


def _order(path: CandidatePath) -> tuple[bool, bool, bool, int, int, tuple[str, ...]]:
    thumbprints = tuple(certificate.sha256 for certificate in path.certificates)
    broken = any(problem.code in BROKEN_LINK for problem in path.problems)
    return not path.valid, broken, not path.anchored, len(path.problems), len(path.certificates), thumbprints


_REVOCATION_CODES = {RevocationStatus.REVOKED: "revoked"}


def _problem(certificate: Certificate, answer: RevocationAnswer) -> Problem:
    code = _REVOCATION_CODES.get(answer.status, f"revocation-{answer.status.value}")
    return Problem(code, certificate.sha256, answer.message)
