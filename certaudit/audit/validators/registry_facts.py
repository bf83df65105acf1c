"""What the registry of each computer says of its roles, its site and its client, against what the manifest describes.

What no registry tells is no matter of these checks: they compare what is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.site_version import version_of
from certaudit.audit.validators.subject import WholeSite
from certaudit.evidence import ClientFacts, ComputerFacts, Evidence
from certaudit.findings.result import Result, failed, not_applicable, not_checked, passed
from certaudit.printable import printable
from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.roles import SITE_SYSTEM_TABLE
from certaudit.site.site import Site, System
from certaudit.site.versions import version_named

_UNTOLD = "No registry among the evidence tells it; the collect script brings what it says."


def roles_described(subject: WholeSite, context: Context) -> Result:
    """The manifest has every role for which a site system has a key in its registry (requirement
    `coverage.roles-described`)."""
    site, expected = subject.site, "every role of the registry in the manifest"
    rows = [row for row in SITE_SYSTEM_TABLE if row.registry_key is not None and site.release in row.releases]
    told, missing = False, []
    for system, facts in _facts_of(site, context, "site-system"):
        keys = {key.casefold() for key in facts.role_keys}
        found = [row.name for row in rows if row.registry_key is not None and row.registry_key.casefold() in keys]
        told = told or bool(keys)
        missing += [f"{role} on {printable(system.name)}" for role in found if role not in system.roles]
    if missing:
        named = ", ".join(dict.fromkeys(missing))
        return failed(f"The registry has a role that the manifest does not describe: {named}.", named, expected)
    return passed("all of them", expected) if told else not_applicable(_UNTOLD)


def site_code_as_described(subject: WholeSite, context: Context) -> Result:
    """The site that each computer belongs to is the one of the manifest, or a secondary site below it (requirement
    `identity.site-code-as-described`)."""
    site = subject.site
    code = (site.code or "").casefold()
    expected = f"site code {site.code}" if site.code else "the site code in the manifest"
    told: dict[str, None] = {}
    for system, facts in _facts_of(site, context, "site-system", "client"):
        of_client = facts.client.site_code if system.kind == "client" else None
        found = of_client or facts.site_code
        if found is None:
            continue
        told[found] = None
        if code not in {text.casefold() for text in (found, facts.parent_site_code if not of_client else None) if text}:
            where = f"site code {printable(found)} on {printable(system.name)}"
            named = f"the manifest names {site.code}" if site.code else "the manifest names none"
            return failed(f"The registry has {where}, and {named}.", where, expected)
    return passed(", ".join(map(printable, told)), expected) if told else not_applicable(_UNTOLD)


def windows_supported(subject: WholeSite, context: Context, *, oldest: int, since: str) -> Result:
    """From version `since` of the site on, no site system runs a Windows of a major version below `oldest`
    (requirement `site.windows-supported`)."""
    site = subject.site
    expected = f"Windows {oldest}.0 or later from version {since} of the site on"
    told = {printable(system.name): facts for system, facts in _facts_of(site, context, "site-system") if facts.windows}
    if not told:
        return not_applicable(_UNTOLD)
    old = [
        f"{printable(facts.product or 'Windows')} ({printable(facts.windows or '')}) on {name}"
        for name, facts in told.items()
        if _major(facts.windows or "") < oldest
    ]
    if not old:
        return passed(
            ", ".join(f"{printable(facts.windows or '')} on {name}" for name, facts in told.items()), expected
        )
    version, why = version_of(site, context)
    if version is None:
        return not_checked(f"Whether the site takes {', '.join(old)} depends on its version: {why}.", expected)
    if version.build < version_named(since).build:
        return passed(f"{', '.join(old)}, which version {version.name} takes", expected)
    return failed(f"Version {version.name} supports no site system on {', '.join(old)}.", ", ".join(old), expected)


def pxe_as_described(subject: WholeSite, context: Context) -> Result:
    """A distribution point answers PXE where the manifest says so, and nowhere else (requirement
    `coverage.pxe-as-described`)."""
    site, expected = subject.site, "pxe in the manifest as the registry has it"
    told = False
    for system, facts in _facts_of(site, context, "site-system"):
        if facts.is_pxe is None or "distribution-point" not in system.roles:
            continue
        told = True
        name = printable(system.name)
        if facts.is_pxe and not system.pxe:
            message = f"{name} answers PXE, and the manifest does not say pxe = true: nothing about that was looked at."
            return failed(message, f"{name} answers PXE", expected)
        if system.pxe and not facts.is_pxe:
            message = f"The manifest says that {name} answers PXE, and its registry says that it does not."
            return failed(message, f"{name} does not answer PXE", expected)
    return passed("the same", expected) if told else not_applicable(_UNTOLD)


def client_selection_as_described(subject: WholeSite, context: Context) -> Result:
    """Each client chooses its certificate by the settings that the manifest has (requirement
    `store.client-selection-as-described`)."""
    site, expected = subject.site, "the settings of the manifest"
    told = False
    for system, facts in _facts_of(site, context, "site-system", "client"):
        told = told or _tells(facts.client)
        for difference in _differences(facts.client, site.client_selection, site.release):
            message = (
                f"The client on {printable(system.name)} chooses by other settings than the manifest: {difference}."
            )
            return failed(message, difference, expected)
    return passed("the same", expected) if told else not_applicable(_UNTOLD)


def _tells(client: ClientFacts) -> bool:
    return any(fact is not None for fact in (client.certificate_store, client.selection_criteria, client.select_first))


def _differences(client: ClientFacts, selection: ClientSelection, release: str) -> Iterator[str]:
    """What the registry tells otherwise, each in words; what it does not tell is no difference."""
    store, criteria = client.certificate_store, client.selection_criteria
    if store is not None and store.casefold() != selection.store.casefold():
        yield f"store {printable(store)} in its registry, {printable(selection.store)} in the manifest"
    if criteria is not None and criterion(criteria) != selection.criterion:
        yield f"criterion {printable(criteria)} in its registry, {_shown(selection)} in the manifest"
    takes_one = selection.takes_one_of_several(release)
    if client.select_first is not None and client.select_first is not takes_one:
        words = {True: "takes one of several", False: "takes none of several"}
        yield f"it {words[client.select_first]}, by the manifest it {words[takes_one]}"


def _shown(selection: ClientSelection) -> str:
    return printable(selection.criterion.value) if selection.criterion else "none"


def _facts_of(site: Site, context: Context, *kinds: str) -> Iterator[tuple[System, ComputerFacts]]:
    """What is told of each computer of these kinds that the manifest describes."""
    for system in site.systems if site.described else ():
        if system.kind in kinds:
            for computer in context.evidence.systems.get(system.key, Evidence()).computers.values():
                yield system, computer.facts


def _major(windows: str) -> int:
    return int(windows.partition(".")[0])


CHECKS: tuple[Check, ...] = (
    roles_described,
    site_code_as_described,
    windows_supported,
    pxe_as_described,
    client_selection_as_described,
)
