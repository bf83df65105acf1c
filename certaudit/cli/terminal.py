"""Writing to the terminal and to files, and asking for passwords."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from certaudit.cli.options import Destination
from certaudit.cli.standard_error import say
from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.reports import Options


def layout(verbose: bool, no_color: bool) -> Options:
    """How to write for the terminal at hand: 80 to 120 columns; 100 where it is no terminal."""
    width = min(max(_columns(), 80), 120)
    colour = (
        not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    )
    return Options(verbose=verbose, colour=colour, width=width)


def _columns() -> int:
    """As COLUMNS says, or else the terminal; 100 where neither tells."""
    try:
        return int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (ValueError, OSError):
        return 100


def destinations(
    chosen: tuple[Destination, ...], output: Path | None, default: str, read: Iterable[Path] = ()
) -> tuple[Destination, ...]:
    """Where each format goes. Raises UsageError where two would share one place, or one would replace evidence or what
    is `read` in this run."""
    wanted = chosen or (Destination(default, None),)
    if output is not None:
        if sum(item.path is None for item in wanted) != 1:
            raise UsageError("--output needs exactly one --format without a file of its own")
        wanted = tuple(Destination(item.form, item.path or output) for item in wanted)
    places = [item.path for item in wanted]
    if len(set(places)) != len(places):
        raise UsageError("two formats would go to the same place; give each a file: --format json=report.json")
    for place in places:
        if place is not None:
            refuse_to_replace(place, read)
    return wanted


def refuse_to_replace(place: Path, read: Iterable[Path], *, may_be_named: str = "") -> None:
    """Evidence, manifests, keys and passwords are read and never written: a mistyped name must not cost a key.

    Raises UsageError where a file at `place` is named as evidence, or is one of those of `read`, files or folders:
    whatever it is called, and whichever links lead to it. `may_be_named` is the ending of what is written, where
    evidence has it too.
    """
    if not place.is_file():
        return
    from certaudit.loaders.source import is_named_as_evidence  # here, because few reports replace a file

    shown = printable(str(place))
    ending = place.suffix.lower()
    if ending != may_be_named and (is_named_as_evidence(place.name) or ending == ".toml"):
        raise UsageError(f"{shown}: there is a file of that name, which is no report; write the report to another one")
    itself = place.stat()
    for path in _files(read):
        if path.exists() and os.path.samestat(itself, path.stat()):
            raise UsageError(f"{shown} is {printable(str(path))}, which this run reads; write to another file")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and all in the folders that are."""
    for path in paths:
        if path.is_dir():
            for folder, _, names in os.walk(path, followlinks=True):
                yield from (Path(folder, name) for name in names)
        else:
            yield path


def deliver(document: bytes, destination: Destination) -> None:
    """Writes a document to its file, all of it or nothing, or to standard output. Raises UsageError."""
    if destination.path is None:
        if sys.stdout.isatty():
            document = _shown(document, destination.form)
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return
    try:
        _write(document, destination.path)
    except OSError as error:
        raise UsageError(f"{printable(str(destination.path))}: cannot be written: {error.strerror}") from error


def _write(document: bytes, path: Path) -> None:
    """All of it or nothing, into the file that a link leads to, which stays as private as it was; a device or a pipe,
    such as /dev/null, is written to and never replaced."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(document)
        return
    import tempfile  # here, because an audit that goes to a terminal starts sooner without it

    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            file.write(document)
            file.close()
            os.chmod(file.name, mode)
            os.replace(file.name, target)
        except OSError:
            os.unlink(file.name)
            raise


def deliver_texts(write: Callable[[str], str], wanted: Iterable[Destination]) -> None:
    """Delivers to each of `wanted` the text that `write` gives for its format."""
    for destination in wanted:
        deliver(write(destination.form).encode(), destination)


def _shown(document: bytes, form: str) -> bytes:
    """`document` in the encoding of the terminal."""
    try:
        return document.decode().encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    except UnicodeDecodeError as error:
        raise UsageError(f"{form} is no text for a terminal; give it a file: --format {form}=report.{form}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def warn(sentences: Iterable[str]) -> None:
    """Warnings on standard error."""
    for sentence in sentences:
        say(f"certaudit: {sentence}")


def prompt(name: str) -> str | None:
    """Asks for the password of an input where somebody sits at the terminal; else None."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    answer: str = click.prompt(
        f"Password of {printable(name)}", hide_input=True, default="", show_default=False, err=True
    )
    return answer
