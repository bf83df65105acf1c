"""Start-up, as ratios within one run: `python tests/benchmarks/startup.py [RUNS]`.

`certaudit --help` against `import click`, and an audit of the bundled site against importing the libraries that it
needs. Whole processes in turn, the medians compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PAIRS = {
    "certaudit --help (bar: 2.5)": (
        ["-m", "certaudit", "--help"],
        ["-c", "import click"],
    ),
    "certaudit audit fixtures/contoso/site.toml (bar: 4)": (
        ["-m", "certaudit", "audit", "fixtures/contoso/site.toml"],
        ["-c", "import click, tabulate, cryptography.x509, OpenSSL.crypto"],
    ),
}


def seconds(arguments: list[str]) -> float:
    """Wall time of one run of the interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False, cwd=ROOT, env=ENVIRONMENT)
    return time.perf_counter() - started


ROOT = Path(__file__).parents[2]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""As a user has it: modules are compiled once, when certaudit is installed or first run."""

if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    for name, (ours, base) in PAIRS.items():
        seconds(ours), seconds(base)
        pairs = [(seconds(ours), seconds(base)) for _ in range(runs)]
        first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: {first * 1000:.0f} ms / {second * 1000:.0f} ms = {first / second:.2f}")
