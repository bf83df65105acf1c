"""Which role has a certificate: every state of an assignment, and what evidence would settle it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.assignment.assignment import Foreign
from certaudit.audit.validators import coverage
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import SystemRole, WholeSite
from certaudit.evidence import Evidence, Input, KeyTest
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.site import Site, System
from tests import pki

SYSTEM = pki.system()
ONE, TWO = pki.certificate(serial=1), pki.certificate(serial=2)
UNREADABLE = Input("dp01/cert.pfx", "pkcs12", error="the password is wrong")


def holding(known: Any) -> Holding:
    return Holding(known, (pki.entry(known),))


def role(state: State, **fields: Any) -> SystemRole:
    return SystemRole(Assignment(SYSTEM, "distribution-point", "web-server", state, **fields))


def context(*inputs: Input) -> Any:
    return pki.context(held={SYSTEM.key: Evidence(inputs)})


READABLE = Input("dp01/ca.cer", "x509-der")


def test_an_assigned_certificate_passes() -> None:
    result = coverage.certificate_assigned(role(State.ASSIGNED, holding=holding(ONE)), context(READABLE))
    assert result.status is Status.PASS
    assert result.observed is not None
    assert ONE.sha1 in result.observed


def test_whether_a_renewed_certificate_is_the_one_in_use_is_left_open() -> None:
    assigned = role(State.ASSIGNED, holding=holding(ONE), passed_over=(holding(TWO),))
    result = coverage.certificate_assigned(assigned, context(READABLE))
    assert result.status is Status.NOT_CHECKED
    assert ONE.sha1 in result.message
    assert TWO.sha1 in result.message
    assert 'certificates = { web-server = "<thumbprint>" }' in result.message


def test_a_missing_certificate_fails() -> None:
    result = coverage.certificate_assigned(role(State.MISSING), context(READABLE))
    assert result.status is Status.FAIL
    assert result.message == "dp01.contoso.com has no certificate for the role web-server."


@pytest.mark.parametrize(
    ("thumbprint", "status"),
    [(TWO.sha1, Status.NOT_CHECKED), (ONE.sha1, Status.FAIL)],
    ids=["not supplied", "supplied"],
)
def test_what_certutil_lists_and_nobody_supplied_may_be_the_certificate(thumbprint: str, status: Status) -> None:
    listing = Input("dp01/my.txt", "certutil-store", key_tests=(KeyTest("my", thumbprint, True),))
    supplied = Input("dp01/one.cer", "x509-der", certificates=(pki.entry(ONE),))
    result = coverage.certificate_assigned(role(State.MISSING), context(supplied, listing))
    assert result.status is status
    assert ("reg export" in result.message) == (status is Status.NOT_CHECKED)


def test_a_thumbprint_that_matches_nothing_fails_with_a_sentence_of_its_own() -> None:
    result = coverage.certificate_assigned(role(State.MISSING, pinned="AB" * 20), context(READABLE))
    assert result.status is Status.FAIL
    assert "AB" * 20 in result.message


@pytest.mark.parametrize("pinned", [None, "AB" * 20])
def test_what_could_not_be_read_may_hold_the_missing_certificate(pinned: str | None) -> None:
    result = coverage.certificate_assigned(role(State.MISSING, pinned=pinned), context(READABLE, UNREADABLE))
    assert result.status is Status.NOT_CHECKED
    assert "dp01/cert.pfx" in result.message


@pytest.mark.parametrize("inputs", [(), (UNREADABLE,)])
@pytest.mark.parametrize("state", [State.NOT_SUPPLIED, State.MISSING])
def test_without_readable_evidence_nothing_is_known(state: State, inputs: tuple[Input, ...]) -> None:
    assert coverage.certificate_assigned(role(state), context(*inputs)).status is Status.NOT_CHECKED


def test_several_candidates_are_named_and_left_open() -> None:
    result = coverage.certificate_assigned(role(State.AMBIGUOUS, candidates=(holding(ONE), holding(TWO))), context())
    assert result.status is Status.NOT_CHECKED
    assert ONE.sha1 in result.message
    assert TWO.sha1 in result.message
    assert 'certificates = { web-server = "<thumbprint>" }' in result.message


def test_a_client_with_two_candidates_selects_none() -> None:
    result = coverage.selectable(role(State.AMBIGUOUS, candidates=(holding(ONE), holding(TWO))), context())
    assert result.status is Status.FAIL


def test_a_client_with_one_candidate_selects_it() -> None:
    assert coverage.selectable(role(State.ASSIGNED, holding=holding(ONE)), context()).status is Status.PASS


@pytest.mark.parametrize("state", [State.MISSING, State.NOT_SUPPLIED])
def test_a_client_without_a_candidate_has_none_to_select(state: State) -> None:
    assert coverage.selectable(role(state), context()).status is Status.NOT_APPLICABLE


def test_a_hostile_system_name_is_made_inert() -> None:
    hostile = pki.system(name="dp\x1b[2J")
    subject = SystemRole(Assignment(hostile, "distribution-point", "web-server", State.MISSING))
    result = coverage.certificate_assigned(subject, pki.context(held={hostile.key: Evidence((READABLE,))}))
    assert "\x1b" not in result.message


def test_the_rows_fit_their_checks() -> None:
    rows = [row for row in read_catalogue().requirements if row.id.startswith("coverage.")]
    assert rows
    for row in rows:
        bind(row, CHECKS)


@pytest.mark.parametrize(
    ("release", "roles"),
    [
        ("2007-sp2", ("site-server-signing", "web-server", "site-system-client", "pxe-service-point", "client")),
        ("2007-rtm", ("site-server-signing", "web-server", "boot-media", "mobile-client", "proxy-web-server")),
        ("2012-r2", ("web-server", "site-system-client", "distribution-point-client", "boot-media", "client")),
        ("current-branch", ("web-server", "site-system-client", "distribution-point-client", "boot-media")),
    ],
)
def test_every_role_of_a_release_is_covered(release: str, roles: tuple[str, ...]) -> None:
    rows = [row for row in read_catalogue().of_release(release) if row.id == "coverage.certificate-assigned"]
    assert set(roles) <= {role for row in rows for role in row.roles}


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (Site(Path(), systems=(System("mp01", roles=("management-point",)),)), Status.PASS),
        (Site(Path(), systems=(SYSTEM,)), Status.NOT_CHECKED),
        (Site(Path(), systems=(SYSTEM,), described=False), Status.NOT_APPLICABLE),
    ],
)
def test_what_no_site_can_do_without_is_described(site: Site, expected: Status) -> None:
    assert coverage.is_described(WholeSite(site), context(), role="management-point").status is expected


def test_what_was_imported_and_is_not_supplied_is_asked_for() -> None:
    """What a store holds is named, and does not count."""
    carried = Assignment(SYSTEM, "distribution-point", "distribution-point-client", State.NOT_SUPPLIED)
    result = coverage.certificate_assigned(SystemRole(carried), context(READABLE))
    assert result.status is Status.NOT_CHECKED
    assert "supply that PFX" in result.message
    assert "store" not in result.message
    beside = coverage.certificate_assigned(SystemRole(replace(carried, elsewhere=(holding(ONE),))), context(READABLE))
    assert f"({ONE.sha1})), and it does not count" in beside.message


def test_a_pin_on_the_certificate_of_another_product_fails() -> None:
    foreign = (Foreign(ONE, "one of Configuration Manager's own"),)
    result = coverage.certificate_assigned(role(State.MISSING, pinned=ONE.sha1, foreign=foreign), context(READABLE))
    assert result.status is Status.FAIL
    assert "one of Configuration Manager's own, and none of the PKI" in result.message
