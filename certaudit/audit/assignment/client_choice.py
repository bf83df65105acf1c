"""How a client chooses among the certificates of its store, played through: which one, and why not each other.

The rule is that of requirement `store.client-certificate-selectable`.
What is not known is not guessed: where sources leave the choice open, the answer is that it cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from certaudit.audit.assignment.foreign_certificates import kind_of
from certaudit.audit.assignment.holding import Holding
from certaudit.audit.assignment.issuers_list import IssuersList
from certaudit.evidence import CertificateEntry
from certaudit.evidence.windows import store_properties
from certaudit.site.client_selection import ATTRIBUTES, ClientSelection, Criterion
from certaudit.site.releases import release_named
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable


class Outcome(StrEnum):
    """What came of it."""

    CHOSEN = "chosen"
    NONE = "none"
    UNTOLD = "untold"


class Fault(StrEnum):
    """Why a certificate is not the one: what reports say of it."""

    ARCHIVED = "it is archived"
    DATES = "it is not valid on that day"
    PURPOSE = "it is not for client authentication"
    ISSUER = "no root of the certificate issuers list stands above it"
    CRITERION = "it does not match the criterion"
    KEY = "its private key is missing"
    NAME = "its subject does not contain the name of the computer"
    SHORTER = "another is valid longer"


class Refusal(NamedTuple):
    """Why not this one. `kind` tells whose certificate it is where it is none of the PKI."""

    certificate: Certificate
    fault: Fault | None
    kind: str | None = None

    @property
    def reason(self) -> str:
        """Half a sentence."""
        whose = f"it is {self.kind}" if self.kind else ""
        return ", and ".join(filter(None, (whose, self.fault)))


class Choice(NamedTuple):
    """What the client takes. `reason` is half a sentence; `code` is what the client would log, None where nothing.

    `kind` is whose certificate the chosen one is, where it is none of the PKI. `refused` has every other certificate
    of the store, but those between which the choice stays open, which are `candidates`.
    """

    outcome: Outcome
    reason: str
    candidates: tuple[Certificate, ...] = ()
    chosen: Certificate | None = None
    code: str | None = None
    kind: str | None = None
    refused: tuple[Refusal, ...] = ()


class Chooser(NamedTuple):
    """Who chooses, when, and what it goes by. `computer` is its short name in lower case, None where its name does not
    matter or is not known."""

    selection: ClientSelection
    release: str
    as_of: datetime
    issuers: IssuersList = IssuersList()
    computer: str | None = None


def chooser_of(system: System, site: Site, as_of: datetime, issuers: IssuersList) -> Chooser:
    """The one that chooses on that system. By its name clients of the current branch choose, where no criterion is set
    (source `cbplan`: the subject contains the local computer name). Of 2012 the documents have that a certificate may
    be issued to the name instead (source `cbsec`: client certificate selection), and those of 2007 nothing: there it
    decides nothing, and nowhere for a site system, of which no document speaks."""
    selection = site.client_selection
    by_name = release_named(site.release).chooses_by_name and system.kind == "client" and selection.criterion is None
    computer = system.name.partition(".")[0].casefold() if by_name else None
    return Chooser(selection, site.release, as_of, issuers, computer)


def choose(entries: Iterable[CertificateEntry], chooser: Chooser) -> Choice:
    """What a client takes of the certificates of its store; archived ones Windows hides from it.

    The issuers list comes first in the documents (requirement `store.client-certificate-selectable`), and later here:
    what stands above a certificate need not be asked of one that is out anyway.
    """
    places: dict[Certificate, list[CertificateEntry]] = {}
    for entry in entries:
        places.setdefault(entry.certificate, []).append(entry)
    if not places:
        return Choice(Outcome.NONE, "the store is empty", code="0x87D00280")
    refused: dict[Certificate, Fault] = {}
    left = places
    for fault, passes, (reason, code) in _tests(chooser):
        kept = {one: [entry for entry in found if _is_true(passes, entry)] for one, found in left.items()}
        refused |= {certificate: fault for certificate, found in kept.items() if not found}
        left = {certificate: found for certificate, found in kept.items() if found}
        if not left:
            return _told(Choice(Outcome.NONE, reason, code=code), refused, places)
    return _told(_of_qualified(tuple(left), chooser, refused), refused, places)


def _tests(chooser: Chooser) -> tuple[tuple[Fault, Callable[[CertificateEntry], bool], tuple[str, str]], ...]:
    """What each certificate has to pass: the fault of one that does not, and what it means where none does."""
    criterion = chooser.selection.criterion
    none = "0x87D00281"
    return (
        (
            Fault.ARCHIVED,
            lambda entry: not store_properties.is_archived(entry.properties),
            ("the store is empty", "0x87D00280"),
        ),
        (
            Fault.DATES,
            lambda entry: entry.certificate.not_before <= chooser.as_of <= entry.certificate.not_after,
            ("none of its certificates is valid", none),
        ),
        (Fault.PURPOSE, _is_for_clients, ("none of its certificates is valid and has client authentication", none)),
        (
            Fault.ISSUER,
            lambda entry: chooser.issuers.covers(entry.certificate),
            ("none of its certificates is issued under a root of the certificate issuers list", none),
        ),
        (
            Fault.CRITERION,
            lambda entry: criterion is None or _matches(criterion, entry.certificate),
            ("none of its certificates matches the criterion", none),
        ),
        (
            Fault.KEY,
            lambda entry: entry.private_key.present is not False,
            ("the private key is missing", "0x87D00283"),
        ),
    )


def _told(
    choice: Choice, refused: dict[Certificate, Fault], places: dict[Certificate, list[CertificateEntry]]
) -> Choice:
    """The choice, with whose certificates they are."""
    kinds = {certificate: kind_of(Holding(certificate, tuple(found))) for certificate, found in places.items()}
    told = tuple(
        Refusal(certificate, refused[certificate], kinds[certificate])
        for certificate in places
        if certificate in refused
    )
    return choice._replace(refused=told, kind=kinds[choice.chosen] if choice.chosen else None)


def _of_qualified(qualified: tuple[Certificate, ...], chooser: Chooser, refused: dict[Certificate, Fault]) -> Choice:
    candidates = _by_name(qualified, chooser.computer)
    if not candidates:
        reason = f"of {len(qualified)} that qualify, no subject contains {chooser.computer}, the name of the computer"
        open_ = (
            f"{reason}, by which clients of this release choose; whether one is taken all the same is not documented"
        )
        return Choice(Outcome.UNTOLD, open_, qualified)
    refused |= dict.fromkeys((one for one in qualified if one not in candidates), Fault.NAME)
    if len(candidates) == 1:
        return Choice(Outcome.CHOSEN, "it is the only one that qualifies", candidates, candidates[0])
    choice = _of_several(candidates, chooser.selection, chooser.release)
    if choice.chosen is not None:
        refused |= dict.fromkeys((one for one in candidates if one != choice.chosen), Fault.SHORTER)
    return choice


def _by_name(candidates: tuple[Certificate, ...], computer: str | None) -> tuple[Certificate, ...]:
    """Those whose subject contains the name of the computer; where none does, those without a subject, which need none
    (source `cb21`: the subject, if used)."""
    if computer is None:
        return candidates
    subjects = {one: _subject(one) for one in candidates}
    named = tuple(one for one, texts in subjects.items() if texts and any(computer in text for text in texts))
    return named or tuple(one for one, texts in subjects.items() if texts == ())


def _subject(certificate: Certificate) -> tuple[str, ...] | None:
    """The texts of the subject in lower case; None where it cannot be read."""
    texts = if_readable(lambda: certificate.subject, otherwise=None)
    return None if texts is None else tuple(attribute.text.casefold() for attribute in texts)


def _of_several(candidates: tuple[Certificate, ...], selection: ClientSelection, release: str) -> Choice:
    """2007 takes none unless told to; RTM then takes any, later releases the one valid longest."""
    if not selection.takes_one_of_several(release):
        reason = f"{len(candidates)} certificates qualify, and then none is taken"
        return Choice(Outcome.NONE, reason, candidates, code="0x87D00282")
    if release_named(release).takes_any:
        reason = f"{len(candidates)} certificates qualify, and one of them is taken at random"
        return Choice(Outcome.UNTOLD, reason, candidates)
    last = max(candidates, key=lambda certificate: certificate.not_after)
    longest = max(candidates, key=lambda certificate: certificate.not_after - certificate.not_before)
    if last is not longest or sum(certificate.not_after == last.not_after for certificate in candidates) > 1:
        reason = f"of {len(candidates)} that qualify, no single one both ends last and has the longest validity period"
        return Choice(Outcome.UNTOLD, reason, candidates)
    return Choice(Outcome.CHOSEN, f"of {len(candidates)} that qualify it is valid longest", candidates, last)


def _matches(criterion: Criterion, certificate: Certificate) -> bool:
    """True where the certificate is one that the criterion names. A substring is compared without case (source
    `d07-cli`: the English page; the Japanese one says with case), everything else with case."""
    if criterion.attribute == oids.SUBJECT_ALTERNATIVE_NAME:
        return any(name.text == criterion.value for name in certificate.subject_alternative_names)
    if criterion.attribute is not None:
        return criterion.value in certificate.subject.values(criterion.attribute)
    if criterion.form == "Subject":
        names = (str(certificate.subject), *certificate.subject.values(ATTRIBUTES["CN"]))
        return criterion.value in names
    texts = (str(certificate.subject), *(attribute.text for attribute in certificate.subject))
    return any(criterion.value.casefold() in text.casefold() for text in texts)


def _is_true(test: Callable[[CertificateEntry], bool], entry: CertificateEntry) -> bool:
    """Whether it passes; a certificate of which the field in question cannot be read does not."""
    return if_readable(lambda: test(entry), otherwise=False)


def _is_for_clients(entry: CertificateEntry) -> bool:
    """As Windows has it: no purposes at all means every purpose, and the store may restrict them."""
    allowed = store_properties.enhanced_key_usage(entry.properties)
    return all(has is None or _CLIENT & set(has) for has in (entry.certificate.extended_key_usage, allowed))


_CLIENT = {oids.CLIENT_AUTHENTICATION, oids.ANY_PURPOSE}
