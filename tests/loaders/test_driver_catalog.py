"""Exports of the driver catalog: four classes of the SMS Provider, each a table of its own."""

from __future__ import annotations

import pytest

from certaudit import loaders
from certaudit.evidence import Driver, DriverCatalog, Input
from fixtures.make.media import driver_catalog

LOCATION = r'["Display=\\DP01\"]MSWNET:["SMS_SITE=S01"]\\DP01' + "\\"
TABLES = driver_catalog(("e1000", "iastor"), disabled="iastor")


def load(data: bytes) -> Input:
    return loaders.load_bytes(data, "export.csv")


def text(table: str) -> str:
    return TABLES[table].decode()


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "drivers.csv",
            DriverCatalog(drivers=(Driver("16777301", "e1000", True), Driver("16777302", "iastor", False))),
        ),
        ("contents.csv", DriverCatalog(contents=(("16777301", "301"), ("16777302", "302")))),
        ("packages.csv", DriverCatalog(packages=(("301", "S0100017"), ("302", "S0100017")))),
        ("locations.csv", DriverCatalog(locations=(("S0100017", LOCATION),))),
    ],
)
def test_as_powershell_writes_it(table: str, expected: DriverCatalog, encoding: str) -> None:
    item = load(text(table).encode(encoding))
    assert (item.format, item.error, item.driver_catalog) == ("sms-driver-catalog", None, expected)


def test_every_column_of_a_class_may_be_there() -> None:
    table = "\t".join(("CategoryInstance_UniqueIDs", "CI_ID", "DriverVersion", "IsEnabled", "IsExpired"))
    item = load(f"{table}\nSystem.String[]\t7\t1.0\tTrue\tFalse\n".encode())
    assert item.driver_catalog == DriverCatalog(drivers=(Driver("7", None, True),))


def test_a_line_without_an_identity_is_passed_over_and_said() -> None:
    item = load(b"CI_ID,DriverINFFile,IsEnabled\n7,a.inf,perhaps\n,b.inf,True\n8,c.inf\n")
    assert item.driver_catalog == DriverCatalog(drivers=(Driver("7", "a.inf", None),))
    assert item.remarks == (
        "Line 2 of the table has no ci_id, and was passed over.",
        "Line 3 of the table has no isenabled, and was passed over.",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"CI_ID,IsEnabled,BulletinID\n7,True,MS09-056\n",
        b"CI_ID,DriverVersion\n7,1.0\n",
        b"PackageID,Name\nS0100017,Drivers\n",
    ],
)
def test_other_tables_are_not_ours(data: bytes) -> None:
    assert load(data).driver_catalog is None


def test_a_table_of_too_many_rows_is_said_and_not_cut_short() -> None:
    item = load(b"CI_ID,ContentID\n" + b"1,2\n" * 100_001)
    assert (item.error or "").endswith("is a table of more than 100,000 rows: export the rows that matter.")
