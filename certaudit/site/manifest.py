"""Reads the manifest of a site (docs/manifest.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from certaudit.printable import printable
from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.deployment import (
    CLIENT_OPERATING_SYSTEMS,
    DEPLOYMENT_METHODS,
    DRIVER_STATES,
    SERVER_OPERATING_SYSTEMS,
    Deployment,
)
from certaudit.site.releases import MODES, RELEASES, connections_of, modes_of, of_product
from certaudit.site.roles import (
    CERTIFICATE_ROLES,
    CLIENT_ROLES,
    CONNECTIONS,
    SITE_SYSTEM_ROLES,
    needed_by,
    site_system_role,
    spoken_to,
)
from certaudit.site.site import CLIENT_AUTHENTICATION, EvidencePath, Site, System
from certaudit.site.toml_table import Table, read_toml
from certaudit.site.words import connections_hint, mode_hint, release_hint, role_hint


def read_manifest(path: Path) -> Site:
    """The site that the manifest at `path` describes. Raises UsageError."""
    top = read_toml(path)
    head = top.table("site")
    if "site" not in top:
        top.fail("table [site] is missing; see docs/manifest.md for an example")
    trust = top.table("trust")
    release = head.choice("release", RELEASES, meant=release_hint)
    site = Site(
        directory=path.parent,
        release=release,
        mode_property=_mode(head, release),
        code=_site_code(head),
        name=head.optional_text("name"),
        crl_checking=head.boolean("crl_checking", True),
        as_of=head.instant("as_of"),
        waivers=head.optional_text("waivers"),
        systems=(
            *(_site_system(table, release) for table in top.tables("site_system")),
            *(_client(table) for table in top.tables("client")),
            *(_boot_media(table) for table in top.tables("boot_media")),
        ),
        root_cas=_sources(trust, "root_cas"),
        intermediate_cas=_sources(trust, "intermediate_cas"),
        crls=_sources(trust, "crls"),
        client_selection=_client_selection(head),
        deployment=_deployment(top.table("deployment")),
    )
    for table in (head, trust, top):
        table.close()
    _refuse_repeated_names(top, site.systems)
    _refuse_one_media_for_two(top, site)
    _refuse_unsaid_connections(top, site)
    return site


def _mode(head: Table, release: str) -> str | None:
    """The site property; the release must know it."""
    if "mode" not in head:
        return None
    mode = head.choice("mode", MODES, meant=mode_hint)
    known = modes_of(release)
    if mode not in known:
        head.fail(f'a site of release {release} has no mode {mode}: write mode = "{known[0]}", or "{known[1]}"')
    return mode


def _site_code(head: Table) -> str | None:
    code = head.optional_text("code")
    if code is not None and not re.fullmatch(r"[A-Za-z0-9]{3}", code):
        head.fail("key 'code' must be the three-character site code, such as \"S01\"")
    return code


def _client_selection(head: Table) -> ClientSelection:
    values = head.mapping("client_certificate_selection")
    table = Table(values, f"{head.where}: client_certificate_selection")
    text = table.optional_text("criteria")
    wanted = None if text is None else criterion(text)
    if text is not None and wanted is None:
        table.fail(
            "key 'criteria' must be as the product writes it: \"SubjectStr:part of the subject\", "
            '"Subject:the whole subject", "SubjectAttr:OU=value" or "SubjectAttr:2.5.29.17=value"'
        )
    take_one = table.boolean("first_certificate", False) if "first_certificate" in values else None
    selection = ClientSelection(table.text("store", "My"), wanted, take_one)
    table.close()
    return selection


def _deployment(table: Table) -> Deployment:
    def declared(key: str) -> bool | None:
        return table.boolean(key, False) if key in table else None

    def listed(key: str, choices: tuple[str, ...]) -> tuple[str, ...] | None:
        return table.texts(key, choices) if key in table else None

    deployment = Deployment(
        usmt=table.optional_text("usmt"),
        windows_pe=table.optional_text("windows_pe"),
        waik=table.optional_text("waik"),
        site_version=table.optional_text("site_version"),
        older_waik_removed=declared("older_waik_removed"),
        boot_images_backed_up=declared("boot_images_backed_up"),
        drivers=listed("drivers", DRIVER_STATES),
        methods=listed("methods", DEPLOYMENT_METHODS),
        operating_systems=listed("operating_systems", (*CLIENT_OPERATING_SYSTEMS, *SERVER_OPERATING_SYSTEMS)),
    )
    table.close()
    return deployment


def _site_system(table: Table, release: str) -> System:
    system = System(
        name=table.required_text("name"),
        roles=table.texts("roles", SITE_SYSTEM_ROLES, role_hint),
        internet_name=table.optional_text("internet_name"),
        nlb_name=table.optional_text("nlb_name"),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
        connections=(
            table.choice("connections", CONNECTIONS, meant=connections_hint) if "connections" in table else None
        ),
        pxe=table.boolean("pxe", False),
        client_cas=_sources(table, "client_cas"),
        client_authentication=(
            table.choice("client_authentication", CLIENT_AUTHENTICATION) if "client_authentication" in table else None
        ),
    )
    _refuse_idle_pins(table, system)
    if not system.roles:
        table.fail(f"key 'roles' must name at least one of {', '.join(SITE_SYSTEM_ROLES)}")
    _refuse_what_its_roles_cannot(table, system, release)
    table.close()
    return system


def _refuse_idle_pins(table: Table, system: System) -> None:
    """A pin that no role of the system asks for, in any release, would say nothing, and somebody meant something."""
    wanted = tuple(dict.fromkeys(name for role in system.roles for name in needed_by(role)))
    for role in system.pins:
        if wanted and role not in wanted:
            table.fail(
                f"key 'certificates': no role of the system takes a certificate for {role}, so that nothing would come "
                f"of the thumbprint; it takes one for {', '.join(wanted)}"
            )


def _refuse_what_its_roles_cannot(table: Table, system: System, release: str) -> None:
    rows = [role for role in map(site_system_role, system.roles) if role is not None]
    if "pxe-service-point" in system.roles and release not in of_product("2007"):
        table.fail(
            f"release {release} has no PXE service point: a distribution point answers PXE requests there; write "
            'roles = ["distribution-point"] and pxe = true'
        )
    if system.pxe and (release in of_product("2007") or "distribution-point" not in system.roles):
        table.fail(
            "key 'pxe' belongs to distribution points of releases from 2012 on; in 2007 the role is 'pxe-service-point'"
        )
    if system.connections and not any(system.connections in role.connections for role in rows):
        possible = sorted({ways for role in rows for ways in role.connections}, key=CONNECTIONS.index)
        table.fail(f"key 'connections': {', '.join(system.roles)} can be {' or '.join(possible)}")
    if system.connections and system.connections not in connections_of(release):
        table.fail(f"key 'connections': release {release} knows {' and '.join(connections_of(release))}")
    if (system.client_cas or system.client_authentication) and "cloud-management-gateway" not in system.roles:
        table.fail("keys 'client_cas' and 'client_authentication' belong to the role 'cloud-management-gateway'")


def _client(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        kind="client",
        roles=table.texts("roles", CLIENT_ROLES, role_hint) or ("client",),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
    )
    _refuse_idle_pins(table, system)
    table.close()
    return system


def _boot_media(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        kind="boot-media",
        roles=("boot-media",),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
        in_use_until=table.instant("in_use_until", end_of_day=True),
    )
    _refuse_idle_pins(table, system)
    table.close()
    return system


def _pins(table: Table) -> Mapping[str, str]:
    pins = {}
    for role, thumbprint in table.mapping("certificates").items():
        table.check_choice("certificates", role, CERTIFICATE_ROLES, role_hint)
        digits = re.sub(r"[\s:]", "", thumbprint).upper() if isinstance(thumbprint, str) else ""
        if not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", digits):
            table.fail(f"certificates.{role} must be a SHA-1 or SHA-256 thumbprint of 40 or 64 hexadecimal digits")
        pins[role] = digits
    return MappingProxyType(pins)


def _sources(table: Table, key: str) -> tuple[EvidencePath, ...]:
    return tuple(_source(table, key, item) for item in table.items(key))


def _source(table: Table, key: str, item: Any) -> EvidencePath:
    if isinstance(item, str):
        return EvidencePath(item)
    if not isinstance(item, dict):
        table.fail(f"key {key!r} must be a list of paths, or of tables with a path and where its password is")
    entry = Table(item, f"{table.where}: {key}")
    source = EvidencePath(
        entry.required_text("path"), entry.optional_text("password_env"), entry.optional_text("password_file")
    )
    if source.password_env and source.password_file:
        entry.fail("'password_env' and 'password_file' exclude each other")
    entry.close()
    return source


def _refuse_repeated_names(top: Table, systems: tuple[System, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for system in systems:
        key = system.kind, system.name.casefold()
        if key in seen:
            top.fail(f"{system.kind} {system.name!r} is described twice; put its roles and evidence together")
        seen.add(key)


def _refuse_one_media_for_two(top: Table, site: Site) -> None:
    """Two boot media cannot be the same one, by whichever names their evidence is called."""
    seen: dict[Path, System] = {}
    for system in site.systems:
        for source in system.evidence if system.kind == "boot-media" else ():
            other = seen.setdefault((site.directory / source.path).resolve(), system)
            if other is not system:
                top.fail(
                    f"the boot media '{printable(other.name)}' and '{printable(system.name)}' have the same evidence, "
                    f"{printable(source.path)}; name that of each, or describe the media once"
                )


def _refuse_unsaid_connections(top: Table, site: Site) -> None:
    """A later site that is not HTTPS alone has systems of either kind: which is which only the manifest can say."""
    if site.mode != "mixed" or site.release in of_product("2007"):
        return
    for system in site.systems:
        roles = [role for role in map(site_system_role, system.roles) if role is not None]
        if system.connections is None and any(spoken_to(role) for role in roles):
            *first, last = (f'"{ways}"' for ways in connections_of(site.release))
            top.fail(
                f"[[site_system]] '{printable(system.name)}' needs the key 'connections', since the mode of the site "
                f"is mixed: how is it spoken to? connections = {', '.join(first)} or {last}"
            )
