"""What a test needs and a machine may lack: the run of a user skips with the reason, continuous integration fails."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Ends the test, or the whole module at whose top it stands, because something is not there."""
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)


def need_program(name: str) -> None:
    """Needs a program on the path."""
    if shutil.which(name) is None:
        missing(f"{name} is not installed")


def need_package(name: str, extra: str) -> None:
    """Needs a package of one of the extras."""
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed: pip install certaudit[{extra}]")
