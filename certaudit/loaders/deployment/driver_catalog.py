"""The driver catalog of a site and where its drivers are: exports of four classes of the SMS Provider as CSV.

SMS_Driver lists the drivers, SMS_CIToContent their content, SMS_PackageToContent the packages that hold it, and
SMS_DistributionPoint where these packages are (source `d07-sdk-drivers`: the properties of these classes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from certaudit.evidence import Driver, DriverCatalog, Input
from certaudit.loaders import limits
from certaudit.loaders.deployment import csv_table
from certaudit.loaders.source import Source

FORMAT = "sms-driver-catalog"

Row = dict[str, str]


def sniff(source: Source) -> bool:
    """True for a table whose header is that of one of the four classes."""
    return _class_of(csv_table.columns(source)) is not None


def load(source: Source) -> Input:
    """What the table adds to the catalog, and a remark on each line that lacks an identity. Raises UnreadableError."""
    keys, taken = _CLASSES[_class_of(csv_table.columns(source)) or "SMS_Driver"]
    whole, remarks = [], []
    for number, row in csv_table.rows(source, FORMAT):
        missing = [key for key in keys if not row.get(key)]
        if missing:
            remarks.append(f"Line {number} of the table has no {missing[0]}, and was passed over.")
        else:
            whole.append(row)
    return Input(source.name, FORMAT, driver_catalog=taken(whole), remarks=tuple(remarks[: limits.MAX_REMARKS]))


def _class_of(columns: Iterable[str]) -> str | None:
    """The class whose rows have these columns; other configuration items than drivers have no column of theirs."""
    present = frozenset(columns)
    for name, (keys, _) in _CLASSES.items():
        if present >= set(keys) and (name != "SMS_Driver" or any(column.startswith("driver") for column in present)):
            return name
    return None


def _drivers(rows: list[Row]) -> DriverCatalog:
    return DriverCatalog(drivers=tuple(map(_driver, rows)))


def _driver(row: Row) -> Driver:
    name = row.get("localizeddisplayname") or row.get("driverinffile") or None
    return Driver(row["ci_id"], name, csv_table.TRUTH.get(row["isenabled"].casefold()))


def _contents(rows: list[Row]) -> DriverCatalog:
    return DriverCatalog(contents=tuple((row["ci_id"], row["contentid"]) for row in rows))


def _packages(rows: list[Row]) -> DriverCatalog:
    return DriverCatalog(packages=tuple((row["contentid"], row["packageid"].upper()) for row in rows))


def _locations(rows: list[Row]) -> DriverCatalog:
    return DriverCatalog(locations=tuple((row["packageid"].upper(), row["servernalpath"]) for row in rows))


_CLASSES: dict[str, tuple[tuple[str, ...], Callable[[list[Row]], DriverCatalog]]] = {
    "SMS_Driver": (("ci_id", "isenabled"), _drivers),
    "SMS_CIToContent": (("ci_id", "contentid"), _contents),
    "SMS_PackageToContent": (("contentid", "packageid"), _packages),
    "SMS_DistributionPoint": (("packageid", "servernalpath"), _locations),
}
"""Of each class the columns without which a row says nothing, and what its rows become."""
