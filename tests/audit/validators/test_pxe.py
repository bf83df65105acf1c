"""The PXE service point of the site control file against the evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators import pxe
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import SystemRole
from certaudit.evidence import Evidence, Input, PxeServicePoint, SiteControl
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from tests import pki

SYSTEM = pki.system("pxe-service-point", name="pxe01.contoso.com")
CERTIFICATE = pki.certificate(serial=1)
ENDS = CERTIFICATE.not_after
HOLDING = Holding(CERTIFICATE, (pki.entry(CERTIFICATE),))
SUBJECT = SystemRole(Assignment(SYSTEM, "pxe-service-point", "pxe-service-point", State.ASSIGNED, HOLDING))
MISSING = SystemRole(Assignment(SYSTEM, "pxe-service-point", "pxe-service-point", State.MISSING))
SECOND = timedelta(seconds=1)


def context(**settings: object) -> Context:
    values = {"server": "PXE01", **settings}
    control = SiteControl((PxeServicePoint(**values),))  # type: ignore[arg-type]
    item = Input("sitectrl.ct0", "site-control-file", site_control=control)
    return pki.context(held={("site-system", "site01"): Evidence((item,))})


def test_without_site_control_file_nothing_is_checked() -> None:
    for check in pxe.CHECKS:
        answer = check(SUBJECT, pki.context())
        assert (answer.status, "sitectrl.ct0" in answer.message) == (Status.NOT_CHECKED, True)


@pytest.mark.parametrize("names", [{"server": "PXE02"}, {"server": "PXE02", "remote_name": "pxe02.contoso.com"}])
def test_of_another_server_nothing_is_checked(names: dict[str, str]) -> None:
    for check in pxe.CHECKS:
        assert check(SUBJECT, context(**names)).status is Status.NOT_CHECKED


@pytest.mark.parametrize(
    "names", [{"server": "pxe01"}, {"server": "PXE01.contoso.com"}, {"server": "X", "remote_name": "PXE01.CONTOSO.COM"}]
)
def test_a_server_is_known_by_either_name(names: dict[str, str]) -> None:
    assert pxe.asks_for_password(SUBJECT, context(has_password=True, **names)).status is Status.PASS


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        (pki.AS_OF + SECOND, Status.PASS),
        (pki.AS_OF, Status.FAIL),
        (pki.AS_OF - SECOND, Status.FAIL),
        (None, Status.NOT_CHECKED),
    ],
)
def test_certificate_in_date(ends: object, status: Status) -> None:
    assert pxe.certificate_in_date(SUBJECT, context(certificate_ends=ends)).status is status


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        (ENDS, Status.PASS),
        (ENDS + timedelta(days=1), Status.PASS),
        (ENDS - timedelta(days=1), Status.PASS),
        (ENDS + timedelta(days=1) + SECOND, Status.FAIL),
        (ENDS - timedelta(days=1) - SECOND, Status.FAIL),
        (None, Status.NOT_CHECKED),
    ],
)
def test_certificate_is_the_one_supplied(ends: object, status: Status) -> None:
    assert pxe.certificate_is_the_one_supplied(SUBJECT, context(certificate_ends=ends)).status is status


def test_which_certificate_is_in_use_does_not_matter_where_there_is_none() -> None:
    answer = pxe.certificate_is_the_one_supplied(MISSING, context(certificate_ends=ENDS))
    assert answer.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("kind", "file", "status"),
    [
        (0, False, Status.FAIL),
        (0, None, Status.FAIL),
        (0, True, Status.PASS),
        (1, False, Status.PASS),
        (None, None, Status.NOT_CHECKED),
    ],
)
def test_certificate_imported(kind: object, file: object, status: Status) -> None:
    answer = pxe.certificate_imported(SUBJECT, context(certificate_type=kind, has_certificate_file=file))
    assert answer.status is status


@pytest.mark.parametrize(
    ("password", "status"), [(True, Status.PASS), (False, Status.FAIL), (None, Status.NOT_CHECKED)]
)
def test_asks_for_password(password: object, status: Status) -> None:
    assert pxe.asks_for_password(SUBJECT, context(has_password=password)).status is status


def test_rows_fit_their_checks() -> None:
    rows = [row for row in read_catalogue().requirements if row.check.startswith("pxe.")]
    assert len(rows) == len(pxe.CHECKS)
    for row in rows:
        bind(row, CHECKS)
