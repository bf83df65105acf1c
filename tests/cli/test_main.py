"""The program as such: help, start-up, colour, internal errors, a closed pipe."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

from certaudit.cli import COMMANDS
from tests.cli.conftest import Certaudit
from tests.optional import missing


def process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "certaudit", *arguments], text=True, capture_output=True, check=False, **options
    )


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(certaudit: Certaudit, command: str) -> None:
    outcome = certaudit(*command.split(), "--help")
    assert outcome.code == 0
    assert outcome.out.startswith("Usage: certaudit")


def test_version(certaudit: Certaudit) -> None:
    assert certaudit("--version").out.startswith("certaudit, version ")


def test_help_imports_nothing_heavy() -> None:
    names = [
        "cryptography",
        "OpenSSL",
        "tabulate",
        "tomllib",
        "certaudit.audit.validators",
        "certaudit.x509.chain",
        "certaudit.loaders",
    ]
    code = (
        f"import sys\nfrom certaudit.cli import run\nrun(['--help'])\nprint([n for n in {names} if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_an_internal_error_is_one_sentence(certaudit: Certaudit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("certaudit.audit.load.load_site", broken)
    outcome = certaudit("audit", "fixtures/contoso/site.toml")
    assert outcome.code == 5
    assert outcome.err.count("\n") == 1
    assert "internal error (RuntimeError); please report it" in outcome.err
    outcome = certaudit("--debug", "audit", "fixtures/contoso/site.toml")
    assert outcome.code == 5
    assert "Traceback" in outcome.err


def test_a_closed_pipe_is_no_finding() -> None:
    line = f"{sys.executable} -m certaudit requirements | head -n 1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], text=True, capture_output=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[-1] in ("0", "141")


def test_no_colour_where_it_is_no_terminal() -> None:
    assert "\x1b[" not in process("audit", "fixtures/contoso/site.toml").stdout


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_at_a_terminal(variables: dict[str, str], coloured: bool) -> None:
    if importlib.util.find_spec("pty") is None:
        missing("this system has no pseudo-terminals")
    import pty

    leader, follower = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment |= {"TERM": "xterm"} | variables
    ran = subprocess.Popen(
        [sys.executable, "-m", "certaudit", "audit", "fixtures/contoso/site.toml"], stdout=follower, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    ran.wait()
    os.close(leader)
    assert (b"\x1b[" in shown) is coloured
