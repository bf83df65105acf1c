"""Text that is made to take long, or to be lost: read in time, whatever it is."""

from __future__ import annotations

import time

import pytest

from certaudit.loaders import load_bytes
from tests.loaders.computer.outputs import CERTUTIL_EN, IIS, netsh
from tests.loaders.computer.test_registry_query import ROLES
from tests.loaders.computer.test_web_sites import SITES

LOG = "certaudit collect script 2 on SMP01\n"
KEYS = "certaudit key test 1\n"
SIZE = 400_000
LINES = (
    " " * SIZE + "x",
    ": " * (SIZE // 2),
    "=" * SIZE,
    "======== " + "1" * SIZE,
    "    " + "REG_" * (SIZE // 4),
    "    x" + " " * SIZE + "REG_",
    "HKEY_LOCAL_MACHINE\\" + "\\" * SIZE,
    'SITE "' + '" (id:1,bindings:,' * (SIZE // 20),
    "    : " + " " * SIZE + f": {IIS}",
    "1/" * (SIZE // 2),
    "\r" * SIZE,
    "\x85" * SIZE,
    "Cert Hash(sha1): " + "ab " * (SIZE // 3),
)


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
@pytest.mark.parametrize("text", [netsh("en"), CERTUTIL_EN, ROLES, SITES, LOG, KEYS], ids=range(6))
def test_a_line_that_never_ends(text: str, line: str) -> None:
    began = time.process_time()
    item = load_bytes(f"{text}{line}\n{text}".encode("latin-1"), "SMP01/facts/bindings.txt")
    assert item.error is None
    assert time.process_time() - began < 3


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_alone_it_is_nothing_or_something_harmless(line: str) -> None:
    began = time.process_time()
    load_bytes(line.encode("latin-1"), "SMP01/facts/bindings.txt")
    assert time.process_time() - began < 3
