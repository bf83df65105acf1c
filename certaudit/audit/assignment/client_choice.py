"""How a client chooses among the certificates of its store, played through.

The rule is that of requirement `store.client-certificate-selectable`.
What is not known is not guessed: where sources leave the choice open, the answer is that it cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from certaudit.evidence import CertificateEntry
from certaudit.evidence.windows import store_properties
from certaudit.site.client_selection import ATTRIBUTES, ClientSelection, Criterion
from certaudit.site.releases import of_product, release_named
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import if_readable


class Outcome(StrEnum):
    """What came of it."""

    CHOSEN = "chosen"
    NONE = "none"
    UNTOLD = "untold"


class Choice(NamedTuple):
    """What the client takes. `reason` is half a sentence; `code` is what the client would log, None where nothing."""

    outcome: Outcome
    reason: str
    candidates: tuple[Certificate, ...] = ()
    chosen: Certificate | None = None
    code: str | None = None


def choose(
    entries: Iterable[CertificateEntry],
    selection: ClientSelection,
    release: str,
    as_of: datetime,
    is_accepted: Callable[[Certificate], bool] = lambda certificate: True,
) -> Choice:
    """What a client of that release takes of the certificates of its store.

    Archived ones are passed over, as Windows hides them. `is_accepted` stands for the certificate issuers list that
    clients have from 2012 on (source `cbsec`: certificate issuers list).
    """
    seen = [entry for entry in entries if not store_properties.is_archived(entry.properties)]
    if not seen:
        return Choice(Outcome.NONE, "the store is empty", code="0x87D00280")
    fit = [entry for entry in seen if _is_fit(entry, as_of) and is_accepted(entry.certificate)]
    matching = [
        entry for entry in fit if selection.criterion is None or _matches(selection.criterion, entry.certificate)
    ]
    if not matching:
        what = "matches the criterion" if fit else "is valid and has client authentication"
        return Choice(Outcome.NONE, f"none of its certificates {what}", code="0x87D00281")
    usable = {entry.certificate: None for entry in matching if entry.private_key.present is not False}
    if not usable:
        return Choice(Outcome.NONE, "the private key is missing", code="0x87D00283")
    candidates = tuple(usable)
    if len(candidates) == 1:
        return Choice(Outcome.CHOSEN, "it is the only one that qualifies", candidates, candidates[0])
    return _of_several(candidates, selection, release)


def _of_several(candidates: tuple[Certificate, ...], selection: ClientSelection, release: str) -> Choice:
    """2007 takes none unless told to; RTM then takes any, later releases the one valid longest."""
    takes_one = selection.take_one_of_several
    if takes_one is None:
        takes_one = release not in of_product("2007")
    if not takes_one:
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


def _is_fit(entry: CertificateEntry, as_of: datetime) -> bool:
    """Valid, and good for client authentication as Windows has it: no purposes at all means every purpose, and the
    store may restrict them."""
    certificate = entry.certificate
    if not if_readable(lambda: certificate.not_before <= as_of <= certificate.not_after, otherwise=False):
        return False
    purposes = if_readable(lambda: certificate.extended_key_usage, otherwise=())
    allowed = store_properties.enhanced_key_usage(entry.properties)
    return all(has is None or _CLIENT & set(has) for has in (purposes, allowed))


_CLIENT = {oids.CLIENT_AUTHENTICATION, oids.ANY_PURPOSE}
