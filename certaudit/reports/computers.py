"""Computers as the collect script found them: what is bound, which keys work, which Windows and which roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypedDict

from certaudit.document.vocabulary import Limit, Sha1
from certaudit.evidence import (
    IIS_APPLICATION,
    Binding,
    Computer,
    ComputerFacts,
    Evidence,
    Input,
    KeyTest,
    SiteAddress,
    WebSite,
)
from certaudit.printable import printable


class BindingObject(TypedDict):
    """What HTTP.sys presents at an address, to a host name, or from the central store; null where it is not told."""

    kind: Annotated[str, Limit(words=("address", "name", "central-store"))]
    port: int
    address: str | None
    hostname: str | None
    thumbprint: Sha1 | None
    store: str | None
    application: str | None


class SiteAddressObject(TypedDict):
    """Where a web site listens; "*" is every address."""

    protocol: str
    address: str
    port: int
    hostname: str | None


class WebSiteObject(TypedDict):
    """A web site of IIS."""

    name: str
    number: int
    started: bool | None
    addresses: list[SiteAddressObject]


class KeyTestObject(TypedDict):
    """Whether the private key of a certificate works on its computer; null where that was not told or understood."""

    store: str | None
    thumbprint: Sha1
    works: bool | None
    why: str | None
    exportable: bool | None


class ClientObject(TypedDict):
    """How the registry has the client of Configuration Manager; null where it does not say."""

    certificate_store: str | None
    selection_criteria: str | None
    select_first: bool | None
    site_code: str | None
    version: str | None


class ComputerObject(TypedDict):
    """A computer by one collected folder; null is what no file there tells."""

    folder: str
    name: str | None
    domain: str | None
    windows: str | None
    product: str | None
    installation: str | None
    sends_trusted_issuers: bool | None
    secure_boot: bool | None
    role_keys: list[str]
    site_code: str | None
    parent_site_code: str | None
    site_server: str | None
    site_version: str | None
    is_pxe: bool | None
    client: ClientObject
    collected: str | None
    administrator: bool | None
    script: int | None
    bindings: list[BindingObject]
    web_sites: list[WebSiteObject]
    key_tests: list[KeyTestObject]


def computer_objects(inputs: tuple[Input, ...]) -> list[ComputerObject]:
    """Every computer of which the inputs tell more than its stores."""
    return [_object(folder, computer) for folder, computer in Evidence(inputs).computers.items()]


def _object(folder: str, computer: Computer) -> ComputerObject:
    facts, client = computer.facts, computer.facts.client
    return {
        "folder": printable(folder),
        "name": _text(facts.name),
        "domain": _text(facts.domain),
        "windows": facts.windows,
        "product": _text(facts.product),
        "installation": _text(facts.installation),
        "sends_trusted_issuers": facts.sends_trusted_issuers,
        "secure_boot": facts.secure_boot,
        "role_keys": list(map(printable, facts.role_keys)),
        "site_code": _text(facts.site_code),
        "parent_site_code": _text(facts.parent_site_code),
        "site_server": _text(facts.site_server),
        "site_version": _text(facts.site_version),
        "is_pxe": facts.is_pxe,
        "client": {
            "certificate_store": _text(client.certificate_store),
            "selection_criteria": _text(client.selection_criteria),
            "select_first": client.select_first,
            "site_code": _text(client.site_code),
            "version": _text(client.version),
        },
        "collected": facts.collected.isoformat() if facts.collected else None,
        "administrator": facts.administrator,
        "script": facts.script,
        "bindings": list(map(_binding_object, computer.bindings)),
        "web_sites": list(map(_site_object, computer.web_sites)),
        "key_tests": list(map(_test_object, computer.key_tests)),
    }


def _text(value: str | None) -> str | None:
    return None if value is None else printable(value)


def _binding_object(binding: Binding) -> BindingObject:
    return {
        "kind": binding.kind,
        "port": binding.port,
        "address": binding.address,
        "hostname": _text(binding.hostname),
        "thumbprint": binding.thumbprint,
        "store": _text(binding.store),
        "application": binding.application,
    }


def _site_object(site: WebSite) -> WebSiteObject:
    return {
        "name": printable(site.name),
        "number": site.number,
        "started": site.started,
        "addresses": [
            {
                "protocol": one.protocol,
                "address": printable(one.address),
                "port": one.port,
                "hostname": _text(one.hostname),
            }
            for one in site.addresses
        ],
    }


def _test_object(test: KeyTest) -> KeyTestObject:
    return {
        "store": _text(test.store),
        "thumbprint": test.thumbprint,
        "works": test.works,
        "why": _text(test.why),
        "exportable": test.exportable,
    }


def computer_lines(inputs: tuple[Input, ...]) -> Iterator[tuple[int, str]]:
    """(indentation, text) of what the inputs tell of each computer."""
    for folder, computer in Evidence(inputs).computers.items():
        name = computer.facts.name or "(name not told)"
        yield 0, f"Computer {printable(name)}, by {printable(folder) or 'single files'}"
        yield from ((2, line) for line in _facts(computer.facts))
        yield from ((2, line) for line in map(_binding, computer.bindings))
        yield from ((2, line) for line in map(_site, computer.web_sites))
        yield from ((2, line) for line in map(_test, computer.key_tests))


def _facts(facts: ComputerFacts) -> Iterator[str]:
    if facts.windows or facts.product:
        named = f" ({printable(facts.product)})" if facts.product else ""
        boot = {True: ", Secure Boot on", False: ", Secure Boot off", None: ""}[facts.secure_boot]
        yield f"Windows {facts.windows or '(version not told)'}{named}{boot}"
    if facts.role_keys:
        yield f"keys of Configuration Manager: {', '.join(map(printable, facts.role_keys))}"
    said = {
        "site code": facts.site_code,
        "site server": facts.site_server,
        "site version": facts.site_version,
        "client's site code": facts.client.site_code,
        "client's version": facts.client.version,
        "client's certificate store": facts.client.certificate_store,
        "client's selection criteria": facts.client.selection_criteria,
    }
    told = [f"{what} {printable(value)}" for what, value in said.items() if value]
    if told:
        yield ", ".join(told)
    if facts.collected or facts.administrator is False:
        day = f" on {facts.collected}" if facts.collected else ""
        yield f"collected{day}{', without the rights of an administrator' if facts.administrator is False else ''}"


def _binding(binding: Binding) -> str:
    place = _host(binding.hostname or binding.address or "*")
    owner = ", by IIS" if binding.application == IIS_APPLICATION else ""
    if binding.thumbprint is None:
        return f"bound at {place}:{binding.port}: the central store of certificates{owner}"
    return f"bound at {place}:{binding.port}: {binding.thumbprint} of {printable(binding.store or 'My')}{owner}"


def _site(site: WebSite) -> str:
    state = {True: ", started", False: ", stopped", None: ""}[site.started]
    where = ", ".join(map(_address, site.addresses)) or "no address of HTTP"
    return f"web site {site.number} {printable(site.name)}{state}: {where}"


def _address(address: SiteAddress) -> str:
    name = f" ({printable(address.hostname)})" if address.hostname else ""
    return f"{address.protocol} {_host(address.address)}:{address.port}{name}"


def _host(text: str) -> str:
    """An address of IPv6 in brackets, as before a port; all else as it is."""
    return printable(f"[{text}]" if ":" in text else text)


def _test(test: KeyTest) -> str:
    answer = "works" if test.works else printable(test.why or "was not tried")
    exportable = {True: ", exportable", False: ", not exportable", None: ""}[test.exportable]
    return f"key of {test.thumbprint} in {printable(test.store or '(store not told)')}: {answer}{exportable}"
