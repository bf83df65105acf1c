"""The collect script: that it is a plain batch file which reads only. What it does is tested under Wine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from certaudit.cli import run
from certaudit.cli.collect_script import SCRIPT

TEXT = SCRIPT.read_bytes().decode("ascii")
LINES = [line.strip() for line in TEXT.splitlines() if not line.lower().lstrip().startswith("rem ")]


def test_it_is_written_as_it_is(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "collect.cmd"
    assert run(["collect-script", "-o", str(path)]) == 0
    assert run(["collect-script"]) == 0
    assert path.read_bytes() == SCRIPT.read_bytes() == capfdbinary.readouterr().out


def test_every_line_ends_as_cmd_needs_it() -> None:
    assert TEXT.count("\r\n") == TEXT.count("\n")
    assert max(map(len, TEXT.splitlines())) < 8191


def test_every_label_that_is_called_is_there_and_every_one_there_is_called() -> None:
    called = set(re.findall(r"\b(?:call|goto) :([\w-]+)", TEXT))
    labels = {line[1:] for line in LINES if line.startswith(":")}
    assert called == labels


def test_it_only_reads() -> None:
    code = "\n".join(line for line in LINES if not line.startswith("echo "))
    assert set(re.findall(r"\breg (\w+)", code)) == {"query", "export"}
    assert re.findall(r"\bcertutil\b.*", code) == ["certutil store-%%S.txt -silent -store %%S"]
    assert re.findall(r"\bnetsh\b.*", code) == ["netsh bindings.txt http show sslcert"]
    assert not re.search(r"\b(move|ren|attrib|net|sc|wmic|powershell|bitsadmin|start|taskkill)\b", code, re.I)
    deleted = re.findall(r"\bdel (\S+)", code)
    assert deleted
    assert all(path.startswith(('"%OUT%\\', '"%FILE%"')) for path in deleted)


def test_it_writes_into_its_folder_alone() -> None:
    targets = re.findall(
        r"(?<![0-9&])>>? ?(\"[^\"]+\"|\S+)", "\n".join(line for line in LINES if not line.startswith("::"))
    )
    assert {target.split("\\")[0].strip('"') for target in targets} <= {"%LOG%", "%OUT%", "%FILE%", "nul"}


def test_no_folder_of_keys_is_named() -> None:
    assert not re.search(r"MachineKeys|Crypto\\(RSA|Keys)|Protect|\.pfx", "\n".join(LINES), re.I)
