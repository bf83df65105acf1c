"""Revocation, CRLs and where they are."""

from __future__ import annotations

from certaudit.validators.binding import Check

CHECKS: tuple[Check, ...] = ()
