"""Which certificate serves which role: one, none, several, pinned, and a role without evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from certaudit.audit.assignment import (
    Assignment,
    State,
    assign,
    assign_each,
)
from certaudit.evidence import (
    CertificateEntry,
    Evidence,
    Input,
    Media,
    MediaVariables,
    PrivateKey,
    Provenance,
    SiteEvidence,
    StoreProperty,
)
from certaudit.evidence.windows import store_properties
from certaudit.site.client_selection import ClientSelection
from certaudit.site.site import Site, System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests.builder import NOT_BEFORE, alternative_names, basic_constraints, certificate, extended_key_usage

AS_OF = datetime(2010, 3, 1, tzinfo=UTC)
MP = System("mp01.contoso.com", roles=("management-point",))

WEB = certificate(
    extensions=[extended_key_usage(oids.SERVER_AUTHENTICATION), alternative_names("DNS:mp01.contoso.com")]
)
CLIENT = certificate(serial=2, extensions=[extended_key_usage(oids.CLIENT_AUTHENTICATION)])
BOTH = certificate(serial=3, extensions=[extended_key_usage(oids.SERVER_AUTHENTICATION, oids.CLIENT_AUTHENTICATION)])
NO_PURPOSE = certificate(serial=4)
CLIENT_PURPOSE = [extended_key_usage(oids.CLIENT_AUTHENTICATION)]
CA = certificate(serial=5, extensions=[basic_constraints(ca=True)])


def evidence(*certificates: Certificate, keys: dict[Certificate, bool] | None = None) -> Evidence:
    def entry(one: Certificate) -> CertificateEntry:
        return CertificateEntry(one, Provenance("mp01.pfx"), PrivateKey(present=(keys or {}).get(one)))

    return Evidence((Input("mp01.pfx", "pkcs12", certificates=tuple(map(entry, certificates))),))


def answers(system: System, held: Evidence | None, release: str = "2007-sp2") -> dict[str, Assignment]:
    site = Site(Path(), release=release, systems=(system,))
    supplied = SiteEvidence({} if held is None else {system.key: held})
    return {answer.role: answer for answer in assign(site, supplied, AS_OF)}


def chosen(answer: Assignment) -> Certificate | None:
    return answer.holding.certificate if answer.holding else None


def test_each_role_takes_the_certificate_with_its_purpose() -> None:
    found = answers(MP, evidence(CA, CLIENT, WEB))
    assert {role: chosen(answer) for role, answer in found.items()} == {"web-server": WEB, "site-system-client": CLIENT}


def test_one_certificate_with_both_purposes_serves_both_roles() -> None:
    found = answers(MP, evidence(BOTH))
    assert [chosen(answer) for answer in found.values()] == [BOTH, BOTH]


def test_a_role_without_a_certificate_is_missing() -> None:
    found = answers(MP, evidence(WEB))
    assert found["site-system-client"].state is State.MISSING


def test_a_system_without_evidence_is_not_supplied() -> None:
    assert {answer.state for answer in answers(MP, None).values()} == {State.NOT_SUPPLIED}
    unreadable = Evidence((Input("mp01.pfx", "pkcs12", error="The password is wrong."),))
    assert {answer.state for answer in answers(MP, unreadable).values()} == {State.NOT_SUPPLIED}


def test_the_only_certificate_left_over_is_a_better_answer_than_missing() -> None:
    found = answers(MP, evidence(CLIENT, NO_PURPOSE))
    assert chosen(found["web-server"]) is NO_PURPOSE


def test_a_ca_certificate_serves_no_system() -> None:
    assert {answer.state for answer in answers(MP, evidence(CA)).values()} == {State.MISSING}


def test_a_ca_certificate_that_is_there_with_its_key_and_for_the_purpose_serves_like_any_other() -> None:
    extensions = [basic_constraints(ca=True), extended_key_usage(oids.SERVER_AUTHENTICATION)]
    powerful = certificate(serial=9, extensions=extensions)
    assert chosen(answers(MP, evidence(powerful, keys={powerful: True}))["web-server"]) is powerful
    assert answers(MP, evidence(powerful))["web-server"].state is State.MISSING
    given = System("-", kind="given")
    supplied = SiteEvidence({given.key: evidence(powerful, CA, CLIENT, keys={powerful: True})})
    each = assign_each(Site(Path(), systems=(given,)), "web-server", supplied)
    assert [chosen(answer) for answer in each] == [powerful, CLIENT]


def test_two_equally_good_certificates_are_ambiguous() -> None:
    other = certificate(serial=9, extensions=[extended_key_usage(oids.CLIENT_AUTHENTICATION)])
    found = answers(MP, evidence(WEB, CLIENT, other))["site-system-client"]
    assert found.state is State.AMBIGUOUS
    assert [holding.certificate for holding in found.candidates] == [CLIENT, other]


def test_a_name_of_the_system_decides_between_web_certificates() -> None:
    elsewhere = certificate(
        serial=9, subject="CN=www.contoso.com", extensions=[extended_key_usage(oids.SERVER_AUTHENTICATION)]
    )
    assert chosen(answers(MP, evidence(elsewhere, WEB))["web-server"]) is WEB


def test_a_private_key_decides_between_certificates() -> None:
    other = certificate(serial=9, extensions=[extended_key_usage(oids.CLIENT_AUTHENTICATION)])
    found = answers(MP, evidence(CLIENT, other, keys={CLIENT: False, other: True}))
    assert chosen(found["site-system-client"]) is other


def test_validity_decides_between_certificates_to_the_second() -> None:
    purpose = [extended_key_usage(oids.CLIENT_AUTHENTICATION)]
    ended = certificate(serial=9, not_after=AS_OF - timedelta(seconds=1), extensions=purpose)
    ending = certificate(serial=10, not_before=NOT_BEFORE, not_after=AS_OF, extensions=purpose)
    assert chosen(answers(MP, evidence(WEB, ended, ending))["site-system-client"]) is ending


def test_a_server_may_be_bound_to_a_certificate_that_has_ended() -> None:
    """Clients select a certificate themselves; that of a server somebody has bound, and nobody else binds a new one."""
    purpose = [extended_key_usage(oids.SERVER_AUTHENTICATION), alternative_names("DNS:mp01.contoso.com")]
    ended = certificate(serial=9, not_after=AS_OF - timedelta(seconds=1), extensions=purpose)
    to_come = certificate(serial=10, not_before=AS_OF + timedelta(seconds=1), extensions=purpose)
    elsewhere = certificate(serial=11, subject="CN=old.contoso.com", extensions=purpose[:1])
    found = answers(MP, evidence(WEB, ended, to_come, elsewhere))["web-server"]
    assert chosen(found) is WEB
    assert [holding.certificate for holding in found.passed_over] == [ended, to_come]
    keyless = answers(MP, evidence(WEB, ended, keys={ended: False, WEB: True}))["web-server"]
    assert keyless.passed_over == ()
    pinned = replace(MP, pins=MappingProxyType({"web-server": WEB.sha1}))
    assert answers(pinned, evidence(WEB, ended))["web-server"].passed_over == ()
    assert answers(MP, evidence(ended))["web-server"].passed_over == ()


def test_a_client_does_not_select_a_certificate_that_has_ended() -> None:
    ended = certificate(serial=9, not_after=AS_OF - timedelta(seconds=1), extensions=CLIENT_PURPOSE)
    assert answers(MP, evidence(WEB, CLIENT, ended))["site-system-client"].passed_over == ()


def test_a_certificate_for_every_purpose_is_one_that_a_client_may_select() -> None:
    for extensions in ([], [extended_key_usage(oids.ANY_PURPOSE)]):
        unlimited = certificate(serial=9, subject="CN=anything", extensions=extensions)
        found = answers(MP, evidence(WEB, CLIENT, unlimited))["site-system-client"]
        assert found.state is State.AMBIGUOUS
        assert [holding.certificate for holding in found.candidates] == [CLIENT, unlimited]


def carrying(*certificates: Certificate) -> Evidence:
    """Boot media, each of which carries one of the certificates."""
    inputs = []
    for number, carried in enumerate(certificates):
        known = Media("iso", variables=MediaVariables((), certificate=carried))
        entry = CertificateEntry(carried, Provenance(f"{number}.iso"), PrivateKey(present=True))
        inputs.append(Input(f"{number}.iso", "boot-media", certificates=(entry,), media=known))
    return Evidence(tuple(inputs))


STICK = System("stick", kind="boot-media", roles=("boot-media",))


def boot_media(held: Evidence, **pins: str) -> list[Certificate | None]:
    stick = replace(STICK, pins=MappingProxyType({"boot-media": pins["pin"]} if pins else {}))
    site = Site(Path(), systems=(stick,))
    return [chosen(answer) for answer in assign(site, SiteEvidence({stick.key: held}), AS_OF)]


def test_what_the_media_carry_serves_them_whatever_lies_beside() -> None:
    ended = certificate(serial=9, not_after=AS_OF - timedelta(seconds=1), extensions=CLIENT_PURPOSE)
    beside = Evidence((*carrying(ended).inputs, *evidence(CLIENT).inputs))
    assert boot_media(beside) == [ended]
    assert boot_media(Evidence((*carrying(ended, CLIENT).inputs,))) == [ended, CLIENT]
    assert boot_media(beside, pin=CLIENT.sha1) == [ended, CLIENT], "a pin does not change what is on the media"
    assert boot_media(beside, pin=ended.sha1) == [ended]
    assert boot_media(evidence(CLIENT)) == [CLIENT]


def test_an_expired_certificate_that_is_the_only_one_is_assigned() -> None:
    ended = certificate(not_after=NOT_BEFORE, extensions=[extended_key_usage(oids.CLIENT_AUTHENTICATION)])
    assert chosen(answers(MP, evidence(WEB, ended))["site-system-client"]) is ended


def test_a_pin_outweighs_everything_else() -> None:
    for thumbprint in (NO_PURPOSE.sha1, NO_PURPOSE.sha256):
        pinned = replace(MP, pins=MappingProxyType({"web-server": thumbprint}))
        assert chosen(answers(pinned, evidence(WEB, NO_PURPOSE))["web-server"]) is NO_PURPOSE


def test_a_pin_that_matches_nothing_is_missing() -> None:
    pinned = replace(MP, pins=MappingProxyType({"web-server": "00" * 20}))
    found = answers(pinned, evidence(WEB))["web-server"]
    assert (found.state, found.pinned) == (State.MISSING, "00" * 20)


def test_a_distribution_point_of_2012_needs_a_client_certificate_too() -> None:
    dp = System("dp01.contoso.com", roles=("distribution-point",))
    assert list(answers(dp, evidence(WEB))) == ["web-server"]
    assert list(answers(dp, evidence(WEB), "2012")) == ["web-server", "distribution-point-client"]


def test_trust_lists_serve_the_ca_roles() -> None:
    site = Site(Path())
    found = assign(site, SiteEvidence(root_cas=evidence(CA, WEB), intermediate_cas=evidence(CA, WEB)), AS_OF)
    assert [(answer.role, chosen(answer)) for answer in found] == [
        ("root-ca", CA),
        ("root-ca", WEB),
        ("intermediate-ca", CA),
    ]


def test_without_a_manifest_every_end_entity_certificate_takes_the_role() -> None:
    given = System("-", kind="given")
    site = Site(Path(), systems=(given,))
    supplied = SiteEvidence({given.key: evidence(CA, WEB, CLIENT)})
    assert [chosen(answer) for answer in assign_each(site, "client", supplied)] == [WEB, CLIENT]
    assert [chosen(answer) for answer in assign_each(site, "intermediate-ca", supplied)] == [CA]


def test_without_a_manifest_a_role_that_nothing_could_take_is_missing() -> None:
    given = System("-", kind="given")
    site = Site(Path(), systems=(given,))
    (answer,) = assign_each(site, "web-server", SiteEvidence({given.key: evidence(CA)}))
    assert (answer.state, answer.holding) == (State.MISSING, None)


def test_a_certificate_found_twice_is_held_once() -> None:
    held = evidence(WEB, CLIENT, WEB)
    (answer,) = (a for a in answers(MP, held).values() if a.role == "web-server")
    assert answer.holding is not None
    assert len(answer.holding.entries) == 2


def in_store(certificate: Certificate, *, store: str = "My", archived: bool = False, **place: str) -> CertificateEntry:
    where = Provenance("stores.reg", store=store, **{"location": "LocalMachine"} | place)
    properties = (StoreProperty(store_properties.ARCHIVED, b""),) if archived else ()
    return CertificateEntry(certificate, where, PrivateKey(present=True), properties=properties)


def from_stores(*entries: CertificateEntry, release: str = "2007-sp2", **settings: Any) -> dict[str, Assignment]:
    site = Site(Path(), release=release, systems=(MP,), **settings)
    held = Evidence((Input("stores.reg", "registry-export", certificates=entries),))
    return {answer.role: answer for answer in assign(site, SiteEvidence({MP.key: held}), AS_OF)}


RENEWED = certificate(
    serial=6,
    not_after=datetime(2012, 6, 1, tzinfo=UTC),
    extensions=[extended_key_usage(oids.CLIENT_AUTHENTICATION)],
)


def test_an_archived_certificate_is_passed_over() -> None:
    found = from_stores(in_store(WEB), in_store(CLIENT, archived=True), in_store(RENEWED))
    assert chosen(found["site-system-client"]) is RENEWED
    assert from_stores(in_store(CLIENT, archived=True))["site-system-client"].state is State.MISSING


def test_a_server_may_be_bound_to_a_certificate_that_its_renewal_archived() -> None:
    archived = certificate(
        serial=9,
        extensions=[extended_key_usage(oids.SERVER_AUTHENTICATION), alternative_names("DNS:mp01.contoso.com")],
    )
    found = from_stores(in_store(WEB), in_store(archived, archived=True))["web-server"]
    assert chosen(found) is WEB
    assert [holding.certificate for holding in found.passed_over] == [archived]
    both = from_stores(in_store(WEB), in_store(WEB, archived=True))["web-server"]
    assert both.passed_over == ()


def test_only_stores_of_own_certificates_serve() -> None:
    for store in ("Root", "CA", "TrustedPeople", "Disallowed"):
        assert from_stores(in_store(BOTH, store=store))["web-server"].state is State.MISSING
    assert chosen(from_stores(in_store(BOTH, store="WebHosting"))["web-server"]) is BOTH
    named = from_stores(in_store(BOTH, store="Clients"), client_selection=ClientSelection("clients"))
    assert chosen(named["site-system-client"]) is BOTH


def test_the_store_of_the_computer_goes_before_that_of_a_user() -> None:
    found = from_stores(in_store(CLIENT, location="CurrentUser"), in_store(RENEWED))
    assert chosen(found["site-system-client"]) is RENEWED
    assert chosen(from_stores(in_store(CLIENT, location="CurrentUser"))["site-system-client"]) is CLIENT


def test_a_pinned_certificate_serves_wherever_it_is() -> None:
    pinned = replace(MP, pins=MappingProxyType({"site-system-client": CLIENT.sha1}))
    held = Evidence((Input("stores.reg", "registry-export", certificates=(in_store(CLIENT, archived=True),)),))
    site = Site(Path(), systems=(pinned,))
    found = {answer.role: answer for answer in assign(site, SiteEvidence({pinned.key: held}), AS_OF)}
    assert chosen(found["site-system-client"]) is CLIENT


def test_of_several_the_one_that_the_product_selects_is_assigned() -> None:
    both = (in_store(CLIENT), in_store(RENEWED))
    assert from_stores(*both)["site-system-client"].state is State.AMBIGUOUS
    assert chosen(from_stores(*both, release="2012-r2")["site-system-client"]) is RENEWED
    told = from_stores(*both, client_selection=ClientSelection(take_one_of_several=True))
    assert chosen(told["site-system-client"]) is RENEWED
