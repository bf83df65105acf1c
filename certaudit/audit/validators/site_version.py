"""The version of a current-branch site: whether it is supported, and what it deploys and no longer has.

A version is declared ([deployment] site_version), or the registry of the site server tells it. What holds from a
version on, or until one, is left open where the version is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import WholeSite
from certaudit.audit.validators.toolchain import begins, known_versions
from certaudit.findings.result import Result, failed, not_applicable, not_checked, passed
from certaudit.printable import printable
from certaudit.site.site import Site
from certaudit.site.versions import TABLE, SiteVersion, is_newer_than_known, site_version, version_named

_NO_SITE = "This is about a site, and no manifest describes one."
_UNKNOWN = "the version of the site is not known; declare site_version under [deployment] in the manifest"
_OLDEST_END = next(version.supported_to for version in TABLE if version.supported_to)


class KnownVersion(NamedTuple):
    """The version of the site, and where it is known from; None, and why, where nothing or two things tell."""

    version: SiteVersion | None
    why: str


def site_versions(site: Site, context: Context) -> tuple[str, ...]:
    """Every version of the site that is declared or that files tell, as it stands there."""
    return tuple(text for text, _ in known_versions(site, context, "site_version"))


def version_of(site: Site, context: Context) -> KnownVersion:
    """The version of the site as far as everything that tells it agrees."""
    texts = list(known_versions(site, context, "site_version"))
    found = {site_version(text) for text, _ in texts}
    if len(found) == 1 and (version := found.pop()) is not None:
        return KnownVersion(version, texts[0][1])
    if not texts:
        return KnownVersion(None, _UNKNOWN)
    told = ", ".join(f"{printable(text)} ({where})" for text, where in texts)
    return KnownVersion(None, f"{told} is not one version of current branch that certaudit knows")


def supported(subject: WholeSite, context: Context) -> Result:
    """The version of the site is supported on the day of the audit (requirement `site.version-supported`)."""
    expected = f"a version that is supported on {context.as_of:%Y-%m-%d}"
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    version, why = version_of(subject.site, context)
    if version is None:
        newer = any(map(is_newer_than_known, site_versions(subject.site, context)))
        return not_checked(f"{why}{'; it is newer than the versions known here' if newer else ''}.", expected)
    ends, today = version.supported_to, context.as_of.date()
    observed = f"{version.name} ({why}), supported to {ends.isoformat() if ends else 'a day not known here'}"
    if today > (ends or _OLDEST_END):
        until = f"on {ends.isoformat()}" if ends else f"before {_OLDEST_END.isoformat()}"
        return failed(f"Support of version {version.name} ended {until}.", observed, expected)
    if ends is None:
        return not_checked(f"When support of version {version.name} ended is not known here.", expected)
    return passed(observed, expected)


def no_removed_role(subject: WholeSite, context: Context, *, removed: tuple[tuple[str, ...], ...]) -> Result:
    """No system has a role, and none pins a certificate to one, that the version of the site no longer has.

    `removed` are pairs of a role, of a system or a certificate, and the first version without it.
    """
    expected = "no role that the version of the site no longer has"
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    version, why = version_of(subject.site, context)
    first_without = {role: version_named(name) for role, name in removed}
    declared = [(system, role) for system, role in _declared(subject.site) if role in first_without]
    if not declared:
        return passed("none", expected)
    gone = [
        (system, role)
        for system, role in declared
        if first_without[role] is TABLE[0] or (version is not None and version.build >= first_without[role].build)
    ]
    if gone:
        named = "; ".join(f"{role} on {system} (gone with {first_without[role].name})" for system, role in gone)
        return failed(f"The site declares what its version no longer has: {named}.", named, expected)
    if version is None:
        return not_checked(f"Whether the version still has {declared[0][1]} is open: {why}.", expected)
    return passed(", ".join(role for _, role in declared), expected)


def _declared(site: Site) -> Iterator[tuple[str, str]]:
    """(system, role): of each system its own roles and the certificate roles that it pins."""
    for system in site.systems:
        for role in (*system.roles, *system.pins):
            yield printable(system.name), role


def operating_systems_are(
    subject: WholeSite,
    context: Context,
    *,
    deployed: tuple[str, ...],
    since: tuple[tuple[str, ...], ...],
    until: tuple[tuple[str, ...], ...],
    editions: tuple[str, ...],
) -> Result:
    """The version of the site deploys every declared operating system.

    `deployed` are those of every version, `since` pairs of a system and the first version with it, `until` triples of a
    system, the last version that is known to have it and the first that is known not to. Of `editions` only some
    editions are deployed, which a manifest does not tell apart.
    """
    expected = ", ".join((*deployed, *(row[0] for row in (*since, *until)), *editions))
    declared = subject.site.deployment.operating_systems
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if not declared:
        return not_checked(
            "No evidence can tell; declare operating_systems under [deployment] in the manifest.", expected
        )
    version, why = version_of(subject.site, context)
    builds = {name: tuple(version_named(text).build for text in versions) for name, *versions in (*since, *until)}
    answers = {name: name in deployed or _has(version, builds.get(name)) for name in declared if name not in editions}
    if wrong := ", ".join(name for name, answer in answers.items() if answer is False):
        which = f"Version {version.name}" if version else "No version of current branch"
        return failed(f"{which} does not deploy {wrong}.", wrong, expected)
    if uncertain := ", ".join(name for name, answer in answers.items() if answer is None):
        reason = f"no text at hand says so of version {version.name}" if version else why
        return not_checked(f"Whether the site deploys {uncertain} depends on its version: {reason}.", expected)
    if some := ", ".join(name for name in declared if name in editions):
        return not_checked(f"Only some editions of {some} are deployed; see that it is one of them.", expected)
    return passed(", ".join(declared), expected)


def _has(version: SiteVersion | None, builds: tuple[int, ...] | None) -> bool | None:
    """Whether a version has what came with the one of `builds`, or was last known in the first of two and is gone with
    the second. False without builds; None where the version, or what it has, is not known."""
    if builds is None or version is None:
        return None if builds else False
    first, *gone = builds
    if not gone:
        return version.build >= first
    return version.build <= first or (None if version.build < gone[0] else False)


def kit_is_supported(
    subject: WholeSite, context: Context, *, supported: tuple[str, ...], unsupported: tuple[str, ...], since: str
) -> Result:
    """The assessment and deployment kit is one that versions of the site from `since` on support.

    Both lists are builds, or beginnings of them ("26100.1", "22621"); what is in neither is left open.
    """
    expected = f"ADK {' or '.join(supported)}"
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    kits = list(known_versions(subject.site, context, "waik"))
    version, why = version_of(subject.site, context)
    if not kits:
        return not_checked(
            "The version of the ADK is not known; declare waik under [deployment] in the manifest, or supply a "
            "registry export of the Uninstall keys of the site server.",
            expected,
        )
    if version is None or version.build < version_named(since).build:
        reason = why if version is None else f"which kits {version.name} supports is not known here"
        return not_checked(f"The answer depends on the version of the site: {reason}.", expected)
    for kit, where in kits:
        if _is_build_of(kit, unsupported):
            message = f"Version {version.name} does not support the ADK {printable(kit)} ({where})."
            return failed(message, f"ADK {printable(kit)}", expected)
    if strange := [printable(kit) for kit, _ in kits if not _is_build_of(kit, supported)]:
        return not_checked(f"Whether the ADK {', '.join(strange)} is supported is not known here.", expected)
    return passed(", ".join(f"{printable(kit)} ({where})" for kit, where in kits), expected)


def _is_build_of(kit: str, builds: tuple[str, ...]) -> bool:
    return begins(kit.removeprefix("10.1.").removeprefix("10.0."), builds)


def boot_image_architectures(
    subject: WholeSite, context: Context, *, since: tuple[tuple[str, ...], ...], until: tuple[tuple[str, ...], ...]
) -> Result:
    """The version of the site boots every boot image by its architecture.

    `since` are pairs of an architecture and the first version that boots it, `until` of one and the first version whose
    kits do not make it any more.
    """
    expected = "boot images of an architecture that the version of the site makes"
    bounds = {row[0]: (version_named(row[1]), row in since) for row in (*since, *until)}
    found = {
        (software.architecture, printable(item.path))
        for item in context.evidence.inputs
        for software in item.software
        if software.product == "windows-pe" and software.architecture is not None
    }
    if not found:
        return not_applicable("No boot image among the evidence tells its architecture.")
    version, why = version_of(subject.site, context)
    for name, where in sorted(found):
        if name not in bounds:
            continue
        bound, is_first = bounds[name]
        if version is None:
            return not_checked(f"Whether the site makes boot images of {name} depends on its version: {why}.", expected)
        if (version.build >= bound.build) is not is_first:
            other = f"it does from {bound.name} on" if is_first else f"it did before {bound.name}"
            message = f"Version {version.name} makes no boot image of {name} ({where}); {other}."
            return failed(message, name, expected)
    return passed(", ".join(sorted({name for name, _ in found})), expected)


CHECKS: tuple[Check, ...] = (
    supported,
    no_removed_role,
    operating_systems_are,
    kit_is_supported,
    boot_image_architectures,
)
