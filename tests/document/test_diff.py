"""Two reports held against each other."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from certaudit.document.diff import Comparison, baseline_object, compare
from certaudit.errors import UsageError

OTHER = "B" * 64
CERTIFICATE = "A" * 64


def finding(**changes: Any) -> dict[str, Any]:
    """A failure of a web server's certificate."""
    made = {
        "requirement": "eku.present",
        "title": "It names its purposes",
        "status": "fail",
        "severity": "error",
        "role": "web-server",
        "system": "mp01",
        "certificate": CERTIFICATE,
        "subject": None,
        "message": "It names none.",
        "observed": "none",
        "waiver": None,
    } | changes
    made["fingerprint"] = "|".join(str(made[key]) for key in ("requirement", "role", "system", "certificate"))
    return made


def report(*findings: dict[str, Any], certificate: str | None = CERTIFICATE, **changes: Any) -> Any:
    """A report with these findings, in which one certificate serves mp01."""
    state = "missing" if certificate is None else "assigned"
    return {
        "tool": {"catalogue": {"x509/eku.toml": "C" * 64}},
        "as_of": "2010-03-01T00:00:00Z",
        "site": {"code": "S01"},
        "verdict": "non-compliant" if findings else "compliant",
        "complete": True,
        "findings": list(findings),
        "coverage": [{"system": "mp01", "role": "web-server", "state": state, "certificate": certificate}],
    } | changes


def counts(comparison: Comparison) -> dict[str, int]:
    names = ("new", "fixed", "changed", "unchanged", "unknown")
    return {name: len(getattr(comparison, name)) for name in names if getattr(comparison, name)}


PASSED = finding(status="pass", observed="Server Authentication")
GAP = finding(status="not-checked", observed=None)
WAIVED = finding(waiver="until the summer")


@pytest.mark.parametrize(
    ("old", "new", "expected", "worse"),
    [
        (PASSED, PASSED, {}, False),
        (PASSED, finding(), {"new": 1}, True),
        (finding(), PASSED, {"fixed": 1}, False),
        (finding(), finding(), {"unchanged": 1}, False),
        (finding(), finding(message="It still names none."), {"unchanged": 1}, False),
        (finding(), finding(observed="Secure Email"), {"changed": 1}, False),
        (finding(severity="warning"), finding(), {"changed": 1}, True),
        (finding(), finding(severity="notice"), {"changed": 1}, False),
        (finding(), GAP, {"changed": 1}, False),
        (GAP, finding(), {"changed": 1}, True),
        (PASSED, GAP, {"new": 1}, True),
        (finding(), WAIVED, {"fixed": 1}, False),
        (WAIVED, finding(), {"new": 1}, True),
        (WAIVED, WAIVED, {}, False),
    ],
)
def test_a_finding_from_one_report_to_the_next(
    old: dict[str, Any], new: dict[str, Any], expected: dict[str, int], worse: bool
) -> None:
    comparison = compare(report(old, verdict="compliant"), report(new, verdict="compliant"))
    assert counts(comparison) == expected
    assert comparison.is_worse is worse


def test_a_finding_that_is_not_asked_any_more_is_fixed() -> None:
    assert counts(compare(report(finding()), report())) == {"fixed": 1}


def test_an_incomplete_run_fixes_nothing_that_it_did_not_look_at() -> None:
    latest = report(certificate=None, complete=False, verdict="incomplete")
    assert counts(compare(report(finding()), latest)) == {"unknown": 1}
    assert counts(compare(report(finding()), report(complete=False))) == {"fixed": 1}


def test_a_renewed_certificate_is_held_against_the_one_before_it() -> None:
    comparison = compare(report(finding()), report(finding(certificate=OTHER), certificate=OTHER))
    assert comparison.renewed == ({"role": "web-server", "system": "mp01", "was": CERTIFICATE, "now": OTHER},)
    assert counts(comparison) == {"unchanged": 1}
    assert not comparison.is_worse


def test_a_renewal_that_mends_a_failure_fixes_it() -> None:
    mended = finding(certificate=OTHER, status="pass", observed="Server Authentication")
    comparison = compare(report(finding()), report(mended, certificate=OTHER))
    assert counts(comparison) == {"fixed": 1}
    assert len(comparison.renewed) == 1


def test_a_certificate_in_another_role_is_no_renewal() -> None:
    latest = report(finding(certificate=OTHER, role="client"), certificate=OTHER)
    latest["coverage"][0]["role"] = "client"
    comparison = compare(report(finding()), latest)
    assert not comparison.renewed
    assert counts(comparison) == {"new": 1, "fixed": 1}


def test_several_certificates_at_once_are_no_renewal() -> None:
    old, latest = report(), report(certificate=OTHER)
    latest["coverage"].append({**latest["coverage"][0], "certificate": "C" * 64})
    assert not compare(old, latest).renewed


@pytest.mark.parametrize(
    ("old", "latest", "worse"),
    [
        ({}, {"verdict": "incomplete"}, True),
        ({"verdict": "incomplete"}, {"verdict": "non-compliant"}, True),
        ({"verdict": "non-compliant"}, {}, False),
        ({}, {"complete": False}, True),
        ({"complete": False}, {}, False),
    ],
)
def test_the_verdict_and_completeness_may_get_worse(old: dict[str, Any], latest: dict[str, Any], worse: bool) -> None:
    assert compare(report(**old), report(**latest)).is_worse is worse


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda new: new.update(tool={"catalogue": {}}), "the requirements differ"),
        (lambda new: new.update(site={"code": "S02"}), "different sites"),
        (lambda new: new.update(as_of="2009-01-01T00:00:00Z"), "later than the new one"),
        (lambda new: new.update(complete=False), "the new report is incomplete"),
    ],
)
def test_what_makes_a_comparison_doubtful_is_said(change: Callable[[Any], None], words: str) -> None:
    new = report()
    change(new)
    assert words in "; ".join(compare(report(), new).remarks)
    assert not compare(report(), report()).remarks


def test_what_failed_on_a_system_that_is_gone_is_not_fixed() -> None:
    gone = report(finding(), finding(system="mp02"))
    found = compare(gone, report())
    assert counts(found) == {"fixed": 1, "unknown": 1}
    assert [change.was and change.was["system"] for change in found.unknown] == ["mp02"]


@pytest.mark.parametrize("changes", [{"release": "2012-r2"}, {"mode": "mixed"}, {"tool": {"catalogue": {}}}])
def test_what_another_release_does_not_ask_is_not_fixed(changes: dict[str, Any]) -> None:
    dumb = finding(status="not-applicable", observed=None)
    assert counts(compare(report(finding()), report(dumb, **changes))) == {"unknown": 1}
    assert counts(compare(report(finding()), report(**changes))) == {"unknown": 1}
    assert counts(compare(report(finding()), report(PASSED, **changes))) == {"fixed": 1}
    elsewhere = finding(status="pass", system="mp02")
    assert counts(compare(report(finding()), report(elsewhere, **changes))) == {"fixed": 1}


def test_another_release_or_mode_is_remarked() -> None:
    old, new = report(finding(), release="2007-sp2", mode="native"), report(release="2007-sp2", mode="mixed")
    (remark,) = compare(old, new).remarks
    assert remark == "the mode was native and is mixed: other requirements apply"
    assert "2012-r2" in compare(old, report(release="2012-r2", mode="native")).remarks[0]


def test_a_redacted_report_is_compared_with_another_one_alone() -> None:
    with pytest.raises(UsageError, match="one of the reports is redacted"):
        compare(report(), report(redacted=True))
    assert "--redact-key" in compare(report(redacted=True), report(redacted=True)).remarks[0]


def test_the_new_report_holds_fingerprints() -> None:
    old, new = report(finding()), report(finding(requirement="eku.other"))
    held = baseline_object(compare(copy.deepcopy(old), new))
    assert held["new"] == [new["findings"][0]["fingerprint"]]
    assert held["fixed"] == [old["findings"][0]["fingerprint"]]
    assert (held["as_of"], held["complete"], held["catalogue_differs"]) == (old["as_of"], True, False)
