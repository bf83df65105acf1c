"""Files that are named on the command line and taken as they are."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.printable import printable


def contents_of(path: Path) -> bytes:
    """The bytes of the file at `path`. Raises UsageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{printable(str(path))}: cannot be read: {error.strerror}") from error
