"""The CRLs that speak of the certificates of one issuer, combined, and what they say of one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.crl import RevocationList, RevokedEntry
from certaudit.x509.name import Name


class CrlStanding(NamedTuple):
    """What a CRL is worth: GOOD may be used; any other status says why not, with a sentence and its cause.

    `signed_with` is the key (SubjectPublicKeyInfo) of whoever was entitled to sign it, else None: what such a CRL
    lists is revoked, be it out of date by now. `tells` is False where not even that can be taken from it.
    """

    status: RevocationStatus
    message: str
    signed_with: bytes | None = None
    tells: bool = True
    cause: Cause | None = None


class Combined(NamedTuple):
    """A complete CRL for its scope with the delta CRL that continues it, if there is one."""

    base: RevocationList
    delta: RevocationList | None
    reasons: frozenset[str]

    def entry(self, issuer: Name, serial: int) -> RevokedEntry | None:
        """The entry that counts: the delta's, which may lift the base's (RFC 5280 5.2.4)."""
        return _latest_entry((self.delta, self.base) if self.delta is not None else (self.base,), issuer, serial)[0]

    @property
    def lists(self) -> tuple[RevocationList, ...]:
        """The CRLs that it is made of."""
        return (self.base,) if self.delta is None else (self.base, self.delta)


def _latest_entry(
    lists: Iterable[RevocationList], issuer: Name, serial: int
) -> tuple[RevokedEntry | None, RevocationList | None]:
    """The entry of the first of `lists`, freshest first, that has a say, and that list.

    A complete CRL that does not list the certificate has one too, and then there is no entry.
    """
    for crl in lists:
        entry = crl.entries.get((issuer, serial))
        if entry is not None:
            return (None, None) if entry.reason == "removeFromCRL" else (entry, crl)
        if crl.base_number is None:
            break
    return None, None


class CrlSource(NamedTuple):
    """The CRLs in force for certificates of one issuer and distribution point, and the answer for one not listed.

    `others` are CRLs of one scope and key that are not in force or have no base, fresher than the one in force,
    freshest first: what they list is revoked, what they do not list is not known to be good. `overtaken` are those that
    the one in force replaces.
    """

    current: tuple[Combined, ...]
    others: tuple[tuple[RevocationList, ...], ...]
    unlisted: RevocationAnswer
    as_of: datetime
    overtaken: tuple[RevocationList, ...] = ()

    def look_up(self, issuer: Name, serial: int) -> RevocationAnswer:
        """The answer for the certificate with that issuer and serial number."""
        for combined in self.current:
            entry = combined.entry(issuer, serial)
            if entry is not None:
                silent = [crl for crl in self.overtaken if _is_twin(crl, combined) and not _lists(crl, issuer, serial)]
                if silent:
                    return self._contradiction(combined.base, silent)
                return _revoked(entry, combined.lists, self.unlisted.others, self.as_of)
        for lists in self.others:
            entry, crl = _latest_entry(lists, issuer, serial)
            # A hold may have been lifted since: it counts against a CRL in force, and settles nothing where none is.
            counts = entry is not None and (entry.reason != "certificateHold" or self.unlisted.status.settles)
            if entry is not None and crl is not None and counts:
                answer = _revoked(entry, (crl,), self.unlisted.others, self.as_of)
                return answer._replace(message=f"{answer.message} The CRL that says so is {_not_in_force(crl, self)}.")
        if self.unlisted.status is RevocationStatus.GOOD:
            for crl in self.overtaken:
                if self._has_lost(crl, issuer, serial):
                    return self._contradiction(crl, [newer for combined in self.current for newer in combined.lists])
        return self.unlisted

    def _has_lost(self, crl: RevocationList, issuer: Name, serial: int) -> bool:
        """True where a CRL revokes what the one in force, no older than it, does not list.

        RFC 5280 3.3 keeps an entry on every CRL until the certificate has expired; one on hold alone may be released,
        by a CRL that is later and has a higher number.
        """
        entry = crl.entries.get((issuer, serial))
        if entry is None or entry.reason == "removeFromCRL":
            return False
        return entry.reason != "certificateHold" or not all(_follows(newer.lists[-1], crl) for newer in self.current)

    def _contradiction(self, revoking: RevocationList, silent: list[RevocationList]) -> RevocationAnswer:
        others = ", ".join(map(_told, silent))
        message = (
            f"The CRLs of {revoking.issuer} at hand contradict one another: {_told(revoking)} revokes it, and "
            + (f"{others} does not list it.")
        )
        return evidence(RevocationStatus.UNKNOWN, message, [revoking, *silent], self.unlisted.others)._replace(
            cause=Cause.CONTRADICTION
        )


def _is_twin(crl: RevocationList, combined: Combined) -> bool:
    """True where nothing but its bytes tells which of the two is the fresher: neither counts then."""
    own = combined.base
    return combined.delta is None and (crl.this_update, crl.number) == (own.this_update, own.number)


def _lists(crl: RevocationList, issuer: Name, serial: int) -> bool:
    return (issuer, serial) in crl.entries


def _follows(newer: RevocationList, older: RevocationList) -> bool:
    """True where both the date and the number go on."""
    numbered = newer.number is None or older.number is None or newer.number > older.number
    return newer.this_update > older.this_update and numbered


def _told(crl: RevocationList) -> str:
    number = "without a number" if crl.number is None else f"number {crl.number}"
    return f"the one {number} of {crl.this_update:%Y-%m-%d %H:%M:%S} UTC"


def _not_in_force(crl: RevocationList, source: CrlSource) -> str:
    if crl.this_update > source.as_of:
        return "issued later than the instant of the audit"
    if crl.next_update is None:
        return "one that does not say until when it holds"
    if crl.next_update < source.as_of:
        return "itself out of date"
    return "a delta CRL without its base" if crl.base_number is not None else "signed with another key of the CA"


def _revoked(
    entry: RevokedEntry, lists: tuple[RevocationList, ...], others: tuple[str, ...], as_of: datetime
) -> RevocationAnswer:
    """An entry counts from the moment it is listed, whatever its date, as OpenSSL and Windows have it."""
    on_hold = entry.reason == "certificateHold"
    message = f"{'Put on hold' if on_hold else 'Revoked'} on {entry.date:%Y-%m-%d %H:%M:%S} UTC"
    message += f", reason {entry.reason}." if entry.reason and not on_hold else "."
    if entry.date > as_of:
        message += " That date is still to come, but the entry counts already."
    return evidence(RevocationStatus.REVOKED, message, lists, others)._replace(
        revoked_on=entry.date,
        reason=entry.reason,
        invalid_since=entry.invalidity_date,
    )


def evidence(
    status: RevocationStatus, message: str, lists: Iterable[RevocationList], others: tuple[str, ...]
) -> RevocationAnswer:
    """The answer that rests on `lists`, with their dates; `others` are the SHA-256 of those that were met."""
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
