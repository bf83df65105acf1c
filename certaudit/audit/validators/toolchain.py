"""The deployment toolchain of a site: versions of its parts against the release, and the roles that deployment needs.

What files tell (boot images, scanstate.exe, the registry of the site server) and what the manifest declares under
[deployment] are held alike; where they differ, each has to fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import WholeSite
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.site.site import Site

Part = Literal["usmt", "windows_pe", "waik", "site_version"]

_NAMES = {"usmt": "USMT", "windows_pe": "Windows PE", "waik": "WAIK", "site_version": "Configuration Manager"}
_FILES = {
    "usmt": "scanstate.exe",
    "windows_pe": "boot.wim",
    "waik": "a registry export of the Uninstall keys of the site server",
    "site_version": r"a registry export of HKLM\SOFTWARE\Microsoft\SMS\Setup of the site server",
}

_NO_SITE = "This is about a site, and no manifest describes one."


def version_is_one_of(
    subject: WholeSite, context: Context, *, part: Part, versions: tuple[str, ...], but: tuple[str, ...] = ()
) -> Result:
    """Every known version of the part is one that the release takes; `versions` are beginnings, by name or number, and
    those that begin as one of `but` does are not taken all the same.

    Windows PE on boot media is a finding of the media.
    """
    name = _NAMES[part]
    expected = f"{name} {' or '.join(versions)}"
    found = list(known_versions(subject.site, context, part))
    for version, where in found:
        if not begins(version, versions) or begins(version, but):
            message = f"{name} {printable(version)} ({where}) is not the one of release {context.site.release}."
            return failed(message, f"{name} {printable(version)}", expected)
    if not found and not subject.site.described:
        return not_applicable(_NO_SITE)
    if not found:
        message = (
            f"The version of {name} is not known; declare {part} under [deployment] in the manifest, or supply "
            f"{_FILES[part]}."
        )
        return not_checked(message, expected)
    return passed(", ".join(f"{printable(version)} ({where})" for version, where in found), expected)


def begins(version: str, beginnings: tuple[str, ...]) -> bool:
    """True where the version is one of these, or one of these with further numbers."""
    return any(f"{version}.".startswith(f"{beginning}.") for beginning in beginnings)


def known_versions(site: Site, context: Context, part: Part) -> Iterator[tuple[str, str]]:
    """(version, where it is known from) of a part of the toolchain: declared, and as files tell."""
    declared = getattr(site.deployment, part)
    if declared is not None:
        yield declared, "declared"
    product = part.replace("_", "-")
    for item in context.evidence.inputs:
        for software in item.software if part == "usmt" or item.media is None else ():
            if software.product == product and software.version is not None:
                yield software.version, printable(item.path)


def has_system_role(subject: WholeSite, context: Context, *, roles: tuple[str, ...]) -> Result:
    """A system of the site has one of the site system roles."""
    expected = " or ".join(roles)
    holders = [system.name for system in subject.site.systems if set(roles) & set(system.roles)]
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if holders:
        return passed(", ".join(map(printable, holders)), expected)
    return failed(f"No system of the site has the role {expected}.", "none", expected)


def declared(
    subject: WholeSite, context: Context, *, key: Literal["older_waik_removed", "boot_images_backed_up"]
) -> Result:
    """The manifest declares that a step was done, which leaves no trace in any evidence."""
    expected = f"{key} = true"
    answer = getattr(subject.site.deployment, key)
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if answer is None:
        return not_checked(
            f"No evidence can tell; declare {key} = true under [deployment] in the manifest, where it was done.",
            expected,
        )
    if answer:
        return passed("declared", expected)
    return failed(f"The manifest declares {key} = false.", f"{key} = false", expected)


CHECKS: tuple[Check, ...] = (version_is_one_of, has_system_role, declared)
