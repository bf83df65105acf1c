"""Extended key usage and application policies."""

from __future__ import annotations

from certaudit.validators.binding import Check

CHECKS: tuple[Check, ...] = ()
