"""Exports of SMS_CertificateInfo: every separator and encoding that they come in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certaudit import loaders
from certaudit.evidence import Input, RegisteredCertificate

THUMBPRINT = "4351FA3F04C2397BA6B2C80755554A058CD22982"
OTHER = "5E964FF1" + "0" * 32
LINES = (
    "#TYPE System.Management.ManagementObject#root\\sms\\site_S01\\SMS_CertificateInfo",
    '"IsApproved","IsBlocked","IssuedTo","Thumbprint","Type"',
    f'"1","False","media, branch office","{THUMBPRINT.lower()}","1"',
    f'"1","True","pxe","{OTHER}","2"',
)
EXPECTED = (
    RegisteredCertificate(THUMBPRINT, "1", False),
    RegisteredCertificate(OTHER, "2", True),
)


def load(data: bytes) -> Input:
    return loaders.load_bytes(data, "certificates.csv")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_as_powershell_writes_it(encoding: str, end: str) -> None:
    item = load(end.join(LINES).encode(encoding))
    expected = (EXPECTED[0]._replace(issued_to="media, branch office"), EXPECTED[1]._replace(issued_to="pxe"))
    assert (item.format, item.error, item.registered) == ("sms-certificate-info", None, expected)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_as_excel_saves_it(separator: str) -> None:
    rows = (("Thumbprint", "Type", "ISBLOCKED"), (THUMBPRINT, "1", "FALSE"), (OTHER, "2", "true"))
    assert load("\n".join(separator.join(row) for row in rows).encode()).registered == EXPECTED


def test_what_is_not_there_is_not_known() -> None:
    item = load(f"Thumbprint,Type,IsBlocked\n{THUMBPRINT},3,\n\nno thumbprint,1,0\n{OTHER}\n".encode())
    assert item.registered == (RegisteredCertificate(THUMBPRINT, "3", None), RegisteredCertificate(OTHER, None, None))
    assert item.remarks == ("Line 2 of the table names no thumbprint, and was passed over.",)


def test_a_damaged_table_is_said() -> None:
    error = load(b'Thumbprint,IsBlocked\n"' + b"x" * 200_000).error
    assert error is not None
    assert "damaged table" in error


@pytest.mark.parametrize("data", [b"Thumbprint,Subject\n", b"a,b\n1,2\n", b"Thumbprint and IsBlocked are words\n"])
def test_other_tables_are_not_ours(data: bytes) -> None:
    assert load(data).format != "sms-certificate-info"


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("20090601080000.000000+000", datetime(2009, 6, 1, 8, tzinfo=UTC)),
        ("20090601080000.000000+120", datetime(2009, 6, 1, 6, tzinfo=UTC)),
        ("20090601080000.000000-060", datetime(2009, 6, 1, 9, tzinfo=UTC)),
        ("20090601080000.000000+***", datetime(2009, 6, 1, 8, tzinfo=UTC)),
        ("20091301080000.000000+000", None),
        ("00010101000000.000000+120", None),
        ("01.06.2009 08:00:00", None),
        ("", None),
    ],
)
def test_whom_it_was_issued_to_and_from_when(written: str, begins: datetime | None) -> None:
    item = load(f"Thumbprint,IsBlocked,IssuedTo,ValidFrom\n{THUMBPRINT},False,media,{written}\n".encode())
    assert item.registered == (RegisteredCertificate(THUMBPRINT, None, False, "media", begins),)
