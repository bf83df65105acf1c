"""The answer whether a computer would boot, as objects of the report."""

from __future__ import annotations

from collections.abc import Iterable

from certaudit.audit.boot_answer import BootAnswer, Way
from certaudit.audit.obstacles import Answer, Obstacle
from certaudit.document.report_objects import BootObject, CalledObject, ObstacleObject, ReachObject
from certaudit.printable import printable


def boot_object(boot: BootAnswer) -> BootObject:
    """The answer as the objects of the schema."""
    return {
        "ways": [
            {
                "system": printable(way.system.name),
                "site_system_role": way.role,
                "reaches": [_reach(role, answer, way) for role, answer in way.answers.items()],
                "accepted": way.is_accepted,
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
        "reason": boot.reason,
    }


def _reach(role: str, answer: Answer, way: Way) -> ReachObject:
    systems: list[CalledObject] = [
        {"system": printable(reach.system), "answer": str(reach.answer)}
        for reach in way.reaches
        if reach.role == role and reach.system
    ]
    return {"site_system_role": role, "answer": str(answer), "systems": systems}


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
