"""The CAs that a computer needs in its own stores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators import store_issuers
from certaudit.evidence import CertificateEntry
from certaudit.findings.result import Status
from certaudit.site.site import System
from certaudit.x509 import oids
from tests import builder, pki
from tests.audit.validators.stores import (
    CLIENT,
    WEB,
    context,
    judged,
    leaf,
    plain,
    stores_of,
)

OTHER_ROOT = plain(pki.root(subject="CN=another"))


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ((plain(pki.ROOT.certificate),), Status.PASS),
        ((OTHER_ROOT, plain(pki.ROOT.certificate, location="LocalMachineEnterprise")), Status.PASS),
        ((OTHER_ROOT, plain(pki.ROOT.certificate, store="AuthRoot")), Status.PASS),
        ((OTHER_ROOT,), Status.NOT_CHECKED),
        ((OTHER_ROOT, plain(pki.ROOT.certificate, location="CurrentUser")), Status.NOT_CHECKED),
        ((OTHER_ROOT, plain(pki.ROOT.certificate, store="CA")), Status.NOT_CHECKED),
        ((OTHER_ROOT, plain(pki.ISSUING.certificate, store="CA", location="LocalMachineGroupPolicy")), Status.FAIL),
    ],
)
def test_the_roots_in_use_are_in_place(entries: tuple[CertificateEntry, ...], status: Status) -> None:
    known = context(*entries, serving=[("client", leaf())])
    (root, *_) = (store for store in stores_of(known) if store.name == "Root" and store.location == "LocalMachine")
    assert store_issuers.roots_in_place(root, known).status is status
    others = [store for store in stores_of(known) if store.name != "Root" or store.location != "LocalMachine"]
    assert {store_issuers.roots_in_place(one, known).status for one in others} <= {Status.NOT_APPLICABLE}


def test_a_root_that_nothing_uses_need_not_be_in_place() -> None:
    assert judged(context(OTHER_ROOT), store_issuers.roots_in_place).status is Status.NOT_APPLICABLE


SUP = System("sup01.contoso.com", roles=("software-update-point",))
CONNECTION_POINT = System("cp01.contoso.com", roles=("cloud-management-gateway-connection-point",))


@pytest.mark.parametrize(
    ("system", "role", "status"),
    [
        (SUP, "client", Status.NOT_APPLICABLE),
        (SUP, "boot-media", Status.NOT_APPLICABLE),
        (SUP, "web-server", Status.FAIL),
        (SUP, "site-server-signing", Status.FAIL),
        (CLIENT, "cloud-management-gateway", Status.FAIL),
        (CONNECTION_POINT, "cloud-management-gateway", Status.FAIL),
        (WEB, "cloud-management-gateway", Status.NOT_APPLICABLE),
        (CLIENT, "proxy-web-server", Status.FAIL),
        (WEB, "client", Status.FAIL),
        (WEB, "distribution-point-client", Status.FAIL),
    ],
)
def test_a_root_that_the_computer_never_verifies_against_need_not_be_in_place(
    system: System, role: str, status: Status
) -> None:
    elsewhere = System("elsewhere.contoso.com", roles=("management-point",))
    used = Assignment(elsewhere, None, role, State.ASSIGNED, Holding(leaf(), (pki.entry(leaf()),)))
    known = context(
        OTHER_ROOT, plain(pki.ISSUING.certificate, store="CA", location="LocalMachineGroupPolicy"), system=system
    )
    known = replace(known, assignments=(used,))
    assert judged(known, store_issuers.roots_in_place).status is status


def test_the_root_of_its_own_certificate_is_one_that_a_client_needs() -> None:
    known = context(
        OTHER_ROOT,
        plain(pki.ISSUING.certificate, store="CA", location="LocalMachineGroupPolicy"),
        serving=[("client", leaf())],
    )
    assert judged(known, store_issuers.roots_in_place).status is Status.FAIL


POLICY = "LocalMachineGroupPolicy"
AIA = builder.sequence(
    builder.sequence(builder.oid(oids.CA_ISSUERS), builder.tlv(0x86, b"HTTP://pki.contoso.com/aia/ca.crt"))
)
OTHER_CA = plain(pki.intermediate(subject="CN=another CA", key=pki.OTHER_KEY), store="CA")


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ((plain(pki.ISSUING.certificate, store="CA"),), Status.PASS),
        ((OTHER_CA, plain(pki.ISSUING.certificate, store="CA", location="LocalMachineEnterprise")), Status.PASS),
        ((plain(pki.ISSUING.certificate, store="My"),), Status.PASS),
        ((), Status.NOT_CHECKED),
        ((OTHER_CA,), Status.NOT_CHECKED),
        ((plain(pki.ISSUING.certificate, store="Disallowed"), OTHER_CA), Status.NOT_CHECKED),
        ((plain(pki.ISSUING.certificate, store="CA", location="CurrentUser"),), Status.NOT_CHECKED),
        ((plain(pki.ROOT.certificate, location="LocalMachineEnterprise"),), Status.NOT_CHECKED),
        ((OTHER_CA, plain(pki.ROOT.certificate, location="LocalMachineEnterprise")), Status.FAIL),
        (
            (
                OTHER_CA,
                plain(pki.ISSUING.certificate, store="CA", host="DP02"),
                plain(pki.ROOT.certificate, location=POLICY),
            ),
            Status.FAIL,
        ),
    ],
)
def test_the_intermediates_in_use_are_in_place(entries: tuple[CertificateEntry, ...], status: Status) -> None:
    known = context(plain(pki.ROOT.certificate), *entries, serving=[("client", leaf())])
    (root, *others) = sorted(
        stores_of(known), key=lambda store: (store.location, store.name) != ("LocalMachine", "Root")
    )
    assert store_issuers.intermediates_in_place(root, known).status is status
    assert {store_issuers.intermediates_in_place(one, known).status for one in others} <= {Status.NOT_APPLICABLE}


def test_one_path_that_is_in_place_is_enough() -> None:
    again = pki.intermediate(serial=77)
    domain = plain(pki.ROOT.certificate, location=POLICY)
    entries = (plain(pki.ROOT.certificate), domain, plain(again, store="CA"))
    known = context(*entries, serving=[("client", leaf())], intermediates=(pki.ISSUING.certificate, again))
    assert store_issuers.intermediates_in_place(stores_of(known)[0], known).status is Status.PASS


def test_a_missing_intermediate_that_windows_may_fetch() -> None:
    place = builder.extension("1.3.6.1.5.5.7.1.1", AIA)
    domain = plain(pki.ROOT.certificate, location=POLICY)
    mine = leaf(extensions=[place, builder.distribution_points(pki.HTTP)])
    known = context(plain(pki.ROOT.certificate), domain, OTHER_CA, serving=[("client", mine)])
    result = store_issuers.intermediates_in_place(stores_of(known)[0], known)
    assert result.status is Status.FAIL
    assert result.message.endswith(
        "Windows may fetch it over HTTP (AIA) where the network lets it; Windows PE does not ask."
    )


def test_a_computer_that_serves_nothing_needs_no_intermediate() -> None:
    assert (
        judged(context(plain(pki.ROOT.certificate)), store_issuers.intermediates_in_place).status
        is Status.NOT_APPLICABLE
    )
