"""Metrics for the textfile collector of Prometheus' node exporter: expiry dates, counts, when the audit was made.

The dates are there and not the days left: `(certaudit_certificate_not_after_timestamp_seconds - time()) / 86400`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from certaudit.document.report_objects import Document
from certaudit.document.vocabulary import SEVERITIES
from certaudit.reports import Options


def write(document: Document, options: Options) -> str:
    """The metrics in the text exposition format 0.0.4."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    summary = document["summary"]
    yield from _metric("certaudit_certificate_not_after_timestamp_seconds", "When a certificate in use expires.")
    for certificate in document["certificates"]:
        if certificate["not_after"] is None:
            continue
        for entry in certificate["roles"]:
            labels = {
                "role": entry["role"],
                "system": entry["system"] or "",
                "serial": certificate["serial"],
                "subject": certificate["subject"] or "",
                "sha1": certificate["sha1"],
            }
            end = _seconds(certificate["not_after"])
            yield f"certaudit_certificate_not_after_timestamp_seconds{_labels(labels)} {end}"
    yield from _metric("certaudit_findings", "Failed requirements that no waiver accepts.")
    for severity, number in zip(SEVERITIES, summary["failed"].values(), strict=True):
        yield f"certaudit_findings{_labels({'severity': severity})} {number}"
    yield from _metric("certaudit_findings_not_checked", "Requirements that could not be checked.")
    yield f"certaudit_findings_not_checked {summary['not_checked']}"
    yield from _metric("certaudit_findings_waived", "Failures and gaps that a waiver accepts.")
    yield f"certaudit_findings_waived {summary['waived']}"
    yield from _metric("certaudit_compliant", "1 where the verdict is compliant.")
    yield f"certaudit_compliant {int(document['verdict'] == 'compliant')}"
    yield from _metric("certaudit_run_complete", "1 where nothing that is required was left unchecked or unread.")
    yield f"certaudit_run_complete {int(document['complete'])}"
    yield from _metric("certaudit_last_run_timestamp_seconds", "The instant of the audit.")
    yield f"certaudit_last_run_timestamp_seconds {_seconds(document['as_of'])}"


def _metric(name: str, explanation: str) -> Iterator[str]:
    yield f"# HELP {name} {explanation}"
    yield f"# TYPE {name} gauge"


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
