"""The directions of docs/architecture.md: who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "OpenSSL.SSL"}
NETWORK |= {"urllib.request", "urllib3", "requests", "xmlrpc"}
"""What opens connections or resolves names."""


@cache
def imports() -> dict[str, frozenset[str]]:
    """What each module of certaudit imports, wherever in it the import stands: `a`, `a.b` and `a.b.name` for names."""
    found = {}
    for path in sorted((ROOT / "certaudit").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[module] = frozenset(_imported(ast.parse(path.read_text("utf-8"))))
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, *rooms: str) -> bool:
    """True where `module` is one of `rooms`, or inside one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def test_nothing_outside_the_network_room_contacts_anybody() -> None:
    for module, imported in imports().items():
        if not within(module, "certaudit.network"):
            assert not [name for name in imported if within(name, *NETWORK)], module


def test_the_command_line_alone_asks_for_the_network() -> None:
    for module, imported in imports().items():
        if not within(module, "certaudit.network", "certaudit.cli"):
            assert not [name for name in imported if within(name, "certaudit.network")], module
