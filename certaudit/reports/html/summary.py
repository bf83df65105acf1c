"""What a person must know in ten seconds: is the site ready, what breaks first and when, who must do what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from certaudit.document.report_objects import DeadlineObject, Document
from certaudit.document.wording import summary_words, verdict_words
from certaudit.reports.html.groups import Group
from certaudit.reports.html.names import clipped, counted, in_days, joined

MOST_STEPS, MOST_RENEWALS = 5, 3
_SENTENCE_END = re.compile(r"(?<=[\w»)\]])\. (?=[A-Z«])")
_TONES = {
    "NOT READY": "error",
    "CANNOT SAY": "unknown",
    "READY WITH WARNINGS": "warning",
    "READY": "pass",
}


@dataclass(frozen=True)
class Step:
    """One thing to do: by when, why (with the names of those whom it is about) and what; `target` tells more."""

    when: str
    why: str
    action: str
    target: str


@dataclass(frozen=True)
class SummarySection:
    """The first screen. `broken` are the systems that have an error today; `deadline` is the next one to come."""

    verdict: str
    tone: str
    counts: str
    broken: Sequence[str]
    deadline: DeadlineObject | None
    distance: str
    takes_along: str
    steps: Sequence[Step]
    more: int

    @property
    def broken_names(self) -> str:
        return joined(self.broken, 3)


def summary_of(document: Document, failures: Sequence[Group], gaps: Sequence[Group]) -> SummarySection:
    """The first screen of the report."""
    word = verdict_words(document)
    deadline = next(iter(document["next_failures"]), None)
    steps = list(_steps(document, failures, gaps))
    return SummarySection(
        verdict=word,
        tone=_TONES[word],
        counts=summary_words(document).partition(": ")[2],
        broken=_broken(failures),
        deadline=deadline,
        distance=in_days(document["as_of"], deadline["when"]) if deadline else "",
        takes_along=joined(deadline["systems"], 2) if deadline else "",
        steps=steps[:MOST_STEPS],
        more=max(0, len(steps) - MOST_STEPS),
    )


def _broken(failures: Iterable[Group]) -> list[str]:
    """The systems that have an error today."""
    return list(dict.fromkeys(name for group in failures if group.severity == "error" for name in group.places))


def _steps(document: Document, failures: Sequence[Group], gaps: Sequence[Group]) -> Iterator[Step]:
    """What to do, the most urgent first: errors, what keeps the verdict open, warnings, and then what is to come."""
    errors = [group for group in failures if group.severity == "error"]
    yield from (_mend(group, "now") for group in errors)
    yield from (_settle(group) for group in gaps if group.severity == "error")
    yield from (_mend(group, "soon") for group in failures if group.severity == "warning")
    if not errors:
        yield from islice(_renewals(document), MOST_RENEWALS)


def _mend(group: Group, when: str) -> Step:
    first = group.first
    return Step(when, f"{group.where}: {first['message']}", _action(first["remediation"]), group.anchor)


def _settle(group: Group) -> Step:
    checks = counted(len(group.members), "required check")
    return Step("now", f"{group.where}: {checks} could not be done", _action(group.first["message"]), group.anchor)


def _action(text: str) -> str:
    """The first sentence of a remediation, which says what to do."""
    first, *rest = _SENTENCE_END.split(text, maxsplit=1)
    return clipped(f"{first}." if rest else first, 300)


def _renewals(document: Document) -> Iterator[Step]:
    """What is to be renewed, a step for each day and kind."""
    days = groupby(document["next_failures"], lambda d: (d["when"][:10], d["certificate"] is not None))
    for (day, is_certificate), members in days:
        ending = list(members)
        systems = list(dict.fromkeys(name for deadline in ending for name in deadline["systems"]))
        action = "Renew before for" if is_certificate else "Publish the next CRL before, for the sake of"
        when = f"by {day}, {in_days(document['as_of'], ending[0]['when'])}"
        why = ending[0]["what"] + (f", and {len(ending) - 1:,} more on that day" if len(ending) > 1 else "")
        yield Step(when, why, f"{action} {joined(systems, 3)}.", "timeline")
