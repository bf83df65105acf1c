"""All CRLs at hand: which speak of a certificate, what each is worth, and which are used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.crl_delta import (
    combined,
    continuation,
    continued,
    freshness,
    scope_key,
)
from certaudit.x509.chain.crl_scope import (
    ALL_REASONS,
    covered_reasons,
    crl_issuers,
    implied_point,
)
from certaudit.x509.chain.crl_signer import CrlSigners, Entitlement, SigningKey
from certaudit.x509.chain.crl_source import (
    Combined,
    CrlSource,
    CrlStanding,
    evidence,
)
from certaudit.x509.chain.paths import Path
from certaudit.x509.crl import RevocationList
from certaudit.x509.fields import UnreadableFieldError, if_readable
from certaudit.x509.name import Name

_KNOWN_EXTENSIONS = {
    oids.AUTHORITY_KEY_IDENTIFIER,
    oids.ISSUER_ALTERNATIVE_NAME,
    oids.CRL_NUMBER,
    oids.DELTA_CRL_INDICATOR,
    oids.ISSUING_DISTRIBUTION_POINT,
    oids.FRESHEST_CRL,
}


class CrlStore:
    """All CRLs at hand, by issuer."""

    def __init__(self, crls: Iterable[RevocationList], as_of: datetime, signers: CrlSigners) -> None:
        self._as_of, self._signers = as_of, signers
        self._by_issuer: dict[Name, list[RevocationList]] = {}
        for crl in sorted(set(crls), key=lambda known: known.sha256):
            issuer = _issuer(crl)
            if issuer is not None:
                self._by_issuer.setdefault(issuer, []).append(crl)
        self._readable: dict[RevocationList, CrlStanding] = {}

    def source(self, certificate: Certificate, upper: Path, *, is_ca: bool) -> CrlSource:
        """What speaks of `certificate`, issued by the head of `upper`. Raises UnreadableFieldError."""
        scopes, deltas, out_of_scope, unreadable = self._in_scope(certificate, is_ca=is_ca)
        standings = self._standings(scopes, upper) | unreadable
        delta_standings = {crl: self._standing(crl, upper) for crl in deltas}
        usable = _freshest(crl for crl in scopes if standings[crl].status is RevocationStatus.GOOD)
        current = tuple(combined(crl, scopes[crl], delta_standings) for crl in usable)
        others = _fresher(standings | delta_standings, current)
        overtaken = _overtaken(standings, current)
        set_aside = tuple(crl.sha256 for crl in standings)
        settled = [combined for combined in current if continuation(combined, certificate, delta_standings) is None]
        covered = frozenset().union(*(combined.reasons for combined in settled))
        if covered >= ALL_REASONS:
            used = [crl for combined in settled for crl in combined.lists]
            unlisted = evidence(RevocationStatus.GOOD, _unlisted(used), used, set_aside)
        elif len(settled) < len(current):
            unlisted = continued(current, certificate, delta_standings, set_aside)
        else:
            unlisted = self._undecided(certificate, standings, covered, [*out_of_scope, *deltas], set_aside)
        return CrlSource(current, others, unlisted, self._as_of, overtaken)

    def _in_scope(
        self, certificate: Certificate, *, is_ca: bool
    ) -> tuple[
        dict[RevocationList, frozenset[str]],
        list[RevocationList],
        list[RevocationList],
        dict[RevocationList, CrlStanding],
    ]:
        """Complete CRLs with the reasons they cover, delta CRLs, CRLs of the issuer for others, unreadable ones."""
        issuer = certificate.issuer
        scopes: dict[RevocationList, frozenset[str]] = {}
        deltas: dict[RevocationList, None] = {}
        unreadable: dict[RevocationList, CrlStanding] = {}
        met: dict[RevocationList, None] = {}
        for point in (*(certificate.crl_distribution_points or ()), implied_point(issuer)):
            for name in crl_issuers(point, issuer):
                for crl in self._by_issuer.get(name, ()):
                    met[crl] = None
                    try:
                        reasons = covered_reasons(crl, point, issuer, is_ca=is_ca)
                        if reasons and crl.base_number is None:
                            scopes[crl] = scopes.get(crl, frozenset()) | reasons
                        elif reasons:
                            deltas[crl] = None
                    except UnreadableFieldError as error:
                        unreadable[crl] = CrlStanding(RevocationStatus.UNKNOWN, str(error), cause=Cause.UNREADABLE)
        rest = [crl for crl in met if crl not in scopes and crl not in deltas and crl not in unreadable]
        return scopes, list(deltas), rest, unreadable

    def _standings(self, crls: Iterable[RevocationList], upper: Path) -> dict[RevocationList, CrlStanding]:
        """The standing of complete CRLs, where the key that signed each counts.

        A CA that was renewed with a new key goes on to make a CRL with each, and AD CS lists in it what it issued with
        that key alone: the CRL of another key never shows that a certificate is good. RFC 5280 takes it for that of
        the same CA; a self-issued certificate that joins the two keys says so too (PKITS 4.5), unless a CRL of the
        certificate's own key is there as well.
        """
        standings = {crl: self._standing(crl, upper) for crl in crls}
        whose = {crl: self._signers.judge(crl, upper).whose for crl in standings}
        foreign = {SigningKey.OTHER}
        if SigningKey.OWN in whose.values():
            foreign.add(SigningKey.ROLLED_OVER)
        for crl, standing in standings.items():
            if standing.status is RevocationStatus.GOOD and whose[crl] in foreign:
                standings[crl] = standing._replace(
                    status=RevocationStatus.UNKNOWN, message=_OTHER_KEY, cause=Cause.OTHER_KEY
                )
        return standings

    def _standing(self, crl: RevocationList, upper: Path) -> CrlStanding:
        """Whether the CRL may be used: readable, signed by someone entitled to, in force at the audit's instant."""
        known = self._readable.get(crl)
        if known is None:
            known = self._readable[crl] = _read(crl, self._as_of)
        if not known.tells:
            return known
        judgement = self._signers.judge(crl, upper)
        if judgement.entitlement is Entitlement.ENTITLED:
            return known._replace(signed_with=judgement.spki)
        open_question = judgement.entitlement is Entitlement.OPEN
        status = RevocationStatus.UNKNOWN if open_question else RevocationStatus.BAD_SIGNATURE
        return CrlStanding(status, judgement.reason, cause=judgement.cause)

    def _undecided(
        self,
        certificate: Certificate,
        standings: dict[RevocationList, CrlStanding],
        covered: frozenset[str],
        out_of_scope: list[RevocationList],
        others: tuple[str, ...],
    ) -> RevocationAnswer:
        """The answer where the CRLs at hand do not settle it."""
        for status in _PRECEDENCE:
            for crl, standing in standings.items():
                if standing.status is status:
                    return evidence(
                        status,
                        f"The CRL of {crl.issuer} at hand cannot be used: {standing.message}.",
                        _dated(crl),
                        others,
                    )._replace(cause=standing.cause)
        if covered:
            missing = ", ".join(sorted(ALL_REASONS - covered))
            message = f"The CRLs at hand do not speak of these reasons: {missing}."
            return RevocationAnswer(RevocationStatus.UNKNOWN, message, others=others, cause=Cause.REASONS)
        set_aside = tuple(crl.sha256 for crl in out_of_scope)
        if out_of_scope:
            message = "The CRLs of its issuer at hand are for other certificates, or are delta CRLs without their base."
            return RevocationAnswer(RevocationStatus.NOT_SUPPLIED, message, others=set_aside, cause=Cause.OTHER_SCOPE)
        if certificate.crl_distribution_points is None:
            message = f"No CRL of {certificate.issuer} was supplied, and the certificate names no distribution point."
            return RevocationAnswer(RevocationStatus.NO_DISTRIBUTION_POINT, message, cause=Cause.NOT_SUPPLIED)
        message = f"No CRL of {certificate.issuer} was supplied."
        return RevocationAnswer(RevocationStatus.NOT_SUPPLIED, message, cause=Cause.NOT_SUPPLIED)


def _fresher(
    standings: dict[RevocationList, CrlStanding], current: tuple[Combined, ...]
) -> tuple[tuple[RevocationList, ...], ...]:
    """Sound CRLs that are not in use and fresher than those in use of the same scope and key, in groups of these."""
    used = {crl for combined in current for crl in combined.lists}
    newest = {
        (scope_key(combined.base), standings[combined.base].signed_with): freshness(combined.lists[-1])
        for combined in current
    }
    groups: dict[object, list[RevocationList]] = {}
    for crl, standing in standings.items():
        group = scope_key(crl), standing.signed_with
        if standing.signed_with is None or crl in used:
            continue
        # Of the same instant and number (a delta CRL issued along with a complete one) neither is the fresher.
        if group not in newest or freshness(crl)[:2] > newest[group][:2]:
            groups.setdefault(group, []).append(crl)
    return tuple(tuple(sorted(crls, key=freshness, reverse=True)) for crls in groups.values())


def _overtaken(
    standings: dict[RevocationList, CrlStanding], current: tuple[Combined, ...]
) -> tuple[RevocationList, ...]:
    """Sound complete CRLs of the scope and key of one in use that are not in use themselves, and no fresher."""
    used = {crl for combined in current for crl in combined.lists}
    newest = {
        (scope_key(combined.base), standings[combined.base].signed_with): freshness(combined.lists[-1])[0]
        for combined in current
    }
    groups = ((crl, (scope_key(crl), standing.signed_with)) for crl, standing in standings.items())
    return tuple(
        crl
        for crl, group in groups
        if crl not in used and group[1] is not None and group in newest and crl.this_update <= newest[group]
    )


def _freshest(crls: Iterable[RevocationList]) -> list[RevocationList]:
    """Of the CRLs for one scope, the freshest."""
    chosen: dict[tuple[Name, bytes], RevocationList] = {}
    for crl in crls:
        known = chosen.setdefault(scope_key(crl), crl)
        if freshness(crl) > freshness(known):
            chosen[scope_key(crl)] = crl
    return list(chosen.values())


_PRECEDENCE = (
    RevocationStatus.STALE,
    RevocationStatus.NOT_YET_VALID,
    RevocationStatus.UNKNOWN,
    RevocationStatus.BAD_SIGNATURE,
)
_OTHER_KEY = "it is signed with another key of the CA, and speaks of what was issued with that key"


def _issuer(crl: RevocationList) -> Name | None:
    """None where it cannot be read: then it is nobody's CRL, and no certificate can be looked up in it."""
    return if_readable(lambda: crl.issuer, otherwise=None)


def _dated(crl: RevocationList) -> tuple[RevocationList, ...]:
    """The CRL as evidence; nothing where its dates cannot be read."""
    dates = if_readable(lambda: (crl.this_update, crl.next_update), otherwise=None)
    return () if dates is None else (crl,)


def _unlisted(used: list[RevocationList]) -> str:
    newest = max(crl.this_update for crl in used)
    return f"Not listed in the CRL of {used[0].issuer} that was issued on {newest:%Y-%m-%d %H:%M:%S} UTC."


def _read(crl: RevocationList, as_of: datetime) -> CrlStanding:
    """What the CRL is worth before its signature is looked at."""
    try:
        unknown = [oid for oid, extension in crl.extensions.items() if extension.critical]
        unknown = [oid for oid in unknown if oid not in _KNOWN_EXTENSIONS]
        # RFC 5280 5.2 and 5.3: a CRL with an unknown critical extension, even in an entry, settles nothing.
        unknown += [oid for entry in crl.entries.values() for oid in entry.unknown_critical]
        crl.issuing_distribution_point, crl.number, crl.base_number  # noqa: B018 - unreadable ones raise here
        begins, ends = crl.this_update, crl.next_update
    except UnreadableFieldError as error:
        return _silent(str(error), Cause.UNREADABLE)
    if crl.version > 2:
        return _silent(f"its version, {crl.version}, is not known", Cause.UNKNOWN_VERSION)
    if not crl.signature_algorithms_agree:
        message = "its signature algorithms inside and outside the signed part differ"
        return _silent(message, Cause.ALGORITHMS_DIFFER)
    if unknown:
        message = f"its critical extension {oids.extension(unknown[0])} is not known"
        return _silent(message, Cause.UNKNOWN_EXTENSION)
    if as_of < begins:
        message = f"it is not in force before {begins:%Y-%m-%d %H:%M:%S} UTC"
        return CrlStanding(RevocationStatus.NOT_YET_VALID, message, cause=Cause.NOT_YET_VALID)
    if ends is None:
        message = "it does not say until when it holds"
        return CrlStanding(RevocationStatus.UNKNOWN, message, cause=Cause.NO_NEXT_UPDATE)
    if as_of > ends:
        message = f"its next update was due on {ends:%Y-%m-%d %H:%M:%S} UTC"
        return CrlStanding(RevocationStatus.STALE, message, cause=Cause.STALE)
    return CrlStanding(RevocationStatus.GOOD, "")


def _silent(message: str, cause: Cause) -> CrlStanding:
    """The standing of a CRL from which nothing can be taken, not even that a certificate is revoked."""
    return CrlStanding(RevocationStatus.UNKNOWN, message, tells=False, cause=cause)
