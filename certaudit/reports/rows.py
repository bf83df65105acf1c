"""Findings and certificates as flat rows of texts, for the formats that are tables."""

from __future__ import annotations

from collections.abc import Iterator

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import ControlObject, Document, FindingObject, by_thumbprint, controls_of

FINDING_HEADERS = (
    "status",
    "severity",
    "waiver",
    "requirement",
    "title",
    "system",
    "role",
    "subject",
    "sha256",
    "sha1",
    "expires",
    "message",
    "observed",
    "expected",
    "consequence",
    "remediation",
    "controls",
    "citations",
    "confidence",
    "fingerprint",
)
CERTIFICATE_HEADERS = (
    "sha256",
    "sha1",
    "subject",
    "issuer",
    "serial",
    "not_before",
    "not_after",
    "signature_algorithm",
    "public_key",
    "names",
    "private_key",
    "roles",
    "found_in",
)


def finding_rows(document: Document) -> Iterator[tuple[str, ...]]:
    """One row for each finding, in the order of the report; the columns are FINDING_HEADERS."""
    certificates = by_thumbprint(document)
    for finding in document["findings"]:
        yield _finding(finding, certificates.get(finding["certificate"] or ""), controls_of(document, finding))


def _finding(
    finding: FindingObject, certificate: CertificateObject | None, controls: list[ControlObject]
) -> tuple[str, ...]:
    subject = finding["subject"] or (certificate["subject"] if certificate else None)
    cells = (
        finding["status"],
        finding["severity"],
        finding["waiver"],
        finding["requirement"],
        finding["title"],
        finding["system"],
        finding["role"],
        subject,
        finding["certificate"],
        certificate["sha1"] if certificate else None,
        certificate["not_after"] if certificate else None,
        finding["message"],
        finding["observed"],
        finding["expected"],
        finding["consequence"],
        finding["remediation"],
        "; ".join(f"{control['framework']} {control['id']} ({control['strength']})" for control in controls),
        "; ".join(finding["citations"]),
        finding["confidence"],
        finding["fingerprint"],
    )
    return tuple(cell or "" for cell in cells)


def certificate_rows(document: Document) -> Iterator[tuple[str, ...]]:
    """One row for each certificate; the columns are CERTIFICATE_HEADERS."""
    for certificate in document["certificates"]:
        key = certificate["public_key"]
        words = (key["type"], str(key["bits"] or ""), key["curve"])
        cells = (
            certificate["sha256"],
            certificate["sha1"],
            certificate["subject"],
            certificate["issuer"],
            certificate["serial"],
            certificate["not_before"],
            certificate["not_after"],
            certificate["signature_algorithm"],
            " ".join(filter(None, words)),
            ", ".join(certificate["names"] or []),
            {True: "present", False: "absent", None: "not known"}[certificate["private_key"]["present"]],
            ", ".join(f"{entry['role']} of {entry['system'] or 'trust lists'}" for entry in certificate["roles"]),
            ", ".join(dict.fromkeys(place["input"] for place in certificate["provenance"])),
        )
        yield tuple(cell or "" for cell in cells)
