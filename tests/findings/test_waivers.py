"""Waivers: what they cover, until when, and what is said of those that have ended or meet nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from certaudit.audit.audit import audit
from certaudit.audit.load import load_site
from certaudit.audit.report import Report
from certaudit.errors import UsageError
from certaudit.findings.finding import Finding
from certaudit.findings.waivers import Waiver, WaiverState, read_waivers
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.manifest import read_manifest

CONTOSO = Path(__file__).parents[2] / "fixtures/contoso/site.toml"
WAIVER = """
[[waiver]]
requirement = "signature.not-sha1"
system = "DP01.contoso.com"
owner = "security team"
reason = "until the summer"
until = 2010-06-30
"""


@pytest.fixture
def waiver(tmp_path: Path) -> Waiver:
    (found,) = written(tmp_path, WAIVER)
    return found


def waived_of(report: Report) -> tuple[Finding, ...]:
    """The findings that a waiver accepts."""
    return tuple(finding for finding in report.findings if finding.waiver is not None)


def written(folder: Path, text: str) -> tuple[Waiver, ...]:
    (folder / "waivers.toml").write_text(text, encoding="utf-8")
    return read_waivers(folder / "waivers.toml")


def audited(as_of: datetime, *waivers: Waiver) -> Report:
    site = read_manifest(CONTOSO)
    return audit(site, load_site(site), read_catalogue((), site.release), as_of, waivers=waivers)


def failures_of(report: Report, requirement: str) -> int:
    return sum(finding.is_failure and finding.requirement.id == requirement for finding in report.findings)


def test_a_waived_finding_stays_and_is_counted(waiver: Waiver) -> None:
    at = datetime(2010, 3, 1, tzinfo=UTC)
    plain, waived = audited(at), audited(at, waiver)
    assert len(waived.findings) == len(plain.findings)
    assert len(waived_of(waived)) == 1
    assert waived_of(waived)[0].system == "dp01.contoso.com"
    assert str(waived_of(waived)[0].waiver) == "until the summer (accepted by security team until 2010-06-30)"
    assert failures_of(waived, "signature.not-sha1") == failures_of(plain, "signature.not-sha1") - 1
    assert [standing.state for standing in waived.waivers] == [WaiverState.IN_FORCE]
    assert not waived.warnings


@pytest.mark.parametrize(
    ("as_of", "holds"),
    [(datetime(2010, 6, 30, 23, 59, 59, tzinfo=UTC), True), (datetime(2010, 7, 1, tzinfo=UTC), False)],
)
def test_a_waiver_holds_to_the_last_second_of_its_day_in_utc(waiver: Waiver, as_of: datetime, holds: bool) -> None:
    report = audited(as_of, waiver)
    assert bool(waived_of(report)) is holds
    assert failures_of(report, "input.waivers-in-force") == (not holds)


def test_a_waiver_that_has_ended_is_a_finding(waiver: Waiver) -> None:
    report = audited(datetime(2010, 7, 1, tzinfo=UTC), waiver)
    (finding,) = [finding for finding in report.findings if finding.requirement.id == "input.waivers-in-force"]
    assert finding.result.message == "The waiver of signature.not-sha1 by security team ended on 2010-06-30 (UTC)."
    assert [standing.state for standing in report.waivers] == [WaiverState.EXPIRED]
    assert len(report.waivers[0].findings) == 1
    assert not report.warnings


def test_a_waiver_that_meets_nothing_is_a_warning(tmp_path: Path) -> None:
    (waiver,) = written(tmp_path, WAIVER.replace("DP01", "DP99"))
    report = audited(datetime(2010, 3, 1, tzinfo=UTC), waiver)
    assert not waived_of(report)
    assert [standing.state for standing in report.waivers] == [WaiverState.UNUSED]
    (warning,) = report.warnings
    assert warning.endswith("waivers.toml: [[waiver]] number 1: the waiver of signature.not-sha1 meets no finding")


def test_a_thumbprint_may_be_either_and_is_read_in_any_spelling(tmp_path: Path) -> None:
    report = audited(datetime(2010, 3, 1, tzinfo=UTC))
    certificate = next(
        assignment.holding.certificate
        for assignment in report.coverage()
        if assignment.holding and assignment.system and assignment.system.name == "dp01.contoso.com"
    )
    for thumbprint in (certificate.sha1.lower(), ":".join(certificate.sha256[i : i + 2] for i in range(0, 64, 2))):
        (waiver,) = written(tmp_path, WAIVER.replace('system = "DP01.contoso.com"', f'thumbprint = "{thumbprint}"'))
        assert len(waived_of(audited(datetime(2010, 3, 1, tzinfo=UTC), waiver))) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("until = 2010-06-30\n", ""), "a waiver must end on a day"),
        (('owner = "security team"\n', ""), "'owner' is missing"),
        (('reason = "until the summer"\n', 'reason = " "\n'), "'reason' must not be empty"),
        (('system = "DP01.contoso.com"\n', ""), "must say what is waived"),
        (('system = "DP01.contoso.com"\n', 'role = "web"\n'), "'role' must be one of"),
        (('system = "DP01.contoso.com"\n', 'thumbprint = "12"\n'), "40 or 64 hexadecimal digits"),
        (("until = ", "untill = 1\nuntil = "), "did you mean 'until'"),
    ],
)
def test_a_faulty_waiver_is_refused(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        written(tmp_path, WAIVER.replace(*change))
