"""The report as one HTML file: no network, nothing to install, nothing that runs but its own script.

All text of the document is outside text: Jinja escapes it, and a content security policy by hash stops what escaping
would let slip. The policy stands before everything that it governs, since a browser heeds it from there on alone
(Content Security Policy Level 3, 3.3).
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from certaudit.document.report_objects import Document
from certaudit.errors import UsageError
from certaudit.reports import Options
from certaudit.reports.html.page import page_of

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST_TEXT = 2_000
"""Characters of one text; what is cut off stands in the JSON report."""

_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src 'none'; font-src 'none'; connect-src 'none'; "
    "object-src 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def write(document: Document, options: Options) -> str:
    """The report as HTML. Raises UsageError where Jinja is missing."""
    environment = _environment()
    style, script = _part("style.css"), _part("script.js")
    from markupsafe import Markup

    return environment.get_template("report.html.j2").render(
        page=page_of(document, options),
        document=document,
        policy=_POLICY.format(style=_hash(style), script=_hash(script)),
        style=Markup(style),
        script=Markup(script),
    )


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise UsageError("the HTML report needs Jinja; install it with: pip install 'certaudit[html]'") from error
    environment = Environment(
        loader=PackageLoader("certaudit.reports.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clipped,
    )
    environment.filters["day"] = _day
    return environment


def _clipped(value: object) -> object:
    """`value`, cut short where it is a text of a length that no report needs."""
    if type(value) is not str or len(value) <= LONGEST_TEXT:
        return value
    return f"{value[:LONGEST_TEXT]}… ({len(value) - LONGEST_TEXT:,} characters more)"


def _day(moment: str | None) -> str:
    """The date of an instant."""
    return "unreadable" if moment is None else moment[:10]


def _part(name: str) -> str:
    return files(__name__).joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression under which a browser lets `text` between its tags run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
