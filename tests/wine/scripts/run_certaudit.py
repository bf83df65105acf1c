"""Runs in Windows: the command line of certaudit. Arguments: the folder of click, then those of certaudit."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[3]), sys.argv[1]]

from certaudit.cli import run  # noqa: E402

sys.exit(run(sys.argv[2:]))
