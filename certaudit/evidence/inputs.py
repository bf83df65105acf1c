"""Inputs, each with what was in it, and all those of one owner, or of a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from certaudit.evidence.computer import (
    Binding,
    Computer,
    ComputerFacts,
    KeyTest,
    WebSite,
    merged_facts,
    seen_without_rights,
)
from certaudit.evidence.deployment import DriverCatalog, RegisteredCertificate, SiteControl, Software
from certaudit.evidence.entries import CertificateEntry, CrlEntry, Provenance
from certaudit.evidence.media import Media
from certaudit.evidence.pfx import Pfx
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList

EMPTY_FOLDER, IGNORED = "empty-folder", "ignored"
"""The formats of inputs that are no evidence: a folder with nothing in it, and what lies beside evidence."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file (or store) that was read: what it is, what was in it, or why it could not be read.

    `path` is what the report calls it, `format` a short word ("x509-der", "pkcs12", …), `sha256` upper-case
    hexadecimal; of a folder that is boot media, `sha256` and `size` are those of its Variables.dat. `error` is a
    sentence where the input as a whole could not be read; `remarks` are sentences about parts of it that could not,
    or that are odd; `losses` are those of them about a part in which a certificate, a CRL or a key may be. An input
    with an error may still hold what could be read.
    """

    path: str
    format: str
    sha256: str | None = None
    size: int | None = None
    certificates: tuple[CertificateEntry, ...] = ()
    crls: tuple[CrlEntry, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    pfx: Pfx | None = None
    media: Media | None = None
    software: tuple[Software, ...] = ()
    registered: tuple[RegisteredCertificate, ...] = ()
    site_control: SiteControl | None = None
    driver_catalog: DriverCatalog | None = None
    bindings: tuple[Binding, ...] = ()
    web_sites: tuple[WebSite, ...] = ()
    key_tests: tuple[KeyTest, ...] = ()
    computer: ComputerFacts | None = None
    error: str | None = None
    remarks: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    @property
    def evidence(self) -> dict[str, Any]:
        """What was found, by the name of its field: every field that does not describe the input itself, where filled.

        Who hands evidence on takes it from here, so that a new kind of it gets lost nowhere.
        """
        kinds = (item.name for item in fields(self) if item.name not in _DESCRIBING)
        return {kind: value for kind in kinds if (value := getattr(self, kind))}


_DESCRIBING = frozenset({"path", "format", "sha256", "size", "error", "remarks", "losses"})


@dataclass(frozen=True)
class Evidence:
    """All inputs of one owner: a site system, a client, a boot media, or the site's trust lists.

    Where `store` is a name (in lower case), certificates in Windows stores of other names do not count.
    """

    inputs: tuple[Input, ...] = field(default=())
    store: str | None = None

    @property
    def certificates(self) -> tuple[CertificateEntry, ...]:
        """Every certificate at every place, in the order of the inputs."""
        return tuple(entry for item in self.inputs for entry in item.certificates if self._counts(entry.provenance))

    @property
    def every_certificate(self) -> tuple[Certificate, ...]:
        """Each certificate once, in the order of the inputs."""
        return tuple(dict.fromkeys(entry.certificate for entry in self.certificates))

    def _counts(self, place: Provenance) -> bool:
        return self.store is None or place.store is None or place.store.lower() == self.store

    @property
    def crls(self) -> tuple[CrlEntry, ...]:
        """Every CRL at every place, in the order of the inputs."""
        return tuple(entry for item in self.inputs for entry in item.crls)

    @property
    def carried_for_trust(self) -> frozenset[Certificate]:
        """The certificates that boot media carry to recognise others by: they never serve the media itself."""
        opened = [item.media.variables for item in self.inputs if item.media is not None and item.media.variables]
        signing = {variables.site_signing for variables in opened} - {variables.certificate for variables in opened}
        return frozenset(certificate for certificate in signing if certificate is not None)

    @cached_property
    def computers(self) -> Mapping[str, Computer]:
        """What Windows' own tools tell of a computer, by the path of the folder that was collected there ("": none)."""
        found: dict[str, list[Input]] = {}
        for item in self.inputs:
            if item.computer is not None or item.bindings or item.web_sites or item.key_tests:
                found.setdefault(_collected_folder(item.path), []).append(item)
        return {folder: _computer(inputs) for folder, inputs in found.items()}

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """What HTTP.sys presents, each binding once, whichever tools told of it."""
        return tuple(dict.fromkeys(binding for one in self.computers.values() for binding in one.bindings))

    @property
    def has_bindings(self) -> bool:
        """True where the bindings of HTTP.sys are among the inputs, be it that nothing is bound."""
        listed = (item for item in self.inputs if item.format == "http-bindings" and item.error is None)
        return bool(self.bindings) or any(not item.remarks for item in listed)

    @property
    def key_tests(self) -> tuple[KeyTest, ...]:
        """Every test of a key, as its computer has it."""
        return tuple(test for one in self.computers.values() for test in one.key_tests)

    @property
    def is_readable(self) -> bool:
        """True where at least one input is evidence and could be read."""
        return any(item.error is None and item.format not in (EMPTY_FOLDER, IGNORED) for item in self.inputs)


@dataclass(frozen=True)
class SiteEvidence:
    """The evidence of a whole site: by the name of its system, and the three trust lists.

    `systems` is keyed by (kind, name) of the system, and so is `client_cas`: the CA certificates that were uploaded to
    a cloud management gateway.
    """

    systems: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)
    root_cas: Evidence = field(default_factory=Evidence)
    intermediate_cas: Evidence = field(default_factory=Evidence)
    crls: Evidence = field(default_factory=Evidence)
    client_cas: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)

    @property
    def _lists(self) -> tuple[Evidence, ...]:
        return self.root_cas, self.intermediate_cas, self.crls, *self.client_cas.values()

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every input, trust lists first; one that several owners name appears once."""
        found: dict[tuple[str, str | None], Input] = {}
        for owner in (*self._lists, *self.systems.values()):
            for item in owner.inputs:
                key = item.path, item.sha256
                found[key] = _together(found[key], item) if key in found else item
        return tuple(found.values())

    @cached_property
    def every_certificate(self) -> tuple[Certificate, ...]:
        """The certificates of all inputs, each once, in the order of the inputs."""
        return tuple(dict.fromkeys(entry.certificate for item in self.inputs for entry in item.certificates))

    @property
    def tells_of_revocation(self) -> bool:
        """True where a CRL or an OCSP response is among the inputs, wherever it was found."""
        return any(item.crls or item.ocsp_responses for item in self.inputs)

    @cached_property
    def every_crl(self) -> tuple[CrlEntry, ...]:
        """The CRLs of all inputs, each once where it was found first, in the order of the inputs."""
        found: dict[RevocationList, CrlEntry] = {}
        for item in self.inputs:
            for entry in item.crls:
                found.setdefault(entry.crl, entry)
        return tuple(found.values())


def _computer(inputs: list[Input]) -> Computer:
    facts = merged_facts(item.computer for item in inputs if item.computer is not None)
    tests = (test for item in inputs for test in item.key_tests)
    return Computer(
        facts,
        tuple(dict.fromkeys(binding for item in inputs for binding in item.bindings)),
        tuple(dict.fromkeys(site for item in inputs for site in item.web_sites)),
        tuple(tests if facts.administrator is not False else map(seen_without_rights, tests)),
    )


def _collected_folder(path: str) -> str:
    """The folder that the collect script wrote a file into, whether or not into its folder of facts."""
    return re.sub(r"(?:^|[\\/])(?:facts[\\/])?[^\\/]*$", "", path, flags=re.I)


def _together(one: Input, other: Input) -> Input:
    """One file that two owners named, with a password of their own each: what either could not read is not read."""
    base, rest = (one, other) if other.error is not None else (other, one)
    more = {kind: value for kind, value in rest.evidence.items() if kind not in base.evidence}
    losses = tuple(dict.fromkeys((*base.losses, *rest.losses)))
    return replace(base, error=one.error or other.error, losses=losses, **more)
