"""What is named on the command line: a site that no manifest describes, a role, a requirement."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.requirements.catalogue import Catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.releases import DEFAULT_RELEASE
from certaudit.site.roles import role_exists
from certaudit.site.site import EvidencePath, Site, System


def given_site(
    system: System,
    release: str | None = None,
    /,
    *,
    roots: tuple[str, ...] = (),
    intermediates: tuple[str, ...] = (),
    crls: tuple[str, ...] = (),
) -> Site:
    """A site of `system` alone, with the trust material that `options.trust` gives."""
    return Site(
        Path(),
        release=release or DEFAULT_RELEASE,
        systems=(system,),
        root_cas=tuple(map(EvidencePath, roots)),
        intermediate_cas=tuple(map(EvidencePath, intermediates)),
        crls=tuple(map(EvidencePath, crls)),
        described=False,
    )


def given_role(role: str, release: str | None) -> str:
    """`role`, where it means anything in that release. Raises UsageError."""
    if not role_exists(role, release or DEFAULT_RELEASE):
        what = f"there is no certificate role {role} in release {release or DEFAULT_RELEASE}"
        raise UsageError(f"{what}; choose another --release")
    return role


def given_requirement(name: str, catalogue: Catalogue) -> tuple[Requirement, ...]:
    """Every variant of the requirement called `name`. Raises UsageError, with what may have been meant."""
    rows = catalogue.named(name)
    if not rows:
        from difflib import get_close_matches

        known = sorted({row.id for row in catalogue.requirements})
        meant = [known_id for known_id in known if name in known_id] or get_close_matches(name, known)
        asked = f"; did you mean {' or '.join(meant[:3])}?" if meant else ";"
        raise UsageError(f"there is no requirement '{printable(name)}'{asked} `certaudit requirements` lists them all")
    return rows
