"""What `reg query` prints of a few keys: Windows, roles and versions of Configuration Manager, how its client chooses,
and what HTTP.sys has bound; before it the one line of `ver`. Names of keys, values and types are in no language.

HTTP.sys keeps its bindings in SslBindingInfo and SslSniBindingInfo below HTTP\\Parameters, which netsh shows as well.
"""

from __future__ import annotations

import re
from uuid import UUID

from certaudit.evidence import Binding, ClientFacts, ComputerFacts, Input
from certaudit.loaders import limits
from certaudit.loaders.computer import tool_text
from certaudit.loaders.computer.endpoints import binding_at
from certaudit.loaders.deployment.installed_software import software_of
from certaudit.loaders.source import Source
from certaudit.printable import printable

FORMAT = "registry-query"

_KEY = re.compile(r"HKEY_[A-Z_]+\\.*")
_TYPE = re.compile(r"[ \t](?P<type>REG_[A-Z_]+)(?:[ \t]|$)")
_VER = re.compile(r"Microsoft Windows \[[^\]\d]*(?P<version>\d{1,2}\.\d{1,2}\.\d{3,5}(?:\.\d{1,6})?)\][ \t]*")

_SMS = "software\\microsoft\\sms"
_CCM_SECURITY = "software\\microsoft\\ccm\\security"
_CONTROL = "system\\currentcontrolset\\control"
_TCPIP = "system\\currentcontrolset\\services\\tcpip\\parameters"
_PARAMETERS = "system\\currentcontrolset\\services\\http\\parameters"
_HTTP = (f"{_PARAMETERS}\\sslbindinginfo", f"{_PARAMETERS}\\sslsnibindinginfo")
_NT = "software\\microsoft\\windows nt\\currentversion"

_Values = dict[str, str]


def sniff(source: Source) -> bool:
    """True where one of the first lines names a key of the registry as `reg query` does, or is that of `ver`."""
    return any(_KEY.fullmatch(line) or _VER.fullmatch(line) for line in tool_text.beginning(source)[:50])


def load(source: Source) -> Input:
    """The facts in the values that are known. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "an output of reg query", FORMAT)
    keys = _keys(text.lines)
    ver = next((found["version"] for line in text.lines if (found := _VER.fullmatch(line))), None)
    software = (software_of(path, values.items()) for path, values in keys.items())
    bindings, remarks = _bindings(keys)
    facts = _facts({_plain(path): values for path, values in keys.items()}, tuple(keys), ver)
    return Input(
        source.name,
        FORMAT,
        software=tuple(dict.fromkeys(found for found in software if found is not None)),
        bindings=bindings,
        computer=facts if facts != ComputerFacts() else None,
        remarks=(*text.remarks, *remarks)[: limits.MAX_REMARKS],
    )


def _keys(lines: tuple[str, ...]) -> dict[str, _Values]:
    """The values of each key, by their names in lower case."""
    keys: dict[str, _Values] = {}
    values: _Values = {}
    for line in lines:
        if _KEY.fullmatch(line):
            values = keys.setdefault(line.rstrip(" \t\\"), {})
        elif line[:1] in (" ", "\t") and (found := _TYPE.search(line)):
            name, value = line[: found.start()].strip(" \t"), line[found.end("type") :].strip(" \t")
            values.setdefault(name.casefold(), value[: limits.MAX_REGISTRY_TEXT])
    return keys


def _plain(path: str) -> str:
    """The path of a key below its root, in lower case, the same for both halves of a 64-bit registry."""
    return path.casefold().partition("\\")[2].replace("software\\wow6432node\\", "software\\")


def _facts(keys: dict[str, _Values], paths: tuple[str, ...], ver: str | None) -> ComputerFacts:
    def text(key: str, name: str) -> str | None:
        return keys.get(key, {}).get(name) or None

    def truth(key: str, name: str) -> bool | None:
        value = text(key, name) or ""
        return int(value, 16) != 0 if re.fullmatch(r"0x[0-9a-fA-F]{1,8}", value) else None

    identification, point = f"{_SMS}\\identification", f"{_SMS}\\dp"
    return ComputerFacts(
        name=text(f"{_CONTROL}\\computername\\computername", "computername"),
        domain=text(_TCPIP, "domain"),
        windows=ver or _version(keys.get(_NT, {})),
        product=text(_NT, "productname"),
        installation=text(_NT, "installationtype"),
        sends_trusted_issuers=truth(f"{_CONTROL}\\securityproviders\\schannel", "sendtrustedissuerlist"),
        secure_boot=truth(f"{_CONTROL}\\secureboot\\state", "uefisecurebootenabled"),
        role_keys=tuple(dict.fromkeys(path.rpartition("\\")[2] for path in paths if _is_below_sms(path))),
        site_code=text(identification, "site code") or text(point, "sitecode"),
        parent_site_code=text(identification, "parent site code"),
        site_server=text(identification, "site server"),
        site_version=text(f"{_SMS}\\setup", "full version"),
        is_pxe=truth(point, "ispxe"),
        client=ClientFacts(
            certificate_store=text(_CCM_SECURITY, "certificate store"),
            selection_criteria=text(_CCM_SECURITY, "certificate selection criteria"),
            select_first=truth(_CCM_SECURITY, "select first certificate"),
            site_code=text(f"{_SMS}\\mobile client", "assignedsitecode"),
            version=text(f"{_SMS}\\mobile client", "productversion"),
        ),
    )


def _is_below_sms(path: str) -> bool:
    return _plain(path).rpartition("\\")[0] == _SMS


def _version(values: _Values) -> str | None:
    """The version by the registry, which says 6.3 of every Windows from 8.1 on."""
    build, version = values.get("currentbuildnumber", ""), values.get("currentversion", "")
    if not re.fullmatch(r"\d{3,5}", build) or not re.fullmatch(r"\d\.\d", version):
        return None
    return f"10.0.{build}" if int(build) >= 10240 else f"{version}.{build}"


def _bindings(keys: dict[str, _Values]) -> tuple[tuple[Binding, ...], list[str]]:
    """What HTTP.sys has bound, and a remark on each key of it that is not understood."""
    found, remarks = dict[Binding, None](), []
    for path, values in keys.items():
        if values and _plain(path).rpartition("\\")[0] in _HTTP:
            endpoint = values.get("hostnameport") or path.rpartition("\\")[2]
            binding = _binding(endpoint, values)
            if binding is None:
                remarks.append(f"The binding of {printable(endpoint[:100])} in the registry is not understood.")
            else:
                found[binding] = None
    return tuple(found), remarks


def _binding(endpoint: str, values: _Values) -> Binding | None:
    thumbprint = values.get("sslcerthash", "").upper()
    if not re.fullmatch(r"[0-9A-F]{40}", thumbprint):
        return None
    store = values.get("sslcertstorename") or None
    return binding_at(endpoint, thumbprint, store, _application(values.get("appid", "")))


def _application(text: str) -> str | None:
    """A GUID as text, or as its 16 bytes with the first three parts turned round."""
    try:
        return str(UUID(bytes_le=bytes.fromhex(text)) if re.fullmatch(r"[0-9A-Fa-f]{32}", text) else UUID(text))
    except ValueError:
        return None
