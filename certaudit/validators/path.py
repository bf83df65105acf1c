"""Certification paths and trust anchors."""

from __future__ import annotations

from certaudit.validators.binding import Check

CHECKS: tuple[Check, ...] = ()
