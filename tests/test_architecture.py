"""docs/architecture.md holds: who imports whom, who contacts anybody, and who prints, is read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from certaudit.reports import FORMATS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "OpenSSL.SSL"}
NETWORK |= {"urllib.request", "urllib3", "requests", "xmlrpc"}
"""What opens connections or resolves names."""
ROOMS = tuple(
    name.replace("/", ".")
    for row in re.findall(r"^\| (`certaudit/[^|]*) \|", PAGE, re.MULTILINE)
    for name in re.findall(r"`(certaudit/\w+(?:/\w+)?)(?:/|\.py)`", row)
)
"""The rooms of the page, and the wings that have a line of their own, from the top down."""


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of certaudit."""
    paths = sorted((ROOT / "certaudit").rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return {name: ast.parse(path.read_text("utf-8")) for name, path in zip(names, paths, strict=True)}


@cache
def imports() -> dict[str, frozenset[str]]:
    """What each module imports, wherever in it the import stands: `a.b` and, for names, `a.b.name`."""
    return {module: frozenset(_imported(tree)) for module, tree in trees().items()}


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


def room_of(module: str) -> str | None:
    """The room, or the wing, in which a module or a name of one is."""
    return max((room for room in ROOMS if within(module, room)), key=len, default=None)


def needed(module: str) -> set[str]:
    """The modules of certaudit that a module needs: of `from package import module` the module alone."""
    found = set()
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = str(node.module)
            found |= {name if (name := f"{whole}.{alias.name}") in trees() else whole for alias in node.names}
    return found & trees().keys()


def breaches(room: str, forbidden: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each import inside `room` of something `forbidden`."""
    return [
        (module, name)
        for module, imported in imports().items()
        for name in sorted(imported)
        if within(module, room) and within(name, *forbidden)
    ]


def test_the_page_names_every_room_once() -> None:
    rooms = {".".join(module.split(".")[:2]) for module in imports()} - {"certaudit", "certaudit.__main__"}
    assert {room for room in ROOMS if room.count(".") == 1} == rooms
    assert len(ROOMS) == len(set(ROOMS))


def test_the_page_names_files_that_exist() -> None:
    named = re.findall(r"`((?:certaudit|tests|docs)/[\w./-]*)`", PAGE)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_below_it(room: str) -> None:
    """The rest of its own room is above or below a wing as the page has it."""
    above = ROOMS[: ROOMS.index(room)]
    own = [module for module in imports() if room_of(module) == room]
    assert own
    assert [(module, name) for module in own for name in sorted(needed(module)) if room_of(name) in above] == []


def test_modules_import_each_other_in_no_circle() -> None:
    """A package stands for what its `__init__` takes from its modules, not for their imports from beside each other."""
    TopologicalSorter(
        {module: {name for name in needed(module) if not within(module, name)} for module in trees()}
    ).prepare()


@pytest.mark.parametrize(
    ("room", "strangers"),
    [
        ("certaudit.audit.validators", ("certaudit.loaders", "certaudit.site.passwords")),
        ("certaudit.audit.assignment", ("certaudit.loaders", "certaudit.x509.chain")),
        ("certaudit.x509.chain", ("certaudit.loaders", "certaudit.evidence")),
        (
            "certaudit.loaders",
            (
                "certaudit.site.site",
                "certaudit.site.roles",
                "certaudit.requirements",
                "certaudit.findings",
                "certaudit.instants",
            ),
        ),
        ("certaudit.reports", ("certaudit.audit.validators", "certaudit.loaders", "certaudit.audit.evaluation")),
        ("certaudit.audit.audit", ("certaudit.reports", "certaudit.document")),
        ("certaudit.x509", ("certaudit.evidence", "certaudit.site", "certaudit.errors")),
    ],
)
def test_rooms_that_do_not_know_each_other(room: str, strangers: tuple[str, ...]) -> None:
    assert breaches(room, strangers) == []


@pytest.mark.parametrize("writer", FORMATS.values())
def test_a_writer_sees_the_document_alone(writer: str) -> None:
    known = ("certaudit.document", "certaudit.reports", "certaudit.printable", "certaudit.instants", "certaudit.errors")
    others = [
        name
        for module, imported in imports().items()
        for name in sorted(imported)
        if within(module, writer) and within(name, "certaudit") and not within(name, *known)
    ]
    assert set(others) <= {"certaudit", "certaudit.__version__"}


def test_nothing_outside_the_network_room_contacts_anybody() -> None:
    for module, imported in imports().items():
        if not within(module, "certaudit.loaders.network"):
            assert not [name for name in imported if within(name, *NETWORK)], module


def test_the_command_line_alone_asks_for_the_network() -> None:
    for module, imported in imports().items():
        if not within(module, "certaudit.loaders.network", "certaudit.cli"):
            assert not [name for name in imported if within(name, "certaudit.loaders.network")], module


def test_the_command_line_alone_prints_prompts_and_exits() -> None:
    for module, tree in trees().items():
        if within(module, "certaudit.cli", "certaudit.__main__"):
            continue
        assert not [name for name in imports()[module] if within(name, "click", "getpass", "sys.exit")], module
        called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        named = {node.id for node in called if isinstance(node, ast.Name)}
        named |= {ast.unparse(node) for node in called if isinstance(node, ast.Attribute)}
        assert not named & {"print", "input", "exit", "quit", "sys.exit", "os._exit", "sys.stdout.write"}, module


def test_an_unreadable_field_is_passed_over_in_one_place() -> None:
    """Every other handler has the error's own words (docs/decisions/0009-biases-are-named.md)."""
    silent = {
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.name is None and node.type is not None
        if "UnreadableFieldError" in {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
    }
    assert silent == {"certaudit.x509.fields"}
