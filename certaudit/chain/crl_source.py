"""The CRLs that speak of the certificates of one issuer: chosen, verified and combined once, then looked up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from certaudit import oids
from certaudit.chain.answer import RevocationAnswer, RevocationStatus
from certaudit.chain.crl_scope import ALL_REASONS, covered_reasons, crl_issuers, implied_point
from certaudit.chain.crl_signer import CrlSigners, Entitlement
from certaudit.chain.paths import Path
from certaudit.x509.certificate import Certificate, UnreadableFieldError
from certaudit.x509.crl import RevocationList, RevokedEntry
from certaudit.x509.name import Name

_KNOWN_EXTENSIONS = {
    oids.AUTHORITY_KEY_IDENTIFIER,
    oids.ISSUER_ALTERNATIVE_NAME,
    oids.CRL_NUMBER,
    oids.DELTA_CRL_INDICATOR,
    oids.ISSUING_DISTRIBUTION_POINT,
    oids.FRESHEST_CRL,
}


class Standing(NamedTuple):
    """What a CRL is worth: GOOD may be used; any other status says why not, with a sentence."""

    status: RevocationStatus
    message: str


class Combined(NamedTuple):
    """A complete CRL for its scope with the delta CRL that continues it, if there is one."""

    base: RevocationList
    delta: RevocationList | None
    reasons: frozenset[str]

    def entry(self, issuer: Name, serial: int) -> RevokedEntry | None:
        """The entry that counts: the delta's, which may lift the base's (RFC 5280 5.2.4)."""
        if self.delta is not None:
            entry = self.delta.entries.get((issuer, serial))
            if entry is not None:
                return None if entry.reason == "removeFromCRL" else entry
        return self.base.entries.get((issuer, serial))

    @property
    def lists(self) -> tuple[RevocationList, ...]:
        """The CRLs that it is made of."""
        return (self.base,) if self.delta is None else (self.base, self.delta)


class CrlSource(NamedTuple):
    """The CRLs in force for certificates of one issuer and distribution point, and the answer for one not listed."""

    current: tuple[Combined, ...]
    outdated: tuple[Combined, ...]
    unlisted: RevocationAnswer
    as_of: datetime

    def look_up(self, issuer: Name, serial: int) -> RevocationAnswer:
        """The answer for the certificate with that issuer and serial number."""
        for combined in self.current:
            entry = combined.entry(issuer, serial)
            if entry is not None:
                return _revoked(entry, combined, self.unlisted.others, self.as_of)
        for combined in self.outdated:
            entry = combined.entry(issuer, serial)
            # Only a hold can be lifted again: any other entry of an outdated CRL still says the truth.
            if entry is not None and entry.reason not in ("certificateHold", "removeFromCRL"):
                answer = _revoked(entry, combined, self.unlisted.others, self.as_of)
                return answer._replace(message=f"{answer.message} The CRL that says so is itself out of date.")
        return self.unlisted


def _revoked(entry: RevokedEntry, combined: Combined, others: tuple[str, ...], as_of: datetime) -> RevocationAnswer:
    """An entry counts from the moment it is listed, whatever its date, as OpenSSL and Windows have it."""
    on_hold = entry.reason == "certificateHold"
    message = f"{'Put on hold' if on_hold else 'Revoked'} on {entry.date:%Y-%m-%d %H:%M:%S} UTC"
    message += f", reason {entry.reason}." if entry.reason and not on_hold else "."
    if entry.date > as_of:
        message += " That date is still to come, but the entry counts already."
    return _evidence(RevocationStatus.REVOKED, message, combined.lists, others)._replace(
        revoked_on=entry.date,
        reason=entry.reason,
        invalid_since=entry.invalidity_date,
    )


def _evidence(
    status: RevocationStatus, message: str, lists: Iterable[RevocationList], others: tuple[str, ...]
) -> RevocationAnswer:
    used = tuple(lists)
    ends = [crl.next_update for crl in used if crl.next_update is not None]
    sources = tuple(crl.sha256 for crl in used)
    return RevocationAnswer(
        status,
        message,
        sources,
        tuple(other for other in others if other not in sources),
        this_update=max((crl.this_update for crl in used), default=None),
        next_update=min(ends, default=None),
    )


class CrlStore:
    """All CRLs at hand, by issuer."""

    def __init__(self, crls: Iterable[RevocationList], as_of: datetime, signers: CrlSigners) -> None:
        self._as_of, self._signers = as_of, signers
        self._by_issuer: dict[Name, list[RevocationList]] = {}
        for crl in sorted(set(crls), key=lambda known: known.sha256):
            try:
                self._by_issuer.setdefault(crl.issuer, []).append(crl)
            except UnreadableFieldError:
                continue  # nobody's CRL: no certificate can be looked up in it
        self._readable: dict[RevocationList, Standing] = {}

    def source(self, certificate: Certificate, upper: Path, *, is_ca: bool) -> CrlSource:
        """What speaks of `certificate`, issued by the head of `upper`. Raises UnreadableFieldError."""
        scopes, out_of_scope, unreadable = self._in_scope(certificate, is_ca=is_ca)
        standings = {crl: self._standing(crl, upper) for crl in scopes}
        standings.update(unreadable)
        usable = _freshest(crl for crl in scopes if standings[crl].status is RevocationStatus.GOOD)
        current = tuple(self._combined(crl, scopes[crl], upper) for crl in usable)
        stale = tuple(crl for crl in scopes if standings[crl].status is RevocationStatus.STALE)
        others = tuple(crl.sha256 for crl in standings)
        covered = frozenset().union(*(combined.reasons for combined in current))
        if covered >= ALL_REASONS:
            used = [crl for combined in current for crl in combined.lists]
            good = _evidence(RevocationStatus.GOOD, _unlisted(used), used, others)
            return CrlSource(current, (), good, self._as_of)
        outdated = tuple(Combined(crl, None, scopes[crl]) for crl in stale)
        return CrlSource(
            current, outdated, self._undecided(certificate, standings, covered, out_of_scope, others), self._as_of
        )

    def _in_scope(
        self, certificate: Certificate, *, is_ca: bool
    ) -> tuple[dict[RevocationList, frozenset[str]], list[RevocationList], dict[RevocationList, Standing]]:
        """Complete CRLs with the reasons that they cover, CRLs of the issuer for others, unreadable ones."""
        issuer = certificate.issuer
        scopes: dict[RevocationList, frozenset[str]] = {}
        unreadable: dict[RevocationList, Standing] = {}
        met: dict[RevocationList, None] = {}
        for point in (*(certificate.crl_distribution_points or ()), implied_point(issuer)):
            for name in crl_issuers(point, issuer):
                for crl in self._by_issuer.get(name, ()):
                    met[crl] = None
                    try:
                        reasons = covered_reasons(crl, point, issuer, is_ca=is_ca)
                        if reasons and crl.base_number is None:
                            scopes[crl] = scopes.get(crl, frozenset()) | reasons
                    except UnreadableFieldError as error:
                        unreadable[crl] = Standing(RevocationStatus.UNKNOWN, str(error))
        rest = [crl for crl in met if crl not in scopes and crl not in unreadable]
        return scopes, rest, unreadable

    def _standing(self, crl: RevocationList, upper: Path) -> Standing:
        """Whether the CRL may be used: readable, signed by someone entitled to, in force at the audit's instant."""
        known = self._readable.get(crl)
        if known is None:
            known = self._readable[crl] = _read(crl, self._as_of)
        if known.status is RevocationStatus.UNKNOWN:
            return known
        entitlement, reason = self._signers.judge(crl, upper)
        if entitlement is Entitlement.ENTITLED:
            return known
        open_question = entitlement is Entitlement.OPEN
        return Standing(RevocationStatus.UNKNOWN if open_question else RevocationStatus.BAD_SIGNATURE, reason)

    def _combined(self, base: RevocationList, reasons: frozenset[str], upper: Path) -> Combined:
        deltas = [
            crl
            for crl in self._by_issuer.get(base.issuer, ())
            if _continues(crl, base) and self._standing(crl, upper).status is RevocationStatus.GOOD
        ]
        return Combined(base, max(deltas, key=_freshness, default=None), reasons)

    def _undecided(
        self,
        certificate: Certificate,
        standings: dict[RevocationList, Standing],
        covered: frozenset[str],
        out_of_scope: list[RevocationList],
        others: tuple[str, ...],
    ) -> RevocationAnswer:
        """The answer where the CRLs at hand do not settle it."""
        for status in _PRECEDENCE:
            for crl, standing in standings.items():
                if standing.status is status:
                    return _evidence(status, f"{_CANNOT_USE} {standing.message}.", _dated(crl), others)
        if covered:
            missing = ", ".join(sorted(ALL_REASONS - covered))
            return RevocationAnswer(
                RevocationStatus.UNKNOWN, f"The CRLs at hand do not speak of these reasons: {missing}.", others=others
            )
        set_aside = tuple(crl.sha256 for crl in out_of_scope)
        if out_of_scope:
            message = "The CRLs of its issuer at hand are for other certificates, or are delta CRLs without their base."
            return RevocationAnswer(RevocationStatus.NOT_SUPPLIED, message, others=set_aside)
        if certificate.crl_distribution_points is None:
            message = f"No CRL of {certificate.issuer} was supplied, and the certificate names no distribution point."
            return RevocationAnswer(RevocationStatus.NO_DISTRIBUTION_POINT, message)
        return RevocationAnswer(RevocationStatus.NOT_SUPPLIED, f"No CRL of {certificate.issuer} was supplied.")


_PRECEDENCE = (
    RevocationStatus.STALE,
    RevocationStatus.NOT_YET_VALID,
    RevocationStatus.UNKNOWN,
    RevocationStatus.BAD_SIGNATURE,
)
_CANNOT_USE = "The CRL at hand cannot be used:"


def _dated(crl: RevocationList) -> tuple[RevocationList, ...]:
    """The CRL as evidence; nothing where its dates cannot be read."""
    try:
        crl.this_update, crl.next_update  # noqa: B018
    except UnreadableFieldError:
        return ()
    return (crl,)


def _unlisted(used: list[RevocationList]) -> str:
    newest = max(crl.this_update for crl in used)
    return f"Not listed in the CRL of {used[0].issuer} that was issued on {newest:%Y-%m-%d %H:%M:%S} UTC."


def _read(crl: RevocationList, as_of: datetime) -> Standing:
    """What the CRL is worth before its signature is looked at."""
    try:
        unknown = [oid for oid, extension in crl.extensions.items() if extension.critical]
        unknown = [oid for oid in unknown if oid not in _KNOWN_EXTENSIONS]
        # RFC 5280 5.2 and 5.3: a CRL with an unknown critical extension, even in an entry, settles nothing.
        unknown += [oid for entry in crl.entries.values() for oid in entry.unknown_critical]
        crl.issuing_distribution_point, crl.number, crl.base_number  # noqa: B018 - unreadable ones raise here
        begins, ends = crl.this_update, crl.next_update
    except UnreadableFieldError as error:
        return Standing(RevocationStatus.UNKNOWN, str(error))
    if unknown:
        return Standing(RevocationStatus.UNKNOWN, f"its critical extension {oids.extension(unknown[0])} is not known")
    if as_of < begins:
        return Standing(RevocationStatus.NOT_YET_VALID, f"it was issued only on {begins:%Y-%m-%d %H:%M:%S} UTC")
    if ends is not None and as_of > ends:
        return Standing(RevocationStatus.STALE, f"its next update was due on {ends:%Y-%m-%d %H:%M:%S} UTC")
    return Standing(RevocationStatus.GOOD, "")


def _scope_key(crl: RevocationList) -> tuple[Name, bytes]:
    extension = crl.extensions.get(oids.ISSUING_DISTRIBUTION_POINT)
    return crl.issuer, extension.value if extension is not None else b""


def _freshness(crl: RevocationList) -> tuple[datetime, int, str]:
    return crl.this_update, crl.number if crl.number is not None else -1, crl.sha256


def _freshest(crls: Iterable[RevocationList]) -> list[RevocationList]:
    """Of the CRLs for one scope, the freshest."""
    chosen: dict[tuple[Name, bytes], RevocationList] = {}
    for crl in crls:
        known = chosen.setdefault(_scope_key(crl), crl)
        if _freshness(crl) > _freshness(known):
            chosen[_scope_key(crl)] = crl
    return list(chosen.values())


def _continues(delta: RevocationList, base: RevocationList) -> bool:
    """6.3.3 (c): same scope, same key, and the delta starts no later than the base stands."""
    try:
        if delta.base_number is None or base.number is None or delta.number is None:
            return False
        one, other = delta.authority_key_identifier, base.authority_key_identifier
        if one is not None and other is not None and one.key_identifier != other.key_identifier:
            return False
        same_scope = _scope_key(delta) == _scope_key(base)
        return same_scope and delta.base_number <= base.number < delta.number
    except UnreadableFieldError:
        return False
