"""Which certificate serves which role on which system. Missing and ambiguous are answers of their own."""

from certaudit.assignment.assignments import Assignment, State, assign, assign_each, assign_media
from certaudit.assignment.holding import Holding, holdings, is_ca, owner_name
from certaudit.assignment.roles import SELECTING_ROLES, SERVED_BY, certificate_roles, purposes_of

__all__ = [
    "SELECTING_ROLES",
    "SERVED_BY",
    "Assignment",
    "Holding",
    "State",
    "assign",
    "assign_each",
    "assign_media",
    "certificate_roles",
    "holdings",
    "is_ca",
    "owner_name",
    "purposes_of",
]
