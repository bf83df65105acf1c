"""Where Windows keeps its certificate stores, in the registry and in files: a path into location and store.

System store locations as learn.microsoft.com, "System Store Locations", and wincrypt.h list them. Windows compares
all these names without case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LOCAL_MACHINE = "LocalMachine"
CURRENT_USER = "CurrentUser"
SERVICES = "Services"
USERS = "Users"
MACHINE_POLICY = "LocalMachineGroupPolicy"
USER_POLICY = "CurrentUserGroupPolicy"
ENTERPRISE = "LocalMachineEnterprise"
APP_CONTAINER = "AppContainer"

LOCAL_SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"

CERTIFICATES = "certificates"
CRLS = "crls"
CTLS = "ctls"
KEYS = "keys"
KINDS = frozenset({CERTIFICATES, CRLS, CTLS, KEYS})

_SPELLINGS = (
    "My",
    "Root",
    "CA",
    "Trust",
    "AuthRoot",
    "Disallowed",
    "TrustedPeople",
    "TrustedPublisher",
    "TrustedDevices",
    "SmartCardRoot",
    "ClientAuthIssuer",
    "NTAuth",
    "Request",
    "UserDS",
    "AddressBook",
    "SMS",
    "WebHosting",
    "Remote Desktop",
    "ACRS",
    "TestSignRoot",
    "FlightRoot",
    "Local NonRemovable Certificates",
    "Windows Live ID Token Issuer",
    "Homegroup Machine Certificates",
    "MSIEHistoryJournal",
    "McAfee Trust",
    "eSIM Certification Authorities",
)
_CANONICAL = {name.lower(): name for name in _SPELLINGS}

_ROOT_KEYS = {
    "hkey_local_machine": "hklm",
    "hkey_current_user": "hkcu",
    "hkey_users": "hku",
    "hklm": "hklm",
    "hkcu": "hkcu",
    "hku": "hku",
}
_POLICIES = {LOCAL_MACHINE: MACHINE_POLICY, CURRENT_USER: USER_POLICY}
_ACCOUNTS = (
    ("systemprofile/", LOCAL_SYSTEM),
    ("localservice/", LOCAL_SERVICE),
    ("networkservice/", NETWORK_SERVICE),
)
_SID = re.compile(r"S-1-[0-9-]+", re.IGNORECASE)
_THUMBPRINT = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


def canonical_store(name: str) -> str:
    """The one spelling under which a store is shown: "My" for MY and my. A name that is not known stays as it is."""
    return _CANONICAL.get(name.lower(), name)


@dataclass(frozen=True, slots=True)
class StorePlace:
    """One physical store, and which of its parts: `kind` is CERTIFICATES, CRLS, CTLS or KEYS.

    `location` is one of the names above; Services, Users and AppContainer are followed by a backslash and the name
    of the service, the user's SID or the package. `store` has its canonical spelling, None for an SST.
    """

    location: str | None
    store: str | None
    kind: str = CERTIFICATES


NOWHERE = StorePlace(None, None)
"""Of a file that does not tell which store it was saved from."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place and the name of one record in it: the SHA-1 of what the record holds."""

    place: StorePlace
    name: str


def of_key(path: str, owner: str = LOCAL_MACHINE) -> Address | None:
    """The address that a registry key is; None where it is no record of a certificate store.

    `owner` is the location that the file belongs to where the path does not begin with a root key, as in a hive:
    LOCAL_MACHINE, CURRENT_USER, or USERS with a SID.
    """
    parent, _, name = path.rpartition("\\")
    place = _place(parent, owner)
    return None if place is None else Address(place, name)


@lru_cache(maxsize=256)
def _place(path: str, owner: str) -> StorePlace | None:
    """What the registry key above the records is, e.g. …\\SystemCertificates\\My\\Certificates."""
    parts = path.split("\\")
    if len(parts) < 3 or parts[-1].lower() not in KINDS:
        return None
    location = _location(tuple(part.lower() for part in parts[:-2]), parts, owner)
    return None if location is None else StorePlace(location, canonical_store(parts[-2]), parts[-1].lower())


def is_store_path(path: str) -> bool:
    """True where a registry key is, or lies below, the root of certificate stores."""
    lower = path.lower()
    return "\\systemcertificates" in lower or "\\enterprisecertificates" in lower


def _location(parents: tuple[str, ...], parts: Sequence[str], owner: str) -> str | None:
    """The location whose stores lie below `parents`, the key path in lower case down to System- or
    EnterpriseCertificates; `parts` is the path as it was written."""
    owner = _owner(parents, parts, owner)
    match parents:
        case (*_, "microsoft", "enterprisecertificates"):
            return ENTERPRISE
        case (*_, "cryptography", "services", _, "systemcertificates"):
            return f"{SERVICES}\\{parts[len(parents) - 2]}"
        case (*_, "appcontainer", "storage", _, "software", "microsoft", "systemcertificates"):
            return f"{APP_CONTAINER}\\{parts[len(parents) - 4]}"
        case (*_, "policies", "microsoft", "systemcertificates"):
            return _POLICIES.get(owner, f"{owner}\\GroupPolicy")
        case (*_, "systemcertificates"):
            return owner
    return None


def _owner(parents: tuple[str, ...], parts: Sequence[str], owner: str) -> str:
    """Whose keys these are: what the root key says, else `owner`."""
    root = _ROOT_KEYS.get(parents[0] if parents else "")
    if root == "hklm":  # HKLM\TEMP\Software\…: a user's hive that someone loaded there; HKLM\TEMP\Microsoft\…: SOFTWARE
        return CURRENT_USER if parents[2:3] == ("software",) else LOCAL_MACHINE
    if root == "hkcu":
        return CURRENT_USER
    if root == "hku" and len(parts) > 1:
        return _user(parts[1].removesuffix("_Classes"))
    if root is None and owner == LOCAL_MACHINE and parents[:1] == ("software",):
        return CURRENT_USER  # a user's hive, whatever it is called, has Software at its top, SOFTWARE has Microsoft
    return owner


def _user(name: str) -> str:
    if name.lower() == ".default":
        return f"{USERS}\\{LOCAL_SYSTEM}"
    return f"{USERS}\\{name.upper()}" if _SID.fullmatch(name) else CURRENT_USER


def of_file(path: str) -> Address | None:
    """The address of a file below %APPDATA%\\Microsoft\\SystemCertificates; None for any other file.

    A copied folder such as `My/Certificates/<thumbprint>` will do. Only users' stores are kept in files.
    """
    parts = re.split(r"[\\/]", path)
    if len(parts) < 3 or parts[-2].lower() not in KINDS or not _THUMBPRINT.fullmatch(parts[-1]):
        return None
    return Address(StorePlace(owner_of_file(path), canonical_store(parts[-3]), parts[-2].lower()), parts[-1].upper())


def owner_of_file(path: str) -> str:
    """Whose profile a file lies in: CURRENT_USER, or USERS with the SID of an account that Windows itself runs as."""
    lower = "/" + path.lower().replace("\\", "/")
    if lower.endswith("/default"):
        return f"{USERS}\\{LOCAL_SYSTEM}"
    sid = next((sid for folder, sid in _ACCOUNTS if folder in lower), None)
    return CURRENT_USER if sid is None else f"{USERS}\\{sid}"
