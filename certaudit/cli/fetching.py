"""What --fetch does: the evidence, and what its certificates say is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certaudit.audit.audit import chains_of
from certaudit.cli import terminal
from certaudit.evidence import SiteEvidence
from certaudit.x509.certificate import Certificate


def with_fetched(
    evidence: SiteEvidence, subjects: Iterable[Certificate], as_of: datetime, hosts: tuple[str, ...]
) -> SiteEvidence:
    """`evidence` with what is published for `subjects`; each contact is announced before it is made.

    `hosts` are those that the user allows although they would be refused.
    """
    from certaudit.loaders.network.fetcher import Fetcher
    from certaudit.loaders.network.published import with_published

    fetcher = Fetcher(lambda sentence: terminal.warn([sentence]), hosts)
    return with_published(evidence, subjects, lambda known: chains_of(known, as_of), fetcher)
