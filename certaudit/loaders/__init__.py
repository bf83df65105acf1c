"""Files, folders, archives into evidence: bytes in, certificates, CRLs and facts about keys out. Nothing here judges.

What a file is, its content says, never its name. To add a format, write a module as `certaudit/loaders/protocol.py` has
it and give it its line in FORMATS.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from certaudit.errors import InputError
from certaudit.evidence import EMPTY_FOLDER, IGNORED, Input
from certaudit.loaders import folder, limits
from certaudit.loaders.files import MediaSource
from certaudit.loaders.protocol import Container, Leaf, Member
from certaudit.loaders.source import (
    MATERIAL_ENDINGS,
    PasswordSource,
    Source,
    UnreadableError,
    encodable,
    of_bytes,
    of_file,
)
from certaudit.printable import printable

__all__ = ["FORMATS", "PasswordSource", "load", "load_bytes"]


FORMATS = (
    "media.boot_media_folder",
    "pki.asn1",
    "archives.zip_archive",
    "archives.gzip_archive",
    "archives.tar_archive",
    "stores.registry_export",
    "stores.registry_hive",
    "stores.store_file",
    "deployment.registered_certificates",
    "deployment.driver_catalog",
    "deployment.site_control",
    "pki.pem",
    "computer.collection_log",
    "computer.key_tests",
    "computer.registry_query",
    "computer.http_bindings",
    "computer.certutil_store",
    "computer.web_sites",
    "media.iso_image",
    "media.windows_image",
    "media.portable_executable",
    "media.media_variables",
    "foreign",
)
"""The modules in the order in which they are tried; the last takes everything. One is imported when its turn comes.

Archives come before all that is looked for behind the first bytes: it may stand in an archive as it is.
"""


def _format_of(source: Source) -> Leaf | Container:
    """The first format that knows the source for its own. Raises UnreadableError for an empty file."""
    if not source.size and not isinstance(source, MediaSource):
        raise source.refusal("empty", "copy or export it again", "empty")
    modules: Iterator[Leaf | Container] = (importlib.import_module(f"certaudit.loaders.{name}") for name in FORMATS)
    return next(module for module in modules if module.sniff(source))


def load(path: Path, name: str, password: PasswordSource) -> tuple[Input, ...]:
    """One input for a file, one for each file in a folder or an archive, named `name/inside`, in the order of names.

    A folder that is boot media (it holds SMS/data/Variables.dat) is one input, whole, wherever it lies.
    Never raises for what it meets: what cannot be read is an input whose `error` says why. A path that is named must
    be evidence or hold some: anything else is an error, but for an empty folder, which is one input. A folder or an
    archive may hold other things besides: a file in it that plainly is no certificate material (a README, a password
    file, a private key, a request) has the format "ignored", or that of what it is, and a remark instead of an error.
    What begins as PEM or DER does, or is named as certificates, stores or boot media are, is never passed over like
    that.
    """
    name = encodable(name).rstrip("/\\") or name
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if is_folder:
        return _load_folder(path, name, password)
    return _load_member(Member(name, lambda: of_file(path, name, password)), named=True)


def load_bytes(data: bytes, name: str, password: PasswordSource = lambda name: None) -> Input:
    """The evidence in bytes that came from elsewhere than a file, as one input; what cannot be read has its `error`.

    An archive is not opened, for it is more than one.
    """
    source = of_bytes(data, encodable(name), password)
    try:
        with _barrier(source.name):
            format = _format_of(source)
            if isinstance(format, Container):
                raise source.refusal("an archive", "save it and name the file", format.FORMAT, harmless=False)
            result = format.load(source)
    except InputError as refusal:
        result = _not_read(source.name, refusal, named=True)
    return _described(result, source)


def _load_folder(path: Path, name: str, password: PasswordSource) -> tuple[Input, ...]:
    inputs = tuple(
        item for member in folder.members(path, name, password) for item in _load_member(member, named=False)
    )
    if not any(item.size or item.error or item.evidence for item in inputs):
        return *inputs, Input(name, EMPTY_FOLDER)
    nothing = _nothing_in("folder", name, inputs)
    return inputs if nothing is None else (*inputs, Input(name, "folder", error=nothing))


def _nothing_in(what: str, name: str, inputs: Sequence[Input]) -> str | None:
    """The sentence that a container holds nothing to audit; None where it does, or where nobody can tell."""
    if any(item.error is not None or item.evidence or _is_an_empty_store(item) for item in inputs):
        return None
    told = f"none of its {len(inputs)} files holds" if inputs else "it is empty, so it does not hold"
    return f"The {what} {printable(name)} has nothing to audit: {told} a certificate or a CRL."


def _is_an_empty_store(item: Input) -> bool:
    """True for what was read in full and holds nothing, and false for what is no evidence."""
    return not item.remarks and item.format != IGNORED


def _load_member(member: Member, *, named: bool) -> tuple[Input, ...]:
    try:
        if member.refusal is not None:
            raise member.refusal
        with _barrier(member.name):
            source = member.source()
    except UnreadableError as refusal:
        return (_refused(member.name, refusal, named=named),)
    try:
        with _barrier(source.name):
            format = _format_of(source)
            if isinstance(format, Container):
                return _load_container(format, source, named=named)
            result = format.load(source)
    except InputError as refusal:
        result = _not_read(source.name, refusal, named=named or isinstance(source, MediaSource))
    return (_described(result, source),)


def _load_container(format: Container, source: Source, *, named: bool) -> tuple[Input, ...]:
    """The inputs inside; and the container itself as one where something is wrong with it, or nothing in it.

    Raises UnreadableError where it lies too deep in others.
    """
    if source.nesting >= limits.MAX_NESTING:
        what = f"an archive inside {source.nesting} others, and too deep to be opened"
        raise source.refusal(what, "unpack it and name the files in it", format.FORMAT, harmless=False)
    inputs: list[Input] = []
    try:
        with _barrier(source.name):
            for member in format.members(source):
                inputs += _load_member(member, named=False)
    except UnreadableError as refusal:
        return (*inputs, _described(_refused(source.name, refusal, named=True), source))
    nothing = _nothing_in("archive", source.name, inputs)
    if nothing is None:
        return tuple(inputs)
    if named or source.ending in MATERIAL_ENDINGS:
        return (*inputs, _described(Input(source.name, format.FORMAT, error=nothing), source))
    return (_described(Input(source.name, format.FORMAT, remarks=(nothing,)), source),)


@contextmanager
def _barrier(name: str) -> Iterator[None]:
    """Makes what no reader of a format foresaw the error of that input, so that the others are read all the same.

    Where it happened goes to the log, which `--debug` shows.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        kind = type(error).__name__
        logging.getLogger(__name__).debug("%s", kind, exc_info=True)
        sentence = (
            f"{printable(name)} is damaged in a way that certaudit does not foresee ({kind}): copy or export it again, "
            "and report it where that does not help (`certaudit --debug ...` shows where it happened)."
        )
        raise UnreadableError(sentence) from error


def _described(item: Input, source: Source) -> Input:
    sha256 = source.sha256 if item.error is not None else source.sha256_of_file()
    return replace(item, sha256=sha256, size=source.size)


def _not_read(name: str, refusal: InputError, *, named: bool) -> Input:
    """An input that could not be read, or whose password could not be had, of which the sentence names no file."""
    if isinstance(refusal, UnreadableError):
        return _refused(name, refusal, named=named)
    return Input(name, "unknown", error=f"{printable(name)} {refusal}.")


def _refused(name: str, refusal: UnreadableError, *, named: bool) -> Input:
    if named or not refusal.harmless:
        return Input(name, refusal.format, error=str(refusal))
    format = IGNORED if refusal.format in ("unknown", "empty") else refusal.format
    return Input(name, format, remarks=(refusal.aside,))
