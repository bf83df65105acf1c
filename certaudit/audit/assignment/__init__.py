"""Which certificate serves which role on which system. Missing and ambiguous are answers of their own."""

from certaudit.audit.assignment.assignments import (
    Assignment,
    State,
    assign,
    assign_each,
    assign_media,
)
from certaudit.audit.assignment.callees import ANSWERING, CERTIFICATES, Callee, callees
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    owner_name,
)

__all__ = [
    "ANSWERING",
    "CERTIFICATES",
    "Assignment",
    "Callee",
    "Holding",
    "State",
    "assign",
    "assign_each",
    "assign_media",
    "callees",
    "holdings",
    "is_ca",
    "owner_name",
]
