"""Windows certificate stores: what may be in which store of a computer, and what Windows makes of it.

A finding is about one physical store of one system. Which stores a rule is about is a parameter of its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from certaudit.audit.assignment import (
    Outcome,
    choose,
    chooser_of,
    is_ca,
)
from certaudit.audit.validators.binding import Check, Oid
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import Store, WholeSite
from certaudit.audit.validators.why_not import described, why_not
from certaudit.evidence import CertificateEntry
from certaudit.evidence.windows import store_properties, system_store
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.requirements.windows_certificates import is_of_windows, read_windows_certificates
from certaudit.site.roles import Chosen, needed_by, role_named
from certaudit.x509.certificate import Certificate
from certaudit.x509.name import UPN

_ROOTS = ("Root", "AuthRoot")
_SHOWN = 5


def self_issued_only(
    subject: Store,
    context: Context,
    *,
    stores: tuple[str, ...],
    authorities: bool,
    on: Literal["any computer", "servers that ask for certificates", "others"] = "any computer",
) -> Result:
    """No certificate that another CA issued is in a store of roots (failure F21): with `authorities`, no intermediate
    CA (requirement `store.no-intermediate-among-roots`), else no end entity. What fails by it is servers that ask
    clients for certificates; `on` says which computers are meant."""
    if not _concerns(subject, stores):
        return _elsewhere(stores)
    if on != "any computer" and context.site.verifies_clients(subject.system) is (on == "others"):
        return not_applicable(f"This is about {on}.")
    what = "intermediate CA" if authorities else "end-entity"
    expected = f"no {what} certificate that another CA issued"
    wrong = [
        entry
        for entry in subject.entries
        if not entry.certificate.is_self_issued
        and is_ca(entry.certificate) is authorities
        and not is_of_windows(entry.certificate)
    ]
    if wrong:
        message = f"The store {_name(subject)} holds {what} certificates that another CA issued: {_listed(wrong)}."
        return failed(message, _all(wrong), expected)
    return passed(f"none of {len(subject.entries)} certificates", expected)


def none_expired(subject: Store, context: Context, *, stores: tuple[str, ...]) -> Result:
    """No certificate of the store has expired, save those that Windows itself brings (source `win-roots`: which must
    stay although they have expired)."""
    if not _concerns(subject, stores):
        return _elsewhere(stores)
    expected = f"certificates that are valid on {context.as_of:%Y-%m-%d}"
    judged = [entry for entry in subject.entries if not is_of_windows(entry.certificate)]
    expired = [entry for entry in judged if entry.certificate.not_after < context.as_of]
    if expired:
        message = f"The store {_name(subject)} holds certificates that have expired: {_listed(expired)}."
        return failed(message, _all(expired), expected)
    return passed(f"none of {len(judged)} certificates has expired", expected)


def windows_certificates_genuine(subject: Store, context: Context, *, stores: tuple[str, ...]) -> Result:
    """No certificate of the store bears the name of one that Windows brings without being it (requirement
    `store.known-windows-certificates`). Those that are it are counted, whatever their age and keys."""
    if not _concerns(subject, stores):
        return _elsewhere(stores)
    known = read_windows_certificates()
    expected = "only Windows' own certificates under their names"
    impostors = [entry for entry in subject.entries if known.impersonates(entry.certificate)]
    if impostors:
        message = f"The store {_name(subject)} holds what bears the name of a certificate of Windows, and is another"
        return failed(f"{message}: {_listed(impostors)}.", _all(impostors), expected)
    own = {entry.certificate for entry in subject.entries if entry.certificate.sha1 in known.required}
    ended = sum(certificate.not_after < context.as_of for certificate in own)
    must_stay = sum(known.required[certificate.sha1] for certificate in own)
    return passed(
        f"known certificates of Windows: {len(own)}, {ended} of them expired by design, {must_stay} that must stay",
        expected,
    )


def one_per_name(subject: Store, context: Context, *, stores: tuple[str, ...]) -> Result:
    """No two certificates of the store bear the same subject: a chain may be built through either (requirement
    `store.one-root-per-name`)."""
    if not _concerns(subject, stores):
        return _elsewhere(stores)
    expected = "one certificate for each subject"
    alike: dict[object, dict[Certificate, CertificateEntry]] = {}
    for entry in subject.entries:
        alike.setdefault(entry.certificate.subject, {})[entry.certificate] = entry
    doubled = [tuple(group.values()) for group in alike.values() if len(group) > 1]
    if not doubled:
        return passed(f"{len(alike)} subjects", expected)
    first = doubled[0]
    keys = len({entry.certificate.spki for entry in first})
    more = f" ({len(doubled) - 1} more subjects likewise)" if len(doubled) > 1 else ""
    which = "with the same key" if keys == 1 else f"with {keys} different keys"
    alike_here = f"{len(first)} certificates of the same subject, {which}: {_listed(first)}{more}"
    message = f"The store {_name(subject)} holds {alike_here}."
    return failed(message, _all(entry for group in doubled for entry in group), expected)


def keys_not_in(subject: Store, context: Context, *, stores: tuple[str, ...]) -> Result:
    """No certificate with a private key is in a store of certificates to trust or to distrust (requirement
    `store.keys-in-place`). Stores of other names are for the products that made them."""
    if not subject.is_of_computer:
        return not_applicable("This is about the stores of the computer.")
    if not subject.is_one_of(stores) or subject.is_one_of((context.site.client_selection.store,)):
        return not_applicable(f"Keys belong into this store, or are another product's: {_name(subject)}.")
    expected = f"no private key in {', '.join(stores)}"
    keyed = [entry for entry in subject.entries if entry.private_key.present]
    if keyed:
        message = f"Certificates with a private key are in the store {_name(subject)}: {_listed(keyed)}."
        return failed(message, _all(keyed), expected)
    return passed("no certificate with a private key", expected)


def not_in_use(subject: Store, context: Context, *, stores: tuple[str, ...]) -> Result:
    """No chain of the site uses a certificate of the store (of Disallowed: Windows refuses each such chain)."""
    if not _concerns(subject, stores):
        return _elsewhere(stores)
    expected = "no certificate that a chain of the site uses"
    used = [entry for entry in subject.entries if entry.certificate in context.users]
    if not used:
        return passed(f"none of {len(subject.entries)} certificates is in use", expected)
    whose = context.users[used[0].certificate][0]
    owner = f"{whose.role} of {printable(whose.system.name)}" if whose.system else whose.role
    message = f"The store {_name(subject)} holds what the chain of {owner} needs: {_listed(used)}."
    return failed(message, _all(used), expected)


def recorded_hashes_match(subject: Store, context: Context) -> Result:
    """The SHA-1 hash that the store has recorded (property 3) is that of the certificate."""
    expected = "recorded hashes that are those of the certificates"
    recorded = [
        (entry, store_properties.sha1_matches(entry.certificate, entry.properties)) for entry in subject.entries
    ]
    wrong = [entry for entry, matches in recorded if matches is False]
    if wrong:
        message = (
            f"The store {_name(subject)} has another SHA-1 hash on record than the certificate has: {_listed(wrong)}."
        )
        return failed(message, _all(wrong), expected)
    count = sum(matches is True for _, matches in recorded)
    return passed(f"{count} of {len(recorded)} have one on record", expected)


def client_certificate_selectable(subject: Store, context: Context) -> Result:
    """The product's own selection settles on a certificate of the store, and one of the PKI (requirement
    `store.client-certificate-selectable`). Where it is not foreseeable, the thumbprint that the manifest names decides.
    """
    selection = context.site.client_selection
    roles = {role for name in subject.system.roles for role in needed_by(name)}
    chosen_for = [role for role in roles if role_named(role).chosen is Chosen.BY_PRODUCT]
    if not chosen_for:
        return not_applicable("Nothing on this system selects a client certificate.")
    if not subject.is_local or not subject.is_one_of((selection.store,)):
        return not_applicable(f"Clients search the store {printable(selection.store)} of the computer.")
    expected = "one certificate that the selection settles on"
    chooser = chooser_of(subject.system, context.site, context.as_of, context.issuers)
    choice = choose(subject.entries, chooser)
    qualified = f" ({_thumbprints(choice.candidates)})" if len(choice.candidates) > 1 else ""
    others = why_not((refusal.certificate, refusal.reason) for refusal in choice.refused)
    if choice.chosen is not None:
        observed = f"{described(choice.chosen)}: {choice.reason}"
        if choice.kind is not None:
            message = f"The selection takes {observed}; but it is {choice.kind}, and no certificate of the PKI.{others}"
            return failed(message, observed, expected)
        return passed(observed, expected, f"as required.{others}" if others else "as required")
    if choice.outcome is Outcome.UNTOLD:
        pins = {subject.system.pins.get(role) for role in chosen_for}
        pinned = [one for one in choice.candidates if pins & {one.sha1, one.sha256}]
        if pinned:
            return passed(f"{described(pinned[0])}: the manifest names it as the one in use", expected)
        what = "look up which the client took (ClientIDManagerStartup.log), and pin it in the manifest"
        return not_checked(f"{choice.reason}{qualified}; {what}.{others}", expected)
    code = f" ({choice.code})" if choice.code else ""
    taken = f"The selection takes no certificate of the store {_name(subject)}: {choice.reason}{code}{qualified}."
    return failed(f"{taken}{others}", choice.reason, expected)


def none_archived_in_use(subject: Store, context: Context) -> Result:
    """No certificate that serves a role is archived (property 19): Windows passes archived ones over."""
    expected = "no certificate of a role archived"
    archived = [entry for entry in subject.entries if store_properties.is_archived(entry.properties)]
    serving = context.serving.get(subject.system.key, frozenset())
    used = [entry for entry in archived if entry.certificate in serving]
    if used:
        message = f"A certificate that is to serve a role is archived in the store {_name(subject)}: {_listed(used)}."
        return failed(message, _all(used), expected)
    return passed(f"{len(archived)} archived, none of them in use", expected)


def issuer_list_at_most(subject: Store, context: Context, *, maximum: int) -> Result:
    """The names of all trusted roots of the computer fit into Schannel's list of issuers: `maximum` bytes (requirement
    `store.issuer-list-fits`).

    Each name takes its DER and two bytes (RFC 5246 7.4.4). A server sends it that asks clients for certificates.
    """
    if not context.site.verifies_clients(subject.system):
        return not_applicable("No server on this computer asks clients for certificates.")
    if not subject.is_local or not subject.is_one_of(("Root",)):
        return not_applicable("This is about the store Root of the computer, with all that Windows adds to it.")
    expected = f"at most {maximum:,} bytes of names"
    names = {
        entry.certificate.subject.raw
        for store in context.stores[subject.system.key]
        if store.host == subject.host and _concerns(store, _ROOTS)
        for entry in store.entries
        if not store_properties.is_archived(entry.properties)
    }
    size = sum(len(name) + 2 for name in names)
    observed = f"{size:,} bytes, {len(names)} roots"
    if size > maximum:
        return failed(f"The list of trusted issuers does not fit into a TLS handshake: {observed}.", observed, expected)
    return passed(observed, expected)


def purposes_not_restricted(subject: Store, context: Context) -> Result:
    """No certificate in use is limited by the store (property 9) to purposes other than those it is used for."""
    expected = "no restriction below the purposes in use"
    wrong, unclear = [], []
    for entry in subject.entries:
        if store_properties.property_value(entry.properties, store_properties.ENHANCED_KEY_USAGE) is None:
            continue
        allowed = store_properties.enhanced_key_usage(entry.properties)
        if entry.certificate in context.users:
            if allowed is None:
                unclear.append(entry)
            elif not _purposes_in_use(entry.certificate, context) <= set(allowed):
                wrong.append(entry)
    if wrong:
        message = f"The store {_name(subject)} allows too few purposes for what is in use: {_listed(wrong)}."
        return failed(message, _all(wrong), expected)
    if unclear:
        message = f"a restriction of purposes in the store {_name(subject)} cannot be read ({_listed(unclear)})"
        return not_checked(
            f"{message}; look at the properties of the certificate in the Certificates snap-in", expected
        )
    return passed("none", expected)


def _purposes_in_use(certificate: Certificate, context: Context) -> frozenset[str]:
    roles = {assignment.role for assignment in context.users[certificate]}
    return frozenset().union(*(role_named(role).purposes for role in roles))


def no_keys_of_computer(subject: Store, context: Context, *, purposes: tuple[Oid, ...]) -> Result:
    """No user's store holds, with its key, a certificate that a computer should have (requirement
    `store.no-computer-key-with-user`).

    That is one with any of `purposes`, unless it names its user (a UPN).
    """
    if not (subject.location or "").startswith((system_store.CURRENT_USER, system_store.USERS)):
        return not_applicable("This is about the stores of users.")
    expected = "certificates of computers in the stores of the computer"
    keyed = [entry for entry in subject.entries if entry.private_key.present]
    wrong = [entry for entry in keyed if _is_of_a_computer(entry.certificate, purposes)]
    if wrong:
        message = (
            f"A user's store ({_name(subject)}) holds certificates of computers with their keys: {_listed(wrong)}."
        )
        return failed(message, _all(wrong), expected)
    return passed(f"none of {len(keyed)} certificates with a key", expected)


def _is_of_a_computer(certificate: Certificate, purposes: tuple[Oid, ...]) -> bool:
    has = set(certificate.extended_key_usage or ())
    is_of_user = any(name.other_oid == UPN for name in certificate.subject_alternative_names)
    return bool(has & set(purposes)) and not is_of_user


def criteria_without_spaces(subject: WholeSite, context: Context) -> Result:
    """The criterion has no space in its value: spaces can get lost on the way to the client (requirement
    `store.criteria-without-spaces`)."""
    criterion = subject.site.client_selection.criterion
    if criterion is None:
        return not_applicable("No selection criterion is set.")
    observed, expected = printable(criterion.value), "a criterion without spaces"
    if " " in criterion.value:
        return failed(f"The selection criterion has spaces in it, which get lost: {observed!r}.", observed, expected)
    return passed(observed, expected)


def _concerns(subject: Store, stores: tuple[str, ...]) -> bool:
    return subject.is_of_computer and subject.is_one_of(stores)


def _elsewhere(stores: tuple[str, ...]) -> Result:
    return not_applicable(f"This is about {', '.join(stores)} of the computer.")


def _name(subject: Store) -> str:
    return printable(subject.label)


def _listed(entries: Iterable[CertificateEntry]) -> str:
    """The first few, and how many more there are."""
    certificates = list(dict.fromkeys(entry.certificate for entry in entries))
    more = f" and {len(certificates) - _SHOWN} more" if len(certificates) > _SHOWN else ""
    return ", ".join(map(described, certificates[:_SHOWN])) + more


def _all(entries: Iterable[CertificateEntry]) -> str:
    return _thumbprints(dict.fromkeys(entry.certificate for entry in entries))


def _thumbprints(certificates: Iterable[Certificate]) -> str:
    return ", ".join(certificate.sha1 for certificate in certificates)


CHECKS: tuple[Check, ...] = (
    self_issued_only,
    none_expired,
    windows_certificates_genuine,
    one_per_name,
    keys_not_in,
    not_in_use,
    recorded_hashes_match,
    client_certificate_selectable,
    none_archived_in_use,
    issuer_list_at_most,
    purposes_not_restricted,
    no_keys_of_computer,
    criteria_without_spaces,
)
