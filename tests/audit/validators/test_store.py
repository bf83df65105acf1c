"""Checks of Windows certificate stores: what is in which, and what the product would choose from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from certaudit.audit.validators import store as checks
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import CertificateEntry, PrivateKey, StoreProperty
from certaudit.evidence.windows import store_properties
from certaudit.findings.result import Result, Status
from certaudit.requirements import windows_certificates
from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.requirements.windows_certificates import WindowsCertificates
from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.releases import RELEASES
from certaudit.site.site import System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder, pki
from tests.audit.validators.stores import (
    ARCHIVED,
    CLIENT,
    WEB,
    context,
    entry,
    judged,
    leaf,
    plain,
    stores_of,
)
from tests.pki import AS_OF, SECOND

ROWS = tuple(row for row in read_catalogue().requirements if row.check.startswith("store"))
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.where}")
def test_the_row_fits_its_check(row: Requirement) -> None:
    bind(row, CHECKS)


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_every_rule_about_stores_but_one(release: str) -> None:
    found = {row.id for row in ROWS if release in row.releases}
    assert {row.id for row in ROWS} - found <= {"store.criteria-without-spaces"}


def test_stores_are_told_apart_by_system_machine_location_and_name() -> None:
    known = context(
        entry(leaf(1)),
        entry(leaf(2)),
        entry(leaf(1), location="CurrentUser"),
        entry(leaf(1), host="SMP01"),
        plain(pki.ROOT.certificate),
        pki.entry(leaf(3)),
    )
    assert [(store.label, len(store.entries)) for store in stores_of(known)] == [
        ("LocalMachine/My", 2),
        ("CurrentUser/My", 1),
        ("SMP01/LocalMachine/My", 1),
        ("LocalMachine/Root", 1),
    ]


# --- What is in which store -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "authorities", "status"),
    [
        (pki.ROOT.certificate, True, Status.PASS),
        (pki.ROOT.certificate, False, Status.PASS),
        (pki.ISSUING.certificate, True, Status.FAIL),
        (pki.ISSUING.certificate, False, Status.PASS),
        (leaf(), True, Status.PASS),
        (leaf(), False, Status.FAIL),
    ],
)
def test_roots_are_self_issued(certificate: Certificate, authorities: bool, status: Status) -> None:
    known = context(plain(certificate))
    result = judged(known, checks.self_issued_only, stores=("root",), authorities=authorities)
    assert result.status is status
    assert (certificate.sha1 in result.message) is (status is Status.FAIL)


SERVERS = ("management-point", "state-migration-point", "distribution-point", "proxy-web-server")


@pytest.mark.parametrize(
    ("system", "asks"),
    [
        *((System("site01.contoso.com", roles=(role,)), True) for role in SERVERS),
        (System("sup01.contoso.com", roles=("software-update-point", "management-point")), True),
        (System("store.reg", kind="files"), True),
        (System("sup01.contoso.com", roles=("software-update-point",)), False),
        (System("site01.contoso.com", roles=("primary-site-server",)), False),
        (CLIENT, False),
    ],
)
def test_an_intermediate_among_roots_is_an_error_where_a_server_asks_for_certificates(
    system: System, asks: bool
) -> None:
    known = context(plain(pki.ISSUING.certificate), system=system)
    severities = {
        row.severity
        for row in ROWS
        if row.id.startswith("store.no-intermediate-among-roots") and "2012-r2" in row.releases
        if bind(row, CHECKS)(stores_of(known)[0], known).status is Status.FAIL
    }
    assert severities == {"error" if asks else "notice"}
    fits = checks.issuer_list_at_most(stores_of(known)[0], known, maximum=1).status
    assert fits is (Status.FAIL if asks else Status.NOT_APPLICABLE)


@pytest.mark.parametrize("place", [{"store": "CA"}, {"location": "CurrentUser"}])
def test_other_stores_may_hold_intermediates(place: dict[str, str]) -> None:
    known = context(plain(pki.ISSUING.certificate, **place))
    (store,) = stores_of(known)
    result = checks.self_issued_only(store, known, stores=("Root",), authorities=True)
    assert result.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("location", ["LocalMachineGroupPolicy", "LocalMachineEnterprise", None])
def test_roots_that_policies_and_the_directory_bring_count(location: str | None) -> None:
    known = context(plain(pki.ISSUING.certificate, location=location))
    assert judged(known, checks.self_issued_only, stores=("Root",), authorities=True).status is Status.FAIL


@pytest.mark.parametrize(("margin", "status"), [(-SECOND, Status.FAIL), (SECOND, Status.PASS)])
def test_an_expired_root(margin: Any, status: Status) -> None:
    known = context(plain(pki.root(not_after=AS_OF + margin)))
    assert judged(known, checks.none_expired, stores=("Root",)).status is status


def test_a_root_that_windows_needs_may_have_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    old = pki.root(not_after=LONG_AGO)
    assert judged(context(plain(old)), checks.none_expired, stores=("CA",)).status is Status.NOT_APPLICABLE
    knows(monkeypatch, old)
    assert judged(context(plain(old)), checks.none_expired, stores=("Root",)).status is Status.PASS


def knows(monkeypatch: pytest.MonkeyPatch, *brought: Certificate) -> None:
    """From here on Windows brings these certificates, and no others."""
    subjects = frozenset(
        frozenset((attribute.comparable, 1) for attribute in certificate.subject) for certificate in brought
    )
    table = WindowsCertificates({certificate.sha1: True for certificate in brought}, subjects)
    for module in (windows_certificates, checks):
        monkeypatch.setattr(module, "read_windows_certificates", lambda: table)


def test_windows_own_certificates_are_counted_and_their_names_are_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    old, strange = pki.root(not_after=LONG_AGO), pki.root(serial=77)
    knows(monkeypatch, old)
    known = context(plain(old), plain(pki.ISSUING.certificate))
    result = judged(known, checks.windows_certificates_genuine, stores=("Root",))
    assert result.status is Status.PASS
    assert result.observed == "known certificates of Windows: 1, 1 of them expired by design, 1 that must stay"
    result = judged(context(plain(old), plain(strange)), checks.windows_certificates_genuine, stores=("Root",))
    assert (result.status, result.observed) == (Status.FAIL, strange.sha1)
    assert judged(known, checks.windows_certificates_genuine, stores=("CA",)).status is Status.NOT_APPLICABLE


def test_what_windows_brings_is_no_intermediate_out_of_place(monkeypatch: pytest.MonkeyPatch) -> None:
    knows(monkeypatch, pki.ISSUING.certificate)
    known = context(plain(pki.ISSUING.certificate))
    assert judged(known, checks.self_issued_only, stores=("Root",), authorities=True).status is Status.PASS


def test_two_roots_of_one_name() -> None:
    renewed, other = pki.root(serial=2), pki.root(serial=3, key=pki.OTHER_KEY, signer=pki.OTHER_KEY)
    once = context(plain(pki.ROOT.certificate), plain(pki.ROOT.certificate))
    assert judged(once, checks.one_per_name, stores=("Root",)).status is Status.PASS
    result = judged(context(plain(pki.ROOT.certificate), plain(renewed)), checks.one_per_name, stores=("Root",))
    assert result.status is Status.FAIL
    assert "with the same key" in result.message
    result = judged(context(plain(pki.ROOT.certificate), plain(other)), checks.one_per_name, stores=("Root",))
    assert "with 2 different keys" in result.message
    elsewhere = context(plain(pki.ROOT.certificate, store="CA"))
    assert judged(elsewhere, checks.one_per_name, "CA", stores=("Root",)).status is Status.NOT_APPLICABLE


def test_keys_are_not_among_what_is_trusted() -> None:
    stores = ("Root", "CA")
    assert judged(context(entry(leaf(), store="Root")), checks.keys_not_in, stores=stores).status is Status.FAIL
    assert judged(context(plain(leaf())), checks.keys_not_in, stores=stores).status is Status.PASS
    for name in ("My", "WSUS", "Remote Desktop"):
        known = context(entry(leaf(), store=name))
        assert judged(known, checks.keys_not_in, name, stores=stores).status is Status.NOT_APPLICABLE
    of_user = context(entry(leaf(), store="Root", location="CurrentUser"))
    assert judged(of_user, checks.keys_not_in, stores=stores).status is Status.NOT_APPLICABLE


def test_keys_may_be_in_the_store_that_the_site_names() -> None:
    known = context(entry(leaf(), store="Trust"), client_selection=ClientSelection("trust"))
    assert judged(known, checks.keys_not_in, "Trust", stores=("Trust",)).status is Status.NOT_APPLICABLE


def test_a_disallowed_certificate_in_use() -> None:
    mine = leaf()
    used = context(plain(pki.ISSUING.certificate, store="Disallowed"), serving=[("client", mine)])
    result = judged(used, checks.not_in_use, "Disallowed", stores=("Disallowed",))
    assert result.status is Status.FAIL
    assert "client of ws0001.contoso.com" in result.message
    idle = context(plain(leaf(2), store="Disallowed"), serving=[("client", mine)])
    assert judged(idle, checks.not_in_use, "Disallowed", stores=("Disallowed",)).status is Status.PASS
    assert (
        judged(context(plain(pki.ISSUING.certificate)), checks.not_in_use, stores=("Disallowed",)).status
        is Status.NOT_APPLICABLE
    )


def test_recorded_hashes() -> None:
    right = StoreProperty(store_properties.SHA1_HASH, bytes.fromhex(pki.ROOT.certificate.sha1))
    wrong = StoreProperty(store_properties.SHA1_HASH, bytes(20))
    assert judged(context(plain(pki.ROOT.certificate, right)), checks.recorded_hashes_match).status is Status.PASS
    assert judged(context(plain(pki.ROOT.certificate)), checks.recorded_hashes_match).status is Status.PASS
    assert judged(context(plain(pki.ROOT.certificate, wrong)), checks.recorded_hashes_match).status is Status.FAIL


def test_an_archived_certificate_in_use() -> None:
    mine = leaf()
    used = context(entry(mine, ARCHIVED), serving=[("client", mine)])
    assert judged(used, checks.none_archived_in_use, "My").status is Status.FAIL
    new = leaf(2)
    renewed = context(entry(mine, ARCHIVED), entry(new), serving=[("client", new)])
    result = judged(renewed, checks.none_archived_in_use, "My")
    assert (result.status, result.observed) == (Status.PASS, "1 archived, none of them in use")


@pytest.mark.parametrize(("roots", "maximum", "status"), [(3, 300, Status.PASS), (4, 300, Status.FAIL)])
def test_the_list_of_issuers(roots: int, maximum: int, status: Status) -> None:
    """Each of these names has 90 bytes of DER."""
    subjects = [f"CN={number}{'x' * 30},DC=contoso,DC=com" for number in range(roots)]
    sizes = {len(pki.root(subject=subject).subject.raw) for subject in subjects}
    assert sizes == {90}
    places = ["LocalMachine", "LocalMachineGroupPolicy", "LocalMachineEnterprise", "LocalMachine"]
    known = context(
        *(plain(pki.root(subject=one), location=place) for one, place in zip(subjects, places, strict=False)),
        plain(pki.root(subject="CN=hidden"), ARCHIVED),
        plain(pki.root(subject="CN=another computer"), host="DP02"),
        plain(pki.root(subject="CN=of a user"), location="CurrentUser"),
        system=WEB,
    )
    (store, *_) = stores_of(known)
    result = checks.issuer_list_at_most(store, known, maximum=maximum)
    assert result.status is status
    assert result.observed == f"{92 * roots} bytes, {roots} roots"
    others = [store for store in stores_of(known) if store.location != "LocalMachine"]
    assert {checks.issuer_list_at_most(one, known, maximum=1).status for one in others} == {Status.NOT_APPLICABLE}


def allowing(*purposes: str) -> StoreProperty:
    return StoreProperty(store_properties.ENHANCED_KEY_USAGE, builder.sequence(*map(builder.oid, purposes)))


@pytest.mark.parametrize(
    ("restriction", "status"),
    [
        (allowing(oids.CLIENT_AUTHENTICATION), Status.PASS),
        (allowing(oids.SERVER_AUTHENTICATION), Status.FAIL),
        (allowing(), Status.FAIL),
        (StoreProperty(store_properties.ENHANCED_KEY_USAGE, b"\x30\x05"), Status.NOT_CHECKED),
    ],
)
def test_purposes_that_the_store_allows(restriction: StoreProperty, status: Status) -> None:
    known = context(
        plain(pki.ROOT.certificate, restriction),
        plain(pki.ISSUING.certificate, allowing()),
        serving=[("client", leaf())],
    )
    if status is not Status.FAIL:
        known = context(plain(pki.ROOT.certificate, restriction), serving=[("client", leaf())])
    assert judged(known, checks.purposes_not_restricted).status is status


def test_a_restriction_of_what_nobody_uses_is_no_matter() -> None:
    known = context(plain(pki.ROOT.certificate, allowing()), plain(pki.ISSUING.certificate))
    assert judged(known, checks.purposes_not_restricted).status is Status.PASS


def test_a_key_of_the_computer_with_a_user() -> None:
    purposes = (oids.CLIENT_AUTHENTICATION,)
    of_user = leaf(
        extensions=[
            builder.extended_key_usage(oids.CLIENT_AUTHENTICATION),
            builder.alternative_names("UPN:jose@contoso.com"),
        ]
    )
    mine: dict[str, Any] = {"location": "Users\\S-1-5-21-1-2-3-500"}
    assert (
        judged(context(entry(leaf(), **mine)), checks.no_keys_of_computer, "My", purposes=purposes).status
        is Status.FAIL
    )
    for sound in (entry(of_user, **mine), entry(leaf(), key=PrivateKey(present=False), **mine)):
        assert judged(context(sound), checks.no_keys_of_computer, "My", purposes=purposes).status is Status.PASS
    result = judged(context(entry(leaf())), checks.no_keys_of_computer, "My", purposes=purposes)
    assert result.status is Status.NOT_APPLICABLE


def test_the_message_names_a_few_and_counts_the_rest() -> None:
    known = context(*(plain(leaf(number)) for number in range(1, 9)))
    result = judged(known, checks.self_issued_only, stores=("Root",), authorities=False)
    assert "and 3 more" in result.message
    assert result.observed is not None
    assert result.observed.count(",") == 7


# --- The selection ----------------------------------------------------------------------------------------------------


def selected(*entries: CertificateEntry, release: str = "2007-sp2", system: System = CLIENT, **settings: Any) -> Result:
    known = context(*entries, system=system, release=release, client_selection=ClientSelection(**settings))
    return judged(known, checks.client_certificate_selectable, "My")


def test_the_only_certificate_is_taken() -> None:
    mine = leaf(1)
    result = selected(entry(mine), entry(leaf(2), ARCHIVED), entry(leaf(3, oids.SERVER_AUTHENTICATION)))
    assert result.status is Status.PASS
    assert result.observed == f"CN=ws0001.contoso.com ({mine.sha1}): it is the only one that qualifies"


@pytest.mark.parametrize(
    ("entries", "settings", "code"),
    [
        ([entry(leaf(1), ARCHIVED)], {}, "0x87D00280"),
        ([entry(leaf(1, oids.SERVER_AUTHENTICATION))], {}, "0x87D00281"),
        ([entry(leaf(1, not_after=AS_OF - SECOND))], {}, "0x87D00281"),
        ([entry(leaf(1))], {"criterion": criterion("SubjectStr:fabrikam")}, "0x87D00281"),
        ([entry(leaf(1)), entry(leaf(2))], {}, "0x87D00282"),
        ([entry(leaf(1), key=PrivateKey(present=False))], {}, "0x87D00283"),
        ([entry(leaf(1), allowing(oids.SERVER_AUTHENTICATION))], {}, "0x87D00281"),
    ],
)
def test_no_certificate_is_taken(entries: list[CertificateEntry], settings: dict[str, Any], code: str) -> None:
    result = selected(*entries, **settings)
    assert result.status is Status.FAIL
    assert code in result.message


SHORT, LONG = leaf(1), leaf(2, subject="CN=WS0001.contoso.com", not_after=datetime(2015, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("release", "take_one", "status"),
    [
        ("2007-sp2", None, Status.FAIL),
        ("2007-sp2", True, Status.PASS),
        ("2007-rtm", True, Status.NOT_CHECKED),
        ("2012-r2", None, Status.PASS),
        ("current-branch", False, Status.FAIL),
    ],
)
def test_of_several_the_release_decides(release: str, take_one: bool | None, status: Status) -> None:
    result = selected(entry(SHORT), entry(LONG), release=release, take_one_of_several=take_one)
    assert result.status is status
    assert (LONG.sha1 in (result.observed or "")) is (status is Status.PASS)


def test_what_longest_means_is_not_guessed() -> None:
    late = leaf(3, not_before=datetime(2010, 1, 1, tzinfo=UTC), not_after=datetime(2012, 1, 1, tzinfo=UTC))
    early = leaf(4, not_before=datetime(2005, 1, 1, tzinfo=UTC), not_after=datetime(2011, 1, 1, tzinfo=UTC))
    assert selected(entry(late), entry(early), release="2012").status is Status.NOT_CHECKED
    assert selected(entry(leaf(5)), entry(leaf(6)), release="2012").status is Status.NOT_CHECKED


def test_from_2012_on_a_certificate_under_no_listed_root_is_passed_over() -> None:
    stranger = leaf(7, issuer="CN=Fabrikam CA", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    result = selected(entry(SHORT), entry(stranger), release="2012-r2")
    assert (result.status, SHORT.sha1 in (result.observed or "")) == (Status.PASS, True)


def test_the_identity_of_the_device_is_named_where_it_is_taken_and_where_not() -> None:
    device = leaf(
        2, issuer="CN=MS-Organization-Access", subject="CN=7c1b7a35", not_after=datetime(2019, 1, 1, tzinfo=UTC)
    )
    beside = selected(entry(SHORT), entry(device), release="current-branch")
    assert beside.status is Status.PASS
    assert "the device identity of Microsoft Entra ID" in beside.message
    taken = selected(entry(SHORT), entry(device), release="current-branch", criterion=criterion("SubjectStr:7"))
    assert taken.status is Status.FAIL
    assert "it is the device identity of Microsoft Entra ID (MS-Organization-Access)" in taken.message


def test_a_pin_settles_what_cannot_be_foreseen() -> None:
    untold: dict[str, Any] = {"release": "2007-rtm", "take_one_of_several": True}
    pinned = replace(CLIENT, pins={"client": SHORT.sha1})
    assert selected(entry(SHORT), entry(LONG), system=pinned, **untold).status is Status.PASS
    elsewhere = replace(CLIENT, pins={"client": "00" * 20})
    assert selected(entry(SHORT), entry(LONG), system=elsewhere, **untold).status is Status.NOT_CHECKED


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("SubjectStr:WS0001", True),
        ("SubjectStr:ws0002", False),
        ("Subject:ws0001.contoso.com", True),
        ("Subject:WS0001.contoso.com", False),
        ("SubjectAttr:CN=ws0001.contoso.com", True),
        ("SubjectAttr:2.5.4.3 = ws0001.contoso.com", True),
        ("SubjectAttr:OU=ws0001.contoso.com", False),
        ("SubjectAttr:2.5.29.17=san.contoso.com", True),
        ("subjectattr:san=other.contoso.com", False),
    ],
)
def test_criteria(text: str, taken: bool) -> None:
    purposes = builder.extended_key_usage(oids.CLIENT_AUTHENTICATION)
    mine = leaf(1, extensions=[purposes, builder.alternative_names("DNS:san.contoso.com")])
    assert (selected(entry(mine), criterion=criterion(text)).status is Status.PASS) is taken


@pytest.mark.parametrize("text", ["contoso", "SubjectStr:", "SubjectAttr:OU", "SubjectAttr:1.2.3=x", "Issuer:x"])
def test_what_is_no_criterion(text: str) -> None:
    assert criterion(text) is None


def test_only_the_store_that_clients_search_matters() -> None:
    known = context(entry(leaf(1), store="WebHosting"), entry(leaf(2), location="CurrentUser"))
    found = {checks.client_certificate_selectable(store, known).status for store in stores_of(known)}
    assert found == {Status.NOT_APPLICABLE}


def test_a_system_that_selects_nothing() -> None:
    assert selected(entry(leaf(1)), entry(leaf(2)), system=WEB).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "status"),
    [(None, Status.NOT_APPLICABLE), ("SubjectStr:contoso", Status.PASS), ("SubjectStr:con toso", Status.FAIL)],
)
def test_criteria_without_spaces(text: str | None, status: Status) -> None:
    known = context(client_selection=ClientSelection(criterion=criterion(text) if text else None))
    assert checks.criteria_without_spaces(WholeSite(known.site), known).status is status
