"""What the chains of the site use: the CA certificates and the CRLs that are judged. Everything else is inventory.

In use is what stands on a chain of a certificate that serves a system, or may: of an ambiguous role every candidate,
and what was passed over for a role, because the server may be bound to it still. A CA given to be checked as one is in
use by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from certaudit.audit.assignment import Assignment, State
from certaudit.audit.assignment.holding import Holding, is_ca
from certaudit.audit.crls_in_use import current, of_issuers
from certaudit.evidence import CrlEntry, SiteEvidence
from certaudit.requirements.windows_certificates import is_of_windows
from certaudit.site import roles
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains

_OPEN = (State.MISSING, State.AMBIGUOUS, State.NOT_SUPPLIED)


class InUse(NamedTuple):
    """`assignments` are those to judge, the CA certificates of the chains that no trust list names among them; `crls`
    are the CRLs to judge. `certificates` stand on a chain. `unused_authorities`, `unused_roots` and `unused_crls` count
    what is inventory: of roots, those that the site lists. `open_roles` are the roles of which it is not known which
    certificate serves them."""

    assignments: tuple[Assignment, ...]
    crls: tuple[CrlEntry, ...]
    certificates: frozenset[Certificate]
    unused_authorities: int = 0
    unused_roots: int = 0
    unused_crls: int = 0
    open_roles: tuple[str, ...] = ()


def in_use(assignments: Sequence[Assignment], evidence: SiteEvidence, chains: Chains) -> InUse:
    """What of the evidence is judged, `assignments` being the answers for the systems and the trust lists."""
    used = _on_chains(assignments, chains)
    everything = any(answer.system and answer.role in roles.FAMILIES["authorities"] for answer in assignments)
    if everything:
        used |= dict.fromkeys(answer.holding.certificate for answer in assignments if answer.holding)
    kept = tuple(answer for answer in assignments if _is_judged(answer, used))
    answers = (*kept, *_issuers(kept, used))
    judged = {answer.holding.certificate for answer in answers if answer.holding}
    roots = judged - used.keys()
    crls = current(evidence.every_crl, chains.as_of)
    if not everything:
        crls = tuple(of_issuers(crls, used, evidence.every_certificate))
    others = sum(is_ca(certificate) and certificate not in judged for certificate in evidence.every_certificate)
    return InUse(
        answers,
        crls,
        frozenset(used),
        others,
        len(roots),
        len(evidence.every_crl) - len(crls),
        tuple(dict.fromkeys(answer.role for answer in assignments if answer.system and answer.state in _OPEN)),
    )


def _on_chains(assignments: Iterable[Assignment], chains: Chains) -> dict[Certificate, None]:
    """The certificates on the best chain of each that serves a system or may, and on every other that is valid: which
    of several a computer takes is not known."""
    used: dict[Certificate, None] = {}
    for answer in assignments:
        if answer.system is None:
            continue
        held = [answer.holding] if answer.holding else []
        for holding in (*held, *answer.candidates, *answer.passed_over):
            best, *others = chains.paths(holding.certificate)
            for path in (best, *(other for other in others if other.valid)):
                used |= dict.fromkeys(path.certificates)
    return used


def _is_judged(answer: Assignment, used: dict[Certificate, None]) -> bool:
    """False for a CA certificate of a trust list that no chain uses; the site lists its roots, which says enough where
    Windows does not bring them."""
    if answer.system is not None or answer.holding is None or answer.holding.certificate in used:
        return True
    return answer.role == "root-ca" and not is_of_windows(answer.holding.certificate)


def _issuers(kept: Iterable[Assignment], used: dict[Certificate, None]) -> Iterator[Assignment]:
    """The CA certificates that a chain uses and no trust list names, such as those inside a PFX."""
    listed: set[Certificate] = set()
    for answer in kept:
        held = [answer.holding] if answer.holding else []
        listed |= {holding.certificate for holding in (*held, *answer.candidates, *answer.passed_over)}
    for certificate in used:
        if certificate not in listed:
            yield Assignment(None, None, "intermediate-ca", State.ASSIGNED, Holding(certificate, ()))
