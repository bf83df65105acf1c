"""Which certificate serves which role on which system. Missing and ambiguous are answers of their own."""

from certaudit.audit.assignment.assignment import Assignment, State
from certaudit.audit.assignment.assignments import assign, assign_each, assign_media
from certaudit.audit.assignment.bound import Bound
from certaudit.audit.assignment.callees import ANSWERING, CERTIFICATES, Callee, callees
from certaudit.audit.assignment.client_choice import Choice, Outcome, choose, chooser_of
from certaudit.audit.assignment.foreign_certificates import kind_of
from certaudit.audit.assignment.holding import (
    Holding,
    holdings,
    is_ca,
    owner_name,
)
from certaudit.audit.assignment.issuers_list import IssuersList, issuers_list

__all__ = [
    "ANSWERING",
    "CERTIFICATES",
    "Assignment",
    "Bound",
    "Callee",
    "Choice",
    "Holding",
    "IssuersList",
    "Outcome",
    "State",
    "assign",
    "assign_each",
    "assign_media",
    "callees",
    "choose",
    "chooser_of",
    "holdings",
    "is_ca",
    "issuers_list",
    "kind_of",
    "owner_name",
]
