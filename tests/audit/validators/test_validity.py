"""Checks of validity periods. The audit is on 2010-03-01T00:00:00Z; margins are named in the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from certaudit.audit.validators import validity as checks
from certaudit.audit.validators.subject import AssignedCertificate
from certaudit.findings.result import Status
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki import (
    AS_OF,
    MEDIA,
    assigned,
    context,
)

CONTEXT = context()
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def ending(instant: datetime, **fields: object) -> AssignedCertificate:
    return assigned(builder.certificate(not_before=AS_OF - 300 * DAY, not_after=instant, **fields))


def beginning(instant: datetime) -> AssignedCertificate:
    return assigned(builder.certificate(not_before=instant, not_after=AS_OF + 300 * DAY))


@pytest.mark.parametrize(
    ("margin", "status"), [(SECOND, Status.PASS), (0 * SECOND, Status.PASS), (-SECOND, Status.FAIL)]
)
def test_not_expired_until_the_second_of_not_after(margin: timedelta, status: Status) -> None:
    assert checks.not_expired(ending(AS_OF + margin), CONTEXT).status is status


def test_not_expired_says_when() -> None:
    result = checks.not_expired(ending(datetime(2010, 1, 31, tzinfo=UTC)), CONTEXT)
    assert result.message == "The certificate expired on 2010-01-31T00:00:00Z."


@pytest.mark.parametrize(
    ("margin", "status"), [(-SECOND, Status.PASS), (0 * SECOND, Status.PASS), (SECOND, Status.FAIL)]
)
def test_has_begun_from_the_second_of_not_before(margin: timedelta, status: Status) -> None:
    assert checks.has_begun(beginning(AS_OF + margin), CONTEXT).status is status


@pytest.mark.parametrize(
    ("margin", "status"),
    [
        (-DAY - SECOND, Status.PASS),
        (-DAY, Status.PASS),
        (-DAY + SECOND, Status.FAIL),
        (0 * DAY, Status.FAIL),
        (SECOND, Status.NOT_APPLICABLE),
    ],
)
def test_begun_hours_ago(margin: timedelta, status: Status) -> None:
    assert checks.begun_hours_ago(beginning(AS_OF + margin), CONTEXT, hours=24).status is status


@pytest.mark.parametrize(
    ("margin", "status"),
    [
        (10 * DAY + SECOND, Status.PASS),
        (10 * DAY, Status.FAIL),
        (0 * DAY, Status.FAIL),
        (-SECOND, Status.NOT_APPLICABLE),
    ],
)
def test_more_than_days_left(margin: timedelta, status: Status) -> None:
    assert checks.more_than_days_left(ending(AS_OF + margin), CONTEXT, days=10).status is status


def test_more_than_days_left_says_how_many() -> None:
    result = checks.more_than_days_left(ending(datetime(2010, 3, 8, 12, tzinfo=UTC)), CONTEXT, days=10)
    assert result.message == "The certificate expires on 2010-03-08T12:00:00Z, in 7 days."


@pytest.mark.parametrize(("length", "status"), [(0 * SECOND, Status.PASS), (-SECOND, Status.FAIL)])
def test_ends_after_it_begins(length: timedelta, status: Status) -> None:
    subject = assigned(builder.certificate(not_before=AS_OF, not_after=AS_OF + length))
    assert checks.ends_after_it_begins(subject, CONTEXT).status is status


CA = [builder.basic_constraints(ca=True)]
END = datetime(2011, 6, 1, tzinfo=UTC)


def authority(name: str, issuer: str, not_after: datetime) -> Certificate:
    return builder.certificate(subject=name, issuer=issuer, extensions=CA, not_after=not_after)


@pytest.mark.parametrize(("margin", "status"), [(0 * SECOND, Status.PASS), (SECOND, Status.FAIL)])
def test_ends_with_its_issuer(margin: timedelta, status: Status) -> None:
    root = authority("CN=Root", "CN=Root", END)
    leaf = ending(END + margin, issuer="CN=Root")
    assert checks.ends_with_issuers(leaf, context(roots=(root,))).status is status


def test_ends_with_the_first_ca_of_the_path_to_end() -> None:
    root, middle = authority("CN=Root", "CN=Root", END - DAY), authority("CN=Middle", "CN=Root", END)
    leaf = ending(END, issuer="CN=Middle")
    result = checks.ends_with_issuers(leaf, context(roots=(root,), intermediates=(middle,)))
    assert result.status is Status.FAIL
    assert result.message == "The CA CN=Root above it ends on 2011-05-31T00:00:00Z already."


def test_ends_with_issuers_has_no_answer_where_one_is_missing() -> None:
    middle = authority("CN=Middle", "CN=Root", END)
    assert checks.ends_with_issuers(ending(END, issuer="CN=Middle"), CONTEXT).status is Status.NOT_CHECKED
    partly = context(intermediates=(middle,))
    assert checks.ends_with_issuers(ending(END, issuer="CN=Middle"), partly).status is Status.NOT_CHECKED
    too_long = ending(END + SECOND, issuer="CN=Middle")
    assert checks.ends_with_issuers(too_long, partly).status is Status.FAIL


def test_ends_with_issuers_says_nothing_about_a_self_issued_certificate() -> None:
    alone = ending(END, subject="CN=alone", issuer="CN=alone")
    assert checks.ends_with_issuers(alone, CONTEXT).status is Status.NOT_APPLICABLE


def on_media(not_after: datetime, until: datetime | None) -> AssignedCertificate:
    return ending(not_after)._replace(role="boot-media", system=replace(MEDIA, in_use_until=until))


@pytest.mark.parametrize(("margin", "status"), [(0 * SECOND, Status.PASS), (-SECOND, Status.FAIL)])
def test_outlives_media(margin: timedelta, status: Status) -> None:
    assert checks.outlives_media(on_media(END + margin, END), CONTEXT).status is status


@pytest.mark.parametrize(
    ("margin", "status"),
    [(180 * DAY, Status.PASS), (180 * DAY + SECOND, Status.FAIL), (-DAY, Status.PASS)],
)
def test_ends_soon_after_media(margin: timedelta, status: Status) -> None:
    assert checks.ends_soon_after_media(on_media(END + margin, END), CONTEXT, days=180).status is status


def test_media_whose_end_of_use_nobody_states() -> None:
    assert checks.outlives_media(on_media(END, None), CONTEXT).status is Status.NOT_APPLICABLE
    result = checks.ends_soon_after_media(on_media(END, None), CONTEXT, days=180)
    assert result.status is Status.NOT_CHECKED
    assert "in_use_until" in result.message


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        (datetime(2009, 6, 1, 8, tzinfo=UTC), datetime(2014, 6, 1, 8, tzinfo=UTC), Status.PASS),
        (datetime(2009, 6, 1, 8, tzinfo=UTC), datetime(2014, 6, 1, 8, 0, 1, tzinfo=UTC), Status.FAIL),
        (datetime(2008, 2, 29, tzinfo=UTC), datetime(2013, 3, 1, tzinfo=UTC), Status.PASS),
        (datetime(2008, 2, 29, tzinfo=UTC), datetime(2013, 3, 1, 0, 0, 1, tzinfo=UTC), Status.FAIL),
        (datetime(2009, 6, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), Status.FAIL),
        (datetime(9998, 6, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), Status.PASS),
    ],
)
def test_at_most_years(begin: datetime, end: datetime, status: Status) -> None:
    subject = assigned(builder.certificate(not_before=begin, not_after=end))
    assert checks.at_most_years(subject, CONTEXT, years=5).status is status
