"""What is bound decides which certificate serves: by port, name, address and web site; a pin of the manifest wins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, Bound, State, assign
from certaudit.audit.assignment.bound import bound_on
from certaudit.evidence import (
    IIS_APPLICATION,
    Binding,
    CertificateEntry,
    Evidence,
    Input,
    PrivateKey,
    Provenance,
    SiteAddress,
    SiteEvidence,
    StoreProperty,
    WebSite,
)
from certaudit.evidence.windows import store_properties
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests.builder import alternative_names, certificate, extended_key_usage
from tests.pki import AS_OF

SERVER = [extended_key_usage(oids.SERVER_AUTHENTICATION), alternative_names("DNS:mp01.contoso.com")]
OLD = certificate(serial=1, extensions=SERVER, not_after=datetime(2010, 2, 1))
NEW = certificate(serial=2, extensions=SERVER)
OTHER = certificate(serial=3, extensions=SERVER)
OWN = certificate(serial=4, extensions=SERVER, issuer="CN=SMS Issuing")
A, B, C = "AA" * 20, "BB" * 20, "CC" * 20
MP = System("mp01.contoso.com", roles=("management-point",), nlb_name="mp.contoso.com")
SUP = System("sup01.contoso.com", roles=("software-update-point",))
BOTH = System("mp01.contoso.com", roles=("management-point", "software-update-point"))


def at(address: str, thumbprint: str, port: int = 443) -> Binding:
    return Binding("address", port, address, None, thumbprint, "MY", IIS_APPLICATION)


def named(hostname: str, thumbprint: str, port: int = 443) -> Binding:
    return Binding("name", port, None, hostname, thumbprint, "MY", IIS_APPLICATION)


CENTRAL = Binding("central-store", 443, application=IIS_APPLICATION)


def collected(*bindings: Binding, sites: tuple[WebSite, ...] = ()) -> tuple[Input, ...]:
    listed = Input("mp01/facts/bindings.txt", "http-bindings", bindings=bindings)
    return listed, Input("mp01/facts/sites.txt", "iis-sites", web_sites=sites)


def bound(*bindings: Binding, system: System = MP, sites: tuple[WebSite, ...] = ()) -> Bound | None:
    return bound_on(system, Site(Path(), systems=(system,)), Evidence(collected(*bindings, sites=sites)))


@pytest.mark.parametrize(
    ("bindings", "expected"),
    [
        ((at("0.0.0.0", A),), (A,)),
        ((at("0.0.0.0", A), at("::", A)), (A,)),
        ((at("0.0.0.0", A), at("::", B)), (A, B)),
        ((at("0.0.0.0", A), at("10.0.0.5", B)), (A, B)),
        ((at("0.0.0.0", A, 8531),), ()),
        ((named("MP01.contoso.com", A), at("0.0.0.0", B)), (A, B)),
        ((named("mp01.contoso.com", A), named("mp.contoso.com", A), at("0.0.0.0", B)), (A,)),
        ((named("*.contoso.com", A), at("0.0.0.0", B)), (A,)),
        ((named("intranet.contoso.com", A), at("0.0.0.0", B)), (B,)),
    ],
)
def test_by_name_then_by_address(bindings: tuple[Binding, ...], expected: tuple[str, ...]) -> None:
    found = bound(*bindings)
    assert found is not None
    assert found.thumbprints == expected
    assert found.unbound == (() if expected else (443,))


def test_the_central_store_tells_no_thumbprint() -> None:
    assert bound(CENTRAL, at("0.0.0.0", A)) == Bound(untold=(443,))
    scoped = CENTRAL._replace(hostname="mp.contoso.com")
    assert bound(scoped, at("0.0.0.0", A)) == Bound((A,), untold=(443,))


@pytest.mark.parametrize(
    ("system", "bindings", "expected"),
    [
        (SUP, (at("0.0.0.0", A), at("0.0.0.0", B, 8531)), Bound((B,))),
        (SUP, (at("0.0.0.0", A),), Bound((A,))),
        (SUP, (), Bound(unbound=(8531,))),
        (BOTH, (at("0.0.0.0", A), at("0.0.0.0", B, 8531)), Bound((A, B))),
        (BOTH, (at("0.0.0.0", B, 8531),), Bound((B,), unbound=(443,))),
        (MP, (at("0.0.0.0", A, 4443),), Bound(unbound=(443,), elsewhere=(4443,))),
        (MP, (at("0.0.0.0", A, 8172)._replace(application=None),), Bound(unbound=(443,))),
    ],
)
def test_each_role_has_its_port(system: System, bindings: tuple[Binding, ...], expected: Bound) -> None:
    assert bound(*bindings, system=system) == expected


def test_addresses_of_other_web_sites_do_not_count() -> None:
    default = WebSite("Default Web Site", 1, (SiteAddress("https", "10.0.0.5", 443),))
    intranet = WebSite("Intranet", 2, (SiteAddress("https", "10.0.0.6", 443),))
    own = WebSite("SMSWEB", 7, (SiteAddress("https", "10.0.0.6", 443),))
    bindings = at("10.0.0.5", A), at("10.0.0.6", B)
    assert bound(*bindings, sites=(default, intranet)) == Bound((A,))
    assert bound(*bindings, sites=(default, own)) == Bound((A, B))
    assert bound(*bindings, sites=(intranet,)) == Bound((A, B))


def test_without_bindings_or_without_tls_nothing_is_told() -> None:
    site = Site(Path(), systems=(MP,))
    assert bound_on(MP, site, Evidence()) is None
    assert bound_on(System("mp01.contoso.com", roles=MP.roles, connections="http"), site, Evidence(collected())) is None
    assert bound_on(MP, site, Evidence(collected())) == Bound(unbound=(443,))
    cut = Input("mp01/facts/bindings.txt", "http-bindings", remarks=("Line 4 is not understood, and was passed over.",))
    assert bound_on(MP, site, Evidence((cut,))) is None


def stored(*certificates: Certificate, archived: bool = False) -> Input:
    properties = (StoreProperty(store_properties.ARCHIVED, b""),) if archived else ()
    place = Provenance("mp01.reg", store="My", location="LocalMachine")
    entries = (CertificateEntry(one, place, PrivateKey(present=True), properties=properties) for one in certificates)
    return Input("mp01.reg", "registry-export", certificates=tuple(entries))


def answered(*inputs: Input, pin: str | None = None) -> list[Assignment]:
    system = System(MP.name, roles=MP.roles, pins=MappingProxyType({"web-server": pin} if pin else {}))
    evidence = SiteEvidence({system.key: Evidence(inputs)})
    found = assign(Site(Path(), systems=(system,)), evidence, AS_OF)
    return [answer for answer in found if answer.role == "web-server"]


def answer(*inputs: Input, **fields: Any) -> Assignment:
    (found,) = answered(*inputs, **fields)
    return found


def test_of_several_that_fit_the_bound_one_serves() -> None:
    assert answer(stored(NEW, OTHER)).state is State.AMBIGUOUS
    found = answer(stored(NEW, OTHER), *collected(at("0.0.0.0", OTHER.sha1)))
    assert found.holding is not None
    assert (found.holding.certificate, found.is_bound, found.passed_over) == (OTHER, True, ())


@pytest.mark.parametrize("archived", [False, True])
def test_the_bound_one_serves_though_it_has_ended_or_is_archived(archived: bool) -> None:
    found = answer(stored(NEW), stored(OLD, archived=archived), *collected(at("0.0.0.0", OLD.sha1)))
    assert found.holding is not None
    assert found.holding.certificate == OLD


def test_two_that_are_bound_serve_both() -> None:
    found = answered(stored(NEW, OTHER), *collected(at("0.0.0.0", NEW.sha1), at("10.0.0.5", OTHER.sha1)))
    assert [one.holding.certificate for one in found if one.holding] == [NEW, OTHER]


def test_what_is_bound_and_not_there_leaves_the_role_without() -> None:
    assert answer(stored(NEW), *collected(at("0.0.0.0", A))).state is State.MISSING
    assert answer(*collected(at("0.0.0.0", A))).state is State.NOT_SUPPLIED


def test_what_the_product_made_serves_no_role() -> None:
    found = answer(stored(OWN, NEW), *collected(at("0.0.0.0", OWN.sha1)))
    assert (found.state, [one.certificate for one in found.foreign]) == (State.MISSING, [OWN])


def test_a_pin_wins() -> None:
    found = answer(stored(NEW, OTHER), *collected(at("0.0.0.0", OTHER.sha1)), pin=NEW.sha1)
    assert found.holding is not None
    assert (found.holding.certificate, found.contradicts_binding) == (NEW, True)


@pytest.mark.parametrize("pin", [NEW.sha1, NEW.sha256])
def test_a_pin_on_what_is_bound_contradicts_nothing(pin: str) -> None:
    found = answer(stored(NEW, OTHER), *collected(at("0.0.0.0", NEW.sha1)), pin=pin)
    assert (found.contradicts_binding, found.is_bound, found.pinned) == (False, True, pin)


def test_where_nothing_is_bound_what_fits_serves() -> None:
    found = answer(stored(NEW), *collected())
    assert found.holding is not None
    assert (found.holding.certificate, found.is_bound) == (NEW, False)
