"""Would a computer boot? The answer as objects of the report, and in the words of formats that people read."""

from __future__ import annotations

from certaudit.document.report_objects import BootObject, ObstacleObject, ReachObject, WayObject

TITLE = "Would a computer boot today?"
WORDS = {"yes": "reached", "no": "not reached", "cannot-say": "cannot say"}
WAY_WORDS = {"boot-media": "boot media", "pxe-service-point": "PXE"}
REACHED_WORDS = {
    "management-point": "Management point",
    "state-migration-point": "State migration point",
    "distribution-point": "Distribution point",
}


def answers(way: WayObject) -> dict[str, str]:
    """The words for each role that a computer reaches, `none` where the site has no system of it."""
    known = {reach["site_system_role"]: _words(reach) for reach in way["reaches"]}
    return {role: known.get(role, "none") for role in REACHED_WORDS}


def _words(reach: ReachObject) -> str:
    """All or none in a word, else how many."""
    reached = sum(called["answer"] == "yes" for called in reach["systems"])
    if 0 < reached < len(reach["systems"]):
        return f"{reached} of {len(reach['systems'])} reached"
    return WORDS[reach["answer"]]


def tone(words: str) -> str:
    """How bad an answer is: `pass`, `error`, `unknown` or `none`."""
    return {"reached": "pass", "not reached": "error", "cannot say": "unknown", "none": "none"}.get(words, "error")


def obstacles(boot: BootObject) -> list[tuple[str, ObstacleObject]]:
    """The obstacles with the system of each, those that are certain first, each once for each system."""
    found = {
        (place["system"], *obstacle.values()): (place["system"], obstacle)
        for place in (*boot["ways"], *boot["reached"])
        for obstacle in place["obstacles"]
    }
    return sorted(found.values(), key=lambda pair: pair[1]["answer"] != "no")
