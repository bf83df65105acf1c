"""Writes what the collect script finds with Windows' own tools, in the form in which an English Windows prints it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from certaudit.x509.certificate import Certificate
from tests.loaders.registry_writer import CSP

IIS = "4dc3e181-e14b-4a21-b022-59fc669b0914"
_SMS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS"
_CCM = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\CCM\Security"
_NT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_CONTROL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control"
_TCPIP = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
_HTTP = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters"

_Values = Mapping[str, tuple[str, str]]


class Bound(NamedTuple):
    """What is bound to an endpoint: `0.0.0.0:443`, or `mp01.contoso.com:443` for a name (SNI)."""

    endpoint: str
    certificate: bytes
    store: str = "MY"
    application: str = IIS


class StoredKey(NamedTuple):
    """A key in a store of the computer and what came of its test: `works`, `mismatch`, or an error code."""

    store: str
    certificate: bytes
    result: str = "works"
    exportable: bool = False
    provider: str = CSP


@dataclass(frozen=True)
class Computer:
    """A Windows computer as its facts tell of it. `role_keys` are the keys below SMS in the registry, `kits` the names
    and versions of WAIK or ADK; `sites` lines of appcmd. A Server 2003 has no netsh, no appcmd and no PowerShell."""

    name: str
    windows: str
    product: str
    domain: str = "contoso.com"
    installation: str = "Server"
    collected: datetime = datetime(2026, 11, 27, 9, 30)
    secure_boot: bool | None = None
    bound: Sequence[Bound] = ()
    sites: Sequence[str] = ()
    keys: Sequence[StoredKey] = ()
    role_keys: Sequence[str] = ()
    identification: Mapping[str, str] = field(default_factory=dict)
    site_version: str | None = None
    is_pxe: bool | None = None
    client: Mapping[str, str] = field(default_factory=dict)
    kits: Sequence[tuple[str, str]] = ()
    left_out: bool = False

    @property
    def is_2003(self) -> bool:
        return self.windows.startswith("5.")


def files(computer: Computer, collected: Iterable[str]) -> dict[str, bytes]:
    """The facts of the computer and its log, which names each file of `collected`; none that would be empty."""
    texts = {
        "facts/windows.txt": _windows(computer),
        "facts/roles.txt": _roles(computer),
        "facts/client.txt": _client(computer),
        "facts/toolchain.txt": _toolchain(computer),
        "facts/http.txt": _http(computer),
        "collected.txt": _log(computer, collected),
    }
    if not computer.is_2003:
        texts["facts/bindings.txt"] = _bindings(computer.bound)
        texts["facts/sites.txt"] = "".join(f"{line}\n" for line in computer.sites)
        texts["facts/keys.txt"] = _keys(computer.keys)
    for store in dict.fromkeys(key.store for key in computer.keys):
        texts[f"facts/store-{store}.txt"] = _certutil(store, [key for key in computer.keys if key.store == store])
    return {path: text.replace("\n", "\r\n").encode("cp437") for path, text in texts.items() if text.strip()}


def _sha1(certificate: bytes) -> str:
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest()


def _bindings(bound: Iterable[Bound]) -> str:
    """netsh http show sslcert."""
    text = "\nSSL Certificate bindings: \n------------------------- \n\n"
    for one in bound:
        label = "IP:port" if one.endpoint[0] in "0123456789[" else "Hostname:port"
        lines = (
            f"{label:29}: {one.endpoint}",
            f"{'Certificate Hash':29}: {_sha1(one.certificate)}",
            f"{'Application ID':29}: {{{one.application}}}",
            f"{'Certificate Store Name':29}: {one.store}",
            "Verify Client Certificate Revocation : Enabled",
            "Verify Revocation Using Cached Client Certificate Only : Disabled",
            f"{'Usage Check':29}: Enabled",
            f"{'Revocation Freshness Time':29}: 0",
            f"{'Negotiate Client Certificate':29}: Disabled",
        )
        text += "".join(f"    {line} \n" for line in lines) + "\n"
    return text


def _query(computer: Computer, key: str, values: _Values | None = None, below: Iterable[str] = ()) -> str:
    """reg query: the key, its values, and the keys below it."""
    space, head = ("\t", "\n! REG.EXE VERSION 3.0\n") if computer.is_2003 else ("    ", "")
    shown = "".join(f"    {name}{space}{kind}{space}{value}\n" for name, (kind, value) in (values or {}).items())
    keys = "".join(f"{key}\\{name}\n" for name in below)
    return f"{head}\n{key}\n{shown}\n{keys}" if shown or keys else ""


def _strings(values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name: ("REG_SZ", value) for name, value in values.items()}


def _truth(value: bool) -> tuple[str, str]:
    return "REG_DWORD", f"0x{value:x}"


def _windows(computer: Computer) -> str:
    version = computer.windows
    parts = version.split(".")
    nt = {
        "ProductName": computer.product,
        "CurrentVersion": "6.3" if parts[0] == "10" else ".".join(parts[:2]),
        "CurrentBuildNumber": parts[2],
        **({} if computer.is_2003 else {"InstallationType": computer.installation}),
    }
    text = f"\nMicrosoft Windows [Version {version}]\n"
    for name, value in nt.items():
        text += _query(computer, _NT, {name: ("REG_SZ", value)})
    text += _query(computer, rf"{_CONTROL}\ComputerName\ComputerName", _strings({"ComputerName": computer.name}))
    text += _query(computer, _TCPIP, _strings({"Domain": computer.domain}))
    if computer.secure_boot is not None:
        boot = {"UEFISecureBootEnabled": _truth(computer.secure_boot)}
        text += _query(computer, rf"{_CONTROL}\SecureBoot\State", boot)
    return text


def _roles(computer: Computer) -> str:
    text = _query(computer, _SMS, below=computer.role_keys)
    for name, value in computer.identification.items():
        text += _query(computer, rf"{_SMS}\Identification", _strings({name: value}))
    if computer.site_version:
        text += _query(computer, rf"{_SMS}\Setup", _strings({"Full Version": computer.site_version}))
    if computer.is_pxe is not None:
        text += _query(computer, rf"{_SMS}\DP", _strings({"SiteCode": computer.identification.get("Site Code", "")}))
        text += _query(computer, rf"{_SMS}\DP", {"IsPXE": _truth(computer.is_pxe)})
    return text


def _client(computer: Computer) -> str:
    """`client` has the site code and the version of the client, and what of the choice of a certificate is set."""
    text = ""
    for name, value in computer.client.items():
        if name in ("AssignedSiteCode", "ProductVersion"):
            text += _query(computer, rf"{_SMS}\Mobile Client", _strings({name: value}))
        elif name == "Select First Certificate":
            text += _query(computer, _CCM, {name: ("REG_DWORD", value)})
        else:
            text += _query(computer, _CCM, _strings({name: value}))
    return text


def _toolchain(computer: Computer) -> str:
    text = ""
    for number, (name, version) in enumerate(computer.kits):
        key = rf"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{{{number:08x}-adc0-4d0c}}"
        text += _query(computer, key, _strings({"DisplayName": name}))
        text += _query(computer, key, _strings({"DisplayVersion": version}))
    return text


def _http(computer: Computer) -> str:
    text = ""
    for one in computer.bound:
        is_name = one.endpoint[0] not in "0123456789["
        folder = "SslSniBindingInfo" if is_name else "SslBindingInfo"
        first, second, third, *rest = one.application.split("-")
        turned = "".join(bytes.fromhex(part)[::-1].hex() for part in (first, second, third)) + "".join(rest)
        values = {
            "AppId": ("REG_BINARY", turned.upper()),
            "SslCertHash": ("REG_BINARY", _sha1(one.certificate).upper()),
            "SslCertStoreName": ("REG_SZ", one.store),
        }
        text += _query(computer, rf"{_HTTP}\{folder}\{one.endpoint}", values)
    return text


def _keys(keys: Iterable[StoredKey]) -> str:
    lines = (f"{key.store} {_sha1(key.certificate).upper()} {key.result} {key.exportable}\n" for key in keys)
    return f"certaudit key test 1\n{''.join(lines)}"


def _certutil(store: str, keys: Iterable[StoredKey]) -> str:
    """certutil -silent -store, of the certificates that have a key on record."""
    text = f'{store} "Personal"\n' if store == "My" else f"{store}\n"
    for number, key in enumerate(keys):
        certificate = Certificate(key.certificate)
        text += (
            f"================ Certificate {number} ================\n"
            f"Serial Number: {certificate.serial_hex}\n"
            f"Issuer: {certificate.issuer}\n"
            f" NotBefore: {certificate.not_before:%m/%d/%Y %I:%M %p}\n"
            f" NotAfter: {certificate.not_after:%m/%d/%Y %I:%M %p}\n"
            f"Subject: {certificate.subject}\n"
            "Non-root Certificate\n"
            f"Cert Hash(sha1): {_sha1(key.certificate)}\n"
            f"  Key Container = {container(key.certificate)}\n"
        )
        if key.result == "works":
            text += f"  Unique container name: {_sha1(key.certificate)[:32]}_7989b711-2e3f-4107-9aae-fb8df2e3b958\n"
        text += f"  Provider = {key.provider}\n"
        if not key.exportable:
            text += "Private key is NOT exportable\n"
        text += {"works": "Encryption test passed\n", "mismatch": "Encryption test FAILED\n"}.get(
            key.result, "Missing stored keyset\n"
        )
        text += "\n"
    return f"{text}CertUtil: -store command completed successfully.\n"


def container(certificate: bytes) -> str:
    """The name of the container that the key of a certificate lies in."""
    digits = _sha1(certificate)
    return f"le-{digits[:8]}-c0de-4f2a-9a6b-{digits[8:20]}"


def _log(computer: Computer, collected: Iterable[str]) -> str:
    when = computer.collected
    text = f"certaudit collect script 2 on {computer.name}\n{when:%a %m/%d/%Y} {when:%H:%M:%S}.41\n"
    text += _query(computer, r"HKEY_CURRENT_USER\Control Panel\International", _strings({"sShortDate": "M/d/yyyy"}))
    if computer.left_out:
        text += "LEFT OUT  what only an administrator may read: run it again as one\n"
    return text + "".join(f"{name}\n" for name in collected)
