"""Would a computer boot? The answer as objects of the report, and in the words of formats that people read."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.document.report_objects import BootObject, WayObject

TITLE = "Would a computer boot today?"
WORDS = {"yes": "reached", "no": "not reached", "cannot-say": "cannot say"}
WAY_WORDS = {"boot-media": "boot media", "pxe-service-point": "PXE"}
REACHED_WORDS = {
    "management-point": "Management point",
    "state-migration-point": "State migration point",
    "distribution-point": "Distribution point",
}


class Shown(NamedTuple):
    """A failure that would show: its number (`-` where it is none of those documented), whom it is about, why, and what
    is seen. `is_certain` is False where that it happens is not known."""

    failure: str
    system: str
    message: str
    shows: str
    requirement: str
    is_certain: bool


def answers(way: WayObject) -> dict[str, str]:
    """The words for each role that a computer reaches, `none` where the site has no system of it."""
    known = {reach["site_system_role"]: WORDS[reach["answer"]] for reach in way["reaches"]}
    return {role: known.get(role, "none") for role in REACHED_WORDS}


def failures(boot: BootObject) -> list[Shown]:
    """What would show, certain failures first, each once for each system."""
    found = [
        Shown(
            obstacle["failure"] or "-",
            place["system"],
            obstacle["message"],
            obstacle["shows"],
            obstacle["requirement"],
            obstacle["answer"] == "no",
        )
        for place in (*boot["ways"], *boot["reached"])
        for obstacle in place["obstacles"]
    ]
    return sorted(dict.fromkeys(found), key=lambda shown: not shown.is_certain)
