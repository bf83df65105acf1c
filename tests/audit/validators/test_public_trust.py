"""Certificates that say they are public: how long they may be valid, and that they prove no client any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from certaudit.audit.validators import public_trust as checks
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.findings.result import Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.pki import assigned, context

CONTEXT = context()
ROWS = {row.id: row for row in read_catalogue().requirements if row.check.startswith("public_trust.")}
SECOND = timedelta(seconds=1)


def policies(*identifiers: str) -> bytes:
    held = (builder.sequence(builder.oid(identifier)) for identifier in identifiers)
    return builder.extension(oids.CERTIFICATE_POLICIES, builder.sequence(*held))


PUBLIC = policies("1.3.6.1.4.1.99999.1", oids.CABF_DOMAIN)


def valid_for(begin: datetime, length: timedelta, *extensions: bytes) -> Certificate:
    """Both ends count: a certificate of a day ends a second before the day is over."""
    return builder.certificate(not_before=begin, not_after=begin + length - SECOND, extensions=list(extensions))


@pytest.mark.parametrize(
    ("begin", "days"),
    [
        (datetime(2026, 3, 15, tzinfo=UTC), 200),
        (datetime(2027, 3, 15, tzinfo=UTC) - SECOND, 200),
        (datetime(2027, 3, 15, tzinfo=UTC), 100),
        (datetime(2029, 3, 15, tzinfo=UTC), 47),
    ],
)
def test_a_public_certificate_has_so_many_days(begin: datetime, days: int) -> None:
    check = bind(ROWS["validity.public-tls-lifetime"], CHECKS)
    longest = timedelta(days=days)
    assert check(assigned(valid_for(begin, longest, PUBLIC)), CONTEXT).status is Status.PASS
    result = check(assigned(valid_for(begin, longest + SECOND, PUBLIC)), CONTEXT)
    assert result.status is Status.FAIL
    assert result.expected == f"at most {days} days"
    assert check(assigned(valid_for(begin, longest + SECOND)), CONTEXT).status is Status.NOT_APPLICABLE


def test_what_was_issued_before_the_rule_stays_valid() -> None:
    check = bind(ROWS["validity.public-tls-lifetime"], CHECKS)
    earlier = valid_for(datetime(2026, 3, 15, tzinfo=UTC) - SECOND, timedelta(days=398), PUBLIC)
    assert check(assigned(earlier), CONTEXT).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("policy", "public"),
    [
        (oids.CABF_EXTENDED, True),
        (oids.CABF_DOMAIN, True),
        (oids.CABF_ORGANIZATION, True),
        (oids.CABF_INDIVIDUAL, True),
        ("2.23.140.1.4.1", False),
        ("2.5.29.32.0", False),
    ],
)
def test_the_policies_of_public_certificates(policy: str, public: bool) -> None:
    certificate = builder.certificate(extensions=[policies(policy)])
    assert checks.public_policy(certificate) == (policy if public else None)


@pytest.mark.parametrize("purposes", [(oids.CLIENT_AUTHENTICATION,), (oids.SERVER_AUTHENTICATION,), ()])
def test_a_public_certificate_proves_no_client(purposes: tuple[str, ...]) -> None:
    check = bind(ROWS["eku.no-public-client-authentication"], CHECKS)
    extensions = [builder.extended_key_usage(*purposes)] if purposes else []
    assert check(assigned(builder.certificate(extensions=[*extensions, PUBLIC])), CONTEXT).status is Status.FAIL
    assert check(assigned(builder.certificate(extensions=extensions)), CONTEXT).status is Status.PASS
