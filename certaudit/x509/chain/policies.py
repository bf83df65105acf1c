"""Certificate policies along a path (RFC 5280 6.1.2 to 6.1.5), on a graph as RFC 9618 has it.

The tree of RFC 5280 doubles with every hostile mapping; here each policy is one node a level, with the policies of
the anchor's own domain that it stands for. What a node descends from is all that the tree was kept for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain.trust import PathSettings
from certaudit.x509.oids import ANY_POLICY

# RFC 5280 6.1.2 starts the counters at n + 1 only so that they cannot run out.
_NEVER = 1 << 30


class Node(NamedTuple):
    """One valid policy: what the next certificate may call it, and what it is in the anchor's domain."""

    expected: frozenset[str]
    origins: frozenset[str]


Nodes = Mapping[str, Node]
_ANY = frozenset({ANY_POLICY})
_NULL: Nodes = {}


@dataclass(frozen=True, slots=True)
class PolicyState:
    """State variables (a), (d), (e) and (f) of RFC 5280 6.1.2; no node at all is the NULL tree."""

    nodes: Nodes
    explicit: int
    mapping: int
    any: int

    @property
    def fails(self) -> bool:
        """True where RFC 5280 6.1.3 (f) does not hold."""
        return not self.explicit and not self.nodes


def initial_state(settings: PathSettings) -> PolicyState:
    """The state before the first certificate (RFC 5280 6.1.2)."""
    return PolicyState(
        {ANY_POLICY: Node(_ANY, _ANY)},
        0 if settings.explicit_policy else _NEVER,
        0 if settings.inhibit_policy_mapping else _NEVER,
        0 if settings.inhibit_any_policy else _NEVER,
    )


def taken(state: PolicyState, certificate: Certificate, *, final: bool) -> PolicyState:
    """The state after 6.1.3 (d) and (e). Raises UnreadableFieldError."""
    policies = certificate.policies
    if policies is None:
        return PolicyState(_NULL, state.explicit, state.mapping, state.any)
    nodes: dict[str, Node] = {}
    for policy in policies:
        if policy != ANY_POLICY:
            _descend(state.nodes, policy, nodes)
    if ANY_POLICY in policies and (state.any or (not final and certificate.is_self_issued)):
        _descend_by_any(state.nodes, nodes)
    return replace(state, nodes=nodes)


def _descend(parents: Nodes, policy: str, nodes: dict[str, Node]) -> None:
    """6.1.3 (d)(1)."""
    matching = [parent for parent in parents.values() if policy in parent.expected]
    if matching:
        origins = frozenset().union(*(parent.origins for parent in matching))
        nodes[policy] = Node(frozenset({policy}), origins)
    elif ANY_POLICY in parents:
        nodes[policy] = Node(frozenset({policy}), frozenset({policy}))


def _descend_by_any(parents: Nodes, nodes: dict[str, Node]) -> None:
    """6.1.3 (d)(2): anyPolicy stands for whatever was expected and not named."""
    inherited: dict[str, frozenset[str]] = {}
    for parent in parents.values():
        for policy in parent.expected - nodes.keys():
            inherited[policy] = inherited.get(policy, frozenset()) | parent.origins
    for policy, origins in inherited.items():
        nodes[policy] = Node(frozenset({policy}), origins)


def mapped(state: PolicyState, mappings: tuple[tuple[str, str], ...]) -> PolicyState:
    """The state after 6.1.4 (b)."""
    nodes = dict(state.nodes)
    for policy in {issuer for issuer, _ in mappings} - _ANY:
        if not state.mapping:
            nodes.pop(policy, None)
            continue
        expected = frozenset(subject for issuer, subject in mappings if issuer == policy)
        if policy in nodes:
            nodes[policy] = Node(expected, nodes[policy].origins)
        elif ANY_POLICY in nodes:
            nodes[policy] = Node(expected, frozenset({policy}))
    return replace(state, nodes=nodes)


def constrained(state: PolicyState, certificate: Certificate) -> PolicyState:
    """The state after 6.1.4 (h), (i) and (j). Raises UnreadableFieldError."""
    step = 0 if certificate.is_self_issued else 1
    explicit, mapping, any_policy = (max(counter - step, 0) for counter in (state.explicit, state.mapping, state.any))
    constraints = certificate.policy_constraints
    if constraints is not None:
        if constraints.require_explicit_policy is not None:
            explicit = min(explicit, constraints.require_explicit_policy)
        if constraints.inhibit_policy_mapping is not None:
            mapping = min(mapping, constraints.inhibit_policy_mapping)
    if certificate.inhibit_any_policy is not None:
        any_policy = min(any_policy, certificate.inhibit_any_policy)
    return PolicyState(state.nodes, explicit, mapping, any_policy)


def may_fail(state: PolicyState, certificate: Certificate) -> bool:
    """False where no policy will be required of the last certificate, whatever it asserts (6.1.5 (a), (b) and (g))."""
    constraints = certificate.policy_constraints
    return state.explicit <= 1 or (constraints is not None and constraints.require_explicit_policy == 0)


def accepted(state: PolicyState, certificate: Certificate, initial: frozenset[str]) -> tuple[bool, frozenset[str]]:
    """Whether 6.1.5 (a), (b) and (g) end in success, and the user-constrained policies. Raises UnreadableFieldError."""
    explicit = max(state.explicit - 1, 0)
    constraints = certificate.policy_constraints
    if constraints is not None and constraints.require_explicit_policy == 0:
        explicit = 0
    policies = user_constrained(state.nodes, initial)
    return bool(explicit or policies), policies


def user_constrained(nodes: Nodes, initial: frozenset[str]) -> frozenset[str]:
    """The user-constrained-policy-set (6.1.5 (g)), in the anchor's domain."""
    if not nodes:
        return frozenset()
    origins = frozenset().union(*(node.origins for node in nodes.values()))
    if ANY_POLICY in initial:
        return origins
    return initial if ANY_POLICY in nodes else origins & initial
