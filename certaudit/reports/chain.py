"""Candidate paths as a tree, root on top as Windows shows them, and as JSON (`certaudit-chain/1`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, TypedDict

from certaudit.document.certificates import input_object, readable
from certaudit.document.chain import path_object
from certaudit.document.evidence_objects import InputObject, PathObject
from certaudit.document.inert_json import made_inert
from certaudit.document.vocabulary import Digest, Instant, Limit
from certaudit.evidence import Input
from certaudit.instants import instant
from certaudit.printable import inert
from certaudit.reports import Options
from certaudit.reports import client_view as clients
from certaudit.reports.client_view import CrlCheckObject, ElementViewObject
from certaudit.reports.json_report import dump
from certaudit.reports.plain_text import styled, wrapped
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath, Chains
from certaudit.x509.chain.client_view import client_view
from certaudit.x509.fields import UnreadableFieldError

SCHEMA = "certaudit-chain/1"


class CandidateObject(PathObject):
    """A candidate path, and what clients would see of the revocation of each element below its head."""

    client_view: list[ElementViewObject]


class ChainDocument(TypedDict):
    """Every candidate path of one certificate, best first; `truncated` where there are more than are followed.

    `revocation` is "required" where revocation counts, else "off". `crl_checks` says whether clients of `release`
    check CRLs at all.
    """

    schema: Annotated[str, Limit(words=(SCHEMA,))]
    certificate: Digest
    as_of: Instant
    valid: bool
    revocation: Annotated[str, Limit(words=("required", "off"))]
    truncated: bool
    release: str
    crl_checks: list[CrlCheckObject]
    inputs: list[InputObject]
    paths: list[CandidateObject]


@dataclass(frozen=True)
class Question:
    """Which certificate is asked about, under which trust, for clients of which release, and what was read for it."""

    certificate: Certificate
    chains: Chains
    release: str
    inputs: tuple[Input, ...] = ()


def write(question: Question, form: str, options: Options) -> str:
    """Every candidate path of a certificate in the format `form` (table or json)."""
    if form == "json":
        return dump(made_inert(_document(question)))
    return "\n".join(_lines(question, options)) + "\n"


def _document(question: Question) -> ChainDocument:
    certificate, chains = question.certificate, question.chains
    paths = chains.paths(certificate)
    return {
        "schema": SCHEMA,
        "certificate": certificate.sha256,
        "as_of": instant(chains.as_of),
        "valid": any(path.valid for path in paths),
        "revocation": chains.settings.revocation,
        "truncated": chains.truncated(certificate),
        "release": question.release,
        "crl_checks": clients.check_objects(question.release),
        "inputs": [input_object(item) for item in question.inputs],
        "paths": [_candidate(path, chains) for path in paths],
    }


def _candidate(path: CandidatePath, chains: Chains) -> CandidateObject:
    views = client_view(path, chains.as_of, chains.trust.crls)
    return {**path_object(path), "client_view": [clients.view_object(view) for view in views]}


def _lines(question: Question, options: Options) -> Iterator[str]:
    certificate, chains = question.certificate, question.chains
    paths = chains.paths(certificate)
    valid = sum(path.valid for path in paths)
    word, style = ("TRUSTED", "good") if valid else ("NOT TRUSTED", "error")
    count = "1 candidate path" if len(paths) == 1 else f"{len(paths)} candidate paths"
    yield f"{styled(word, style, options.colour)}: {valid} of {count} valid as of {chains.as_of:%Y-%m-%d %H:%M} UTC"
    if chains.settings.revocation == "off":
        yield "Revocation was not asked about: no CRL was supplied (--crl)."
    if chains.truncated(certificate):
        yield "There are more candidate paths than are followed; only these were judged."
    for number, path in enumerate(paths, 1):
        yield ""
        yield f"Path {number}: {inert(_verdict(path))}"
        yield from map(inert, _tree(path, chains, options.width))
    yield ""
    yield from wrapped(clients.check_line(question.release), options.width)


def _verdict(path: CandidatePath) -> str:
    if path.valid:
        return "valid"
    if path.refused_by_openssl is not None:
        return f"not checked: no problem found here, but OpenSSL refuses it ({path.refused_by_openssl})"
    problems = "1 problem" if len(path.problems) == 1 else f"{len(path.problems)} problems"
    return f"not valid, {problems}" + ("" if path.anchored else "; ends at no trust anchor")


def _tree(path: CandidatePath, chains: Chains, width: int) -> Iterator[str]:
    """The path from its end down to the certificate, each element with its facts and what is wrong with it."""
    pairs = list(zip(path.certificates, path.revocation, strict=True))
    views = {view.certificate: view for view in client_view(path, chains.as_of, chains.trust.crls)}
    for depth, (certificate, answer) in enumerate(reversed(pairs)):
        lead = "  " + "   " * depth
        name = readable(certificate, "subject") or "(no readable subject)"
        anchor = "  [trust anchor]" if depth == 0 and path.anchored else ""
        yield from wrapped(f"{name}{anchor}", width, lead if depth == 0 else lead[:-3] + "+- ", lead)
        inside = lead + ("|  " if depth < len(pairs) - 1 else "   ")
        for fact in _facts(certificate):
            yield from wrapped(fact, width, inside, inside + "  ")
        if chains.settings.revocation == "required":
            yield from wrapped(f"revocation: {answer.status.value}: {answer.message}", width, inside, inside + "  ")
        for line in clients.lines(views[certificate]) if certificate in views else ():
            yield from wrapped(line, width, inside, inside + "  ")
        for problem in path.problems:
            if problem.certificate == certificate.sha256 and not problem.code.startswith("revo"):
                yield from wrapped(f"PROBLEM {problem.code}: {problem.message}", width, inside, inside + "  ")


def _facts(certificate: Certificate) -> Iterator[str]:
    yield f"SHA-1 {certificate.sha1}"
    parts = [f"{readable(certificate, 'not_before')} to {readable(certificate, 'not_after')}"]
    try:
        parts.append(f"{certificate.public_key}, {certificate.signature_algorithm.name}")
    except UnreadableFieldError as error:
        parts.append(str(error))
    yield ", ".join(parts)
