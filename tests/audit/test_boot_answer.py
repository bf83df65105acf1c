"""Would a computer boot: findings of real sites joined into answers, and the data that names the failures."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from certaudit import requirements
from certaudit.audit.audit import audit
from certaudit.audit.boot_answer import BootAnswer
from certaudit.audit.load import load_site
from certaudit.audit.obstacles import Answer, Obstacle
from certaudit.evidence import Evidence, SiteEvidence
from certaudit.requirements.catalogue import ID_SUBJECTS, read_catalogue
from certaudit.site.manifest import read_manifest
from certaudit.site.roles import CERTIFICATE_ROLES, REACHED
from certaudit.site.site import Site, System
from certaudit.site.toml_table import Table, read_toml

ROOT = Path(__file__).parents[2]
SOUND = ROOT / "fixtures/contoso/site.toml"
CURRENT = ROOT / "fixtures/contoso-cb/site.toml"
UNBOOTABLE = ROOT / "tests/golden/inputs/media/unbootable.toml"
FAULTY_MEDIA = ROOT / "tests/golden/inputs/media/media-2007-sp2.toml"
YES, NO, CANNOT_SAY = Answer.YES, Answer.NO, Answer.CANNOT_SAY


@cache
def loaded(manifest: Path) -> tuple[Site, SiteEvidence]:
    site = read_manifest(manifest)
    return site, load_site(site)


def answer(manifest: Path, **changes: object) -> BootAnswer:
    site, evidence = loaded(manifest)
    assert site.as_of is not None
    changed = replace(site, **changes)  # type: ignore[arg-type]
    return audit(changed, evidence, read_catalogue(release=changed.release), site.as_of).boot


def of(boot: BootAnswer, name: str) -> dict[str, Answer]:
    return next(way.answers for way in boot.ways if way.system.name == name)


def failures(obstacles: tuple[Obstacle, ...]) -> set[tuple[str | None, str]]:
    return {(obstacle.failure, obstacle.requirement) for obstacle in obstacles}


def without(manifest: Path, name: str) -> tuple[System, ...]:
    return tuple(system for system in loaded(manifest)[0].systems if system.name != name)


def test_from_the_sound_site_everything_is_reached() -> None:
    boot = answer(SOUND)
    assert [way.role for way in boot.ways] == ["pxe-service-point", "boot-media"]
    for way in boot.ways:
        assert (way.obstacles, way.answers) == ((), dict.fromkeys(REACHED, YES))
    assert all(not station.obstacles for station in boot.reached)


def test_the_failures_that_would_show() -> None:
    boot = answer(UNBOOTABLE)
    assert {way.system.name: failures(way.obstacles) for way in boot.ways} == {
        "pxe-expired.contoso.com": {("F7", "validity.not-expired")},
        "CD": {("F3", "media.root-list"), (None, "media.management-points-known")},
    }
    assert {station.system.name: failures(station.obstacles) for station in boot.reached} == {
        "mp01.contoso.com": set(),
        "smp-both-names-in-one.contoso.com": {
            ("F29", "coverage.certificate-assigned"),
            ("F5", "name.intranet-fqdn"),
            ("F5", "name.no-joined-names"),
        },
        "dp-ldap-only.contoso.com": {("F1", "revocation.http-distribution-point")},
    }
    assert of(boot, "CD") == dict.fromkeys(REACHED, NO)


def test_what_is_wrong_with_one_role_says_nothing_of_another() -> None:
    boot = answer(UNBOOTABLE, systems=without(UNBOOTABLE, "CD"))
    assert {station.role for station in boot.reached if station.obstacles} == set(REACHED[1:])


def test_crls_checked_whatever_the_site_says_are_another_failure() -> None:
    boot = answer(UNBOOTABLE, release="2007-sp1", crl_checking=False)
    (station,) = (station for station in boot.reached if station.role == "distribution-point")
    assert ("F2", "revocation.http-distribution-point") in failures(station.obstacles)


def test_media_are_asked_of_each_site_system_and_by_their_own_list() -> None:
    boot = answer(FAULTY_MEDIA)
    (strange,) = (way for way in boot.ways if way.system.name == "strange")
    told = [obstacle.message for obstacle in strange.obstacles if obstacle.requirement == "media.roots-of-site-systems"]
    assert [message.split()[5] for message in told] == ["mp01.contoso.com", "smp01.contoso.com", "dp01.contoso.com"]
    assert of(boot, "sound") == dict.fromkeys(REACHED, YES)


def test_a_certificate_that_the_site_has_blocked_reaches_nothing() -> None:
    boot = answer(FAULTY_MEDIA)
    assert of(boot, "pxe01.contoso.com") == dict.fromkeys(REACHED, NO)


def test_media_that_were_not_supplied_leave_the_answer_open() -> None:
    site, evidence = loaded(SOUND)
    unseen = replace(evidence, systems={key: held for key, held in evidence.systems.items() if key[0] != "boot-media"})
    assert site.as_of is not None
    boot = audit(site, unseen, read_catalogue(release=site.release), site.as_of).boot
    assert of(boot, "Branch office USB stick") == dict.fromkeys(REACHED, CANNOT_SAY)


def test_without_management_point_nobody_can_say() -> None:
    boot = answer(SOUND, systems=without(SOUND, "mp01.contoso.com"))
    assert of(boot, "pxe01.contoso.com")["management-point"] is CANNOT_SAY


def test_a_role_that_the_site_does_not_have_is_left_out() -> None:
    boot = answer(SOUND, systems=without(SOUND, "smp01.contoso.com"))
    assert list(of(boot, "pxe01.contoso.com")) == ["management-point", "distribution-point"]


def test_where_the_question_means_nothing_there_is_no_answer() -> None:
    assert answer(SOUND, described=False) == BootAnswer()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode_property": "mixed"}, "No management point is spoken to over HTTPS"),
        ({"systems": ()}, "The manifest describes nothing that computers boot from"),
    ],
)
def test_where_there_is_no_answer_the_reason_is_said(changes: dict[str, object], reason: str) -> None:
    boot = answer(SOUND, **changes)
    assert boot.ways == ()
    assert (boot.reason or "").startswith(reason)


def renamed(old: str, **changes: object) -> tuple[System, ...]:
    """The systems of the sound site, one of them changed."""
    return tuple(
        replace(system, **changes) if system.name == old else system  # type: ignore[arg-type]
        for system in loaded(SOUND)[0].systems
    )


def test_media_call_the_name_that_they_carry_and_no_other() -> None:
    boot = answer(SOUND, systems=renamed("mp01.contoso.com", name="mp02.contoso.com", nlb_name=None))
    (media,) = (way for way in boot.ways if way.role == "boot-media")
    assert media.answers["management-point"] is CANNOT_SAY
    assert media.answers["distribution-point"] is YES
    assert "of which the manifest describes no system" in media.obstacles[-1].message


def test_behind_the_name_of_a_cluster_every_system_is_called() -> None:
    other = System("mp02.contoso.com", roles=("management-point",), nlb_name="mp.contoso.com")
    for systems in ((*loaded(SOUND)[0].systems, other), (other, *loaded(SOUND)[0].systems)):
        boot = answer(SOUND, systems=systems)
        (media,) = (way for way in boot.ways if way.role == "boot-media")
        told = {reach.system: reach.answer for reach in media.reaches if reach.role == "management-point"}
        assert told == {"mp01.contoso.com": YES, "mp02.contoso.com": CANNOT_SAY}
        assert media.answers["management-point"] is CANNOT_SAY


RELAY = "cloud-management-gateway-connection-point"


def through_the_gateway(*relays: str) -> tuple[Answer, set[str]]:
    """Whether media that call the gateway of the current-branch site reach a management point, and what keeps them from
    it. Its connection points are two more systems, each with the evidence of the system that is named."""
    site, evidence = loaded(CURRENT)
    assert site.as_of is not None
    (media,) = (system for system in site.systems if system.kind == "boot-media")
    gateway = next(system for system in site.systems if "cloud-management-gateway" in system.roles)
    root = next(one for one in evidence.every_certificate if str(one.subject).startswith("CN=Fabrikam Trust Root R1"))
    (item,) = (item for item in evidence.systems[media.key].inputs if item.media is not None)
    assert item.media is not None
    assert item.media.variables is not None
    roots = (*item.media.variables.root_cas, root)
    calling = replace(item.media.variables, management_points=(f"https://{gateway.name}/CCM_Proxy/1",), root_cas=roots)
    held = {**evidence.systems, media.key: Evidence((replace(item, media=replace(item.media, variables=calling)),))}
    others = tuple(replace(system, roles=system.roles[:1]) for system in site.systems)
    added = tuple(System(f"cp0{number}.contoso.com", roles=(RELAY,)) for number in range(len(relays)))
    for system, relay in zip(added, relays, strict=True):
        held[system.key] = evidence.systems["site-system", relay]
    site = replace(site, systems=(*others, *added))
    assert site.as_of is not None
    boot = audit(site, replace(evidence, systems=held), read_catalogue(release=site.release), site.as_of).boot
    way = next(way for way in boot.ways if way.system.name == media.name)
    return way.answers["management-point"], {one.requirement for reach in way.reaches for one in reach.obstacles}


def test_a_gateway_needs_a_connection_point() -> None:
    assert through_the_gateway() == (CANNOT_SAY, {"coverage.connection-point-described"})
    assert through_the_gateway("mp01.contoso.com") == (YES, set())
    assert through_the_gateway("sup01.contoso.com")[0] is NO
    assert through_the_gateway("mp01.contoso.com", "sup01.contoso.com")[0] is CANNOT_SAY


def test_a_name_that_the_certificate_does_not_bear_is_not_answered_to() -> None:
    """The media calls the cluster; the one system of that name has the certificate of the distribution point."""
    site, evidence = loaded(SOUND)
    swapped = dict(evidence.systems)
    swapped["site-system", "mp01.contoso.com"] = evidence.systems["site-system", "dp01.contoso.com"]
    assert site.as_of is not None
    boot = audit(site, replace(evidence, systems=swapped), read_catalogue(release=site.release), site.as_of).boot
    (media,) = (way for way in boot.ways if way.role == "boot-media")
    assert media.answers["management-point"] is NO
    assert any("which the certificate of mp01.contoso.com does not bear" in o.message for o in media.obstacles)


@pytest.mark.parametrize(("ways", "expected"), [("http", NO), ("enhanced-http", CANNOT_SAY)])
def test_media_that_call_over_https_what_is_spoken_to_otherwise(ways: str, expected: Answer) -> None:
    other = System("mp02.contoso.com", roles=("management-point",), connections="https")
    spoken = (*renamed("mp01.contoso.com", connections=ways), other)
    boot = answer(SOUND, systems=spoken, release="current-branch", mode_property="mixed")
    assert of(boot, "Branch office USB stick")["management-point"] is expected


def test_of_several_distribution_points_it_is_said_which() -> None:
    extra = System("dp02.contoso.com", roles=("distribution-point",))
    boot = answer(SOUND, systems=(*loaded(SOUND)[0].systems, extra))
    for way in boot.ways:
        told = {reach.system: reach.answer for reach in way.reaches if reach.role == "distribution-point"}
        assert told == {"dp01.contoso.com": YES, "dp02.contoso.com": CANNOT_SAY}
        assert way.answers["distribution-point"] is CANNOT_SAY


ROWS = list(read_toml(Path(requirements.__file__).parent / "failures.toml").tables("failure"))
TOP = read_toml(Path(requirements.__file__).parent / "failures.toml")
IDS = {row.id for row in read_catalogue().requirements}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.where)
def test_a_failure_names_requirements_and_roles_that_exist(row: Table) -> None:
    for name in row.texts("requirements"):
        assert name == "*" or name in IDS or name.removesuffix(".*") in ID_SUBJECTS
    row.texts("roles", CERTIFICATE_ROLES)
    assert re.fullmatch(r"F([1-9]|[1-3]\d|4[01])", row.required_text("id"))


@pytest.mark.parametrize("key", ["stops_too", "must_be_known", "does_not_stop"])
def test_the_exceptions_are_requirements_that_exist(key: str) -> None:
    assert set(TOP.texts(key)) <= IDS
