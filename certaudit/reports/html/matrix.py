"""Role by requirement: how each certificate role of each system stands, by subject at a glance and in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from certaudit.document.report_objects import Document, FindingObject
from certaudit.document.wording import STATE_WORDS
from certaudit.reports.html.names import joined

_HEADINGS = {
    "coverage": "Found",
    "validity": "Validity",
    "chain": "Chain",
    "revocation": "Revo\u00adcation",
    "name": "Names",
    "eku": "Pur\u00adposes",
    "key-usage": "Key usage",
    "public-key": "Public key",
    "signature": "Signa\u00adture",
    "private-key": "Private key",
    "template": "Tem\u00adplate",
    "identity": "Identity",
    "pfx": "PFX",
    "input": "Input",
    "store": "Store",
    "media": "Media",
    "osd": "OSD",
}


@dataclass(frozen=True)
class Mark:
    """A result as symbol and word, so that colour is never alone; `tone` is the class of its colour."""

    symbol: str
    word: str
    tone: str


PASS, NOT_APPLICABLE = Mark("✔", "pass", "pass"), Mark("–", "n/a", "none")
_MARKS = {
    ("fail", "error"): Mark("✖", "error", "error"),
    ("not-checked", "error"): Mark("?", "open", "unknown"),
    ("fail", "warning"): Mark("▲", "warn", "warning"),
    ("not-checked", "warning"): Mark("?", "open", "unknown"),
    ("not-checked", "notice"): Mark("?", "open", "unknown"),
    ("fail", "notice"): Mark("•", "note", "notice"),
}
_WAIVED = Mark("◇", "waived", "none")
_RANKS = [*_MARKS.values(), _WAIVED, PASS, NOT_APPLICABLE]


@dataclass(frozen=True)
class CellResult:
    """One requirement of a role; `name` is its id without the subject."""

    name: str
    mark: Mark
    observed: str | None


@dataclass(frozen=True)
class Row:
    """A role of the systems that have the very same results in it; `cells` are in the order of the columns."""

    systems: Sequence[str]
    role: str
    state: str
    cells: Sequence[Mark | None]
    subjects: Sequence[tuple[str, Sequence[CellResult]]]

    @property
    def label(self) -> str:
        return joined(self.systems, 2)

    @property
    def is_sound(self) -> bool:
        return self.worst in (PASS, NOT_APPLICABLE, _MARKS["fail", "notice"])

    @property
    def worst(self) -> Mark:
        return _worst(cell for cell in self.cells if cell is not None)


@dataclass(frozen=True)
class Matrix:
    """The rows that need attention, and the sound ones; `headings` name the columns."""

    headings: Sequence[str]
    attention: list[Row]
    sound: list[Row]


def mark(finding: FindingObject) -> Mark:
    """The mark of one finding."""
    if finding["waiver"] is not None:
        return _WAIVED
    if finding["status"] == "pass":
        return PASS
    return _MARKS.get((finding["status"], finding["severity"]), NOT_APPLICABLE)


def matrix_of(document: Document, observed: bool) -> Matrix:
    """The matrix, the worst rows first; with what was seen of each requirement where `observed` says so."""
    asked = {_subject(finding) for finding in document["findings"]}
    columns = [subject for subject in _HEADINGS if subject in asked] + sorted(asked - set(_HEADINGS))
    rows = _rows(document, columns, observed)
    rows.sort(key=lambda row: _RANKS.index(row.worst))
    headings = [_HEADINGS.get(subject, subject.replace("-", " ").capitalize()) for subject in columns]
    return Matrix(headings, [row for row in rows if not row.is_sound], [row for row in rows if row.is_sound])


def _rows(document: Document, columns: Sequence[str], observed: bool) -> list[Row]:
    states: dict[tuple[str | None, str | None], str] = {
        (entry["system"], entry["role"]): STATE_WORDS[entry["state"]] for entry in document["coverage"]
    }
    places: dict[tuple[str | None, str | None], list[FindingObject]] = {}
    for finding in document["findings"]:
        places.setdefault((finding["system"], finding["role"]), []).append(finding)
    alike: dict[tuple[object, ...], list[str]] = {}
    members: dict[tuple[object, ...], list[FindingObject]] = {}
    for (system, role), findings in places.items():
        results = tuple(sorted((f["requirement"], f["status"], f["waiver"] is None) for f in findings))
        key = (role, states.get((system, role)), results)
        alike.setdefault(key, []).append(system or ("trust lists" if role else "the site"))
        members.setdefault(key, findings)
    return [_row(alike[key], members[key], str(key[1] or ""), columns, observed) for key in alike]


def _row(
    systems: Sequence[str], findings: Sequence[FindingObject], state: str, columns: Sequence[str], observed: bool
) -> Row:
    ordered = sorted(findings, key=lambda finding: finding["requirement"])
    subjects = {subject: _results(members, observed) for subject, members in groupby(ordered, _subject)}
    cells = [_worst(result.mark for result in subjects[name]) if name in subjects else None for name in columns]
    named = [(name, subjects[name]) for name in columns if name in subjects]
    return Row(systems, findings[0]["role"] or "–", state, cells, named)


def _results(findings: Iterable[FindingObject], observed: bool) -> list[CellResult]:
    """Each requirement once, the worst of its marks where it was asked of several certificates."""
    results = []
    for requirement, members in groupby(findings, lambda finding: finding["requirement"]):
        worst = min(members, key=lambda finding: _RANKS.index(mark(finding)))
        name = requirement.partition(".")[2]
        results.append(CellResult(name, mark(worst), worst["observed"] if observed else None))
    return results


def _subject(finding: FindingObject) -> str:
    return finding["requirement"].partition(".")[0]


def _worst(marks: Iterable[Mark]) -> Mark:
    return min(marks, key=_RANKS.index, default=NOT_APPLICABLE)
