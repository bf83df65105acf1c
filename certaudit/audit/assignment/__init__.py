"""Which certificate serves which role on which system. Missing and ambiguous are answers of their own."""

from certaudit.audit.assignment.assignments import (
    Assignment,
    State,
    assign,
    assign_each,
    assign_media,
)
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    owner_name,
)

__all__ = [
    "Assignment",
    "Holding",
    "State",
    "assign",
    "assign_each",
    "assign_media",
    "holdings",
    "is_ca",
    "owner_name",
]
