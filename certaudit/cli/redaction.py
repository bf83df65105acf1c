"""The secret behind the pseudonyms of a redacted report."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.site.named_file import contents_of

MIN_BYTES = 16


def redaction_key(path: Path | None) -> bytes | None:
    """The contents of the file at `path`; None where there is none. Raises UsageError."""
    if path is None:
        return None
    key = contents_of(path).strip()
    if len(key) < MIN_BYTES:
        raise UsageError(
            f"{printable(str(path))}: a secret of {MIN_BYTES} bytes at least is needed, or names could be guessed"
        )
    return key
