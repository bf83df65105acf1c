"""The drivers in use: imported into the driver catalog, enabled there, and in a package on a distribution point.

What exports of the driver catalog show and what the manifest declares are held alike (requirement `osd.drivers`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import Driver, DriverCatalog
from certaudit.findings.result import (
    Result,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from certaudit.printable import printable
from certaudit.site.deployment import DRIVER_STATES

_NAMED = 3
_CLASSES = ("SMS_Driver", "SMS_CIToContent", "SMS_PackageToContent", "SMS_DistributionPoint")


class _Shown(NamedTuple):
    """What the exports show: states that hold for every driver, and what is wrong, by driver."""

    states: frozenset[str]
    faults: tuple[tuple[str, str], ...]


def in_place(subject: WholeSite, context: Context) -> Result:
    """The drivers in use are imported into the catalog, enabled, and on a distribution point (manage-drivers)."""
    expected = ", ".join(DRIVER_STATES)
    if not subject.site.described:
        return not_applicable("This is about a site, and no manifest describes one.")
    catalog = _catalog(context)
    shown = _shown(catalog)
    if shown.faults:
        return failed(f"{_listed(shown.faults)}.", f"{len(shown.faults)} of {len(catalog.drivers)} drivers", expected)
    declared = subject.site.deployment.drivers
    missing = [state for state in DRIVER_STATES if state not in shown.states and state not in (declared or ())]
    if not missing:
        return passed(f"{len(catalog.drivers)} drivers in the exports" if catalog.drivers else "declared", expected)
    if declared is not None:
        observed = ", ".join(state for state in DRIVER_STATES if state not in missing) or "none"
        return failed(f"Not every driver in use is {' and '.join(missing)}.", observed, expected)
    lacking = [name for name, rows in zip(_CLASSES, catalog, strict=True) if not rows]
    return not_checked(
        f"The evidence does not tell whether drivers are {' and '.join(missing)}; export "
        f"{', '.join(lacking) or 'whether each driver is enabled'} as CSV, or declare drivers under [deployment] in "
        "the manifest.",
        expected,
    )


def packages_hold_at_most(subject: WholeSite, context: Context, *, drivers: int) -> Result:
    """No driver package holds more than `drivers` drivers (manage-drivers)."""
    expected = f"at most {drivers} drivers in a package"
    catalog = _catalog(context)
    in_catalog = {driver.identity for driver in catalog.drivers}
    held = Counter(package for driver, own in _packages(catalog).items() if driver in in_catalog for package in own)
    if not held:
        return not_applicable("The evidence holds no export that tells which drivers a package holds.")
    package, count = held.most_common(1)[0]
    if count > drivers:
        return failed(f"The driver package {printable(package)} holds {count} drivers.", f"{count} drivers", expected)
    return passed(f"at most {count}", expected)


def _catalog(context: Context) -> DriverCatalog:
    """What all exports tell together, each row once."""
    parts = [item.driver_catalog for item in context.evidence.inputs if item.driver_catalog is not None]
    return DriverCatalog(
        tuple(dict.fromkeys(driver for part in parts for driver in part.drivers)),
        tuple(dict.fromkeys(pair for part in parts for pair in part.contents)),
        tuple(dict.fromkeys(pair for part in parts for pair in part.packages)),
        tuple(dict.fromkeys(pair for part in parts for pair in part.locations)),
    )


def _shown(catalog: DriverCatalog) -> _Shown:
    if not catalog.drivers:
        return _Shown(frozenset(), ())
    states, faults = {"imported"}, list(_disabled(catalog))
    if all(driver.enabled is not None for driver in catalog.drivers):
        states.add("enabled")
    if all((catalog.contents, catalog.packages, catalog.locations)):
        states.add("distributed")
        faults += _not_distributed(catalog)
    return _Shown(frozenset(states), tuple(faults))


def _disabled(catalog: DriverCatalog) -> Iterator[tuple[str, str]]:
    return ((_name(driver), "is not enabled") for driver in catalog.drivers if driver.enabled is False)


def _not_distributed(catalog: DriverCatalog) -> Iterator[tuple[str, str]]:
    """Drivers of which no content is in a package, or none of whose packages is on a distribution point."""
    on_servers = {package for package, _ in catalog.locations}
    packages = _packages(catalog)
    for driver in catalog.drivers:
        own = packages.get(driver.identity, set())
        if not own:
            yield _name(driver), "is in no driver package"
        elif not own & on_servers:
            yield _name(driver), f"is in {', '.join(map(printable, sorted(own)))}, on no distribution point"


def _packages(catalog: DriverCatalog) -> dict[str, set[str]]:
    """The packages of each driver, by its CI_ID."""
    holders = _grouped(catalog.packages)
    contents = _grouped(catalog.contents)
    return {driver: {package for content in own for package in holders[content]} for driver, own in contents.items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        groups[first].add(second)
    return groups


def _name(driver: Driver) -> str:
    return printable(driver.name or f"driver {driver.identity}")


def _listed(faults: Iterable[tuple[str, str]]) -> str:
    """The first faults in words."""
    sentences = [f"{name} {what}" for name, what in faults]
    more = f"; and {len(sentences) - _NAMED} more" if len(sentences) > _NAMED else ""
    return "; ".join(sentences[:_NAMED]) + more


CHECKS: tuple[Check, ...] = (in_place, packages_hold_at_most)
