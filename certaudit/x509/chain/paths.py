"""Candidate paths: every way from a certificate to a trust anchor, and those that end short of one.

The issuer is found by its name (RFC 5280 6.1.3 (a)(4)); key identifiers rank the candidates, as CryptoAPI and
RFC 4158 use them. They never exclude one alone, because renewed and cross-certified CAs often get them wrong: a
candidate is left out only where its key identifier differs, its key did not make the signature, and another's did.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.signature import (
    Verification,
    certificate_signature,
    inherits_parameters,
    is_self_signed,
)
from certaudit.x509.fields import if_readable
from certaudit.x509.name import Name

MAX_PATHS = 64
"""Paths kept of one certificate; a hostile mesh of cross-certificates has a factorial number."""
MAX_LENGTH = 16
"""Certificates in a path, leaf and anchor included."""
MAX_ISSUERS = 64
"""Certificates of one name at hand from which on only those are followed that may have made the signature."""
MAX_STEPS = 4096
"""Partial paths begun for one CA."""


class End(Enum):
    """Why a path ends where it does."""

    ANCHOR = "trust anchor"
    UNTRUSTED_ROOT = "self-signed, not trusted"
    ISSUER_MISSING = "issuer missing"
    LOOP = "every issuer is in the path already"
    CUT = "not followed any further"


@dataclass(eq=False, slots=True)
class Path:
    """Certificates, leaf first; `upper` is the same path without its first, None for a single certificate.

    Paths of CAs are made once and shared, so that what is worked out for one serves all below it.
    """

    certificates: tuple[Certificate, ...]
    end: End
    upper: Path | None


class FoundPaths(NamedTuple):
    """The paths of a certificate, likeliest first; `truncated` where a bound cut the search."""

    paths: tuple[Path, ...]
    truncated: bool


@dataclass(order=True, slots=True)
class _Partial:
    """A path on its way up: paths with fewer doubtful links, then shorter ones, come first."""

    doubts: int
    length: int
    turn: int
    certificates: tuple[Certificate, ...] = field(compare=False)


class PathBuilder:
    """Builds paths out of the trust anchors and intermediates it is given."""

    def __init__(self, anchors: Iterable[Certificate], intermediates: Iterable[Certificate]) -> None:
        self._anchors = frozenset(anchors)
        self._by_subject: dict[Name, list[Certificate]] = {}
        for certificate in sorted({*self._anchors, *intermediates}, key=lambda known: known.sha256):
            subject = _subject(certificate)
            if subject is not None:
                self._by_subject.setdefault(subject, []).append(certificate)
        self._paths: dict[tuple[tuple[Certificate, ...], End], Path] = {}
        self._searched: dict[Certificate, FoundPaths] = {}
        self._ranked: dict[Certificate, list[tuple[Certificate, int]]] = {}

    def named(self, subject: Name) -> tuple[Certificate, ...]:
        """The certificates at hand with that subject, in a fixed order."""
        return tuple(self._by_subject.get(subject, ()))

    def paths(self, certificate: Certificate) -> FoundPaths:
        """Every candidate path of `certificate`, within MAX_PATHS, MAX_LENGTH and MAX_STEPS."""
        found: list[Path] = []
        trusted = certificate in self._anchors
        if trusted:
            found.append(self._path((certificate,), End.ANCHOR))
        if not is_self_signed(certificate):
            above = self._above(certificate)
            found += above.paths
            return _bounded(found, truncated=above.truncated) if found else self._dead_end(certificate)
        return FoundPaths((*found,) or (self._path((certificate,), End.UNTRUSTED_ROOT),), False)

    def _dead_end(self, certificate: Certificate) -> FoundPaths:
        end = End.LOOP if self.issuers(certificate) else End.ISSUER_MISSING
        return FoundPaths((Path((certificate,), end, None),), False)

    def _above(self, certificate: Certificate) -> FoundPaths:
        """The paths that go on to an issuer."""
        found: list[Path] = []
        truncated = self._crowded(certificate)
        for issuer, _ in self.issuers(certificate):
            upper = self._search(issuer)
            truncated |= upper.truncated
            found += (
                Path((certificate, *path.certificates), path.end, path)
                for path in upper.paths
                if not _loops(certificate, path.certificates)
            )
        return FoundPaths(tuple(found), truncated)

    def _path(self, certificates: tuple[Certificate, ...], end: End) -> Path:
        known = self._paths.get((certificates, end))
        if known is None:
            upper = self._path(certificates[1:], end) if len(certificates) > 1 else None
            known = self._paths[certificates, end] = Path(certificates, end, upper)
        return known

    def issuers(self, certificate: Certificate) -> list[tuple[Certificate, int]]:
        """Candidate issuers of `certificate`, likeliest first, each with its doubts: 0 is a fitting one.

        Out of a crowd, more than MAX_ISSUERS of one name, those that may have signed; or else the likeliest alone, for
        each of them that is followed has as many issuers again to be told apart.
        """
        candidates = self._namesakes(certificate)
        if len(candidates) == 1:
            return [(candidates[0], 0)]
        ranked = sorted(
            (_rank(certificate, candidate), candidate not in self._anchors, candidate.sha256, candidate)
            for candidate in candidates
        )
        if len(ranked) > MAX_ISSUERS:
            ranked = [entry for entry in ranked if entry[0][0] < _SIGNED[Verification.BAD]][:MAX_ISSUERS] or ranked[:1]
        proven = bool(ranked) and ranked[0][0][0] == 0
        return [(candidate, sum(rank)) for rank, _, _, candidate in ranked if not (proven and rank == _EXCLUDED)]

    def _namesakes(self, certificate: Certificate) -> Sequence[Certificate]:
        issuer = if_readable(lambda: certificate.issuer, otherwise=None)
        return () if issuer is None else self._by_subject.get(issuer, ())

    def _crowded(self, certificate: Certificate) -> bool:
        """True where not every certificate of the issuer's name is followed."""
        return len(self._namesakes(certificate)) > MAX_ISSUERS

    def _search(self, start: Certificate) -> FoundPaths:
        """Best-first search from a CA certificate upwards, once for each."""
        known = self._searched.get(start)
        if known is None:
            known = self._searched[start] = self._searching(start)
        return known

    def _searching(self, start: Certificate) -> FoundPaths:
        queue = [_Partial(0, 1, 0, (start,))]
        found: list[Path] = []
        turn, truncated = 0, False
        while queue and len(found) < MAX_PATHS and turn < MAX_STEPS:
            partial = heapq.heappop(queue)
            ended = self._ended(partial.certificates)
            found += (self._path(partial.certificates, end) for end in ended)
            if End.UNTRUSTED_ROOT in ended or (End.ANCHOR in ended and is_self_signed(partial.certificates[-1])):
                continue
            if ended == [End.CUT]:
                truncated = True
                continue
            truncated |= self._crowded(partial.certificates[-1])
            for issuer, doubts in self._open_issuers(partial.certificates):
                turn += 1
                certificates = (*partial.certificates, issuer)
                heapq.heappush(queue, _Partial(partial.doubts + doubts, partial.length + 1, turn, certificates))
        if queue and not found:
            found.append(self._path(queue[0].certificates, End.CUT))
        return _bounded(found, truncated=truncated or bool(queue))

    def _ended(self, certificates: tuple[Certificate, ...]) -> list[End]:
        """Why the path may end at its last certificate; an anchor that is not self-signed may be gone beyond."""
        last = certificates[-1]
        if last in self._anchors:
            return [End.ANCHOR]
        if is_self_signed(last):
            return [End.UNTRUSTED_ROOT]
        if next(self._open_issuers(certificates), None) is not None:
            return [End.CUT] if len(certificates) >= MAX_LENGTH - 1 else []
        return [End.LOOP if self.issuers(last) else End.ISSUER_MISSING]

    def _open_issuers(self, certificates: tuple[Certificate, ...]) -> Iterator[tuple[Certificate, int]]:
        last = certificates[-1]
        ranked = self._ranked.get(last)
        if ranked is None:
            ranked = self._ranked[last] = self.issuers(last)
        for issuer, doubts in ranked:
            if not _loops(issuer, certificates):
                yield issuer, doubts


def _bounded(found: list[Path], *, truncated: bool) -> FoundPaths:
    """Paths cut short by a loop or a bound say nothing where another way up exists."""
    useful = [path for path in found if path.end not in (End.LOOP, End.CUT)] if len(found) > 1 else found
    useful = useful or found
    return FoundPaths(tuple(useful[:MAX_PATHS]), truncated or len(useful) > MAX_PATHS)


def _loops(certificate: Certificate, certificates: tuple[Certificate, ...]) -> bool:
    """True where the same subject with the same key is in the path already: RFC 4158 2.4.2 recommends to follow none
    that repeats the pair. Alternative names, which it adds to the name, make no other CA."""
    key = certificate.spki
    for other in certificates:
        if key == other.spki and (certificate == other or _same_subject(certificate, other)):
            return True
    return False


def _same_subject(one: Certificate, other: Certificate) -> bool:
    return if_readable(lambda: one.subject == other.subject, otherwise=False)


def _subject(certificate: Certificate) -> Name | None:
    """None where it cannot be read: then nothing can name the certificate as its issuer."""
    return if_readable(lambda: certificate.subject, otherwise=None)


_SIGNED = {Verification.GOOD: 0, Verification.UNVERIFIABLE: 1, Verification.BAD: 3}
_EXCLUDED = (3, 1)


def _rank(certificate: Certificate, issuer: Certificate) -> tuple[int, int]:
    """(what its key says of the signature, what the key identifiers say): lower is likelier."""
    # A key with inherited parameters can be used only once its own path is known.
    inherited = inherits_parameters(issuer.spki)
    verdict = Verification.UNVERIFIABLE if inherited else certificate_signature(certificate, issuer.spki)[0]
    differ = if_readable(lambda: _identifiers_differ(certificate, issuer), otherwise=False)
    return _SIGNED[verdict], int(differ)


def _identifiers_differ(certificate: Certificate, issuer: Certificate) -> bool:
    """True where the authority key identifier says outright that it means another certificate (RFC 5280 4.2.1.1)."""
    wanted, key_identifier = certificate.authority_key_identifier, issuer.subject_key_identifier
    if wanted is None:
        return False
    if wanted.key_identifier is not None and key_identifier is not None:
        return wanted.key_identifier != key_identifier
    return wanted.serial is not None and wanted.serial != issuer.serial
