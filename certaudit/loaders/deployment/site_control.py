"""The site control file of Configuration Manager 2007 (sitectrl.ct0): the PXE service points that it describes.

A text file of sections in angle brackets (source `d07-sdk-sitectrl`: Site Control File Format), in which a PXE service
point has its properties (source `sdk-role`: SMS PXE Service Point). Everything else in the file is passed over.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from certaudit.evidence import Input, PxeServicePoint, SiteControl
from certaudit.loaders import limits
from certaudit.loaders.pki import armour
from certaudit.loaders.source import Source

FORMAT = "site-control-file"

_MARK = re.compile(rb"^[ \t]*BEGIN_(?:SYSTEM_RESOURCE_USE|CLIENT_COMPONENT|FILE_DEFINITION)\b", re.MULTILINE)
_FIRST_LINE = b"SITE CONTROL FILE"
_BEGIN, _END = "BEGIN_SYSTEM_RESOURCE_USE", "END_SYSTEM_RESOURCE_USE"
_ROLE = re.compile(r"^[ \t]*ROLE[ \t]*<SMS PXE Service Point>", re.M | re.I)
_SERVER = re.compile(r"MSWNET:\[\"SMS_SITE=(?P<site>[^\"\]]*)\"\]\\\\(?P<server>[^\\>\r\n]+)")
_PROPERTY = re.compile(
    r"^[ \t]*PROPERTY[ \t]*<(?P<name>[^<>\r\n]*)>"
    r"<(?P<first>[^<>\r\n]*)><(?P<second>[^<>\r\n]*)><(?P<number>[^<>\r\n]*)>",
    re.M,
)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=366 * 1000)

_Properties = dict[str, tuple[str, str, str]]


def sniff(source: Source) -> bool:
    """True for a text with the sections of a site control file."""
    head = armour.plain_text(source.head)
    return head.lstrip().startswith(_FIRST_LINE) or _MARK.search(head) is not None


def load(source: Source) -> Input:
    """The PXE service points in the file, which may be none. Raises UnreadableError above the size limit."""
    text = _decoded(source.data)
    found, remarks = [], []
    for part in text.split(_BEGIN)[1:]:
        section, end, _ = part.partition(_END)
        server = _SERVER.search(section)
        if not end:
            remarks.append("A section of the file has no end, and was passed over; copy the file again.")
        elif _ROLE.search(section) and server is None:
            remarks.append("A PXE service point in the file names no server, and was passed over.")
        elif _ROLE.search(section) and server is not None:
            found.append(_pxe_service_point(server["server"], server["site"], _properties(section)))
    return Input(
        source.name, FORMAT, site_control=SiteControl(tuple(found)), remarks=tuple(remarks[: limits.MAX_REMARKS])
    )


def _decoded(data: bytes) -> str:
    plain = armour.plain_text(data)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("cp1252", "replace")


def _properties(section: str) -> _Properties:
    """(first text, second text, number) of each property, by its name in lower case."""
    found = _PROPERTY.finditer(section)
    return {match["name"].casefold(): (match["first"], match["second"], match["number"]) for match in found}


def _pxe_service_point(server: str, site: str, properties: _Properties) -> PxeServicePoint:
    def text(name: str) -> str | None:
        return next((value for value in properties.get(name, ())[:2] if value), None)

    def number(name: str) -> int | None:
        value = properties.get(name, ("", "", ""))[2]
        return int(value) if re.fullmatch(r"\d{1,10}", value) else None

    password = properties.get("pxepassword")
    return PxeServicePoint(
        server=server,
        remote_name=text("server remote name"),
        site_code=site or None,
        # The property is absent: nobody knows. Its three fields are empty, or 0: there is no password.
        has_password=None if password is None else any(value not in ("", "0") for value in password),
        certificate_type=number("certificatetype"),
        has_certificate_file=None if "certificatefile" not in properties else text("certificatefile") is not None,
        certificate_ends=_instant(text("certificateexpirationdate")),
    )


def _instant(filetime: str | None) -> datetime | None:
    """The instant of a FILETIME: steps of 100 ns since 1601. None where there is none, or none that makes sense."""
    if filetime is None or not re.fullmatch(r"\d{1,19}", filetime) or not int(filetime):
        return None
    since = timedelta(microseconds=int(filetime) // 10)
    return _EPOCH + since if since < _YEARS else None
