"""What findings have in common but for the names in them: 412 clients with one fault are one thing to mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document, FindingObject, by_thumbprint
from certaudit.document.short_names import certificate_name
from certaudit.document.vocabulary import SEVERITIES


def alike(document: Document, findings: Iterable[FindingObject]) -> list[list[FindingObject]]:
    """The findings in groups of which one change mends all: failures before gaps, the worst first, then the widespread
    before the single."""
    certificates = by_thumbprint(document)
    groups: dict[tuple[object, ...], list[FindingObject]] = {}
    for finding in findings:
        groups.setdefault(likeness(finding, certificates.get(finding["certificate"] or "")), []).append(finding)
    return sorted(groups.values(), key=_rank)


def _rank(members: Sequence[FindingObject]) -> tuple[bool, int, int]:
    first = members[0]
    return first["status"] != "fail", SEVERITIES.index(first["severity"]), -len(members)


def likeness(finding: FindingObject, certificate: CertificateObject | None) -> tuple[object, ...]:
    """Equal for findings that say the same of different certificates; of gaps the reason counts alone."""
    names = _names(finding, certificate)
    common = (finding["status"], finding["severity"], finding["waiver"], _nameless(finding["message"], names))
    if finding["status"] == "not-checked":
        return common
    texts = (_nameless(finding[key], names) for key in ("consequence", "remediation"))
    return (*common, finding["requirement"], *texts)


def _names(finding: FindingObject, certificate: CertificateObject | None) -> list[str]:
    """The texts that tell one member from another, the longest first, so that none is replaced in part."""
    system = finding["system"] or ""
    names = [system, system.partition(".")[0], finding["subject"], finding["observed"], finding["certificate"]]
    if certificate is not None:
        subject = certificate["subject"]
        names += [certificate["sha1"], subject, certificate_name(certificate)]
        names += [certificate["not_after"] and certificate["not_after"][:10]]
    return sorted({name for name in names if name and len(name) > 3}, key=lambda name: (-len(name), name))


def _nameless(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "\0")
    return text
