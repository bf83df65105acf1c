"""A Windows of its own for each run of the tests: Wine, with a real Windows CPython in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WINE = Path("/usr/lib/wine/wine64")
WINE_SERVER = Path("/usr/lib/wine/wineserver64")
PYTHON_VARIABLE = "CERTAUDIT_WINDOWS_PYTHON"
REPOSITORY = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "scripts"
_TIMEOUT = 300


def lacking() -> str | None:
    """What keeps the tests from running here; None where nothing does."""
    if not WINE.exists():
        return f"Wine is not installed ({WINE}): apt-get install wine64"
    folder = os.environ.get(PYTHON_VARIABLE)
    if folder is None or not (Path(folder) / "python.exe").exists():
        return f"{PYTHON_VARIABLE} names no folder with a Windows CPython; see docs/decisions/0006-*.md"
    return None


def windows_path(path: Path) -> str:
    """The path as Wine sees it."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


@dataclass(frozen=True)
class Windows:
    """A Wine prefix. Every program gets pipes for its input and output: Windows CPython cannot use files there."""

    prefix: Path

    def install(self) -> None:
        """Makes the prefix. What Wine copies of this computer's CA certificates into Root stays there."""
        self.run("wineboot", "-i")

    def stop(self) -> None:
        """Ends everything that runs in this prefix, and takes the prefix away."""
        subprocess.run([WINE_SERVER, "-k"], env=self._environment, check=False, timeout=_TIMEOUT)
        subprocess.run([WINE_SERVER, "-w"], env=self._environment, check=False, timeout=_TIMEOUT)
        shutil.rmtree(self.prefix, ignore_errors=True)

    @property
    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "CI")}
        overrides = "mscoree=;mshtml=;winemenubuilder.exe=;wbemprox="
        return kept | {"WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": overrides}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a program; what it writes is read as UTF-8."""
        return subprocess.run(
            [str(WINE), *command],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_TIMEOUT,
        )

    def python(self, script: str, *arguments: str) -> str:
        """What a script of SCRIPTS prints. Fails the test where it fails."""
        done = self.run(
            str(Path(os.environ[PYTHON_VARIABLE]) / "python.exe"), windows_path(SCRIPTS / script), *arguments
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, *sources: str) -> list[dict[str, Any]]:
        """The inputs that certaudit, running in this Windows, makes of `windows:` sources."""
        inputs: list[dict[str, Any]] = json.loads(self.python("read_stores.py", windows_path(REPOSITORY), *sources))
        return inputs

    def import_registry(self, *files: Path) -> None:
        """Imports .reg files."""
        for path in files:
            assert self.run("reg", "import", windows_path(path)).returncode == 0

    def export_registry(self, key: str, path: Path) -> Path:
        """Exports a key to a .reg file."""
        done = self.run("reg", "export", key, windows_path(path), "/y")
        assert done.returncode == 0, done.stdout + done.stderr
        return path
