"""Files and folders into evidence: bytes in, certificates, CRLs and facts about keys out. Nothing here judges.

What a file is, its content says, never its name. To add a format, write a module with `sniff` and `load` and give it
its line in FORMATS.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from certaudit.errors import InputError
from certaudit.evidence import Input
from certaudit.loaders.folder import Walk
from certaudit.loaders.source import Format, PasswordSource, Source, UnreadableError, of_bytes, of_file
from certaudit.printable import printable

__all__ = ["FORMATS", "Format", "PasswordSource", "load", "load_bytes"]


FORMATS = (
    "pki.asn1",
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
"""The modules in the order in which they are tried; the last takes everything. One is imported when its turn comes."""


def _format_of(source: Source) -> Format:
    """The first format that knows the source for its own."""
    modules: Iterator[Format] = (importlib.import_module(f"certaudit.loaders.{name}") for name in FORMATS)
    return next(module for module in modules if module.sniff(source))


def load(path: Path, name: str, password: PasswordSource) -> tuple[Input, ...]:
    """One input for a file, one for each file below a folder, named `name/relative`, in the order of their names.

    A folder that is boot media (it holds SMS/data/Variables.dat) is one input, whole, wherever it lies.
    Never raises for what it meets: what cannot be read is an input whose `error` says why. A path that is named must
    hold something: anything else is an error. A folder may hold other things besides: a file in it that plainly is no
    certificate material (a README, a password file, a private key, a request) has the format "ignored", or that of
    what it is, and a remark instead of an error. What begins as PEM or DER does, or is named as certificates, stores or
    boot media are, is never passed over like that.
    """
    name = _encodable(name).rstrip("/\\") or name
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        return (_load_file(path, name, password, named=True),)
    return _load_folder(path, name, password)


def load_bytes(data: bytes, name: str, password: PasswordSource = lambda name: None) -> Input:
    """The evidence in bytes that came from elsewhere than a file; what cannot be read has its `error`."""
    return _load_source(of_bytes(data, _encodable(name), password), named=True)


def _encodable(name: str) -> str:
    """`name` with the bytes of an undecodable file name as escapes, so that every report can hold it."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _load_folder(folder: Path, name: str, password: PasswordSource) -> tuple[Input, ...]:
    inputs = []
    for path, shown, refusal in Walk().files(folder, name):
        shown = _encodable(shown)
        if refusal:
            inputs.append(_refused(shown, refusal, named=False))
        elif path.is_dir():
            inputs.append(_load_media_folder(path, shown, password))
        else:
            inputs.append(_load_file(path, shown, password, named=False))
    if all(item.error is None and not item.evidence for item in inputs):
        what = f"none of its {len(inputs)} files holds" if inputs else "it is empty, so it does not hold"
        sentence = f"The folder {printable(name)} has nothing to audit: {what} a certificate or a CRL."
        inputs.append(Input(name, "folder", error=sentence))
    return tuple(inputs)


def _load_media_folder(path: Path, name: str, password: PasswordSource) -> Input:
    from certaudit.loaders.media import boot_media_folder

    try:
        return boot_media_folder.load(path, name, password)
    except InputError as refusal:
        return _not_read(name, refusal, named=True)


def _load_file(path: Path, name: str, password: PasswordSource, *, named: bool) -> Input:
    try:
        source = of_file(path, name, password)
    except UnreadableError as refusal:
        return _refused(name, refusal, named=named)
    return _load_source(source, named=named)


def _load_source(source: Source, *, named: bool) -> Input:
    try:
        if not source.size:
            raise source.refusal("empty", "copy or export it again", "empty")
        result = _format_of(source).load(source)
    except InputError as refusal:
        result = _not_read(source.name, refusal, named=named)
    sha256 = source.sha256 if result.error is not None else source.sha256_of_file()
    return replace(result, sha256=sha256, size=source.size)


def _not_read(name: str, refusal: InputError, *, named: bool) -> Input:
    """An input that could not be read, or whose password could not be had, of which the sentence names no file."""
    if isinstance(refusal, UnreadableError):
        return _refused(name, refusal, named=named)
    return Input(name, "unknown", error=f"{printable(name)} {refusal}.")


def _refused(name: str, refusal: UnreadableError, *, named: bool) -> Input:
    if named or not refusal.harmless:
        return Input(name, refusal.format, error=str(refusal))
    format = "ignored" if refusal.format in ("unknown", "empty") else refusal.format
    return Input(name, format, remarks=(refusal.aside,))
