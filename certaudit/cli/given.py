"""Sites that no manifest describes: what is named on the command line stands for one."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.site import DEFAULT_RELEASE, Site, Source, System, role_exists


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
        root_cas=tuple(map(Source, roots)),
        intermediate_cas=tuple(map(Source, intermediates)),
        crls=tuple(map(Source, crls)),
        described=False,
    )


def given_role(role: str, release: str | None) -> str:
    """`role`, where it means anything in that release. Raises UsageError."""
    if not role_exists(role, release or DEFAULT_RELEASE):
        what = f"there is no certificate role {role} in release {release or DEFAULT_RELEASE}"
        raise UsageError(f"{what}; choose another --release")
    return role
