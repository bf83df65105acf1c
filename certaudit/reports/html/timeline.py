"""The expiry timeline: a bar for each certificate in use, from issue to end, and a diamond where a CRL ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from certaudit.document.evidence_objects import CertificateObject
from certaudit.document.report_objects import Document, by_thumbprint
from certaudit.document.short_names import certificate_name
from certaudit.instants import instant
from certaudit.reports.html.names import clipped, in_days

MOST_BARS = 40
"""Bars with a line each; later ends share a line a month."""

LABEL, WIDTH, LINE, TOP = 300, 1000, 22, 34
"""Measures of the picture in its own units: column of labels, whole width, height of a line and of the scale."""

_PAST, _MOST_AHEAD = timedelta(days=365), timedelta(days=3652)


@dataclass(frozen=True)
class Span:
    """Something that ends: a certificate, a CRL (without a start), or the certificates that end in one month."""

    label: str
    start: str | None
    end: str
    systems: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """A span drawn: where its line is, where it starts and ends, and whether it runs on beyond the picture."""

    span: Span
    label: str
    state: str
    distance: str
    y: int
    x: float
    end: float
    beyond: bool

    @property
    def width(self) -> float:
        return round(max(2.0, self.end - self.x), 1)

    @property
    def diamond(self) -> str:
        """The path of the mark of a span without a start."""
        return f"M{self.end} {self.y - 6}l6 6l-6 6l-6 -6z"


@dataclass(frozen=True)
class Timeline:
    """The whole picture; `ticks` are years (or months) and their places, `horizons` the lines 30, 60 and 90 days on."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[str, float]]
    horizons: Sequence[tuple[str, float]]
    today: float
    height: int

    label, width, top = LABEL, WIDTH, TOP


class _Scale:
    """Instants as places along the picture."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, last

    def place(self, moment: datetime) -> float:
        share = (moment - self.first) / (self.last - self.first)
        return round(LABEL + 10 + min(1.0, max(0.0, share)) * (WIDTH - LABEL - 20), 1)

    def ticks(self) -> list[tuple[str, float]]:
        """The turns of the years, no more than fit."""
        years = range(self.first.year + 1, self.last.year + 1)
        step = 1 + len(years) // 9
        return [(str(year), self.place(self.first.replace(year, 1, 1, 0, 0, 0))) for year in years[::step]]


def timeline_of(document: Document) -> Timeline | None:
    """The timeline of what is in use; None where nothing is."""
    spans = _by_month(sorted(_spans(document), key=lambda span: (span.end, span.label)), document["as_of"])
    if not spans:
        return None
    as_of = datetime.fromisoformat(document["as_of"])
    scale = _scale(as_of, [datetime.fromisoformat(span.end) for span in spans])
    return Timeline(
        bars=[_bar(span, line, as_of, scale) for line, span in enumerate(spans)],
        ticks=[(name, place) for name, place in scale.ticks() if abs(place - scale.place(as_of)) > 40],
        horizons=[(f"{days} d", scale.place(as_of + timedelta(days=days))) for days in (30, 60, 90)],
        today=scale.place(as_of),
        height=TOP + LINE * len(spans) + 8,
    )


def _spans(document: Document) -> Iterable[Span]:
    """Each certificate of a chain in use, and each CRL that something depends on."""
    certificates, systems = by_thumbprint(document), _dependants(document)
    for thumbprint, names in systems.items():
        certificate = certificates.get(thumbprint)
        if certificate is not None and certificate["not_after"] is not None:
            yield Span(_label(certificate), certificate["not_before"], certificate["not_after"], names)
    for deadline in document["next_failures"]:
        if deadline["certificate"] is None:
            yield Span(deadline["what"], None, deadline["when"], deadline["systems"])


def _dependants(document: Document) -> dict[str, list[str]]:
    """The systems that depend on each certificate."""
    found: dict[str, dict[str, None]] = {}
    for chain in document["chains"]:
        for thumbprint in chain["certificates"]:
            found.setdefault(thumbprint, {}).update(dict.fromkeys(e["system"] or "" for e in chain["systems"]))
    return {thumbprint: sorted(names) for thumbprint, names in found.items()}


def _label(certificate: CertificateObject) -> str:
    roles = " and ".join(sorted({entry["role"] for entry in certificate["roles"] if entry["system"]}))
    return f"{certificate_name(certificate)} ({roles or 'CA'})"


def _by_month(spans: Sequence[Span], as_of: str) -> list[Span]:
    """The soonest spans as they are, the rest by the month in which they end."""
    if len(spans) <= MOST_BARS + MOST_BARS // 2:
        return list(spans)
    months = groupby(spans[MOST_BARS:], lambda span: span.end[:7])
    return [*spans[:MOST_BARS], *(_month(month, list(members)) for month, members in months)]


def _month(month: str, spans: Sequence[Span]) -> Span:
    if len(spans) == 1:
        return spans[0]
    starts = [span.start for span in spans if span.start is not None]
    systems = sorted({name for span in spans for name in span.systems})
    label = f"{len(spans):,} certificates and CRLs, {month}"
    return Span(label, min(starts, default=None), spans[0].end, systems)


def _scale(as_of: datetime, ends: Sequence[datetime]) -> _Scale:
    """From a year back, or the first end where that is earlier, to the last end; ten years either way at most."""
    first = max(min([as_of - _PAST, *ends]), as_of - _MOST_AHEAD)
    near = [end for end in ends if end <= as_of + _MOST_AHEAD]
    last = max([as_of + timedelta(days=180), *near])
    return _Scale(first, last + (last - first) / 40)


def _bar(span: Span, line: int, as_of: datetime, scale: _Scale) -> Bar:
    end = datetime.fromisoformat(span.end)
    return Bar(
        span=span,
        label=clipped(span.label, 40),
        state=_state(span, end, as_of),
        distance=in_days(instant(as_of), span.end),
        y=TOP + LINE * line + LINE // 2,
        x=scale.place(datetime.fromisoformat(span.start)) if span.start else scale.place(end),
        end=scale.place(end),
        beyond=end > scale.last,
    )


def _state(span: Span, end: datetime, as_of: datetime) -> str:
    if end <= as_of:
        return "expired"
    if span.start is not None and datetime.fromisoformat(span.start) > as_of:
        return "not yet valid"
    return "soon" if end <= as_of + timedelta(days=90) else "good"
