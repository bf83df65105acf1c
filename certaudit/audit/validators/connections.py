"""How site systems are spoken to: what the product no longer supports, and what Enhanced HTTP leaves open."""

from __future__ import annotations

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.site_version import site_versions, version_of
from certaudit.audit.validators.subject import WholeSite
from certaudit.findings.result import Result, failed, not_applicable, not_checked, passed
from certaudit.printable import printable
from certaudit.site.site import Site
from certaudit.site.versions import is_newer_than_known, version_named

_NO_SITE = "This is about a site, and no manifest describes one."


def not_plain_http(subject: WholeSite, context: Context, *, roles: tuple[str, ...], ended_with: str) -> Result:
    """No system of these roles is spoken to over HTTP alone; Setup refuses that from version `ended_with` on."""
    site = subject.site
    expected = "HTTPS or Enhanced HTTP"
    if not site.described:
        return not_applicable(_NO_SITE)
    plain = _spoken_to(site, "http", roles)
    if not plain:
        return passed("none over HTTP alone", expected)
    version, why = version_of(site, context)
    if version is not None and version.build < version_named(ended_with).build:
        return passed(f"{plain} over HTTP, which version {version.name} still supports", expected)
    texts = site_versions(site, context)
    if version is None and not (texts and all(map(is_newer_than_known, texts))):
        message = f"{plain} is spoken to over HTTP alone; whether the site supports that depends on its version: {why}."
        return not_checked(message, expected)
    named = version.name if version else printable(texts[0])
    return failed(f"{plain} is spoken to over HTTP alone, which version {named} does not support.", plain, expected)


def state_migration_over_https(subject: WholeSite, context: Context) -> Result:
    """A state migration point is spoken to over HTTPS: Enhanced HTTP does not cover it, so nobody authenticates it."""
    site = subject.site
    expected = "state migration points over HTTPS"
    if not site.described:
        return not_applicable(_NO_SITE)
    if not _spoken_to(site, "enhanced-http", ("management-point", "distribution-point")):
        return not_applicable("Nothing of the site is spoken to over Enhanced HTTP.")
    plain = _spoken_to(site, "http", ("state-migration-point",))
    if plain:
        message = f"{plain} is spoken to over HTTP, and Enhanced HTTP does not cover a state migration point."
        return failed(message, plain, expected)
    return passed("none over HTTP", expected)


def _spoken_to(site: Site, ways: str, roles: tuple[str, ...]) -> str:
    """The systems of one of these roles that are spoken to in that way, as text; empty where there is none."""
    names = [
        printable(system.name)
        for system in site.systems
        if set(roles) & set(system.roles) and site.connections_of(system) == ways
    ]
    return ", ".join(names)


CHECKS: tuple[Check, ...] = (not_plain_http, state_migration_over_https)
