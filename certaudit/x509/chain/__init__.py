"""Candidate paths, their validation (RFC 5280 6.1), and revocation (RFC 5280 6.3, RFC 6960)."""

from certaudit.x509.chain.answer import Cause, RevocationAnswer, RevocationStatus
from certaudit.x509.chain.chains import CandidatePath, Chains
from certaudit.x509.chain.problem import CODES, Problem
from certaudit.x509.chain.trust import PathSettings, Trust

__all__ = [
    "CODES",
    "CandidatePath",
    "Cause",
    "Chains",
    "PathSettings",
    "Problem",
    "RevocationAnswer",
    "RevocationStatus",
    "Trust",
]
