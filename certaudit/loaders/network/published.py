"""What certificates say is published: their CRLs, and the certificates of issuers that are not at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from certaudit.evidence import Evidence, Input, SiteEvidence
from certaudit.loaders import limits
from certaudit.loaders.network.web_address import PORTS
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CandidatePath, Chains
from certaudit.x509.chain.client_view import client_view
from certaudit.x509.fields import if_readable
from certaudit.x509.name import URI

_LACKS_ISSUER = ("issuer-missing", "issuer-loop")


def with_published(
    evidence: SiteEvidence,
    subjects: Iterable[Certificate],
    chains_of: Callable[[SiteEvidence], Chains],
    fetch: Callable[[str], Input],
) -> SiteEvidence:
    """`evidence`, and what is published for the paths of `subjects`: fetched CRLs and issuers stand among the CRLs.

    What a fetched issuer names is fetched in turn. Nothing that was fetched makes a trust anchor.
    """
    subjects = tuple(subjects)
    asked: dict[str, Input] = {}
    while True:
        chains = chains_of(evidence)
        paths = [path for subject in subjects for path in chains.paths(subject)]
        wanted = [url for url in dict.fromkeys(_addresses(paths, chains)) if url not in asked]
        if not wanted:
            return evidence
        if len(asked) + len(wanted) > limits.MAX_ADDRESSES:
            more = f"{len(wanted)} more addresses were not asked for: {limits.MAX_ADDRESSES} are the most in one run."
            return _with(evidence, [Input("published addresses", "url", error=more)])
        fresh = [fetch(url) for url in wanted]
        asked |= zip(wanted, fresh, strict=True)
        evidence = _with(evidence, fresh)


def _with(evidence: SiteEvidence, fresh: list[Input]) -> SiteEvidence:
    return replace(evidence, crls=Evidence((*evidence.crls.inputs, *fresh)))


def _addresses(paths: Iterable[CandidatePath], chains: Chains) -> Iterator[str]:
    """Issuers first, since their CRLs come with them in the next round."""
    paths = tuple(paths)
    for path in paths:
        if any(problem.code in _LACKS_ISSUER for problem in path.problems):
            yield from filter(_is_web, _issuers(path.certificates[-1]))
    for path in paths:
        for view in client_view(path, chains.as_of, chains.trust.crls):
            yield from filter(_is_web, (known.url for known in view.locations))


def _issuers(certificate: Certificate) -> Iterator[str]:
    access = if_readable(lambda: certificate.authority_information_access, otherwise=())
    yield from (place.text for method, place in access if method == oids.CA_ISSUERS and place.kind == URI)


def _is_web(url: str) -> bool:
    return url.partition(":")[0].lower() in PORTS
