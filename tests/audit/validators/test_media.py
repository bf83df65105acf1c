"""Boot media: protection, contents and age, each check with all its answers; and every media row bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.assignment import (
    Assignment,
    Holding,
    State,
    assign,
)
from certaudit.audit.validators import media, media_protection
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import SuppliedMedia, SystemRole
from certaudit.evidence import Bootstrap, Evidence, Input, Media, MediaVariables, SiteEvidence, Software
from certaudit.findings.result import Result, Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.releases import RELEASES
from certaudit.site.site import Site, System
from tests import pki

STICK = System("stick", kind="boot-media", roles=("boot-media",))
OWN, OTHER, SIGNING, RENEWED = (pki.certificate(serial=number) for number in (1, 2, 3, 4))
VARIABLES = MediaVariables(
    names=("SMSTSMP", "_SMSMediaGuid", "_SMSTSPublicRootKey"),
    site_code="S01",
    management_points=("https://mp.contoso.com",),
    identity="AA",
    certificate=OWN,
    has_pfx=True,
    has_root_list=True,
    root_cas=(pki.ROOT.certificate,),
    site_signing=SIGNING,
)
SOUND = Media(
    "iso",
    protected=True,
    algorithm="AES-256",
    first_block="B1",
    password_length=20,
    variables=VARIABLES,
    bootstrap=Bootstrap("BootMedia", password_required=True, unattended=False),
)
CLOSED = Media("iso", algorithm="AES-256", first_block="B1")


def subject(known: Media = SOUND, path: str = "stick.iso", **fields: Any) -> SuppliedMedia:
    """Media of the stick; media that did not open has an error as the loader gives it."""
    error = None if known.variables else f"{path} does not open."
    return SuppliedMedia(Input(path, "iso", media=known, **({"error": error} | fields)), known, STICK)


def with_variables(**changes: Any) -> SuppliedMedia:
    return subject(replace(SOUND, variables=replace(VARIABLES, **changes)))


def context(*others: SuppliedMedia, assignments: tuple[Assignment, ...] = (), **site: Any) -> Context:
    """A site whose evidence is the media given."""
    evidence = Evidence(tuple(other.input for other in others))
    return pki.context(held={STICK.key: evidence}, assignments=assignments, **{"systems": ()} | site)


def assigned(known: Any, role: str, system: System) -> Assignment:
    return Assignment(system, None, role, State.ASSIGNED, Holding(known, (pki.entry(known),)))


def status(result: Result) -> Status:
    """The status; a result that was judged always says what was observed and expected."""
    if result.status in (Status.PASS, Status.FAIL):
        assert result.observed
        assert result.expected
    return result.status


PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED
OPEN = replace(SOUND, protected=False, password_length=None)
UNPROTECTED = subject(OPEN)


@pytest.mark.parametrize(
    ("check", "of", "expected"),
    [
        (media.readable, subject(), PASS),
        (media.readable, subject(CLOSED), NOT_CHECKED),
        (media.readable, subject(replace(CLOSED, algorithm=None)), NOT_CHECKED),
        (media.readable, subject(SOUND, error="its PFX does not open."), NOT_CHECKED),
        (media.has_certificate, subject(), PASS),
        (media.has_certificate, with_variables(certificate=None, has_pfx=False), FAIL),
        (media.has_certificate, with_variables(certificate=None), NOT_CHECKED),
        (media.has_certificate, subject(CLOSED), NOT_CHECKED),
        (media.management_points_over_https, subject(), PASS),
        (media.management_points_over_https, with_variables(management_points=("HTTPS://mp",)), PASS),
        (media.management_points_over_https, with_variables(management_points=("https://a", "http://b")), FAIL),
        (media.management_points_over_https, with_variables(management_points=("mp01",)), FAIL),
        (media.management_points_over_https, with_variables(management_points=()), NOT_CHECKED),
        (media.management_points_over_https, with_variables(uses_tls=True), PASS),
        (media.management_points_over_https, with_variables(uses_tls=False), FAIL),
        (media.site_code_is_the_sites, subject(), PASS),
        (media.site_code_is_the_sites, with_variables(site_code="s01"), PASS),
        (media.site_code_is_the_sites, with_variables(site_code="S02"), FAIL),
        (media.site_code_is_the_sites, with_variables(site_code=None), NOT_CHECKED),
        (media_protection.password_protected, subject(), PASS),
        (media_protection.password_protected, UNPROTECTED, FAIL),
        (media_protection.password_protected, subject(CLOSED), NOT_CHECKED),
        (media_protection.policy_protected, subject(), NOT_APPLICABLE),
        (media_protection.policy_protected, subject(replace(SOUND, has_policy=True)), PASS),
        (media_protection.policy_protected, subject(replace(OPEN, has_policy=True)), FAIL),
        (media_protection.policy_protected, subject(replace(CLOSED, has_policy=True)), NOT_CHECKED),
        (media_protection.key_has_other_protection, subject(), PASS),
        (media_protection.key_has_other_protection, UNPROTECTED, FAIL),
        (media_protection.key_has_other_protection, subject(CLOSED), NOT_CHECKED),
        (media_protection.key_has_other_protection, with_variables(has_pfx=False), NOT_APPLICABLE),
        (media_protection.claims_protection_rightly, subject(), PASS),
        (media_protection.claims_protection_rightly, UNPROTECTED, FAIL),
        (
            media_protection.claims_protection_rightly,
            subject(replace(SOUND, bootstrap=Bootstrap(None, False, None))),
            FAIL,
        ),
        (media_protection.claims_protection_rightly, subject(replace(SOUND, bootstrap=None)), NOT_CHECKED),
        (
            media_protection.claims_protection_rightly,
            subject(replace(CLOSED, bootstrap=SOUND.bootstrap)),
            NOT_CHECKED,
        ),
        (media_protection.not_in_boot_image, subject(), NOT_CHECKED),
        (media_protection.not_in_boot_image, subject(replace(SOUND, boot_image_has_variables=False)), PASS),
        (media_protection.not_in_boot_image, subject(replace(SOUND, boot_image_has_variables=True)), FAIL),
        (media_protection.not_in_boot_image, subject(replace(SOUND, kind="variables")), NOT_CHECKED),
        (media_protection.not_in_boot_image, subject(replace(SOUND, kind="boot-image")), FAIL),
        (media_protection.not_in_boot_image, subject(replace(SOUND, kind="boot-var")), NOT_CHECKED),
        (media_protection.unattended_only_with_password, subject(), PASS),
        (media_protection.unattended_only_with_password, subject(replace(SOUND, bootstrap=None)), NOT_CHECKED),
    ],
)
def test_answers(check: Any, of: SuppliedMedia, expected: Status) -> None:
    assert status(check(of, context(of))) is expected


UNATTENDED = Bootstrap("BootMedia", True, True)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (replace(SOUND, bootstrap=UNATTENDED), PASS),
        (replace(OPEN, bootstrap=UNATTENDED), FAIL),
        (replace(CLOSED, bootstrap=UNATTENDED), NOT_CHECKED),
    ],
)
def test_unattended_media(known: Media, expected: Status) -> None:
    assert status(media_protection.unattended_only_with_password(subject(known), context())) is expected


def test_unknown_computers_make_it_worse() -> None:
    known = replace(OPEN, bootstrap=UNATTENDED, variables=replace(VARIABLES, knows_unknown_computers=True))
    result = media_protection.unattended_only_with_password(subject(known), context())
    assert "unknown computers too" in result.message


@pytest.mark.parametrize(("length", "expected"), [(16, PASS), (15, FAIL), (None, NOT_CHECKED)])
def test_length_of_the_password(length: int | None, expected: Status) -> None:
    known = subject(replace(SOUND, password_length=length))
    result = media_protection.password_at_least(known, context(), length=16)
    assert status(result) is expected
    assert "15" not in f"{result.message}{result.observed}"  # how long exactly is nobody's business


def test_length_of_no_password() -> None:
    assert media_protection.password_at_least(UNPROTECTED, context(), length=16).status is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("_SMSTSPublicRootKey", "Department"), PASS),
        (("OSDJoinPassword",), FAIL),
        (("ApiKEY",), FAIL),
    ],
)
def test_names_of_variables(names: tuple[str, ...], expected: Status) -> None:
    known = with_variables(names=names)
    result = media_protection.names_hide_no_secret(known, context(), words=("password", "key"))
    assert status(result) is expected


@pytest.mark.parametrize(("algorithm", "expected"), [("AES-256", PASS), ("3DES", FAIL), (None, NOT_CHECKED)])
def test_encryption(algorithm: str | None, expected: Status) -> None:
    known = subject(replace(CLOSED, algorithm=algorithm))
    result = media_protection.algorithm_is_one_of(known, context(), algorithms=("AES-256",))
    assert status(result) is expected


# Media held against one another.


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (SOUND, replace(SOUND, first_block="B2"), PASS),
        (SOUND, SOUND, FAIL),
        (SOUND, CLOSED, FAIL),
        (CLOSED, SOUND, FAIL),
        (OPEN, OPEN, NOT_APPLICABLE),
        (replace(CLOSED, first_block=None), SOUND, NOT_CHECKED),
    ],
)
def test_shared_passwords(one: Media, other: Media, expected: Status) -> None:
    first, second = subject(one, "one.iso"), subject(other, "other.iso")
    assert status(media_protection.password_of_its_own(first, context(first, second))) is expected


def test_shared_certificates_and_identities() -> None:
    first, copy = subject(SOUND, "one.iso"), subject(SOUND, "copy.iso")
    distinct = replace(SOUND, variables=replace(VARIABLES, certificate=OTHER, identity="BB"))
    for check in (media.certificate_of_its_own, media.identity_of_its_own):
        assert status(check(first, context(first, copy))) is FAIL
        assert status(check(first, context(first, subject(distinct, "other.iso")))) is PASS
        assert status(check(subject(CLOSED), context(first))) is NOT_CHECKED


def test_a_pxe_server_with_the_same_certificate() -> None:
    pxe = pki.system("pxe-service-point", name="pxe01.contoso.com")
    known = context(subject(), assignments=(assigned(OWN, "pxe-service-point", pxe),))
    result = media.certificate_of_its_own(subject(), known)
    assert status(result) is FAIL
    assert "pxe01.contoso.com" in result.message


def test_media_without_certificate_or_identity() -> None:
    assert media.certificate_of_its_own(with_variables(certificate=None), context()).status is NOT_APPLICABLE
    assert media.identity_of_its_own(with_variables(identity=None), context()).status is NOT_CHECKED


# Media held against the site.


@pytest.mark.parametrize(
    ("held", "in_use", "expected"),
    [(SIGNING, SIGNING, PASS), (SIGNING, RENEWED, FAIL), (None, SIGNING, NOT_CHECKED), (SIGNING, None, NOT_CHECKED)],
)
def test_signing_certificate(held: Any, in_use: Any, expected: Status) -> None:
    server = pki.system("primary-site-server", name="site01.contoso.com")
    assignments = (assigned(in_use, "site-server-signing", server),) if in_use else ()
    known = with_variables(site_signing=held)
    assert status(media.signing_certificate_is_current(known, context(assignments=assignments))) is expected


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (["6.1.7600.16385"], PASS),
        (["6.1.7600"], PASS),
        (["6.1.76001.1"], FAIL),
        (["6.0.6001.18000"], FAIL),
        (["6.1.7600.16385", "6.0.6001.18000"], FAIL),
        ([None], NOT_CHECKED),
        ([], NOT_CHECKED),
    ],
)
def test_windows_pe(versions: list[str | None], expected: Status) -> None:
    known = subject(software=tuple(Software("windows-pe", version) for version in versions))
    assert status(media.windows_pe_is_one_of(known, context(), versions=("6.1.7600",))) is expected


def test_another_program_is_no_windows_pe() -> None:
    known = subject(software=(Software("usmt", "6.1.7600.1"),))
    assert media.windows_pe_is_one_of(known, context(), versions=("6.1",)).status is NOT_CHECKED


def test_site_code_that_is_not_known() -> None:
    assert media.site_code_is_the_sites(subject(), context(code=None)).status is NOT_CHECKED


def test_media_itself_among_the_evidence() -> None:
    role = SystemRole(Assignment(STICK, "boot-media", "boot-media", State.MISSING))
    assert status(media.supplied(role, context(subject()))) is PASS
    assert status(media.supplied(role, context())) is NOT_CHECKED


def test_what_no_evidence_tells_is_never_answered() -> None:
    result = media.outside_evidence(subject(), context(), wanted="look at the console")
    assert (result.status, result.message) == (NOT_CHECKED, "look at the console")


@pytest.mark.parametrize(
    ("system", "of_pxe", "expected"),
    [
        (System("dp01", roles=("distribution-point",), pxe=True), True, NOT_CHECKED),
        (System("dp01", roles=("distribution-point",)), True, NOT_APPLICABLE),
        (System("dp01", roles=("distribution-point",)), False, NOT_CHECKED),
        (System("dp.pfx", kind="given"), True, NOT_CHECKED),
        (None, True, NOT_CHECKED),
    ],
)
def test_settings_of_pxe_are_asked_of_what_answers_it(system: System | None, of_pxe: bool, expected: Status) -> None:
    asked = SystemRole(Assignment(system, None, "distribution-point-client", State.MISSING))
    assert media.outside_evidence(asked, context(), wanted="look", of_pxe=of_pxe).status is expected


POINT = System("mp01.contoso.com", roles=("management-point",), nlb_name="mp.contoso.com", internet_name="mp.a.example")


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (("https://mp.contoso.com",), PASS),
        (("HTTPS://MP01.contoso.com.:443/x", "https://mp.a.example", "mp01"), PASS),
        (("https://mp.contoso.com", "https://old.contoso.com"), FAIL),
        (("https://mp.contoso.com.evil.example",), FAIL),
        (("https://[",), FAIL),
        ((), NOT_APPLICABLE),
    ],
)
def test_management_points_of_the_site(points: tuple[str, ...], expected: Status) -> None:
    of = with_variables(management_points=points)
    known = context(of)
    described = replace(known, site=replace(known.site, systems=(POINT, STICK)))
    assert status(media.management_points_are_the_sites(of, described)) is expected
    assert media.management_points_are_the_sites(of, known).status is NOT_CHECKED


@pytest.mark.parametrize(
    ("point", "ways", "over_https", "where_it_is_spoken"),
    [
        ("https://mp.contoso.com", "https", PASS, PASS),
        ("https://mp.contoso.com", "http", PASS, FAIL),
        ("https://mp.contoso.com", "enhanced-http", PASS, NOT_CHECKED),
        ("http://mp.contoso.com", "https", FAIL, PASS),
        ("http://mp.contoso.com", "http", PASS, PASS),
        ("http://mp.contoso.com", "enhanced-http", PASS, PASS),
        ("https://old.contoso.com", "http", PASS, PASS),
        ("http://old.contoso.com", "http", FAIL, PASS),
    ],
)
def test_media_call_each_management_point_as_it_is_spoken_to(
    point: str, ways: str, over_https: Status, where_it_is_spoken: Status
) -> None:
    of = with_variables(management_points=(point,))
    described = context(of, systems=(replace(POINT, connections=ways), STICK), release="current-branch")
    assert status(media.management_points_over_https(of, described)) is over_https
    assert status(media.https_where_it_is_spoken(of, described)) is where_it_is_spoken


# The rows.

ROWS = [row for row in read_catalogue().requirements if row.check.startswith("media")]
NUMBERS = {
    1: "media.password-protected",
    2: "media.claims-hold",
    3: "media.password-long",
    4: "media.password-not-shared",
    5: "media.certificate-not-shared",
    6: "validity.not-expired",
    7: "validity.ends-soon-after-media",
    8: "eku.client-authentication",
    9: "eku.no-powerful-purposes",
    10: "identity.names-no-computer",
    11: "osd.certificate-not-blocked",
    12: "chain.not-self-signed",
    13: "media.https-management-points",
    14: "media.root-list",
    15: "media.roots-of-site-systems",
    16: "revocation.http-distribution-point",
    17: "public-key.at-most-2048-bits",
    18: "public-key.at-least-2048-bits",
    19: "media.key-behind-password",
    20: "media.attended",
    21: "media.no-secrets-in-names",
    22: "media.policy-protected",
    23: "osd.no-network-access-account",
    24: "osd.pxe-password",
    25: "media.no-command-support",
    26: "media.not-in-boot-image",
    27: "media.windows-pe",
    28: "media.boot-image-current",
    29: "media.current-encryption",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.where)
def test_rows_fit_their_checks(row: Any) -> None:
    bind(row, CHECKS)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_finding_of_the_facts_has_its_row(number: int) -> None:
    rows = [row for row in read_catalogue().requirements if row.id == NUMBERS[number]]
    assert any("current-branch" in row.releases for row in rows)
    wanted = {"boot-media", "pxe-service-point"}
    assert any(row.subject in ("media", "site") or wanted & row.roles for row in rows)


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_judges_media(release: str) -> None:
    assert len([row for row in ROWS if release in row.releases]) >= 25


def test_what_no_evidence_tells_makes_no_audit_incomplete() -> None:
    assert not [row for row in ROWS if row.check == "media.outside_evidence" and row.severity == "error"]


@pytest.mark.parametrize(("certificate", "state"), [(None, State.MISSING), (SIGNING, State.ASSIGNED)])
def test_what_media_carry_for_trust_serves_nobody(certificate: Any, state: State) -> None:
    known = replace(SOUND, variables=replace(VARIABLES, certificate=certificate))
    held = Evidence((Input("stick.iso", "iso", certificates=(pki.entry(SIGNING),), media=known),))
    site = Site(Path(), systems=(STICK,))
    (answer,) = assign(site, SiteEvidence({STICK.key: held}), pki.AS_OF)
    assert answer.state is state
