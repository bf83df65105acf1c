"""The output that the README shows: `python -m tests.readme` writes it anew, tests/test_readme.py holds it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
_SHOWN = re.compile(r"(<!-- output: (?P<command>.*?)(?: \| (?P<lines>\d+))? -->\n```text\n)(?P<text>.*?)(```)", re.S)


def output(command: str, lines: str | None) -> str:
    """What certaudit prints, or its first lines."""
    ran = subprocess.run(
        [sys.executable, "-m", "certaudit", *shlex.split(command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=README.parent,
        env=os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    shown = ran.stdout.splitlines(keepends=True)
    return "".join(shown[: int(lines)] if lines else shown)


def renewed(text: str) -> str:
    """The README with the output as it is now."""
    return _SHOWN.sub(lambda shown: shown[1] + output(shown["command"], shown["lines"]) + shown[5], text)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
