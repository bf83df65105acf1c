"""The first step: reads all evidence that a site names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from certaudit import loaders
from certaudit.evidence import Evidence, Input, SiteEvidence
from certaudit.site.passwords import Prompt, nobody, password_of
from certaudit.site.site import EvidencePath, Site


def load_site(site: Site, prompt: Prompt = nobody, jobs: int = 1) -> SiteEvidence:
    """All evidence that the manifest names. An input that cannot be read is in it, with its reason."""
    uploading = [system for system in site.systems if system.client_cas]
    owners = [system.evidence for system in site.systems] + [site.root_cas, site.intermediate_cas, site.crls]
    owners += [system.client_cas for system in uploading]
    loaded = iter(load_sources(site.directory, [source for sources in owners for source in sources], prompt, jobs))
    parts = [Evidence(tuple(item for _ in sources for item in next(loaded))) for sources in owners]
    uploaded = {system.key: parts.pop() for system in reversed(uploading)}
    root_cas, intermediate_cas, crls = parts[-3:]
    return SiteEvidence(
        dict(zip([system.key for system in site.systems], parts, strict=False)),
        # An export of a whole computer may stand in a trust list, and not all that it holds is trusted.
        Evidence(root_cas.inputs, store="root"),
        Evidence(intermediate_cas.inputs, store="ca"),
        crls,
        uploaded,
    )


def load_sources(
    directory: Path, sources: Sequence[EvidencePath], prompt: Prompt = nobody, jobs: int = 1
) -> list[tuple[Input, ...]]:
    """The inputs of each source, in their order, read by `jobs` processes; nobody is asked where they are several."""
    if jobs == 1 or len(sources) < 2:
        return [_load_source(directory, source, prompt) for source in sources]
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(jobs, len(sources))) as pool:
        return list(pool.map(_load_source, repeat(directory), sources, repeat(nobody)))


def _load_source(directory: Path, source: EvidencePath, prompt: Prompt) -> tuple[Input, ...]:
    name = source.name or source.path
    if name.startswith("windows:"):
        from certaudit.loaders.stores import windows_store

        return windows_store.load(name)
    return loaders.load(directory / source.path, name, password_of(source, directory, prompt))
