"""Operating system deployment as the manifest declares it: what is deployed and in which ways, against the release.

What a release deploys follows from its Windows PE, its kit and its User State Migration Tool, and from the feature
releases R2 and R3 (requirements `osd.operating-system`, `osd.user-state` and `osd.deployment-method`).
"""

from __future__ import annotations

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
from certaudit.site.deployment import CLIENT_OPERATING_SYSTEMS

_NO_SITE = "This is about a site, and no manifest describes one."
_UNDECLARED = "No evidence can tell; declare {} under [deployment] in the manifest."


def operating_systems_are(
    subject: WholeSite, context: Context, *, supported: tuple[str, ...], with_update: tuple[str, ...] = ()
) -> Result:
    """The release deploys every declared operating system; `with_update` are those that take an update of it."""
    expected = ", ".join((*supported, *(f"{name} with an update" for name in with_update)))
    declared = subject.site.deployment.operating_systems
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if not declared:
        return not_checked(_UNDECLARED.format("operating_systems"), expected)
    if strange := [name for name in declared if name not in (*supported, *with_update)]:
        message = f"Release {context.site.release} does not deploy {', '.join(strange)}."
        return failed(message, ", ".join(strange), expected)
    if uncertain := [name for name in declared if name in with_update]:
        message = f"{', '.join(uncertain)} takes an update of {context.site.release}; see that it is installed."
        return not_checked(message, expected)
    return passed(", ".join(declared), expected)


def user_state_is_restored_to(subject: WholeSite, context: Context, *, destinations: tuple[str, ...]) -> Result:
    """The User State Migration Tool of the release restores to every client operating system that is declared."""
    expected = ", ".join(destinations)
    declared = subject.site.deployment.operating_systems
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if not declared:
        return not_checked(_UNDECLARED.format("operating_systems"), expected)
    clients = [name for name in declared if name in CLIENT_OPERATING_SYSTEMS]
    if not clients:
        return not_applicable("Only servers are deployed, whose user state no release migrates.")
    if strange := [name for name in clients if name not in destinations]:
        return failed(
            f"Release {context.site.release} does not restore user state to {', '.join(strange)}.",
            ", ".join(strange),
            expected,
        )
    return passed(", ".join(clients), expected)


def methods_are(
    subject: WholeSite, context: Context, *, offered: tuple[str, ...], with_r2: tuple[str, ...] = ()
) -> Result:
    """The release offers every way of deployment that is declared; `with_r2` are those that it has with R2 alone."""
    expected = ", ".join((*offered, *(f"{name} with R2" for name in with_r2)))
    declared = subject.site.deployment.methods
    if not subject.site.described:
        return not_applicable(_NO_SITE)
    if not declared:
        return not_checked(_UNDECLARED.format("methods"), expected)
    if strange := [name for name in declared if name not in (*offered, *with_r2)]:
        return failed(
            f"Release {context.site.release} does not deploy by {', '.join(strange)}.", ", ".join(strange), expected
        )
    if uncertain := [name for name in declared if name in with_r2]:
        return not_checked(
            f"{', '.join(uncertain)} takes the feature release R2, which leaves the version of the site as it is; see "
            "that the console says R2 under About.",
            expected,
        )
    return passed(", ".join(declared), expected)


def method_has_system(
    subject: WholeSite, context: Context, *, methods: tuple[str, ...], roles: tuple[str, ...]
) -> Result:
    """Where one of the `methods` is declared, the manifest describes a system that a computer boots from in one of the
    `roles`: else nothing about that way in was looked at."""
    expected = " or ".join(roles)
    declared = [name for name in subject.site.deployment.methods or () if name in methods]
    if not declared:
        return not_applicable(f"{' or '.join(methods)} is not declared among the methods of [deployment]")
    holders = [system.name for system in subject.site.systems if set(roles) & set(system.ways_in)]
    if holders:
        return passed(", ".join(map(printable, holders)), expected)
    return not_checked(
        f"Computers are deployed by {' and '.join(declared)}, and the manifest describes nothing that they boot from "
        "so; describe it with its evidence",
        expected,
    )


CHECKS: tuple[Check, ...] = (operating_systems_are, user_state_is_restored_to, methods_are, method_has_system)
