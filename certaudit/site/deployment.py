"""The deployment toolchain as the manifest declares it, and the words that it may use."""

from __future__ import annotations

from dataclasses import dataclass

DRIVER_STATES = ("imported", "enabled", "distributed")
DEPLOYMENT_METHODS = (
    "pxe",
    "boot-media",
    "stand-alone-media",
    "prestaged-media",
    "client",
    "multicast",
    "unknown-computers",
)
CLIENT_OPERATING_SYSTEMS = (
    "windows-2000",
    "windows-xp",
    "windows-vista",
    "windows-7",
    "windows-8",
    "windows-8.1",
    "windows-10",
    "windows-11",
)
SERVER_OPERATING_SYSTEMS = (
    "windows-server-2003",
    "windows-server-2008",
    "windows-server-2008-r2",
    "windows-server-2012",
    "windows-server-2012-r2",
    "windows-server-2016",
    "windows-server-2019",
    "windows-server-2022",
    "windows-server-2025",
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployment toolchain as the manifest declares it; None: it does not say.

    `usmt`, `windows_pe`, `waik` and `site_version` are versions, by name ("3.0") or by number ("6.1.7600").
    `drivers` are those of DRIVER_STATES that hold for every driver in use. `methods` are the ways of DEPLOYMENT_METHODS
    in which computers are deployed, and `operating_systems` what is deployed to them.
    """

    usmt: str | None = None
    windows_pe: str | None = None
    waik: str | None = None
    site_version: str | None = None
    older_waik_removed: bool | None = None
    boot_images_backed_up: bool | None = None
    drivers: tuple[str, ...] | None = None
    methods: tuple[str, ...] | None = None
    operating_systems: tuple[str, ...] | None = None
