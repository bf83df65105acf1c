"""The web sites of IIS 7 and later, as `appcmd list site` prints them: a line each, the same in every language."""

from __future__ import annotations

import re

from certaudit.evidence import Input, SiteAddress, WebSite
from certaudit.loaders import limits
from certaudit.loaders.computer import tool_text
from certaudit.loaders.source import Source

FORMAT = "iis-sites"

_SITE = re.compile(
    r'[^\s"]+ "(?P<name>[^"]*)" \(id:(?P<number>\d{1,10}),bindings:(?P<bindings>.*?)(?:,\w+:(?P<state>\w*))?\)[ \t]*'
)
_ADDRESS = re.compile(
    r"(?P<protocol>https?)/(?P<address>\*|\[[^\]]*\]|[^:\[\]]*):(?P<port>\d{1,5}):(?P<hostname>[^:]*)"
)
_STATES = {"Started": True, "Stopped": False}


def sniff(source: Source) -> bool:
    """True where one of the first lines describes a site."""
    return any(map(_SITE.fullmatch, tool_text.beginning(source)[:20]))


def load(source: Source) -> Input:
    """The sites, and a remark on each line that is not understood. Raises UnreadableError above the size limit."""
    text = tool_text.read(source, "a list of web sites", FORMAT)
    sites, remarks = [], list(text.remarks)
    for number, line in enumerate(text.lines, 1):
        found = _SITE.fullmatch(line)
        if found is not None:
            sites.append(_site(found))
        elif line.strip():
            remarks.append(f"Line {number} of the file is not understood, and was passed over.")
    return Input(source.name, FORMAT, web_sites=tuple(sites), remarks=tuple(remarks[: limits.MAX_REMARKS]))


def _site(found: re.Match[str]) -> WebSite:
    addresses = (_ADDRESS.fullmatch(part) for part in found["bindings"].split(","))
    listening = tuple(
        SiteAddress(one["protocol"], one["address"].strip("[]") or "*", int(one["port"]), one["hostname"] or None)
        for one in addresses
        if one is not None and 0 < int(one["port"]) < 65536
    )
    return WebSite(found["name"], int(found["number"]), listening, _STATES.get(found["state"] or ""))
