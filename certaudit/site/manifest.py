"""Reads the manifest of a site (docs/manifest.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from certaudit.site.client_selection import ClientSelection, criterion
from certaudit.site.deployment import (
    CLIENT_OPERATING_SYSTEMS,
    DEPLOYMENT_METHODS,
    DRIVER_STATES,
    SERVER_OPERATING_SYSTEMS,
    Deployment,
)
from certaudit.site.releases import MODES, RELEASES
from certaudit.site.roles import CERTIFICATE_ROLES, CLIENT_ROLES, SITE_SYSTEM_ROLES
from certaudit.site.site import EvidencePath, Site, System
from certaudit.site.toml_table import Table, read_toml


def read_manifest(path: Path) -> Site:
    """The site that the manifest at `path` describes. Raises UsageError."""
    top = read_toml(path)
    head = top.table("site")
    if "site" not in top:
        top.fail("table [site] is missing; see docs/manifest.md for an example")
    trust = top.table("trust")
    site = Site(
        directory=path.parent,
        release=head.choice("release", RELEASES),
        mode=head.choice("mode", MODES, "native"),
        code=_site_code(head),
        name=head.optional_text("name"),
        crl_checking=head.boolean("crl_checking", True),
        as_of=head.instant("as_of"),
        waivers=head.optional_text("waivers"),
        systems=(
            *(_site_system(table) for table in top.tables("site_system")),
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
    return site


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


def _site_system(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        roles=table.texts("roles", SITE_SYSTEM_ROLES),
        internet_name=table.optional_text("internet_name"),
        nlb_name=table.optional_text("nlb_name"),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
    )
    if not system.roles:
        table.fail(f"key 'roles' must name at least one of {', '.join(SITE_SYSTEM_ROLES)}")
    table.close()
    return system


def _client(table: Table) -> System:
    system = System(
        name=table.required_text("name"),
        kind="client",
        roles=table.texts("roles", CLIENT_ROLES) or ("client",),
        evidence=_sources(table, "evidence"),
        pins=_pins(table),
    )
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
    table.close()
    return system


def _pins(table: Table) -> Mapping[str, str]:
    pins = {}
    for role, thumbprint in table.mapping("certificates").items():
        table.check_choice("certificates", role, CERTIFICATE_ROLES)
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
