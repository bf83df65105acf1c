"""Boot media: how their variables are protected, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from certaudit.evidence.pfx import Pfx
from certaudit.x509.certificate import Certificate


class Bootstrap(NamedTuple):
    """What TsmBootstrap.ini claims, in the clear and unauthenticated. None: it does not say."""

    media_type: str | None
    password_required: bool | None
    unattended: bool | None


@dataclass(frozen=True, slots=True)
class MediaVariables:
    """The variables of boot media that opened: what they tell, never what would open a door.

    `names` are the names of all variables; `identity` is a fingerprint of the media GUID, which is itself the password
    of the PFX, so that media can be compared; `certificate` is that of the PFX, and `pfx` the facts about it.
    `has_root_list` is False where the list is empty, and `root_cas` is empty too where it could not be read.
    `uses_tls` and `checks_crls` are what the media tell the client to do; None where they do not tell.
    """

    names: tuple[str, ...]
    site_code: str | None = None
    management_points: tuple[str, ...] = ()
    media_type: str | None = None
    identity: str | None = None
    knows_unknown_computers: bool = False
    certificate: Certificate | None = None
    pfx: Pfx | None = None
    has_pfx: bool = False
    has_root_list: bool = False
    root_cas: tuple[Certificate, ...] = ()
    site_signing: Certificate | None = None
    uses_tls: bool | None = None
    checks_crls: bool | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Boot media: how its variables are protected, and what they hold where they opened.

    `kind` is "iso", "folder", "variables" (the file alone), "boot-var" (the file of a PXE server), "prestaged" or
    "boot-image" (variables inside a Windows PE image). `protected` is False where the variables open without a
    password, True where the given one opened them, None where nothing did: the password is wrong or missing, or the
    file damaged. `algorithm` is None where the header of the variables is not known. `first_block` is a digest that
    equals that of another media with the same password and algorithm. `password_length` counts characters.
    `boot_image_has_variables` is None where the media has no boot image that could be looked into.
    """

    kind: str
    protected: bool | None = None
    algorithm: str | None = None
    first_block: str | None = None
    password_length: int | None = None
    trailing_bytes: int = 0
    variables: MediaVariables | None = None
    bootstrap: Bootstrap | None = None
    has_policy: bool = False
    created: datetime | None = None
    boot_image_has_variables: bool | None = None
