"""Media variables as a file of their own: Variables.dat out of boot media, or the *.boot.var of a PXE server.

Two secrets are tried and no other: the constant that stands for "no password", which is how missing protection shows,
and the password that the user gives.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace

from certaudit.evidence import CertificateEntry, Input, Media
from certaudit.loaders.media.media_envelope import (
    MAGIC,
    NO_PASSWORD,
    ClosedEnvelopeError,
    Envelope,
    EnvelopeError,
    UnknownHeaderError,
    envelope,
)
from certaudit.loaders.media.media_payload import Payload, payload
from certaudit.loaders.pki import armour
from certaudit.loaders.source import Source

FORMAT = "media-variables"
NAME = "variables.dat"

_PXE_ENDING = ".var"


@dataclass(frozen=True)
class Variables:
    """What a file of variables gives: the facts, the certificates, and why there are no more."""

    media: Media
    certificates: tuple[CertificateEntry, ...] = ()
    remarks: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    error: str | None = None

    def to_input(self, source: Source, format: str) -> Input:
        """The input as which `source` is reported."""
        return Input(
            source.name,
            format,
            certificates=self.certificates,
            media=self.media,
            error=self.error,
            remarks=self.remarks,
            losses=self.losses,
        )


def sniff(source: Source) -> bool:
    """True for the envelope of variables, for MDT's clear text of the same name, and for whatever has the name."""
    name = os.path.basename(source.name.replace("\\", "/")).casefold()
    return source.head.startswith(MAGIC) or _is_clear_text(source.head) or name in (NAME, "boot.var")


def load(source: Source) -> Input:
    """The variables in the file. Raises UnreadableError where it has none."""
    kind = "boot-var" if source.ending == _PXE_ENDING else "variables"
    return read(source, source.data, kind).to_input(source, FORMAT)


def read(source: Source, data: bytes, kind: str) -> Variables:
    """What the variables in `data` give, which are those of `source`. Raises UnreadableError for MDT's clear text."""
    if _is_clear_text(data[:4096]):
        what = "a variables file of the Microsoft Deployment Toolkit, in clear text, and no boot media"
        raise source.refusal(what, "name the boot media itself", "mdt-variables", harmless=True)
    media = Media(kind)
    try:
        sealed = envelope(data)
    except UnknownHeaderError as error:
        sentence = (
            f"The variables of {source.shown} cannot be read, because they are {error}: the format is not known for "
            "this release; supply the PFX and the root certificates that the media was made from."
        )
        return Variables(media, error=sentence)
    except EnvelopeError as error:
        return Variables(media, error=f"The variables of {source.shown} are {error}; copy them again.")
    media = replace(
        media,
        algorithm=sealed.algorithm.name,
        first_block=sealed.first_block,
        trailing_bytes=sealed.trailing,
    )
    return _Opening(source, sealed, media).variables()


@dataclass
class _Opening:
    """One envelope and the two secrets that may open it."""

    source: Source
    sealed: Envelope
    media: Media
    password: str | None = field(default=None, repr=False)

    def variables(self) -> Variables:
        found = self._tried(NO_PASSWORD)
        if found is not None:
            return self._with(replace(self.media, protected=False), found)
        self.password = self.source.password(self.source.name)
        if self.password is None:
            return Variables(self.media, error=self._no_password())
        found = self._tried(self.password)
        if found is None:
            return Variables(self.media, error=self._closed())
        return self._with(replace(self.media, protected=True, password_length=len(self.password)), found)

    def _with(self, media: Media, found: Payload) -> Variables:
        if self.sealed.has_more:
            found.lose(
                f"{self.sealed.trailing:,} bytes follow the variables of {self.source.shown}, and were not read."
            )
        return _with(media, found)

    def _tried(self, secret: str) -> Payload | None:
        try:
            return payload(self.sealed.open(secret), self.source)
        except ClosedEnvelopeError:
            return None

    def _no_password(self) -> str:
        return (
            f"{self.source.shown} is protected by a password, or damaged, and no password was given: name its password "
            f"file or environment variable{self._pxe()}."
        )

    def _closed(self) -> str:
        return (
            f"{self.source.shown} does not open: the password is wrong or the file is damaged, which cannot be told "
            f"apart; try the password on the media itself{self._pxe()}."
        )

    def _pxe(self) -> str:
        if self.media.kind != "boot-var":
            return ""
        return "; where the PXE server has no password, nothing opens this file, for its key is new for each computer"


def _with(media: Media, found: Payload) -> Variables:
    opened = replace(media, variables=found.variables)
    return Variables(
        opened, tuple(found.certificates), tuple(found.remarks), losses=tuple(found.losses), error=found.error
    )


def _is_clear_text(head: bytes) -> bool:
    text = armour.plain_text(head[:4096])
    return re.match(rb"\s*(<\?xml[^>]*>\s*)?<MediaVarList\b", text) is not None
