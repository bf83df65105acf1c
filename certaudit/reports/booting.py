"""Would a computer boot? The answer as objects of the report, and in the words of formats that people read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from certaudit.boot_answer import BootAnswer, Obstacle
from certaudit.printable import printable
from certaudit.reports.document import BootObject, ObstacleObject, WayObject

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


def boot_object(boot: BootAnswer) -> BootObject:
    """The answer as the objects of the schema."""
    return {
        "ways": [
            {
                "system": printable(way.system.name),
                "site_system_role": way.role,
                "reaches": [{"site_system_role": role, "answer": str(answer)} for role, answer in way.answers.items()],
                "obstacles": _obstacles(way.obstacles),
            }
            for way in boot.ways
        ],
        "reached": [
            {
                "system": printable(station.system.name),
                "site_system_role": station.role,
                "obstacles": _obstacles(station.obstacles),
            }
            for station in boot.reached
        ],
    }


def _obstacles(obstacles: Iterable[Obstacle]) -> list[ObstacleObject]:
    return [
        {
            "answer": str(obstacle.answer),
            "failure": obstacle.failure,
            "shows": obstacle.shows,
            "requirement": obstacle.requirement,
            "message": obstacle.message,
        }
        for obstacle in obstacles
    ]


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
