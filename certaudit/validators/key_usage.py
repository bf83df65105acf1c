"""Key usage."""

from __future__ import annotations

from certaudit.validators.binding import Check

CHECKS: tuple[Check, ...] = ()
