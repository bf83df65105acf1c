"""Whose evidence it is: what an input tells of the computer that it comes from, against the system that it was given
for. A folder that was swapped makes every other finding one about another computer."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator

from certaudit.audit.validators.binding import Check
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SuppliedInput
from certaudit.evidence import Evidence, Input
from certaudit.evidence.windows import store_properties, system_store
from certaudit.findings.result import Result, failed, not_applicable, passed
from certaudit.printable import printable
from certaudit.site.site import System

_COMPUTERS = ("site-system", "client")
_NETBIOS_LENGTH = 15
_OF_HOST_NAMES = frozenset(string.ascii_letters + string.digits + "-.")


def from_its_system(subject: SuppliedInput, context: Context) -> Result:
    """The names of a computer that the input tells are those of its system (requirement `input.from-its-system`).

    Who asked for a certificate (property 71) tells less than the rest: a computer that was renamed keeps its
    certificates, and one may ask for another. It counts where nothing else in the evidence names the system.
    """
    item = subject.input
    systems = [system for system in context.site.systems if _is_computer(system) and _has(context, system, item)]
    if not systems:
        return not_applicable("It is not given for a computer.")
    named, asked = set(_computers(item)), set(_originators(item))
    if not named and not asked:
        return not_applicable("It tells of no computer by name.")
    expected = f"evidence of {', '.join(printable(system.name) for system in systems)}"
    own = {label for system in systems for label in _labels(name for _, name in system.names or ((None, system.name),))}
    if strangers := sorted(name for name in named if not own & _labels([name])):
        listed = ", ".join(map(printable, strangers))
        return failed(f"It comes from another computer: {listed}.", listed, expected)
    known = {
        name
        for system in systems
        for other in context.evidence.systems[system.key].inputs
        for name in _computers(other)
    }
    if not own & (_labels(known) | _labels(asked)):
        listed = ", ".join(map(printable, sorted(asked)))
        message = f"Another computer asked for every certificate in it whose store tells that (property 71): {listed}."
        return failed(message, listed, expected)
    return passed(", ".join(map(printable, sorted(named or asked))), expected)


def _is_computer(system: System) -> bool:
    """True where the name of the system is that of a computer; a client may have any."""
    return system.kind in _COMPUTERS and not set(system.name) - _OF_HOST_NAMES


def _has(context: Context, system: System, item: Input) -> bool:
    owned = context.evidence.systems.get(system.key, Evidence()).inputs
    return any((one.path, one.sha256) == (item.path, item.sha256) for one in owned)


def _computers(item: Input) -> Iterator[str]:
    """The names of computers that the input itself comes from."""
    if item.computer is not None and item.computer.name:
        yield item.computer.name
    for entry in item.certificates:
        if entry.provenance.host:
            yield entry.provenance.host


def _originators(item: Input) -> Iterator[str]:
    """The computers that asked for the certificates with a key of the computer's own stores."""
    for entry in item.certificates:
        if entry.private_key.present and entry.provenance.location in (None, system_store.LOCAL_MACHINE):
            name = (store_properties.request_originator(entry.properties) or "").strip()
            if name:
                yield name


def _labels(names: Iterable[str]) -> set[str]:
    """The first labels, as NetBIOS cuts them off: `MP01` and `mp01.contoso.com` are one computer."""
    return {name.partition(".")[0].strip().casefold()[:_NETBIOS_LENGTH] for name in names}


CHECKS: tuple[Check, ...] = (from_its_system,)
