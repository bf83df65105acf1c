"""Which findings of a report need attention, and which come first."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.document.report_objects import FindingObject
from certaudit.document.vocabulary import SEVERITIES


def is_failure(finding: FindingObject) -> bool:
    """True where it failed and no waiver accepts it."""
    return finding["status"] == "fail" and finding["waiver"] is None


def is_gap(finding: FindingObject) -> bool:
    """True where a requirement of severity error could not be checked, and no waiver accepts it."""
    return is_unknown(finding) and finding["severity"] == "error"


def is_unknown(finding: FindingObject) -> bool:
    """True where it could not be checked, and no waiver accepts it."""
    return finding["status"] == "not-checked" and finding["waiver"] is None


def is_waived(finding: FindingObject) -> bool:
    """True where a waiver accepts it."""
    return finding["waiver"] is not None


def needs_attention(finding: FindingObject) -> bool:
    """True where it failed or could not be checked, waived or not."""
    return finding["status"] in ("fail", "not-checked")


def is_open(finding: FindingObject) -> bool:
    """True for a failure or a gap, of any severity, that no waiver accepts."""
    return needs_attention(finding) and finding["waiver"] is None


def worst_first(findings: Iterable[FindingObject]) -> list[FindingObject]:
    """The findings by severity, and else in the order of the report."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding["severity"]))
