"""Where reports go: files, links, pipes and devices."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from certaudit.cli.options import Destination
from certaudit.cli.terminal import deliver, destinations
from certaudit.errors import UsageError
from tests.cli.conftest import Certaudit


def to(path: Path) -> None:
    deliver(b"a report\n", Destination("json", path))


def test_a_new_file_is_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        to(tmp_path / "report.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.json").stat().st_mode) == 0o640


def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.touch(mode=0o600)
    to(path)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"a report\n", 0o600)


def test_a_link_leads_to_its_file_still(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    link = tmp_path / "latest.json"
    link.symlink_to(tmp_path / "store" / "report.json")
    to(link)
    assert link.is_symlink()
    assert (tmp_path / "store" / "report.json").read_bytes() == b"a report\n"


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        to(path)
        assert os.read(reader, 100) == b"a report\n"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.parametrize("name", ["folder", "missing/report.json"])
def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        to(tmp_path / name)
    assert os.listdir(tmp_path) == ["folder"]
    assert os.listdir(tmp_path / "folder") == []


def test_a_write_that_fails_in_the_end_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"the old one\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        to(path)
    assert path.read_bytes() == b"the old one\n"
    assert os.listdir(tmp_path) == ["report.json"]


@pytest.mark.parametrize("name", ["mp01.PFX", "site.toml", "stores.reg", "root.crl"])
def test_no_report_takes_the_place_of_evidence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"a key\n")
    with pytest.raises(UsageError, match="write the report to another one"):
        destinations((Destination("json", path),), None, "table")
    with pytest.raises(UsageError, match="write the report to another one"):
        destinations((), path, "table")
    assert path.read_bytes() == b"a key\n"


def test_an_older_report_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.touch()
    assert destinations((Destination("json", path),), None, "table") == (Destination("json", path),)


@pytest.fixture
def contoso(tmp_path: Path) -> Path:
    """A copy of the sound site, with links that lead to what an audit of it reads."""
    site = tmp_path / "contoso"
    shutil.copytree("fixtures/contoso", site)
    (site / "mp01" / "key").write_bytes((site / "mp01" / "web-server.pfx").read_bytes())
    for name, target in (("a", "dp01/web-server.pfx"), ("b", "site.toml"), ("c", "mp01.password"), ("d", "roots")):
        (tmp_path / name).symlink_to(site / target)
    (tmp_path / "hard").hardlink_to(site / "mp01.password")
    return tmp_path


READ = ["a", "b", "c", "hard", "contoso/mp01/key", "contoso/mp01.password", "d/contoso-root-ca.cer"]


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_an_audit_reads_is_never_replaced(certaudit: Certaudit, contoso: Path, name: str, form: str) -> None:
    before = (contoso / name).read_bytes()
    outcome = certaudit("audit", contoso / "contoso/site.toml", "--format", f"{form}={contoso / name}")
    assert outcome.code == 2
    assert (contoso / name).read_bytes() == before


def test_neither_is_what_other_commands_read(certaudit: Certaudit, contoso: Path) -> None:
    site, pfx, password = contoso / "contoso", contoso / "contoso/mp01/key", contoso / "hard"
    before = pfx.read_bytes(), password.read_bytes()
    commands: list[tuple[object, ...]] = [
        ("check", pfx, "--role", "web-server", "--password-file", password, "--format", f"json={password}"),
        ("check", pfx, "--role", "web-server", "--password-file", password, "-o", pfx),
        ("inventory", site / "mp01", "--password-file", password, "-o", pfx),
        ("chain", pfx, "--password-file", password, "--root", site / "roots", "-o", password),
        ("sign", site / "site.toml", "--pfx", pfx, "--password-file", password, "-o", pfx),
        ("sign", site / "site.toml", "--pfx", pfx, "--password-file", password, "-o", password),
    ]
    for command in commands:
        assert certaudit(*command).code == 2, command
    assert (pfx.read_bytes(), password.read_bytes()) == before


def test_the_script_replaces_no_evidence(certaudit: Certaudit, contoso: Path) -> None:
    pfx = contoso / "contoso/mp01/web-server.pfx"
    assert certaudit("collect-script", "-o", pfx).code == 2
    assert certaudit("collect-script", "-o", contoso / "collect.cmd").code == 0
    assert certaudit("collect-script", "-o", contoso / "collect.cmd").code == 0
