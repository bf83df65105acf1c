"""RFC 5280 section 6.1, step by step, except that a problem is noted at its element and the walk goes on.

The state after each CA depends on nothing below it, so it is worked out once and serves every certificate that
the CA issued. The counters of 6.1.2 that start at n or n + 1 start at "never" instead: that they cannot run out is
all that their start values are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import name_constraints, policies
from certaudit.x509.chain.name_constraints import Subtrees
from certaudit.x509.chain.paths import End, Path
from certaudit.x509.chain.policies import PolicyState
from certaudit.x509.chain.problem import Problem
from certaudit.x509.chain.signature import (
    Verification,
    certificate_signature,
    completed_key,
    is_self_signed,
)
from certaudit.x509.chain.trust import PathSettings
from certaudit.x509.fields import UnreadableFieldError, if_readable
from certaudit.x509.name import Name

_UNLIMITED = 1 << 30

# The extensions that are processed here or are an auditor's business elsewhere, and how each is read.
_READERS: dict[str, Callable[[Certificate], object]] = {
    oids.KEY_USAGE: lambda certificate: certificate.key_usage,
    oids.SUBJECT_ALTERNATIVE_NAME: lambda certificate: certificate.subject_alternative_names,
    oids.BASIC_CONSTRAINTS: lambda certificate: certificate.basic_constraints,
    oids.NAME_CONSTRAINTS: lambda certificate: certificate.name_constraints,
    oids.CRL_DISTRIBUTION_POINTS: lambda certificate: certificate.crl_distribution_points,
    oids.FRESHEST_CRL: lambda certificate: certificate.freshest_crl,
    oids.CERTIFICATE_POLICIES: lambda certificate: certificate.policies,
    oids.POLICY_MAPPINGS: lambda certificate: certificate.policy_mappings,
    oids.POLICY_CONSTRAINTS: lambda certificate: certificate.policy_constraints,
    oids.INHIBIT_ANY_POLICY: lambda certificate: certificate.inhibit_any_policy,
    oids.EXTENDED_KEY_USAGE: lambda certificate: certificate.extended_key_usage,
    oids.AUTHORITY_KEY_IDENTIFIER: lambda certificate: certificate.authority_key_identifier,
    oids.SUBJECT_KEY_IDENTIFIER: lambda certificate: certificate.subject_key_identifier,
    oids.MS_APPLICATION_POLICIES: lambda certificate: certificate.application_policies,
}

_KNOWN_QUALIFIERS = {oids.CPS_QUALIFIER, oids.USER_NOTICE_QUALIFIER}

Found = Iterator[tuple[str, str]]


class PathState(NamedTuple):
    """What a CA hands down (RFC 5280 6.1.2), and the problems of it and of all above it.

    `key` is the SubjectPublicKeyInfo with inherited parameters filled in; `name` and `key` are None above a
    path whose issuer is missing; `limit` is max_path_length.
    """

    name: Name | None
    key: bytes | None
    limit: int
    names: Subtrees
    policy: PolicyState
    problems: tuple[Problem, ...]


class Validator:
    """Validates paths as of one instant, under one set of RFC 5280 6.1.1 inputs."""

    def __init__(self, as_of: datetime, settings: PathSettings) -> None:
        self._as_of = as_of
        self._settings = settings
        self._start = PathState(None, None, _UNLIMITED, Subtrees(), policies.initial_state(settings), ())
        self._states: dict[Path, PathState] = {}

    def state(self, path: Path | None) -> PathState:
        """The state for a certificate below `path`; the state before any certificate for None."""
        if path is None:
            return self._start
        state = self._states.get(path)
        if state is None:
            state = self._states[path] = self._worked_out(path)
        return state

    def _worked_out(self, path: Path) -> PathState:
        certificate = path.certificates[0]
        if path.upper is None and path.end in (End.ANCHOR, End.UNTRUSTED_ROOT):
            return self._anchor(certificate, path.end)
        return self._issuer(path, self.state(path.upper))

    def problems(self, path: Path) -> tuple[Problem, ...]:
        """Everything wrong with `path`, its leaf's problems first. Revocation is not asked here."""
        certificate = path.certificates[0]
        if path.upper is None and path.end in (End.ANCHOR, End.UNTRUSTED_ROOT):
            return self.state(path).problems
        state = self.state(path.upper)
        found: list[Problem] = []
        if path.upper is None:
            self._note(found, certificate, _top(path))
        self._note(found, certificate, self._basic(certificate, state))
        if state.names:
            self._note(found, certificate, name_constraints.violations(state.names, certificate))
        self._note(found, certificate, self._final_policy(certificate, state))
        self._note(found, certificate, critical_extensions(certificate))
        return (*found, *state.problems)

    def policies(self, path: Path) -> frozenset[str]:
        """The user-constrained policies of the path (RFC 5280 6.1.6); empty where they cannot be read."""
        state = if_readable(lambda: self._policies_at_end(path), otherwise=None)
        if state is None:
            return frozenset()
        return policies.user_constrained(state.nodes, self._settings.initial_policies)

    def _policies_at_end(self, path: Path) -> PolicyState:
        return policies.taken(self.state(path.upper).policy, path.certificates[0], final=True)

    def _note(self, found: list[Problem], certificate: Certificate, steps: Found) -> None:
        try:
            for code, message in steps:
                found.append(Problem(code, certificate.sha256, message))
        except UnreadableFieldError as error:
            message = f"{str(error)[:1].upper()}{str(error)[1:]}."
            problem = Problem("unreadable-field", certificate.sha256, message)
            if problem not in found:
                found.append(problem)

    def _anchor(self, certificate: Certificate, end: End) -> PathState:
        """The anchor hands down its name and key (6.1.1 (d)).

        Its path length and name constraints bind too: RFC 5280 leaves it open, Windows and OpenSSL obey them.
        """
        found: list[Problem] = []
        self._note(found, certificate, self._anchor_problems(certificate, end))
        self._note(found, certificate, self._validity(certificate, "anchor-" if end is End.ANCHOR else ""))
        self._note(found, certificate, _version(certificate))
        self._note(found, certificate, critical_extensions(certificate))
        return self._handed_down(certificate, self._start, self._start.policy, found)

    def _anchor_problems(self, certificate: Certificate, end: End) -> Found:
        if end is End.UNTRUSTED_ROOT:
            yield "untrusted-root", f"{certificate.subject} is self-signed and not among the trusted roots."
        elif not is_self_signed(certificate):
            yield "anchor-not-self-signed", f"The trust anchor {certificate.subject} is not self-signed."
        constraints, usage = certificate.basic_constraints, certificate.key_usage
        signs = usage is None or "keyCertSign" in usage
        # Roots older than version 3 have no extensions at all; some of version 3 have only the key usage.
        ca = constraints.ca if constraints else certificate.version < 3 or usage is not None
        if not (ca and signs):
            yield "anchor-not-a-ca", f"{certificate.subject} heads the path but may not sign certificates."

    def _issuer(self, path: Path, state: PathState) -> PathState:
        """6.1.3 and 6.1.4 for a certificate that is not the last."""
        certificate = path.certificates[0]
        found: list[Problem] = []
        if path.upper is None:
            self._note(found, certificate, _top(path))
        self._note(found, certificate, self._basic(certificate, state))
        self._note(found, certificate, _constrained_names(certificate, state))
        policy = self._issuer_policy(found, certificate, state.policy)
        self._note(found, certificate, _authority(certificate))
        self._note(found, certificate, _length(certificate, state))
        self._note(found, certificate, critical_extensions(certificate))
        return self._handed_down(certificate, state, policy, found)

    def _handed_down(
        self, certificate: Certificate, state: PathState, policy: PolicyState, found: list[Problem]
    ) -> PathState:
        """6.1.4 (c) to (g), (l) and (m)."""
        name, limit, names = None, state.limit, state.names
        try:
            name = certificate.subject
            limit = _new_limit(certificate, state)
            names = name_constraints.narrowed(names, certificate)
        except UnreadableFieldError as error:
            self._note(found, certificate, _raising(error))
        key = completed_key(certificate.spki, state.key)
        return PathState(name, key, limit, names, policy, (*found, *state.problems))

    def _basic(self, certificate: Certificate, state: PathState) -> Found:
        """6.1.3 (a), but for revocation."""
        if state.key is not None:
            yield from _signature(certificate, state.key)
        yield from self._validity(certificate)
        if state.name is not None and certificate.issuer != state.name:
            yield "issuer-name-mismatch", f"The issuer {certificate.issuer} is not {state.name}."
        yield from _version(certificate)

    def _validity(self, certificate: Certificate, prefix: str = "") -> Found:
        if self._as_of > certificate.not_after:
            yield f"{prefix}expired", f"It was valid until {certificate.not_after:%Y-%m-%d %H:%M:%S} UTC."
        if self._as_of < certificate.not_before:
            yield f"{prefix}not-yet-valid", f"It is valid from {certificate.not_before:%Y-%m-%d %H:%M:%S} UTC."

    def _issuer_policy(self, found: list[Problem], certificate: Certificate, before: PolicyState) -> PolicyState:
        """6.1.3 (d) to (f), 6.1.4 (a), (b) and (h) to (j); an unreadable extension leaves no policy valid."""
        try:
            taken = policies.taken(before, certificate, final=False)
            mappings = certificate.policy_mappings
            after = policies.constrained(policies.mapped(taken, mappings) if mappings else taken, certificate)
        except UnreadableFieldError as error:
            self._note(found, certificate, _raising(error))
            return PolicyState({}, before.explicit, before.mapping, before.any)
        if any(oids.ANY_POLICY in pair for pair in mappings):
            self._note(found, certificate, iter([("policy-mapping-any", "It maps a policy to or from anyPolicy.")]))
        if taken.fails and not before.fails:
            self._note(found, certificate, iter([("policy-not-acceptable", _NO_POLICY)]))
        return after

    def _final_policy(self, certificate: Certificate, state: PathState) -> Found:
        if not policies.may_fail(state.policy, certificate):
            return
        taken = policies.taken(state.policy, certificate, final=True)
        good, _ = policies.accepted(taken, certificate, self._settings.initial_policies)
        if not good:
            yield "policy-not-acceptable", _NO_POLICY


_NO_POLICY = "A certificate policy is required, and none that it asserts is valid along the path."


def _raising(error: UnreadableFieldError) -> Found:
    raise error
    yield


def _top(path: Path) -> Found:
    """What is wrong with a path that ends below an issuer."""
    issuer = str(path.certificates[0].issuer) or "which has an empty name"
    if path.end is End.CUT:
        yield "path-not-followed", f"The path is longer than is followed: {issuer} was not looked for."
    elif path.end is End.LOOP:
        yield "issuer-loop", f"Every certificate of the issuer, {issuer}, is in the path already."
    else:
        yield "issuer-missing", f"No certificate of the issuer, {issuer}, was supplied."


def _signature(certificate: Certificate, key: bytes) -> Found:
    verdict, reason = certificate_signature(certificate, key)
    if verdict is Verification.BAD:
        yield "signature-invalid", f"Its issuer did not sign it: {reason}."
    elif verdict is Verification.UNVERIFIABLE:
        yield "signature-unverifiable", f"Its signature cannot be verified: {reason}."
    if not certificate.signature_algorithms_agree:
        yield "signature-algorithms-differ", "The signature algorithms inside and outside the signed part differ."


def _constrained_names(certificate: Certificate, state: PathState) -> Found:
    """6.1.3 (b) and (c): a self-issued certificate that is not the last is free."""
    if state.names and not certificate.is_self_issued:
        yield from name_constraints.violations(state.names, certificate)


def _authority(certificate: Certificate) -> Found:
    """6.1.4 (k) and (n); before version 3 nothing says that a certificate is a CA, so it is not."""
    constraints = certificate.basic_constraints
    if constraints is None or not constraints.ca:
        yield "not-a-ca", f"{certificate.subject} issued the certificate below it but is no certification authority."
    usage = certificate.key_usage
    if usage is not None and "keyCertSign" not in usage:
        yield "may-not-sign-certificates", f"{certificate.subject} may not sign certificates: keyCertSign is not set."


def _version(certificate: Certificate) -> Found:
    certificate.version  # noqa: B018 - one that is not known raises here
    yield from ()


def _length(certificate: Certificate, state: PathState) -> Found:
    """6.1.4 (l)."""
    if state.limit <= 0 and not certificate.is_self_issued:
        yield "path-too-long", f"{certificate.subject} is one CA more than the path length of a CA above allows."


def _new_limit(certificate: Certificate, state: PathState) -> int:
    """6.1.4 (l) and (m); an anchor counts for nothing itself."""
    limit = state.limit if certificate.is_self_issued else max(state.limit - 1, 0)
    constraints = certificate.basic_constraints
    if constraints is None or constraints.path_length is None:
        return limit
    return min(limit, constraints.path_length)


def critical_extensions(certificate: Certificate) -> Found:
    """6.1.4 (o) and 6.1.5 (f): a critical extension must be known, and what it says readable."""
    present = certificate.all_extensions
    if len(present) != len(certificate.extensions):
        yield "duplicate-extension", "An extension appears more than once."
    for extension in present:
        if extension.critical:
            reader = _READERS.get(extension.oid)
            if reader is None:
                yield "unknown-critical-extension", f"The critical {oids.extension(extension.oid)} is not known."
            else:
                reader(certificate)
    stated = certificate.extensions.get(oids.CERTIFICATE_POLICIES)
    if stated is not None and stated.critical:
        # RFC 5280 4.2.1.4: who cannot interpret a qualifier of the critical extension must reject the certificate.
        for qualifier in sorted(certificate.policy_qualifiers - _KNOWN_QUALIFIERS):
            yield (
                "unknown-critical-extension",
                f"The policy qualifier {qualifier}, in a critical extension, is not known.",
            )
