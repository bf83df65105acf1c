"""The certificates of boot media and PXE against the site's own list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certaudit.audit.validators import registered_certificates
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.evidence import Evidence, Input, RegisteredCertificate
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from tests import pki

OWN = pki.certificate(serial=1)
SUBJECT = pki.assigned(OWN, "boot-media", pki.system(name="stick", kind="boot-media"))
OTHER = RegisteredCertificate("0" * 40, "1", False)


def context(*registered: RegisteredCertificate) -> Context:
    listed = Evidence((Input("certificates.csv", "sms-certificate-info", registered=registered),))
    return pki.context(held={("site-system", "site01"): listed})


def own(number: str | None = "1", blocked: bool | None = False) -> RegisteredCertificate:
    return RegisteredCertificate(OWN.sha1, number, blocked)


@pytest.mark.parametrize(
    ("registered", "known", "blocked"),
    [
        ((own(), OTHER), Status.PASS, Status.PASS),
        ((own(blocked=True),), Status.PASS, Status.FAIL),
        ((own(blocked=None),), Status.PASS, Status.NOT_CHECKED),
        ((own(None),), Status.PASS, Status.PASS),
        ((own("2"),), Status.FAIL, Status.PASS),
        ((own("2"), own()), Status.PASS, Status.PASS),
        ((OTHER,), Status.FAIL, Status.NOT_APPLICABLE),
        ((), Status.NOT_CHECKED, Status.NOT_CHECKED),
    ],
)
def test_answers(registered: tuple[RegisteredCertificate, ...], known: Status, blocked: Status) -> None:
    subject: AssignedCertificate = SUBJECT
    assert registered_certificates.known_to_site(subject, context(*registered)).status is known
    assert registered_certificates.not_blocked(subject, context(*registered)).status is blocked


JANUARY, FEBRUARY = datetime(2010, 1, 1, tzinfo=UTC), datetime(2010, 2, 1, tzinfo=UTC)
APRIL = datetime(2010, 4, 1, tzinfo=UTC)
MINE = own()._replace(issued_to="Branch office", begins=JANUARY)
LATER = OTHER._replace(issued_to="branch OFFICE", begins=FEBRUARY)


@pytest.mark.parametrize(
    ("registered", "expected"),
    [
        ((MINE,), Status.PASS),
        ((MINE, LATER), Status.FAIL),
        ((MINE, LATER._replace(type=None)), Status.FAIL),
        ((MINE, LATER._replace(issued_to="Head office")), Status.PASS),
        ((MINE, LATER._replace(type="2")), Status.PASS),
        ((MINE, LATER._replace(blocked=True)), Status.PASS),
        ((MINE, LATER._replace(begins=JANUARY)), Status.PASS),
        ((MINE, LATER._replace(begins=APRIL)), Status.PASS),
        ((MINE, LATER._replace(begins=None)), Status.NOT_CHECKED),
        ((own(), LATER), Status.NOT_CHECKED),
        ((LATER,), Status.NOT_APPLICABLE),
        ((), Status.NOT_CHECKED),
    ],
)
def test_a_later_certificate_of_the_same_name(registered: tuple[RegisteredCertificate, ...], expected: Status) -> None:
    assert registered_certificates.not_superseded(SUBJECT, context(*registered)).status is expected


def test_rows_fit_their_checks() -> None:
    rows = [row for row in read_catalogue().requirements if row.check.startswith("registered_certificates.")]
    assert len(rows) == 9
    for row in rows:
        bind(row, CHECKS)
