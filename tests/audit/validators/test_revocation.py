"""Revocation: every answer that a certificate can have, and every client."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from certaudit.audit.validators import crl as crl_checks
from certaudit.audit.validators import revocation
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import SuppliedCrl
from certaudit.evidence import Evidence, Input
from certaudit.findings.result import Result, Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement, Severity
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Cause, RevocationStatus
from certaudit.x509.crl import RevocationList
from tests import builder, pki

LEAF = pki.certificate()
BARE = [builder.key_usage("digitalSignature")]
OF_ROOT = pki.ROOT.crl()
ROWS = [row for row in read_catalogue().requirements if row.id.startswith("revocation.")]
UNUSABLE = ("stale", "not-yet-valid", "bad-signature")


def judged(statuses: tuple[str, ...], leaf: Certificate = LEAF, **world: Any) -> Result:
    return revocation.free_of(pki.assigned(leaf), pki.context(**world), statuses=statuses)


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_the_rows_fit_their_checks() -> None:
    assert ROWS
    for row in ROWS:
        bind(row, CHECKS)


@pytest.mark.parametrize("row", [row for row in ROWS if row.check == "revocation.free_of"], ids=lambda row: row.where)
def test_rows_name_statuses_that_exist(row: Any) -> None:
    assert set(row.parameters["statuses"]) <= {status.value for status in RevocationStatus}


@pytest.mark.parametrize(
    "release", ["2007-rtm", "2007-sp1", "2007-r2", "2007-sp2", "2007-r3", "2012", "current-branch"]
)
@pytest.mark.parametrize(
    "identifier", ["revocation.not-revoked", "revocation.crl-usable", "revocation.distribution-point"]
)
def test_every_release_covers_every_role_of_deployment(release: str, identifier: str) -> None:
    roles = {role for row in ROWS if row.id == identifier and release in row.releases for role in row.roles}
    assert roles >= {"web-server", "client", "site-system-client", "boot-media", "pxe-service-point"}


@pytest.mark.parametrize(
    ("release", "crl_checking", "status"),
    [
        ("2007-rtm", True, Status.FAIL),
        ("2007-sp1", False, Status.FAIL),
        ("2007-r2", False, Status.FAIL),
        ("2007-sp2", True, Status.FAIL),
        ("2007-sp2", False, Status.NOT_APPLICABLE),
        ("2007-r3", False, Status.NOT_APPLICABLE),
        ("current-branch", True, Status.FAIL),
        ("current-branch", False, Status.NOT_APPLICABLE),
    ],
)
def test_before_sp2_task_sequences_check_whatever_the_site_says(
    release: str, crl_checking: bool, status: Status
) -> None:
    (row,) = (
        row
        for row in ROWS
        if row.id == "revocation.http-distribution-point" and release in row.releases and "web-server" in row.roles
    )
    leaf = pki.certificate(extensions=[builder.distribution_points(pki.LDAP)])
    assert row.severity is Severity.ERROR
    result = bind(row, CHECKS)(pki.assigned(leaf, owner=pki.system()), pki.context(crl_checking=crl_checking))
    assert result.status is status


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_a_certificate_on_no_crl_passes() -> None:
    assert judged(("revoked",)).status is Status.PASS
    assert judged(UNUSABLE).status is Status.PASS


def test_a_revoked_certificate_fails_with_its_date() -> None:
    result = judged(("revoked",), crls=(pki.ISSUING.crl(pki.revoked_entry(LEAF, date=pki.AS_OF - pki.DAY)), OF_ROOT))
    assert result.status is Status.FAIL
    assert "2010-02-28" in result.message


def test_a_revoked_issuing_ca_fails_its_certificates() -> None:
    result = judged(("revoked",), crls=(pki.ISSUING.crl(), pki.ROOT.crl(pki.revoked_entry(pki.ISSUING.certificate))))
    assert result.status is Status.FAIL
    assert pki.ISSUING.subject in result.message


UNUSABLE_CRLS = {
    "stale": pki.ISSUING.crl(next_update=pki.AS_OF - pki.SECOND),
    "not yet valid": pki.ISSUING.crl(this_update=pki.AS_OF + pki.SECOND),
    "of another key": pki.ISSUING.crl(signer=pki.OTHER_KEY),
}


@pytest.mark.parametrize("crl", UNUSABLE_CRLS.values(), ids=UNUSABLE_CRLS)
def test_a_crl_that_cannot_be_used_fails_and_says_nothing_of_revocation(crl: RevocationList) -> None:
    assert judged(UNUSABLE, crls=(crl, OF_ROOT)).status is Status.FAIL
    assert judged(("revoked",), crls=(crl, OF_ROOT)).status is Status.NOT_CHECKED


CRITICAL = builder.extension("1.2.3.4", builder.tlv(0x05), critical=True)
KEY_9 = builder.extension(oids.AUTHORITY_KEY_IDENTIFIER, builder.sequence(builder.tlv(0x80, b"\x09")))
SILENT_CA = pki.intermediate(extensions=(builder.basic_constraints(ca=True), builder.key_usage("keyCertSign")))
NAMED_CA = pki.intermediate(
    extensions=(
        builder.basic_constraints(ca=True),
        builder.extension(oids.SUBJECT_KEY_IDENTIFIER, builder.tlv(0x04, b"\x08")),
        builder.distribution_points(pki.HTTP),
    )
)
CA, crl_of = pki.ISSUING.certificate, pki.ISSUING.crl
CAUSES: dict[Cause, tuple[RevocationList, Certificate]] = {
    Cause.STALE: (crl_of(next_update=pki.AS_OF - pki.SECOND), CA),
    Cause.NOT_YET_VALID: (crl_of(this_update=pki.AS_OF + pki.SECOND), CA),
    Cause.NO_NEXT_UPDATE: (crl_of(next_update=None), CA),
    Cause.UNKNOWN_EXTENSION: (crl_of(extensions=(CRITICAL,)), CA),
    Cause.SIGNATURE_INVALID: (crl_of(signer=pki.OTHER_KEY), CA),
    Cause.OTHER_KEY: (crl_of(signer=pki.OTHER_KEY, extensions=(KEY_9,)), NAMED_CA),
    Cause.SIGNER_MAY_NOT: (crl_of(), SILENT_CA),
    Cause.DELTA_MISSING: (crl_of(extensions=(pki.freshest(pki.HTTP),)), CA),
}
SUPPLY = "supply one"


@pytest.mark.parametrize("cause", CAUSES)
def test_each_reason_why_a_crl_cannot_be_used_is_a_cause_of_its_own(cause: Cause) -> None:
    crl, issuer = CAUSES[cause]
    results = [judged(statuses, crls=(crl, OF_ROOT), intermediates=(issuer,)) for statuses in (UNUSABLE, ("revoked",))]
    assert {result.causes for result in results} == {(cause,)}
    assert (SUPPLY in results[1].message) == (cause in (Cause.STALE, Cause.NOT_YET_VALID))


@pytest.mark.parametrize("row", [row for row in ROWS if row.id == "revocation.crl-usable"], ids=lambda row: row.where)
def test_each_cause_has_its_remedy(row: Requirement) -> None:
    by_default = {Cause.STALE, Cause.NOT_SUPPLIED, Cause.OTHER_SCOPE, Cause.REASONS}
    assert set(row.remedies) == set(Cause) - by_default
    assert "A new CRL alone does not help" in row.remedy((Cause.SIGNER_MAY_NOT,))
    assert row.remedy((Cause.STALE, Cause.STALE)) == row.remedy(()) == row.remediation
    assert row.remedy((Cause.STALE, Cause.DELTA_MISSING)) == f"{row.remediation} {row.remedies['delta-missing']}"


def test_a_crl_counts_to_the_very_second_of_its_next_update() -> None:
    assert judged(("revoked",), crls=(pki.ISSUING.crl(next_update=pki.AS_OF), OF_ROOT)).status is Status.PASS


@pytest.mark.parametrize(
    "crls", [(), (OF_ROOT,), (pki.ISSUING.crl(),)], ids=["none", "the root's alone", "the issuing CA's alone"]
)
def test_a_crl_that_was_not_supplied_leaves_the_question_open(crls: tuple[RevocationList, ...]) -> None:
    assert judged(("revoked",), crls=crls).status is Status.NOT_CHECKED


def test_a_path_that_ends_early_leaves_the_question_open() -> None:
    assert judged(("revoked",), intermediates=()).status is Status.NOT_CHECKED


def test_no_crl_speaks_of_a_trust_anchor() -> None:
    assert judged(("revoked",), pki.ROOT.certificate).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("setting", "crl_checking"), [("on", False), ("off", True)])
def test_a_row_for_the_other_setting_does_not_apply(setting: Literal["on", "off"], crl_checking: bool) -> None:
    world = pki.context(crl_checking=crl_checking)
    subject = pki.assigned(LEAF)
    answers = (
        revocation.free_of(subject, world, statuses=("stale",), crl_checking=setting),
        revocation.distribution_point(subject, world, crl_checking=setting),
        revocation.reachable(subject, world, client="windows-pe", crl_checking=setting),
    )
    assert {answer.status for answer in answers} == {Status.NOT_APPLICABLE}


# --- Distribution points ----------------------------------------------------------------------------------------------


def points(*urls: str) -> Certificate:
    return pki.certificate(extensions=[builder.distribution_points(*urls)] if urls else BARE)


def test_a_distribution_point_in_every_element_passes() -> None:
    assert revocation.distribution_point(pki.assigned(LEAF), pki.context()).status is Status.PASS


def test_a_certificate_without_a_distribution_point_fails() -> None:
    assert revocation.distribution_point(pki.assigned(points()), pki.context()).status is Status.FAIL


def test_an_issuing_ca_without_a_distribution_point_fails_its_certificates() -> None:
    silent = pki.intermediate(extensions=[builder.basic_constraints(ca=True)])
    result = revocation.distribution_point(pki.assigned(LEAF), pki.context(intermediates=(silent,)))
    assert result.status is Status.FAIL
    assert pki.ISSUING.subject in result.message


def test_what_stands_above_a_missing_issuer_is_left_open() -> None:
    world = pki.context(intermediates=())
    assert revocation.distribution_point(pki.assigned(LEAF), world).status is Status.NOT_CHECKED
    assert revocation.reachable(pki.assigned(LEAF), world, client="windows-pe").status is Status.NOT_CHECKED


def test_a_root_needs_no_distribution_point() -> None:
    root = pki.assigned(pki.ROOT.certificate)
    assert revocation.distribution_point(root, pki.context()).status is Status.NOT_APPLICABLE


# --- Clients ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urls", "status"),
    [
        ((pki.HTTP,), Status.PASS),
        ((pki.LDAP, pki.HTTP), Status.PASS),
        ((pki.LDAP,), Status.FAIL),
        ((pki.LDAP, "file://\\\\ca01\\crl\\ca.crl"), Status.FAIL),
        (("https://pki.contoso.com/ca.crl",), Status.FAIL),
        ((), Status.FAIL),
        (("http://pki/ca.crl",), Status.NOT_CHECKED),
    ],
    ids=["http", "ldap and http", "ldap", "ldap and file", "https", "none", "short host name"],
)
def test_what_windows_pe_can_read(urls: tuple[str, ...], status: Status) -> None:
    result = revocation.reachable(pki.assigned(points(*urls)), pki.context(), client="windows-pe")
    assert result.status is status


def test_windows_pe_needs_the_crl_of_the_issuing_ca_too() -> None:
    closed = pki.intermediate(extensions=[builder.basic_constraints(ca=True), builder.distribution_points(pki.LDAP)])
    result = revocation.reachable(pki.assigned(LEAF), pki.context(intermediates=(closed,)), client="windows-pe")
    assert result.status is Status.FAIL
    assert pki.ISSUING.subject in result.message


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (("software-update-point",), Status.NOT_APPLICABLE),
        (("software-update-point", "distribution-point"), Status.FAIL),
        (("web-server",), Status.FAIL),
    ],
    ids=["none that Windows PE talks to", "one that it talks to", "roles not told"],
)
def test_windows_pe_talks_to_some_systems_only(roles: tuple[str, ...], status: Status) -> None:
    subject = pki.assigned(points(pki.LDAP), owner=pki.system(*roles))
    result = revocation.reachable(subject, pki.context(), client="windows-pe", system_roles=("distribution-point",))
    assert result.status is status


def test_the_internet_matters_to_systems_with_an_internet_name() -> None:
    inside, outside = pki.system(), pki.system(internet_name="dp.contoso.net")
    for owner, status in ((inside, Status.NOT_APPLICABLE), (outside, Status.FAIL)):
        subject = pki.assigned(points(pki.LDAP), owner=owner)
        result = revocation.reachable(subject, pki.context(), client="internet", with_internet_name=True)
        assert result.status is status


# --- Names with + -----------------------------------------------------------------------------------------------------

PLUS = "http://pki.contoso.com/crl/ca+.crl"


def test_a_delta_crl_with_a_plus_in_its_name_fails() -> None:
    leaf = pki.certificate(extensions=[builder.distribution_points(pki.HTTP), pki.freshest(PLUS)])
    result = revocation.no_plus_in_name(pki.assigned(leaf), pki.context())
    assert result.status is Status.FAIL
    assert PLUS in result.message
    crl = SuppliedCrl(pki.crl_entry(pki.ISSUING.crl(extensions=[pki.freshest(PLUS)])))
    assert crl_checks.no_plus_in_delta_name(crl, pki.context()).status is Status.FAIL


def test_a_name_with_a_plus_from_which_the_crl_was_fetched_passes() -> None:
    leaf = pki.certificate(extensions=[builder.distribution_points(pki.HTTP), pki.freshest(PLUS)])
    known = pki.context()
    fetched = Input(PLUS, "url", crls=(pki.crl_entry(pki.ISSUING.crl()),))
    known = replace(known, evidence=replace(known.evidence, crls=Evidence((fetched,))))
    assert revocation.no_plus_in_name(pki.assigned(leaf), known).status is Status.PASS


def test_names_without_a_plus_pass() -> None:
    assert revocation.no_plus_in_name(pki.assigned(LEAF), pki.context()).status is Status.PASS
    assert (
        crl_checks.no_plus_in_delta_name(SuppliedCrl(pki.crl_entry(pki.ISSUING.crl())), pki.context()).status
        is Status.PASS
    )


def test_a_plus_in_active_directory_does_not_matter() -> None:
    leaf = pki.certificate(extensions=[pki.freshest("ldap:///CN=ca+,DC=contoso")])
    assert revocation.no_plus_in_name(pki.assigned(leaf), pki.context()).status is Status.PASS
