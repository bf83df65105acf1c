"""Files that a user names: each is read whole, or one sentence says why not."""

from __future__ import annotations

from pathlib import Path

from certaudit.errors import UsageError
from certaudit.printable import printable


def contents_of(path: Path, limit: int | None = None, what: str = "file of this kind") -> bytes:
    """The bytes of the file at `path`. Raises UsageError where it cannot be read, or where it is longer than `limit`
    bytes, which no `what` is."""
    where = printable(str(path))
    try:
        with path.open("rb") as file:
            data = file.read() if limit is None else file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{where}: cannot be read: {error.strerror}") from error
    if limit is not None and len(data) > limit:
        raise UsageError(f"{where}: larger than {limit >> 20} MiB, which no {what} is")
    return data
