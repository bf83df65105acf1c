"""Everything that the template lays out, worked out beforehand: the template itself decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certaudit.document.attention import is_failure, is_unknown, is_waived
from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document, FindingObject, ObstacleObject, by_thumbprint
from certaudit.document.short_names import certificate_name
from certaudit.document.wording import site_label
from certaudit.reports import Options, boot_answer
from certaudit.reports.html.chain_picture import Picture, pictures_of
from certaudit.reports.html.controls import FrameworkSection, frameworks_of
from certaudit.reports.html.groups import Group, groups_of
from certaudit.reports.html.matrix import Matrix, matrix_of
from certaudit.reports.html.names import joined
from certaudit.reports.html.summary import SummarySection, summary_of
from certaudit.reports.html.timeline import Timeline, timeline_of

_ADDRESS = re.compile(r"[a-z]+://")
"""How an input begins that came over the network."""


@dataclass
class Question:
    """A requirement that was asked, and how often with which answer."""

    first: FindingObject
    passed: int = 0
    failed: int = 0
    not_checked: int = 0
    not_applicable: int = 0
    waived: int = 0


@dataclass(frozen=True)
class Boot:
    """Whether a computer would boot: each way in (its name, what it is, the words for each point), and what shows."""

    title: str
    points: Sequence[str]
    ways: Sequence[tuple[str, str, Sequence[str]]]
    obstacles: Sequence[tuple[str, ObstacleObject]]
    reason: str | None
    tone: Callable[[str], str]


@dataclass(frozen=True)
class Page:
    """The parts of the page, in its order."""

    title: str
    summary: SummarySection
    boot: Boot | None
    matrix: Matrix
    timeline: Timeline | None
    pictures: Sequence[Picture]
    failures: Sequence[Group]
    gaps: Sequence[Group]
    waived: Sequence[Group]
    frameworks: Sequence[FrameworkSection]
    questions: Sequence[Question]
    contacted: Sequence[str]
    by_control: bool
    new: frozenset[str]
    certificates: dict[str, CertificateObject]

    def certificate(self, thumbprint: str | None) -> CertificateObject | None:
        return self.certificates.get(thumbprint or "")

    def name(self, certificate: CertificateObject) -> str:
        return certificate_name(certificate)

    def new_in(self, group: Group) -> int:
        """How many findings of a group the baseline did not have."""
        return sum(finding["fingerprint"] in self.new for finding in group.members)


def page_of(document: Document, options: Options) -> Page:
    """The parts of the page."""
    certificates, findings = by_thumbprint(document), document["findings"]
    failures = groups_of(document, filter(is_failure, findings), "finding")
    unknown = filter(is_unknown, findings)
    gaps = groups_of(document, unknown, "gap")
    waived = groups_of(document, filter(is_waived, findings), "waived")
    baseline = document.get("baseline")
    return Page(
        title=_title(document),
        summary=summary_of(document, failures, gaps),
        boot=_boot(document),
        matrix=matrix_of(document, options.verbose),
        timeline=timeline_of(document),
        pictures=pictures_of(document),
        failures=failures,
        gaps=gaps,
        waived=waived,
        frameworks=frameworks_of(document, (*failures, *gaps)),
        questions=_questions(document),
        contacted=[item["path"] for item in document["inputs"] if _ADDRESS.match(item["path"])],
        by_control=options.group_by == "control",
        new=frozenset(baseline["new"] if baseline else ()),
        certificates=certificates,
    )


def _boot(document: Document) -> Boot | None:
    if "boot" not in document:
        return None
    boot = document["boot"]
    ways = [
        (way["system"], boot_answer.WAY_WORDS[way["site_system_role"]], tuple(boot_answer.answers(way).values()))
        for way in boot["ways"]
    ]
    return Boot(
        boot_answer.TITLE,
        tuple(boot_answer.REACHED_WORDS.values()),
        ways,
        boot_answer.obstacles(boot),
        boot["reason"],
        boot_answer.tone,
    )


def _questions(document: Document) -> list[Question]:
    questions: dict[str, Question] = {}
    for finding in document["findings"]:
        question = questions.setdefault(finding["requirement"], Question(finding))
        if finding["waiver"] is not None:
            question.waived += 1
            continue
        match finding["status"]:
            case "pass":
                question.passed += 1
            case "fail":
                question.failed += 1
            case "not-checked":
                question.not_checked += 1
            case _:
                question.not_applicable += 1
    return [questions[requirement] for requirement in sorted(questions)]


def _title(document: Document) -> str:
    """The name and code of the site, or whose certificates they are where no manifest describes one."""
    site = document["site"]
    if site is not None:
        return site_label(site) or "Configuration Manager site"
    systems = list(dict.fromkeys(entry["system"] for entry in document["coverage"] if entry["system"]))
    return joined(systems, 2) or "Certificates"
