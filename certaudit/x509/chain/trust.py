"""What is given to path validation from outside: the certificates and CRLs at hand, and how strictly to judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.oids import ANY_POLICY


@dataclass(frozen=True)
class Trust:
    """The trust anchors (an explicit input, never the machine's own), and what else may help to build a path."""

    anchors: tuple[Certificate, ...] = ()
    intermediates: tuple[Certificate, ...] = ()
    crls: tuple[RevocationList, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class PathSettings:
    """The inputs of RFC 5280 6.1.1 (c), (e), (f), (g), and whether revocation counts.

    With `revocation` "required" an element of which nobody says that it is not revoked is a problem of its path;
    with "off" the answers are still there, beside the problems.
    """

    initial_policies: frozenset[str] = frozenset({ANY_POLICY})
    explicit_policy: bool = False
    inhibit_policy_mapping: bool = False
    inhibit_any_policy: bool = False
    revocation: Literal["required", "off"] = "required"
