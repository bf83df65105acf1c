"""The name of the computer that a registry belongs to, as its keys have it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KEYS = {
    "\\group policy\\state\\machine": "distinguished-name",
    "\\control\\computername\\computername": "computername",
}
"""The ends of the keys (in lower case), and which value tells: the name in the directory, or that of NetBIOS."""
_LONGEST = 63
_FIRST_NAME = re.compile(r"CN=(?P<name>[^,\\=]+)", re.I)


def is_naming_key(path: str) -> bool:
    """True for a key whose values may name the computer."""
    return path.casefold().endswith(tuple(_KEYS))


def computer_name(path: str, values: Iterable[tuple[str, str]]) -> str | None:
    """The name that the key at `path` has among its text values (names in lower case); None where it has none."""
    wanted = next((value for end, value in _KEYS.items() if path.casefold().endswith(end)), None)
    text = dict(values).get(wanted or "", "")
    match = _FIRST_NAME.match(text)
    name = match["name"] if match else "" if "=" in text else text
    return name.strip()[:_LONGEST] or None
