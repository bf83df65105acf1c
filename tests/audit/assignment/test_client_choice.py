"""What a client takes of its store, and why not each other: by issuers, name, validity, and whose certificate it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, Outcome, State, assign, choose
from certaudit.audit.assignment.client_choice import Chooser, Fault
from certaudit.audit.assignment.issuers_list import IssuersList, issuers_list
from certaudit.audit.audit import chains_of
from certaudit.evidence import CertificateEntry, Evidence, Input, PrivateKey, Provenance, SiteEvidence
from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder, pki
from tests.audit.validators.stores import ARCHIVED, CLIENT, entry, leaf

MINE, OTHER = leaf(1), leaf(2)
DEVICE = leaf(
    2,
    subject="CN=7c1b7a35-0c9d-4a41-a6a5-9b9a4b5f5c10",
    issuer="CN=MS-Organization-Access",
    not_after=datetime(2019, 1, 1, tzinfo=UTC),
)
ANY = ClientSelection(criterion=criterion("SubjectStr:c"), take_one_of_several=True)


def chooser(**fields: Any) -> Chooser:
    usual: dict[str, Any] = {"selection": ClientSelection(), "release": "current-branch", "as_of": pki.AS_OF}
    return Chooser(**usual | fields)


def test_why_not_each_other_one() -> None:
    old, server = leaf(3, not_after=pki.AS_OF - pki.SECOND), leaf(4, oids.SERVER_AUTHENTICATION)
    keyless, hidden, elsewhere = leaf(5), leaf(6), leaf(7, issuer="CN=Fabrikam CA")
    choice = choose(
        [
            entry(MINE),
            entry(old),
            entry(server),
            entry(keyless, key=PrivateKey(present=False)),
            entry(hidden, ARCHIVED),
            entry(elsewhere),
            entry(DEVICE),
        ],
        chooser(
            issuers=IssuersList(
                frozenset({pki.ROOT.certificate}),
                lambda one: pki.ROOT.certificate if one.issuer == MINE.issuer else one,
            )
        ),
    )
    assert (choice.outcome, choice.chosen) == (Outcome.CHOSEN, MINE)
    assert {refusal.certificate: refusal.fault for refusal in choice.refused} == {
        old: Fault.DATES,
        server: Fault.PURPOSE,
        keyless: Fault.KEY,
        hidden: Fault.ARCHIVED,
        elsewhere: Fault.ISSUER,
        DEVICE: Fault.ISSUER,
    }
    assert [refusal.certificate for refusal in choice.refused if refusal.kind] == [DEVICE]


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ({"computer": "ws0001"}, MINE),
        ({"computer": "ws0009"}, None),
        ({"computer": None}, DEVICE),
    ],
)
def test_the_name_of_the_computer(fields: dict[str, Any], chosen: Certificate | None) -> None:
    choice = choose([entry(MINE), entry(DEVICE)], chooser(**fields))
    assert choice.chosen == chosen
    assert choice.outcome is (Outcome.CHOSEN if chosen else Outcome.UNTOLD)


def test_a_certificate_without_a_subject_needs_no_name() -> None:
    nameless = leaf(8, subject="")
    assert choose([entry(nameless), entry(DEVICE)], chooser(computer="ws0001")).chosen == nameless
    assert choose([entry(nameless), entry(MINE)], chooser(computer="ws0001")).chosen == MINE


def test_a_certificate_that_cannot_be_read_is_not_taken() -> None:
    damaged = leaf(9, subject=b"\x30\x03\x31\x01\x00")
    settings = ClientSelection(criterion=criterion("SubjectStr:ws0001"))
    assert choose([entry(damaged), entry(MINE)], chooser(selection=settings)).chosen == MINE


def held(*entries: CertificateEntry) -> Evidence:
    return Evidence((Input("stores.reg", "registry-export", certificates=entries),))


def files(*certificates: Certificate) -> Evidence:
    entries = tuple(CertificateEntry(one, Provenance("mp01.pfx"), PrivateKey(present=True)) for one in certificates)
    return Evidence((Input("mp01.pfx", "pkcs12", certificates=entries),))


MP = System("mp01.contoso.com", roles=("management-point",))
SERVER = pki.certificate(
    subject="CN=mp01.contoso.com", extensions=[builder.extended_key_usage(oids.SERVER_AUTHENTICATION)]
)


def answer(
    *entries: CertificateEntry, release: str = "2012-r2", roots: Evidence | None = None, **settings: Any
) -> Assignment:
    """What the client is assigned in a site whose management point has a certificate of the PKI."""
    site = Site(Path(), release=release, systems=(MP, CLIENT), **settings)
    known = SiteEvidence(
        {MP.key: files(SERVER), CLIENT.key: held(*entries)},
        root_cas=roots if roots is not None else Evidence(),
        intermediate_cas=pki.evidence(pki.ISSUING.certificate, pki.ROOT.certificate),
    )
    found = assign(site, known, pki.AS_OF, chains_of(known, pki.AS_OF).top)
    return next(one for one in found if one.role == "client")


def test_the_root_of_the_management_points_is_in_the_list_though_the_site_lists_none() -> None:
    found = answer(entry(MINE), entry(DEVICE))
    assert found.holding is not None
    assert found.holding.certificate == MINE
    assert dict(found.why_not)[DEVICE].endswith(f"and {Fault.ISSUER}")
    alone = answer(entry(DEVICE))
    assert (alone.state, alone.choice and alone.choice.code) == (State.MISSING, "0x87D00281")


def test_what_the_site_lists_counts_beside_it() -> None:
    other = pki.root(subject="CN=Fabrikam Root", key=pki.OTHER_KEY, signer=pki.OTHER_KEY, issuer="CN=Fabrikam Root")
    under = leaf(3, issuer="CN=Fabrikam Root", signer=pki.OTHER_KEY)
    assert answer(entry(under)).holding is None
    assert answer(entry(under), roots=pki.evidence(other)).state is State.ASSIGNED
    assert answer(entry(MINE), roots=pki.evidence(other)).state is State.ASSIGNED


def test_clients_of_2007_have_no_list() -> None:
    site = Site(Path(), release="2007-sp2")
    assert issuers_list(site, SiteEvidence(root_cas=pki.evidence(pki.ROOT.certificate)), (), lambda one: one).covers(
        DEVICE
    )


def test_the_device_certificate_that_outlives_the_others_is_no_certificate_of_the_role() -> None:
    """No list of issuers, since nobody knows a root; a criterion that both meet; one of several is taken."""
    site = Site(Path(), release="current-branch", systems=(CLIENT,), client_selection=ANY)
    known = SiteEvidence({CLIENT.key: held(entry(MINE), entry(DEVICE))})
    (found,) = assign(site, known, pki.AS_OF, chains_of(known, pki.AS_OF).top)
    assert (found.state, found.holding) == (State.MISSING, None)
    assert found.choice is not None
    assert (found.choice.chosen, found.choice.kind is not None) == (DEVICE, True)
    narrower = ClientSelection(criterion=criterion("SubjectStr:contoso"), take_one_of_several=True)
    site = Site(Path(), release="current-branch", systems=(CLIENT,), client_selection=narrower)
    (found,) = assign(site, known, pki.AS_OF, chains_of(known, pki.AS_OF).top)
    assert found.holding is not None
    assert found.holding.certificate == MINE


def test_a_certificate_of_another_product_is_no_leftover() -> None:
    wrong = leaf(3, oids.CODE_SIGNING)
    assert answer(entry(wrong)).state is State.ASSIGNED
    marked = leaf(4, oids.CODE_SIGNING, issuer="CN=MS-Organization-P2P-Access")
    assert answer(entry(marked)).state is State.MISSING
    pinned = System("dp01.contoso.com", roles=("distribution-point",), pins={"web-server": marked.sha1})
    for system in (pinned, System("dp01.contoso.com", roles=("distribution-point",))):
        known = SiteEvidence({system.key: held(entry(marked))})
        (found,) = assign(Site(Path(), systems=(system,)), known, pki.AS_OF)
        assert (found.state, found.holding) == (State.MISSING, None)
        assert [one.certificate for one in found.foreign] == [marked]


def test_a_certificate_that_the_criterion_leaves_out_is_not_judged_instead() -> None:
    settings = ClientSelection(criterion=criterion("SubjectStr:fabrikam"))
    found = answer(entry(MINE), client_selection=settings)
    assert found.state is State.MISSING
    assert dict(found.why_not) == {MINE: Fault.CRITERION}


# --- What is carried, and lies in no store ----------------------------------------------------------------------------


CARRYING = [
    (System("dp01.contoso.com", roles=("distribution-point",)), "distribution-point-client"),
    (System("pxe01.contoso.com", roles=("pxe-service-point",)), "pxe-service-point"),
    (System("stick", kind="boot-media", roles=("boot-media",)), "boot-media"),
]


def carried(system: System, role: str, evidence: Evidence) -> Assignment:
    site = Site(Path(), release="2012-r2", systems=(system,))
    return next(one for one in assign(site, SiteEvidence({system.key: evidence}), pki.AS_OF) if one.role == role)


@pytest.mark.parametrize(("system", "role"), CARRYING)
def test_what_is_carried_is_in_no_store(system: System, role: str) -> None:
    in_store = carried(system, role, held(entry(MINE)))
    assert (in_store.state, [one.certificate for one in in_store.elsewhere]) == (State.NOT_SUPPLIED, [MINE])
    serialized = Evidence((Input("my.sst", "sst", certificates=(CertificateEntry(MINE, Provenance("my.sst")),)),))
    assert carried(system, role, serialized).state is State.NOT_SUPPLIED
    assert carried(system, role, files(MINE)).state is State.ASSIGNED
    both = carried(system, role, Evidence((*held(entry(MINE)).inputs, *files(OTHER).inputs)))
    assert both.holding is not None
    assert both.holding.certificate == OTHER


@pytest.mark.parametrize(("system", "role"), CARRYING)
def test_a_pin_names_it_wherever_it_is(system: System, role: str) -> None:
    pinned = System(system.name, kind=system.kind, roles=system.roles, pins={role: MINE.sha1})
    assert carried(pinned, role, held(entry(MINE))).state is State.ASSIGNED
    assert carried(pinned, role, held(entry(OTHER))).state is State.MISSING
