"""The collect script: that it is a plain batch file which reads only. What it does is tested under Wine."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from certaudit.cli import run
from certaudit.cli.collect_script import SCRIPT
from certaudit.loaders import load_bytes
from tests.loaders.test_site_control import POINT
from tests.loaders.test_site_control import SAMPLE as SITE_CONTROL

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
    assert not re.search(r"\b(move|ren|attrib|net|sc|wmic|bitsadmin|start|taskkill)\b", code, re.I)
    deleted = re.findall(r"\bdel (\S+)", code)
    assert deleted
    assert all(path.startswith(('"%OUT%\\', '"%FILE%"')) for path in deleted)


def test_powershell_is_asked_for_two_things_alone() -> None:
    commands = [line for line in LINES if '"%POWERSHELL%" ' in line and not line.startswith("if exist")]
    assert [re.sub(r" >.*", "", line) for line in commands] == [
        f'"%POWERSHELL%" -NoProfile -NonInteractive -Command "%{name}%"' for name in ("KEYS", "BOOT")
    ]
    written = "\n".join(line for line in LINES if line.startswith(('set "KEYS=', 'set "BOOT=')))
    assert set(re.findall(r"\b[A-Z]\w+-[A-Z]\w+", written)) == {"Get-ChildItem", "Get-SecureBootUEFI"}
    called = set(re.findall(r"(?:\.|::)(\w+)\(", written))
    assert called == {
        *("GetBytes", "GetRSAPrivateKey", "SignData", "VerifyData", "GetHRForException"),
        "WriteAllBytes",  # of the Secure Boot variables, into the folder
    }
    assert re.findall(r"WriteAllBytes\(([^,]*),", written) == ["$env:OUT+'\\secure-boot\\'+$n+'.bin'"]
    assert '"' not in "".join(re.findall(r'"(?:KEYS|BOOT)=(.*)"', written))


def test_of_the_site_control_file_the_pxe_service_points_are_taken_and_no_password() -> None:
    """findstr's expressions are as Python's here: ^ . * and a class of characters."""
    variables = dict(re.findall(r'^set "(LINE|NAMED)=(.*)"$', "\n".join(LINES), re.MULTILINE))
    variables["NAMED"] = variables["NAMED"].replace("%LINE%", variables["LINE"])
    (line,) = [line for line in LINES if line.startswith("type ")]
    patterns = [
        re.sub(r"%(\w+)%", lambda name: variables[name[1]], found) for found in re.findall(r'/c:"([^"]*)"', line)
    ]
    assert max(map(len, patterns)) < 127
    head, tail = SITE_CONTROL.split("    PROPERTY <BindPolicy>")
    secret = "    PROPERTY <PXEPassword><4B6E9F00><><1>\n    PROPERTY <Reserved2><4B6E9F00><><0>\n"
    lines = f"{head}{secret}    PROPERTY <BindPolicy>{tail}".splitlines()
    taken = "\n".join(line for line in lines if any(re.search(pattern, line) for pattern in patterns))
    control = load_bytes(taken.encode(), "sitectrl.ct0").site_control
    assert control is not None
    assert control.pxe_service_points == (replace(POINT, has_password=None),)
    assert "4B6E9F00" not in taken
    assert "Password" not in taken


def test_it_writes_into_its_folder_alone() -> None:
    targets = re.findall(
        r"(?<![0-9&])>>? ?(\"[^\"]+\"|\S+)", "\n".join(line for line in LINES if not line.startswith("::"))
    )
    assert {target.split("\\")[0].strip('"') for target in targets} <= {"%LOG%", "%OUT%", "%FILE%", "nul"}


def test_no_folder_of_keys_is_named() -> None:
    assert not re.search(r"MachineKeys|Crypto\\(RSA|Keys)|Protect|\.pfx", "\n".join(LINES), re.I)
