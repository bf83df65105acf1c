"""CRLs among the evidence: every date, and every signer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from certaudit.audit.validators import crl as checks
from certaudit.audit.validators.subject import SuppliedCrl
from certaudit.findings.result import Result, Status
from certaudit.x509 import oids
from certaudit.x509.crl import RevocationList
from tests import builder, pki

OF_ROOT = pki.ROOT.crl()


def of_crl(check: Any, crl: RevocationList, *others: RevocationList, **parameters: Any) -> Result:
    result: Result = check(SuppliedCrl(pki.crl_entry(crl)), pki.context(crls=(crl, *others)), **parameters)
    return result


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({}, Status.PASS),
        ({"next_update": pki.AS_OF}, Status.PASS),
        ({"next_update": pki.AS_OF - pki.SECOND}, Status.FAIL),
        ({"this_update": pki.AS_OF}, Status.PASS),
        ({"this_update": pki.AS_OF + pki.SECOND}, Status.FAIL),
        ({"next_update": None}, Status.FAIL),
    ],
    ids=["in force", "at its end", "one second after", "at its beginning", "one second before", "without an end"],
)
def test_a_crl_in_force(dates: dict[str, Any], status: Status) -> None:
    assert of_crl(checks.in_date, pki.ISSUING.crl(**dates)).status is status


TEN_DAYS: dict[str, Any] = {"this_update": pki.AS_OF - timedelta(days=9), "next_update": pki.AS_OF + timedelta(days=1)}


def test_a_crl_with_a_tenth_of_its_time_left_passes_and_with_a_second_less_fails() -> None:
    assert of_crl(checks.renewed_in_time, pki.ISSUING.crl(**TEN_DAYS), percent=10).status is Status.PASS
    less = TEN_DAYS | {"next_update": pki.AS_OF + timedelta(days=1) - 2 * pki.SECOND}
    assert of_crl(checks.renewed_in_time, pki.ISSUING.crl(**less), percent=10).status is Status.FAIL


def next_publish(instant: datetime) -> bytes:
    return builder.extension(oids.MS_CRL_NEXT_PUBLISH, builder.time(instant))


@pytest.mark.parametrize(("margin", "status"), [(timedelta(), Status.PASS), (-pki.SECOND, Status.FAIL)])
def test_a_crl_of_ad_cs_is_due_when_the_next_one_should_be_published(margin: timedelta, status: Status) -> None:
    """A weekly CRL as AD CS makes it by default: half a day of overlap, which is less than a tenth."""
    published = pki.AS_OF + margin
    weekly = pki.ISSUING.crl(
        this_update=published - timedelta(days=7),
        next_update=published + timedelta(hours=12),
        extensions=[next_publish(published)],
    )
    assert of_crl(checks.renewed_in_time, weekly, percent=10).status is status


@pytest.mark.parametrize("dates", [{"next_update": None}, {"next_update": pki.AS_OF - pki.SECOND}])
def test_renewal_in_time_is_asked_of_crls_in_force(dates: dict[str, Any]) -> None:
    assert of_crl(checks.renewed_in_time, pki.ISSUING.crl(**dates), percent=10).status is Status.NOT_APPLICABLE


def test_a_crl_issued_for_two_days_lasts_and_a_second_less_does_not() -> None:
    begin: dict[str, Any] = {"this_update": pki.AS_OF}
    lasting, short = (
        pki.ISSUING.crl(**begin, next_update=pki.AS_OF + timedelta(days=2) - gap) for gap in (timedelta(0), pki.SECOND)
    )
    assert of_crl(checks.lasts, lasting, hours=48, delta_hours=24).status is Status.PASS
    assert of_crl(checks.lasts, short, hours=48, delta_hours=24).status is Status.FAIL
    assert (
        of_crl(checks.lasts, pki.ISSUING.crl(next_update=None), hours=48, delta_hours=24).status
        is Status.NOT_APPLICABLE
    )


@pytest.mark.parametrize(("gap", "status"), [(timedelta(), Status.PASS), (pki.SECOND, Status.FAIL)])
def test_a_daily_delta_crl_lasts(gap: timedelta, status: Status) -> None:
    delta = pki.ISSUING.crl(
        this_update=pki.AS_OF,
        next_update=pki.AS_OF + timedelta(days=1) - gap,
        extensions=[builder.extension(oids.DELTA_CRL_INDICATOR, builder.integer(6), critical=True)],
    )
    assert of_crl(checks.lasts, delta, hours=48, delta_hours=24).status is status


def test_a_crl_signed_by_its_ca_passes() -> None:
    assert of_crl(checks.signed, pki.ISSUING.crl()).status is Status.PASS


def test_a_crl_signed_with_another_key_fails() -> None:
    assert of_crl(checks.signed, pki.ISSUING.crl(signer=pki.OTHER_KEY)).status is Status.FAIL


def test_a_crl_of_a_ca_that_nobody_knows_is_left_open() -> None:
    assert of_crl(checks.signed, pki.ISSUING.crl(issuer="CN=Nobody")).status is Status.NOT_CHECKED
