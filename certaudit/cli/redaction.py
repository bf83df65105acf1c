"""The secret behind the pseudonyms of a redacted report."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.printable import printable

MIN_BYTES = 16


def redaction_key(path: Path | None) -> bytes | None:
    """The contents of the file at `path`; None where there is none. Raises UsageError."""
    if path is None:
        return None
    where = printable(str(path))
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"{where}: cannot be read: {error.strerror}") from error
    if len(key) < MIN_BYTES:
        raise UsageError(f"{where}: a secret of {MIN_BYTES} bytes at least is needed, or names could be guessed")
    return key
