"""What clients would see of a path's CRLs: as objects of the chain document, and as lines of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, TypedDict

from certaudit.document.vocabulary import Digest, Limit
from certaudit.printable import printable
from certaudit.site.releases import checks_revocation
from certaudit.x509.chain.client_view import (
    ClockTolerance,
    ElementView,
    Location,
    Reach,
)

ClientWord = Annotated[str, Limit(words=("domain-joined", "workgroup", "internet", "windows-pe"))]

_NAMES = {"windows-pe": "Windows PE"}


class ClientReachObject(TypedDict):
    """Whether one kind of client can fetch; `reachable` is null where the address alone cannot tell."""

    client: ClientWord
    reachable: bool | None
    reason: str


class LocationObject(TypedDict):
    """One address of a CRL; `host` is null where it names none, `note` where there is nothing to say."""

    url: str
    scheme: str
    host: str | None
    delta: bool
    reaches: list[ClientReachObject]
    note: str | None


class ClockObject(TypedDict):
    """By how many seconds a clock may be behind or ahead while the CRL in force still looks valid; null is no limit.

    `narrow` is true where the clock of a computer without an operating system is likely to miss it.
    """

    behind: int
    ahead: int | None
    narrow: bool


class ElementViewObject(TypedDict):
    """One element of a path as clients see its revocation: addresses in their order, and one answer for each client.

    `clock` is null where no CRL in force is at hand.
    """

    certificate: Digest
    locations: list[LocationObject]
    reaches: list[ClientReachObject]
    clock: ClockObject | None


class CrlCheckObject(TypedDict):
    """Whether clients of the release check CRLs, under one setting of the site, in a task sequence or out of it."""

    crl_checking: bool
    in_task_sequence: bool
    checks: bool
    reason: str


def view_object(view: ElementView) -> ElementViewObject:
    """One element of a path."""
    return {
        "certificate": view.certificate.sha256,
        "locations": [_location(known) for known in view.locations],
        "reaches": [_reach(reach) for reach in view.reaches],
        "clock": _clock(view.tolerance) if view.tolerance else None,
    }


def _location(known: Location) -> LocationObject:
    return {
        "url": printable(known.url),
        "scheme": printable(known.scheme),
        "host": None if known.host is None else printable(known.host),
        "delta": known.is_delta,
        "reaches": [_reach(reach) for reach in known.reaches],
        "note": known.note or None,
    }


def _reach(reach: Reach) -> ClientReachObject:
    return {"client": reach.client.value, "reachable": reach.reachable, "reason": printable(reach.reason)}


def _clock(tolerance: ClockTolerance) -> ClockObject:
    ahead = None if tolerance.ahead is None else int(tolerance.ahead.total_seconds())
    return {"behind": int(tolerance.behind.total_seconds()), "ahead": ahead, "narrow": tolerance.is_narrow}


def check_objects(release: str) -> list[CrlCheckObject]:
    """Who checks, under each setting."""
    found: list[CrlCheckObject] = []
    for crl_checking in (True, False):
        for in_task_sequence in (False, True):
            checks, reason = checks_revocation(
                release=release, crl_checking=crl_checking, in_task_sequence=in_task_sequence
            )
            found.append(
                {
                    "crl_checking": crl_checking,
                    "in_task_sequence": in_task_sequence,
                    "checks": checks,
                    "reason": reason,
                }
            )
    return found


def check_line(release: str) -> str:
    """Who checks, in one sentence."""
    always, _ = checks_revocation(release=release, crl_checking=False, in_task_sequence=True)
    off = "task sequence actions check all the same" if always else "none does, in a task sequence either"
    return f"Clients of {release} check these CRLs where CRL checking is on for the site; where it is off, {off}."


def lines(view: ElementView) -> Iterator[str]:
    """One element of a path in a few lines: where its CRLs are, who can fetch them, and how wrong a clock may be."""
    yield f"CRL at: {', '.join(map(_place, view.locations)) or 'no distribution point'}"
    yield f"reached by: {_named(view, True) or 'none of the four kinds of client'}"
    for reason in dict.fromkeys(reach.reason for reach in view.reaches if not reach.reachable):
        for reachable, words in ((None, "perhaps by"), (False, "not by")):
            if names := _named(view, reachable, reason):
                yield f"{words} {names}: {printable(reason)}"
    if view.tolerance is not None:
        yield f"clock: {_allowance(view.tolerance)}"
    for known in view.locations:
        if known.note:
            yield f"NOTE {printable(known.url)}: {known.note}"


def _place(known: Location) -> str:
    host = "Active Directory" if known.host is None and known.scheme == "ldap" else known.host or known.url
    return f"{'delta ' if known.is_delta else ''}{printable(known.scheme)} {printable(host)}"


def _named(view: ElementView, reachable: bool | None, reason: str | None = None) -> str:
    """The clients with that answer, and for that reason where one is given."""
    chosen = (
        reach.client.value
        for reach in view.reaches
        if reach.reachable is reachable and (reason is None or reach.reason == reason)
    )
    return ", ".join(_NAMES.get(word, word) for word in chosen)


def _allowance(tolerance: ClockTolerance) -> str:
    ahead = "any time" if tolerance.ahead is None else _span(tolerance.ahead)
    text = f"may be {_span(tolerance.behind)} behind or {ahead} ahead for the CRL to look valid"
    return f"{text}: less than the clock of a bare-metal computer may be off" if tolerance.is_narrow else text


def _span(time: timedelta) -> str:
    hours = int(time.total_seconds()) // 3600
    return f"{hours // 24} d" if hours >= 48 else f"{hours} h"
