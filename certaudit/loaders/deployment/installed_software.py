"""What the registry of a site server tells of its deployment toolchain: WAIK, ADK and the version of the site.

WAIK and ADK are among the installed programs (the Uninstall keys), Configuration Manager has the key SMS\\Setup of its
own. On a 64-bit server either may lie below Wow6432Node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from certaudit.evidence import ComputerFacts, Software
from certaudit.loaders import limits
from certaudit.loaders.deployment.computer_name import computer_name, is_naming_key

_UNINSTALL_KEY = "\\microsoft\\windows\\currentversion\\uninstall\\"
_SETUP_KEY = "\\microsoft\\sms\\setup"
_KITS = ("windows automated installation kit", "windows assessment and deployment kit")
"""The names of the kits begin with these words; the one for Windows PE, an add-on of ADK, has a line of its own."""

_ADD_ON = "preinstallation environment"
_VERSION = re.compile(r"\d{1,5}(?:\.\d{1,5}){1,3}")
_TEXT_VALUE = re.compile(rb'[ \t]*"(?P<name>[^"]{1,64})"[ \t]*=[ \t]*"(?P<value>(?:[^"\\]|\\.)*)"')


def is_product_key(path: str) -> bool:
    """True for a key whose values name an installed program, the version of the site or the computer. A `-` before it
    deletes it."""
    lower = path.casefold()
    wanted = _UNINSTALL_KEY in lower or lower.endswith(_SETUP_KEY) or is_naming_key(path)
    return wanted and not path.startswith("-")


def text_value(line: bytes) -> tuple[str, str] | None:
    """(name in lower case, value) that a line of a registry export has; None where it is no text."""
    match = _TEXT_VALUE.match(line)
    if match is None:
        return None
    name, value = (match[part].decode("utf-8", "replace") for part in ("name", "value"))
    return name.casefold(), re.sub(r"\\(.)", r"\1", value)


def software_of(path: str, values: Iterable[tuple[str, str]]) -> Software | None:
    """The part of the toolchain that the key at `path` is about, by its text values; None for any other."""
    known = dict(values)
    if path.casefold().endswith(_SETUP_KEY):
        return _software("site-version", known.get("full version"), path)
    name = known.get("displayname", "").casefold()
    if name.startswith(_KITS) and _ADD_ON not in name:
        return _software("waik", known.get("displayversion"), path)
    return None


def _software(product: str, version: str | None, path: str) -> Software | None:
    if version is None or not _VERSION.fullmatch(version):
        return None
    return Software(product, version, entry=path)


class InstalledSoftware:
    """Collects the toolchain from the keys of one input; what a second view of the registry repeats counts once.

    `computer` has the name of the computer, and is None where no key has told it.
    """

    def __init__(self) -> None:
        self.computer: ComputerFacts | None = None
        self._found: dict[tuple[str, str | None], Software] = {}
        self._path: str | None = None
        self._values: list[tuple[str, str]] = []

    @property
    def is_wanted(self) -> bool:
        """True while the values of the key entered last are of interest."""
        return self._path is not None

    def enter(self, path: str) -> None:
        """A key begins, which ends the one before."""
        self.take(self._path, self._values)
        self._path, self._values = (path if is_product_key(path) else None), []

    def add(self, line: bytes) -> None:
        """A line of a registry export with a value of the key entered last."""
        value = text_value(line)
        if value is not None:
            self._values.append(value)

    def take(self, path: str | None, values: Iterable[tuple[str, str]]) -> None:
        """A whole key, with its text values (names in lower case)."""
        values = tuple(values)
        name = None if path is None else computer_name(path, values)
        if self.computer is None and name is not None:
            self.computer = ComputerFacts(name=name)
        software = None if path is None else software_of(path, values)
        if software is not None and len(self._found) < limits.MAX_PRODUCTS:
            self._found.setdefault((software.product, software.version), software)

    def result(self) -> tuple[Software, ...]:
        """What was found, the last key included."""
        self.enter("")
        return tuple(self._found.values())
