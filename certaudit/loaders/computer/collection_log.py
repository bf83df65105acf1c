"""collected.txt, the log of the collect script: which computer, which version of the script, when, and whether the one
who ran it may see what only an administrator may."""

from __future__ import annotations

import re
from datetime import date

from certaudit.evidence import ComputerFacts, Input
from certaudit.loaders.computer import tool_text
from certaudit.loaders.source import Source

FORMAT = "collection-log"

_FIRST = re.compile(r"certaudit collect script (?P<version>\d{1,4}) on (?P<computer>\S{1,64})[ \t]*")
_NO_ADMINISTRATOR = "LEFT OUT  what only an administrator may read"
_ENTRY = re.compile(r"(?:\S+|not there|LEFT OUT)  \S.*")
_PATTERN = re.compile(r"[ \t]+sShortDate[ \t]+REG_SZ[ \t]+(?P<pattern>\S.*)")
_DATE = re.compile(r"(?<!\d)(\d{1,4})([./-]) ?(\d{1,2})[./-] ?(\d{1,4})(?!\d)")


def sniff(source: Source) -> bool:
    """True for the first line that the script writes."""
    return any(map(_FIRST.match, tool_text.beginning(source)[:1]))


def load(source: Source) -> Input:
    """The computer, the day and the rights. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "a log of the collect script", FORMAT)
    first = _FIRST.fullmatch(text.lines[0]) if text.lines else None
    if first is None:
        return Input(source.name, FORMAT, remarks=text.remarks or ("The first line of the log is not understood.",))
    pattern = next((found["pattern"] for line in text.lines if (found := _PATTERN.fullmatch(line))), None)
    limited = any(line.startswith(_NO_ADMINISTRATOR) for line in text.lines)
    facts = ComputerFacts(
        name=first["computer"],
        script=int(first["version"]),
        collected=_day(text.lines[1], pattern) if len(text.lines) > 1 else None,
        administrator=False if limited else True if any(map(_ENTRY.fullmatch, text.lines[2:])) else None,
    )
    return Input(source.name, FORMAT, computer=facts, remarks=text.remarks)


def _day(text: str, pattern: str | None) -> date | None:
    """The day of `%DATE%`, by the user's own pattern for dates; without it only where the order is not in doubt."""
    found = _DATE.search(text)
    if found is None:
        return None
    order = _order(pattern) if pattern else _plain_order(found)
    numbers = dict(zip(order or "", (found[1], found[3], found[4]), strict=False))
    if len(numbers) < 3:
        return None
    year = int(numbers["y"])
    try:
        day = date(year + 2000 if year < 100 else year, int(numbers["m"]), int(numbers["d"]))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None  # a Buddhist or an Islamic calendar has other years


def _order(pattern: str) -> str | None:
    """ "dmy" for dd.MM.yyyy and its like."""
    order = "".join(dict.fromkeys(re.findall("[dmy]", pattern.lower())))
    return order if len(order) == 3 else None


def _plain_order(found: re.Match[str]) -> str | None:
    first, second = int(found[1]), int(found[3])
    if len(found[1]) == 4:
        return "ymd"
    if len(found[4]) < 4:
        return None
    if first > 12 or first == second or "." in found[2]:
        return "dmy"
    return "mdy" if second > 12 else None
