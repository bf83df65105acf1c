"""The catalogue as text, as JSON and as the page docs/requirements.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from certaudit.reports import Options
from certaudit.reports.json_report import dump
from certaudit.reports.markdown import escaped
from certaudit.reports.plain_text import labelled
from certaudit.requirements.requirement import Citation, Requirement
from certaudit.site.releases import MODES, RELEASES, of_product
from certaudit.site.roles import CERTIFICATE_ROLES

SCHEMA = "certaudit-requirements/1"
_FAMILIES = {frozenset(RELEASES): "all", **{frozenset(of_product(product)): product for product in ("2007", "2012")}}


def write(rows: Sequence[Requirement], form: str, options: Options) -> str:
    """The rows in the format `form` (table, json or markdown); as a table in full where the options are verbose."""
    if form == "json":
        return dump({"schema": SCHEMA, "requirements": [_object(row) for row in rows]})
    if form == "markdown":
        return "\n".join(_page(rows)) + "\n"
    if options.verbose:
        return "\n\n".join("\n".join(_full(row, options.width)) for row in rows) + "\n"
    return _list(rows) + "\n"


def releases(row: Requirement) -> str:
    """The releases of a row, a whole family in one word."""
    known = _FAMILIES.get(row.releases)
    return known or ", ".join(release for release in RELEASES if release in row.releases)


def _list(rows: Iterable[Requirement]) -> str:
    from tabulate import tabulate

    table = [(row.id, str(row.severity), str(row.confidence), releases(row), row.title) for row in rows]
    return tabulate(
        table,
        ["Requirement", "Severity", "Confidence", "Releases", "What must hold"],
        tablefmt="simple",
        disable_numparse=True,
        maxcolwidths=[None, None, None, 16, 60],
    )


def _full(row: Requirement, width: int) -> Iterator[str]:
    yield f"{row.id}  {row.severity}, {row.confidence}"
    parts = {
        "must hold": row.title,
        "about": row.subject + (f" of {', '.join(sorted(row.roles))}" if row.roles else ""),
        "releases": releases(row),
        "check": row.check + "".join(f" {key}={value}" for key, value in row.parameters.items()),
        "otherwise": row.consequence,
        "fix": row.remediation,
    }
    for label, text in parts.items():
        yield from labelled(f"  {label:<11}", text, width)
    for cause, text in row.remedies.items():
        yield from labelled(f"  {'fix':<11}", f"{cause}: {text}", width)
    for citation in row.citations:
        yield from labelled(f"  {'source':<11}", str(citation), width)


def _object(row: Requirement) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "subject": row.subject,
        "releases": [release for release in RELEASES if release in row.releases],
        "roles": sorted(row.roles),
        "modes": sorted(row.modes),
        "unused_roots": row.unused_roots,
        "check": row.check,
        "parameters": dict(row.parameters),
        "severity": str(row.severity),
        "confidence": str(row.confidence),
        "citations": [str(citation) for citation in row.citations],
        "consequence": row.consequence,
        "remediation": row.remediation,
        "remedies": dict(row.remedies),
    }


# --- The page ---------------------------------------------------------------------------------------------------------


def _page(rows: Sequence[Requirement]) -> Iterator[str]:
    """A heading for each subject and, below it, for each id; an id is its own anchor."""
    subjects = [(subject, list(members)) for subject, members in groupby(rows, lambda row: row.id.partition(".")[0])]
    yield "# Requirements"
    yield ""
    yield "What certaudit requires, of what, in which releases, who says so, what happens otherwise, and what to do."
    yield f"{len({row.id for row in rows})} requirements; one that differs between releases or roles has several rows"
    yield f"({len(rows)} in all). Written by `certaudit requirements --format markdown`."
    yield ""
    for subject, members in subjects:
        yield f"- [{subject}](#{subject}): " + ", ".join(
            f"[{name}](#{subject}.{name})" for name in dict.fromkeys(row.id.partition(".")[2] for row in members)
        )
    for subject, members in subjects:
        yield from ("", f"## {subject}")
        for requirement_id, variants in groupby(members, lambda row: row.id):
            yield from ("", f'<a id="{requirement_id}"></a>', "", f"### {requirement_id}")
            remedies: dict[str, str] = {}
            for row in variants:
                yield from ("", f"**{_line(row.title)}**", "", *_entry(row))
                remedies |= row.remedies
            if remedies:
                yield from ("", "**Fixes of single causes**", "")
                yield from (f"- {cause}: {_line(text)}" for cause, text in remedies.items())


def _entry(row: Requirement) -> Iterator[str]:
    parameters = "; ".join(f"{name} = {_value(value)}" for name, value in row.parameters.items())
    parts = {
        "about": _about(row),
        "releases": releases(row),
        "severity": f"{row.severity}, {row.confidence}",
        "check": row.check + (f", {parameters}" if parameters else ""),
        "otherwise": row.consequence,
        "fix": row.remediation,
    }
    for label, words in parts.items():
        yield f"- {label}: {_line(words)}"
    for citation in row.citations:
        yield f"- source: {_source(citation)}"


def _about(row: Requirement) -> str:
    roles = [role for role in CERTIFICATE_ROLES if role in row.roles]
    whose = "" if not roles else " of every role" if len(roles) == len(CERTIFICATE_ROLES) else f" of {', '.join(roles)}"
    whose += ", also of roots that no chain uses" if row.unused_roots else ""
    modes = [mode for mode in MODES if mode in row.modes]
    return row.subject + whose + (f", in a site in {' or '.join(modes)} mode" if len(modes) < len(MODES) else "")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source(citation: Citation) -> str:
    document = _line(citation.document)
    if citation.url is not None:
        document = f"[{document}]({quote(citation.url, safe=_IN_A_LINK)})"
    return f"{document}: {_line(citation.clause)}"


_IN_A_LINK = "%/:?#@!$&'*+,;=~"
"""What a URL may hold and Markdown takes as it is: parentheses would end the link."""


def _line(value: str) -> str:
    """`value` in one line, escaped."""
    return escaped(" ".join(value.split()))
