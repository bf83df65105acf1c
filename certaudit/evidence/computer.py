"""What Windows' own tools tell of one computer: what is bound, which keys work, which Windows and which roles it has.

In every type None means: not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple


class Binding(NamedTuple):
    """What HTTP.sys presents at one place, as `netsh http show sslcert`, httpcfg or its registry keys tell.

    `kind` is "address" (an IP address and a port), "name" (a host name and a port, which clients ask for by SNI) or
    "central-store" (a file of IIS' central certificate store: no thumbprint, and a host name in a scoped one alone).
    `thumbprint` is SHA-1, upper-case hexadecimal; it may be that of a certificate that is in no store. `store` is the
    store of the computer that it is taken from, and None stands for Personal, as HTTP.sys has it. `application` is the
    GUID of the program that made the binding, in lower case and without braces: `IIS_APPLICATION` is that of IIS.
    """

    kind: str
    port: int
    address: str | None = None
    hostname: str | None = None
    thumbprint: str | None = None
    store: str | None = None
    application: str | None = None


IIS_APPLICATION = "4dc3e181-e14b-4a21-b022-59fc669b0914"
"""The application ID under which IIS binds certificates."""


class SiteAddress(NamedTuple):
    """Where a web site listens: "*" is every address, and no host name means every one."""

    protocol: str
    address: str
    port: int
    hostname: str | None = None


class WebSite(NamedTuple):
    """A web site of IIS, as `appcmd list site` shows it; addresses of other protocols than HTTP are left out."""

    name: str
    number: int
    addresses: tuple[SiteAddress, ...] = ()
    started: bool | None = None


class KeyTest(NamedTuple):
    """The private key that is recorded with a certificate of a store was tried on its computer.

    `works` is True where the key was used and fits, False where it is not there or does not work; then, and where the
    answer is not understood (None), `why` is the reason in English words that follow "the key". `exportable` is what
    Windows answered, too. `store` is the name as the tool was given it; a certificate without a recorded key has no
    test.
    """

    store: str | None
    thumbprint: str
    works: bool | None
    why: str | None = None
    exportable: bool | None = None


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the registry says of the Configuration Manager client: its store, how it selects, its site and version."""

    certificate_store: str | None = None
    selection_criteria: str | None = None
    select_first: bool | None = None
    site_code: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class ComputerFacts:
    """What one file says of its computer, or all files of one collected folder together.

    `name` is the NetBIOS name, `domain` that of DNS; `windows` a version such as "10.0.20348.2227", `product` its name
    in the registry, `installation` "Server", "Server Core" or "Client". `role_keys` are the names of the keys below
    SMS in the registry ("MP", "DP", …), where every site system role has one; they are no roles yet. `is_pxe` is
    whether a distribution point answers PXE. `administrator`
    is False where the script was run by somebody who may not see the keys of the computer. `collected` is the day in
    the computer's own time, `script` the version of the collect script.
    """

    name: str | None = None
    domain: str | None = None
    windows: str | None = None
    product: str | None = None
    installation: str | None = None
    sends_trusted_issuers: bool | None = None
    secure_boot: bool | None = None
    role_keys: tuple[str, ...] = ()
    site_code: str | None = None
    parent_site_code: str | None = None
    site_server: str | None = None
    site_version: str | None = None
    is_pxe: bool | None = None
    client: ClientFacts = ClientFacts()
    collected: date | None = None
    administrator: bool | None = None
    script: int | None = None


@dataclass(frozen=True, slots=True)
class Computer:
    """Everything that the files of one collected folder tell of their computer, each binding and each site once."""

    facts: ComputerFacts = ComputerFacts()
    bindings: tuple[Binding, ...] = ()
    web_sites: tuple[WebSite, ...] = ()
    key_tests: tuple[KeyTest, ...] = ()


def seen_without_rights(test: KeyTest) -> KeyTest:
    """A test that no administrator ran: one that failed says nothing, because keys are hidden from others."""
    return test._replace(works=None, why=_HIDDEN) if test.works is False else test


_HIDDEN = "was not shown to somebody who is no administrator"


def merged_facts(facts: Iterable[ComputerFacts]) -> ComputerFacts:
    """One answer from several files about the same computer: of each fact, what is told first."""
    parts = tuple(facts)
    told = _first_told(parts, ComputerFacts)
    told["role_keys"] = tuple(dict.fromkeys(key for part in parts for key in part.role_keys))
    told["client"] = ClientFacts(**_first_told(tuple(part.client for part in parts), ClientFacts))
    return ComputerFacts(**told)


def _first_told(parts: tuple[Any, ...], kind: type[Any]) -> dict[str, Any]:
    return {
        field.name: next((value for part in parts if (value := getattr(part, field.name)) is not None), None)
        for field in fields(kind)
    }
