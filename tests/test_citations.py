"""Every citation in code, rows and pages resolves in the repository. docs/CONTRIBUTING.md has the forms."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from certaudit.audit.validators.registry import CHECKS
from certaudit.requirements.catalogue import BUILT_IN, READ, read_catalogue

ROOT = Path(__file__).parents[1]
PLACES = ("certaudit", "tests", "fixtures/make", "docs")
KINDS = {".py", ".toml", ".md", ".sh"}

ROWS = read_catalogue().requirements
REQUIREMENTS = {row.id for row in ROWS}
SOURCES = {
    source["id"]: source for source in tomllib.loads((BUILT_IN / "sources.toml").read_text(encoding="utf-8"))["source"]
}
FAILURES = {
    failure["id"] for failure in tomllib.loads((BUILT_IN / "failures.toml").read_text(encoding="utf-8"))["failure"]
}
KEYS = {"F8"}
"""What looks like the number of a failure and is a key of the keyboard."""

REQUIREMENT = re.compile(r"\brequirements? (`[a-z][^`]*`(?:,? (?:and )?`[a-z][^`]*`)*)")
SOURCE = re.compile(r"\bsource `([^`]+)`(: \S)?")
FILE = re.compile(r"(?<![\w./$-])(?:[\w./-]*\w\.md|(?:certaudit|docs|fixtures|tests)/[\w./-]*\w\.(?:py|toml|json))\b")
ARTICLE = re.compile(r"\b(?:(?:aa|bb|cc|dd|ee|ff|gg|hh|jj|dn)\d{6}|MS-[A-Z]{4,})\b")
"""A page of TechNet or MSDN, or an open specification of Microsoft's: the title of a source has it."""
FAILURE = re.compile(r"(?<![\w.+/-])F\d{1,2}(?![\w-])")
CODE = re.compile(r"(?<![\w.+/-])[A-EM]\d{1,2}(?:\.\d{1,2})?(?![\w-])")
"""The number of a fact or a finding in a document that is not here, such as one letter and 7.6."""
ADDRESS = re.compile(r"https?://\S+")


def files() -> list[Path]:
    found = (path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in KINDS)
    return sorted(path for path in found if path != Path(__file__))


@cache
def texts(path: Path) -> tuple[str, ...]:
    """The docstrings and the comments of a module, comments on successive lines as one; any other file as a whole.

    A line each, without addresses on the web.
    """
    text = path.read_text(encoding="utf-8")
    found = _prose(text) if path.suffix == ".py" else (re.sub(r"^\s*# ?", "", text, flags=re.MULTILINE),)
    return tuple(" ".join(ADDRESS.sub("", text).split()) for text in found)


def _prose(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
    comments: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            comments[line] = f"{comments.pop(line - 1, '')} {token.string.lstrip('# ')}"
    yield from comments.values()


def dangling(text: str, folder: Path = ROOT) -> list[str]:
    """What a text of a file in `folder` cites and nobody finds."""
    cited = {f"requirement {name}": name in REQUIREMENTS for name in requirements_of(text)}
    for name, clause in SOURCE.findall(text):
        cited[f"source {name}"] = name in SOURCES and bool(clause)
    for name in FILE.findall(text):
        cited[name] = (folder / name).is_file() or (ROOT / name).is_file()
    for article in ARTICLE.findall(text):
        cited[article] = any(article in source["title"] for source in SOURCES.values())
    for number in FAILURE.findall(text):
        cited[number] = number in FAILURES | KEYS
    cited |= dict.fromkeys(CODE.findall(text), False)
    return [name for name, resolves in cited.items() if not resolves]


def requirements_of(text: str) -> list[str]:
    return [name for names in REQUIREMENT.findall(text) for name in re.findall(r"`([^`]+)`", names)]


def sources_of_code() -> set[str]:
    """The sources that modules cite."""
    modules = (path for path in files() if path.suffix == ".py")
    return {name for path in modules for text in texts(path) for name, _ in SOURCE.findall(text)}


def test_every_citation_resolves() -> None:
    assert len(files()) > 300
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files()
        for text in texts(path)
        for name in dangling(text, path.parent)
    ]
    assert found == []


def test_every_source_is_cited() -> None:
    cited = {citation.document for row in ROWS for citation in row.citations}
    unused = {name for name, source in SOURCES.items() if source["title"] + READ[source["read"]] not in cited}
    assert sorted(unused - sources_of_code()) == []


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_that_cites_requirements_serves_one_of_them(name: str) -> None:
    cited = requirements_of(" ".join((CHECKS[name].__doc__ or "").split()))
    assert not cited or {row.id for row in ROWS if row.check == name} & set(cited)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The key is there (requirement `private-key.nowhere`).", "requirement private-key.nowhere"),
        ("(requirements `eku.present`, `eku.absent` and `osd.usmt`)", "requirement eku.absent"),
        ("It is on (source `d07-nowhere`: default).", "source d07-nowhere"),
        ("It is on (source `d07-crl`).", "source d07-crl"),
        ("The list is empty (failure F41).", "F41"),
        ("The list is empty (F3, F4).", "F4"),
        ("There is a list (requirements.md A7.6).", "A7.6"),
        ("It takes none of several (A4.4, A4.8, B21).", "B21"),
        ("A password protects it (M1; by the book).", "M1"),
        ("See docs/nowhere.md for an example.", "docs/nowhere.md"),
        ("The layout (nowhere.md 1.1).", "nowhere.md"),
        ("Where that is decided: certaudit/nowhere.py.", "certaudit/nowhere.py"),
        ("The classes of the SDK (cc000000).", "cc000000"),
        ("As it is written (MS-NOWHERE 2.2.1).", "MS-NOWHERE"),
    ],
)
def test_what_nobody_finds_is_found_here(text: str, name: str) -> None:
    assert name in dangling(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is a list (requirements `media.root-list` and `eku.present`, failure F3).",
        "It is on by default (source `d07-crl`: client computers).",
        "PBES2 with its parameters (RFC 8018 A.2, RFC 7292 B.2 and 4.2.3).",
        "See docs/manifest.md, and certaudit/requirements/failures.toml.",
        "The press of F8 is a key.",
        "Site S01 of release R2 shows PXE-E53, 0xA4, +A1 and SHA-256 in UTF-16.",
    ],
)
def test_what_is_no_citation_or_resolves_is_let_be(text: str) -> None:
    assert dangling(text) == []


def test_comments_and_docstrings_are_read_and_code_is_not(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '''"""A\nfirst."""\nA = "A7.6"  # second\nB = 2\n"""Third."""\n# fourth,\n# wrapped, https://a/b.md\n'''
    )
    assert texts(module) == ("A first.", "Third.", "second", "fourth, wrapped,")
