"""Plain text for people at a terminal: wrapped to a width, in tables, and in colour where colour is wanted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

_STYLES = {"error": "31;1", "warning": "33;1", "notice": "36", "good": "32;1", "unknown": "35;1", "head": "1"}


def styled(text: str, style: str, colour: bool) -> str:
    """`text` in the colours of `style`, a key of the styles, where `colour` is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most `width` columns: the first one begins with `first`, the others with `rest`, or else `first`."""
    later = first if rest is None else rest
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def labelled(label: str, text: str, width: int) -> list[str]:
    """`text` wrapped behind `label`, whose columns stay free below it."""
    return wrapped(text, width, label, " " * len(label))


def shortened(text: str, width: int) -> str:
    """`text` cut to `width` columns, with an ellipsis in place of what is left out: of a path the beginning."""
    if len(text) <= width:
        return text
    return f"...{text[3 - width :]}" if "/" in text else f"{text[: width - 3]}..."


def table(rows: Iterable[Iterable[str]], headers: Sequence[str]) -> str:
    """Columns under their headers; no text is taken for a number."""
    from tabulate import tabulate

    return tabulate([list(row) for row in rows], headers, tablefmt="simple", disable_numparse=True)
