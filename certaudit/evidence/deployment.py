"""What a site has for operating system deployment, apart from certificates: its toolchain, lists and drivers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Software(NamedTuple):
    """A part of the deployment toolchain and its version, as a file states it.

    `product` is "windows-pe", "usmt", "waik" (or the ADK after it) or "site-version"; `version` has up to four numbers
    ("6.1.7600.16385"), None where the file does not say; `entry` is the file or the key inside the input, None for the
    input itself.
    """

    product: str
    version: str | None
    architecture: str | None = None
    entry: str | None = None


class RegisteredCertificate(NamedTuple):
    """A certificate in the site's own list of those of boot media and PXE: its SHA-1 thumbprint, the number that
    stands for its role there, whether the site has blocked it, whom it was issued to, and from when on it is valid.
    None: the list does not say."""

    thumbprint: str
    type: str | None
    blocked: bool | None
    issued_to: str | None = None
    begins: datetime | None = None


class Driver(NamedTuple):
    """A driver in the driver catalog: its CI_ID, its name, and whether it is enabled. None: the export does not say."""

    identity: str
    name: str | None
    enabled: bool | None


class DriverCatalog(NamedTuple):
    """What exports tell of drivers: each field is a class of the SMS Provider, empty where it was not exported.

    `contents` are pairs of a driver's CI_ID and a ContentID, `packages` of a ContentID and a PackageID, `locations` of
    a PackageID and a ServerNALPath; a class that was exported without rows cannot be told from one that was not.
    """

    drivers: tuple[Driver, ...] = ()
    contents: tuple[tuple[str, str], ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    locations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PxeServicePoint:
    """A PXE service point as the site control file describes it. None: it does not say.

    `server` is its name there, which may be the short one; `remote_name` its full one. `certificate_type` is 0 for the
    certificate that the site makes itself. Of the password no more is kept than that there is one.
    """

    server: str
    remote_name: str | None = None
    site_code: str | None = None
    has_password: bool | None = None
    certificate_type: int | None = None
    has_certificate_file: bool | None = None
    certificate_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteControl:
    """What a site control file says of operating system deployment."""

    pxe_service_points: tuple[PxeServicePoint, ...] = ()
