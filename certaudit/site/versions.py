"""The versions of current branch: one table, by which what holds from or until a version is decided."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple


class SiteVersion(NamedTuple):
    """A version of current branch.

    `name` is its year and month, `build` the third number of the version of the site (5.00.9141.1000). `available` and
    `supported_to` are the first and the last day of its support; None where the day is not known, and of an end that
    it lies before the first day of the oldest version that has one.
    """

    name: str
    build: int
    available: date | None = None
    supported_to: date | None = None


TABLE = (
    SiteVersion("1511", 8325),
    SiteVersion("1602", 8355),
    SiteVersion("1606", 8412),
    SiteVersion("1610", 8458),
    SiteVersion("1702", 8498),
    SiteVersion("1706", 8540),
    SiteVersion("1710", 8577),
    SiteVersion("1802", 8634),
    SiteVersion("1806", 8692),
    SiteVersion("1810", 8740),
    SiteVersion("1902", 8790),
    SiteVersion("1906", 8853),
    SiteVersion("1910", 8913),
    SiteVersion("2002", 8968),
    SiteVersion("2006", 9012),
    SiteVersion("2010", 9040),
    SiteVersion("2103", 9049),
    SiteVersion("2107", 9058),
    SiteVersion("2111", 9068),
    SiteVersion("2203", 9078),
    SiteVersion("2207", 9088),
    SiteVersion("2211", 9096),
    SiteVersion("2303", 9106),
    SiteVersion("2309", 9122),
    SiteVersion("2403", 9128, date(2024, 4, 22), date(2025, 10, 22)),
    SiteVersion("2409", 9132, None, date(2026, 6, 4)),
    SiteVersion("2503", 9135, date(2025, 3, 31), date(2026, 9, 30)),
    SiteVersion("2509", 9141, date(2025, 11, 12), date(2027, 5, 12)),
    SiteVersion("2603", 9146, date(2026, 5, 5), date(2027, 11, 5)),
    SiteVersion("2609", 9152, date(2026, 9, 28), date(2028, 3, 28)),
)
"""Every version, oldest first (source `cb-updates`: build, first and last day of each version)."""

_BY_NAME = {version.name: version for version in TABLE}
_BY_BUILD = {version.build: version for version in TABLE}


def version_named(name: str) -> SiteVersion:
    """The row of the table; raises KeyError where there is none of that name."""
    return _BY_NAME[name]


def site_version(text: str) -> SiteVersion | None:
    """The version that is meant by a name ("2509") or a number ("5.00.9141", "5.0.9141.1000"); None for any other."""
    number = re.fullmatch(r"5\.0{1,2}\.(\d{4})(?:\.\d{1,5})*", text.strip())
    return _BY_BUILD.get(int(number[1])) if number else _BY_NAME.get(text.strip())


def is_newer_than_known(text: str) -> bool:
    """True for a name or number that reads like that of a version later than the last of the table."""
    last = TABLE[-1]
    number = re.fullmatch(r"5\.0{1,2}\.(\d{4,5})(?:\.\d{1,5})*", text.strip())
    if number:
        return int(number[1]) > last.build
    return bool(re.fullmatch(r"\d\d(0[1-9]|1[0-2])", text.strip())) and text.strip() > last.name
