"""One file opened safely: what every format gets to look at, and the exception that says why there is nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Set
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from certaudit.errors import InputError
from certaudit.loaders import limits
from certaudit.loaders.structure import Kind, kind_of
from certaudit.printable import printable
from certaudit.x509.der import DerError

PasswordSource = Callable[[str], str | None]
"""Called with an input's name when, and only when, that input needs a password; None: there is none."""


HEAD = 64 << 10


class UnreadableError(InputError):
    """An input from which nothing can be had: the sentence says what it is and, behind a colon, what to do.

    `format` is what it was recognised as, "unknown" where it was not. `harmless` says that it plainly holds nothing to
    audit, so that it may lie beside the evidence in a folder, and `advised` that whoever put it there may have meant
    it for evidence.
    """

    def __init__(
        self, sentence: str, format: str = "unknown", *, harmless: bool = False, advised: bool = False
    ) -> None:
        super().__init__(sentence)
        self.format = format
        self.harmless = harmless
        self.advised = advised

    @property
    def aside(self) -> str:
        """The remark on a harmless one: what it is, without advice that nobody needs."""
        what, colon, advice = str(self).partition(": ") if self.advised else str(self).rpartition(": ")
        passed_over = f"{what}, and was passed over"
        return f"{passed_over}: {advice}" if self.advised else f"{passed_over}." if colon else str(self)


Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens something to read and seek in. May raise UnreadableError and OSError."""


@dataclass
class Allowance:
    """What may still be unpacked out of one file that was named: all archives inside it draw on the same."""

    members: int = limits.MAX_MEMBERS
    size: int = limits.MAX_UNPACKED


@dataclass(frozen=True)
class Source:
    """Bytes to load, the name that reports give them, and where a password can be had.

    `head` is always there, `content` only up to MAX_SIZE: a format that reads larger files calls `open`, for which
    there is `opener`. `path` is where the bytes are a file on disk. `entry` is the place inside the file where the
    bytes were found, None for the file itself. `neighbours` finds the files in the same folder by their names in lower
    case. `nesting` counts the archives around it.
    """

    name: str
    head: bytes
    size: int
    content: bytes | None
    password: PasswordSource
    path: Path | None = None
    entry: str | None = None
    opener: Opener | None = None
    neighbours: Callable[[Set[str]], Iterator[Source]] | None = None
    nesting: int = 0
    allowance: Allowance = field(default_factory=Allowance, compare=False)

    @property
    def shown(self) -> str:
        """The name, safe to put into a sentence."""
        return printable(self.name)

    @property
    def ending(self) -> str:
        """The ending of the name in lower case, with its dot: never a proof of anything, sometimes a hint."""
        return os.path.splitext(self.name)[1].lower() if self.entry is None else ""

    @property
    def data(self) -> bytes:
        """All bytes. Raises UnreadableError above MAX_SIZE."""
        if self.content is None:
            what = f"too big to be read ({self.size:,} bytes; the limit is {limits.MAX_SIZE:,})"
            raise self.refusal(what, "name the certificates in files of their own")
        return self.content

    @cached_property
    def sha256(self) -> str | None:
        """Upper-case hexadecimal; None where the file was too big to be read."""
        return None if self.content is None else hashlib.sha256(self.content).hexdigest().upper()

    def sha256_of_file(self) -> str | None:
        """As `sha256`, reading the file however big it is; None where it has gone since, or is too big to unpack."""
        try:
            with self.open() as file:
                return hashlib.file_digest(file, "sha256").hexdigest().upper()  # type: ignore[arg-type]
        except (OSError, UnreadableError):
            return None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes to read and seek in, however many. Raises OSError and UnreadableError."""
        if self.content is not None or self.opener is None:
            yield BytesIO(self.data)
        else:
            with self.opener() as file:
                yield file

    def beside(self, names: Set[str]) -> Iterator[Source]:
        """The files in the same folder that have one of `names` (in lower case), as far as they can be read."""
        return iter(()) if self.neighbours is None else self.neighbours(names)

    @cached_property
    def kind(self) -> Kind | None:
        """Which PKI structure the bytes begin with; None where no DER or BER element is there."""
        try:
            return kind_of(self.data) if self.head[:1] == b"\x30" else None
        except DerError:
            return None

    @property
    def is_suspicious(self) -> bool:
        """True where the bytes or the name promise evidence, so that not reading them is an error."""
        begins_der = self.head[:1] == b"\x30" and self.head[1:2] >= b"\x80"
        return begins_der or b"-----BEGIN " in self.head or (self.entry is None and is_named_as_evidence(self.name))

    def refusal(
        self, what: str, remedy: str, format: str = "unknown", *, harmless: bool | None = None, advised: bool = False
    ) -> UnreadableError:
        """What to raise where this source is `what`. `harmless`: it may lie in a folder; None: unless suspicious."""
        if harmless is None:
            harmless = not self.is_suspicious
        return UnreadableError(f"{self.shown} is {what}: {remedy}.", format, harmless=harmless, advised=advised)

    def part(self, data: bytes, entry: str) -> Source:
        """A source of its own for `data`, found at `entry` inside this one."""
        place = entry if self.entry is None else f"{self.entry}, {entry}"
        return Source(self.name, data[:HEAD], len(data), data, self.password, entry=place)


MATERIAL_ENDINGS = {  # of files that hold certificates by themselves
    *(".cer", ".crt", ".cert", ".pem", ".der"),
    *(".p7b", ".p7c", ".p7s", ".p7m", ".spc"),
    *(".pfx", ".p12", ".pkcs12", ".jks", ".jceks", ".keystore"),
    *(".crl", ".sst", ".ors"),
}


_STORE_AND_MEDIA_ENDINGS = {".reg", ".hiv", ".hive", ".iso", ".wim", ".var"}
_ARCHIVE_ENDINGS = {".zip", ".tar", ".gz", ".tgz"}
_EVIDENCE_ENDINGS = MATERIAL_ENDINGS | _STORE_AND_MEDIA_ENDINGS | _ARCHIVE_ENDINGS
_HIVES = {"software", "ntuser.dat", "usrclass.dat"}


def is_named_as_evidence(name: str) -> bool:
    """True for the name of a file that, whole, would hold certificates, a store of them, boot media or files."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    return base in _HIVES or os.path.splitext(base)[1] in _EVIDENCE_ENDINGS


def of_bytes(data: bytes, name: str, password: PasswordSource = lambda name: None) -> Source:
    """A source of bytes that came from elsewhere than a file: out of a store, boot media, a connection."""
    return Source(name, data[:HEAD], len(data), data if len(data) <= limits.MAX_SIZE else None, password)


def of_file(path: Path, name: str, password: PasswordSource) -> Source:
    """The file at `path`. Raises UnreadableError; what is no regular file is never opened."""
    try:
        _expect_regular(path.stat().st_mode, name)
        # Between the look and the opening the path may have become a pipe: do not wait for its writer, look again.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        with open(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            _expect_regular(status.st_mode, name)
            content = file.read(max(status.st_size, HEAD) + 1 if status.st_size <= limits.MAX_SIZE else HEAD)
    except (OSError, ValueError) as error:
        raise cannot_open(error, path, name) from error
    size = max(status.st_size, len(content))
    kept = content if size <= limits.MAX_SIZE else None
    opener, neighbours = partial(_opened, path), partial(_beside, path)
    return Source(name, content[:HEAD], size, kept, password, path, opener=opener, neighbours=neighbours)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _beside(path: Path, names: Set[str]) -> Iterator[Source]:
    try:
        found = sorted(name for name in os.listdir(path.parent) if name.lower() in names)
    except OSError:
        return
    for name in found:
        try:
            yield of_file(path.parent / name, name, lambda name: None)
        except UnreadableError:
            continue


def encodable(name: str) -> str:
    """`name` with the bytes of an undecodable file name as escapes, so that every report can hold it."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _expect_regular(mode: int, name: str) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = {
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFDIR: "a folder",
    }
    kind = kinds.get(stat.S_IFMT(mode), "something special")
    raise UnreadableError(
        f"{printable(name)} is {kind}, not a file, and was not opened: name a file or a folder.", "special"
    )


def cannot_open(error: OSError | ValueError, path: Path, name: str) -> UnreadableError:
    """The sentence for what the operating system said about `path`."""
    shown = printable(name)
    number = getattr(error, "errno", None)
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        target = printable(os.readlink(path))
        return UnreadableError(f"{shown} is a link to {target}, which does not exist: mend the link or name the file.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UnreadableError(f"{shown} does not exist: correct the path, or put the file there.")
    if isinstance(error, PermissionError):
        return UnreadableError(
            f"{shown} may not be read by this user: grant read permission, or run as one who has it."
        )
    if number == errno.ELOOP:
        return UnreadableError(f"{shown} is a link that leads back to itself: name the file it should lead to.")
    reason = printable(getattr(error, "strerror", None) or str(error))
    return UnreadableError(f"{shown} cannot be opened ({reason}): see that the path is right and the disk is sound.")
