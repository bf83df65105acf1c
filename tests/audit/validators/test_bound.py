"""Checks of what is bound: known, stored, of the PKI, as the manifest says, at every port."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from certaudit.audit.assignment import assign
from certaudit.audit.validators import bound, coverage
from certaudit.audit.validators.subject import SystemRole
from certaudit.audit.validators.why_not import described
from certaudit.evidence import Evidence, Input, KeyTest
from certaudit.findings.result import Result, Status
from certaudit.site.site import System
from tests.audit.assignment.test_bound import CENTRAL, MP, NEW, OTHER, OWN, A, at, collected, stored
from tests.pki import context

CHECKS = {check.__name__: check for check in bound.CHECKS} | {"certificate_assigned": coverage.certificate_assigned}
NOT_APPLICABLE, NOT_CHECKED = Status.NOT_APPLICABLE, Status.NOT_CHECKED


def result(check: str, *inputs: Input, pin: str | None = None, **site: Any) -> Result:
    pins = MappingProxyType({"web-server": pin} if pin else {})
    system = System(MP.name, roles=MP.roles, pins=pins)
    known = context(held={system.key: Evidence(inputs)}, systems=(system,), **site)
    found = assign(known.site, known.evidence, known.as_of)
    return CHECKS[check](SystemRole(next(answer for answer in found if answer.role == "web-server")), known)


BOUND = collected(at("0.0.0.0", NEW.sha1))
STRANGE = collected(at("0.0.0.0", A))
LISTED = Input("mp01/facts/store-WebHosting.txt", "certutil-store", key_tests=(KeyTest("WebHosting", A, True),))
UNREAD = Input("mp01/more.pfx", "pkcs12", error="The password is wrong.")


@pytest.mark.parametrize(
    ("inputs", "pin", "status"),
    [
        ((stored(NEW), *BOUND), None, Status.PASS),
        ((stored(NEW),), NEW.sha1, Status.PASS),
        ((stored(NEW),), None, NOT_CHECKED),
        ((stored(NEW), *collected(CENTRAL)), None, NOT_CHECKED),
        ((stored(NEW, OTHER), *BOUND), OTHER.sha1, NOT_APPLICABLE),
        ((stored(), *BOUND), None, NOT_APPLICABLE),
    ],
)
def test_is_known(inputs: tuple[Input, ...], pin: str | None, status: Status) -> None:
    assert result("is_known", *inputs, pin=pin).status is status


def test_what_is_bound_is_nothing_to_know_of_files_alone() -> None:
    assert result("is_known", stored(NEW), described=False).status is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ((stored(NEW), *BOUND), Status.PASS),
        ((stored(NEW), *STRANGE), Status.FAIL),
        ((stored(NEW), *STRANGE, UNREAD), NOT_CHECKED),
        ((stored(NEW), *STRANGE, LISTED), NOT_CHECKED),
        (STRANGE, NOT_CHECKED),
        ((stored(NEW), *collected()), NOT_APPLICABLE),
        ((stored(NEW),), NOT_APPLICABLE),
    ],
)
def test_is_stored(inputs: tuple[Input, ...], status: Status) -> None:
    assert result("is_stored", *inputs).status is status


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ((stored(NEW), *BOUND), Status.PASS),
        ((stored(OWN), *collected(at("0.0.0.0", OWN.sha1))), Status.FAIL),
        ((stored(NEW), *STRANGE), NOT_APPLICABLE),
        ((stored(NEW),), NOT_APPLICABLE),
        ((stored(NEW), *collected()), NOT_APPLICABLE),
    ],
)
def test_is_of_the_pki(inputs: tuple[Input, ...], status: Status) -> None:
    assert result("is_of_the_pki", *inputs).status is status


def test_what_lies_beside_the_own_one_is_named() -> None:
    inputs = stored(OWN, NEW), *collected(at("0.0.0.0", OWN.sha1))
    assert f"Beside it lies {described(NEW)}." in result("is_of_the_pki", *inputs).message


@pytest.mark.parametrize(
    ("inputs", "pin", "status"),
    [
        ((stored(NEW), *BOUND), NEW.sha1, Status.PASS),
        ((stored(NEW), *BOUND), NEW.sha256, Status.PASS),
        ((stored(NEW, OTHER), *BOUND), OTHER.sha1, Status.FAIL),
        ((stored(NEW, OTHER), *BOUND), None, NOT_APPLICABLE),
        ((stored(NEW),), NEW.sha1, NOT_APPLICABLE),
        ((stored(NEW), *collected(CENTRAL)), NEW.sha1, NOT_APPLICABLE),
    ],
)
def test_is_the_one_named(inputs: tuple[Input, ...], pin: str | None, status: Status) -> None:
    assert result("is_the_one_named", *inputs, pin=pin).status is status


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ((stored(NEW), *BOUND), Status.PASS),
        ((stored(NEW), *collected(CENTRAL)), Status.PASS),
        ((stored(NEW), *collected()), Status.FAIL),
        ((stored(NEW), *collected(at("0.0.0.0", A, 4443))), NOT_CHECKED),
        ((stored(NEW),), NOT_APPLICABLE),
    ],
)
def test_at_every_port(inputs: tuple[Input, ...], status: Status) -> None:
    assert result("at_every_port", *inputs).status is status


def test_bindings_that_are_not_all_understood_deny_nothing() -> None:
    cut = Input(
        "mp01/facts/http.txt", "registry-query", bindings=(at("0.0.0.0", A, 8172),), remarks=("Not understood.",)
    )
    assert result("at_every_port", stored(NEW), cut).status is NOT_CHECKED


def test_a_role_says_that_its_certificate_is_bound() -> None:
    assert str(result("certificate_assigned", stored(NEW, OTHER), *BOUND).observed).endswith(": bound")


@pytest.mark.parametrize(
    "inputs", [(stored(NEW), *STRANGE), STRANGE, (stored(OWN), *collected(at("0.0.0.0", OWN.sha1)))]
)
def test_what_is_bound_in_vain_is_said_once(inputs: tuple[Input, ...]) -> None:
    assert result("certificate_assigned", *inputs).status is NOT_APPLICABLE
    others = [result(check, *inputs).status for check in ("is_stored", "is_of_the_pki")]
    assert others.count(Status.FAIL) + others.count(NOT_CHECKED) == 1
