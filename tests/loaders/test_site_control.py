"""The site control file of 2007: PXE service points, in the form that Microsoft's SDK shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certaudit import loaders
from certaudit.evidence import Input, PxeServicePoint

SAMPLE = r"""SITE CONTROL FILE [4.00.6487.2000][1.00]
BEGIN_CLIENT_COMPONENT
    <SMS Client Base Components>
    PROPERTY <PXEPassword><not of PXE><><1>
END_CLIENT_COMPONENT
BEGIN_SYSTEM_RESOURCE_USE
    RESOURCE<Windows NT Server><["Display=\\MP01\"]MSWNET:["SMS_SITE=S01"]\\MP01\>
    ROLE<SMS Management Point>
    PROPERTY <PXEPassword><not of PXE><><1>
END_SYSTEM_RESOURCE_USE
BEGIN_SYSTEM_RESOURCE_USE
    RESOURCE<Windows NT Server><["Display=\\PXE01\"]MSWNET:["SMS_SITE=S01"]\\PXE01\>
    ROLE<SMS PXE Service Point>
    PROPERTY <Server Remote Name><pxe01.contoso.com><><0>
    PROPERTY <BindPolicy><><><1>
    PROPERTY <PXEPassword><><><0>
    PROPERTY <CertificateType><><><0>
    PROPERTY <CertificateExpirationDate><128568119567070000><><0>
    PROPERTY <CertificateFile><><><0>
    PROPERTY <PXECertGUID><5D1C2F34-6B7A-4E8F-9A0B-1C2D3E4F5061><><0>
    BEGIN_PROPERTY_LIST
        <BindExcept>
        <11:11:11:11:11:11>
    END_PROPERTY_LIST
END_SYSTEM_RESOURCE_USE
"""
POINT = PxeServicePoint(
    server="PXE01",
    remote_name="pxe01.contoso.com",
    site_code="S01",
    has_password=False,
    certificate_type=0,
    has_certificate_file=False,
    certificate_ends=datetime(2008, 6, 1, 16, 39, 16, 707000, tzinfo=UTC),
)
SECRET = "4b6e9f00c0ffee"


def load(text: str, encoding: str = "ascii") -> Input:
    return loaders.load_bytes(text.encode(encoding), "sitectrl.ct0")


def points(text: str) -> tuple[PxeServicePoint, ...]:
    control = load(text).site_control
    assert control is not None
    return control.pxe_service_points


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_microsofts_sample(encoding: str, end: str) -> None:
    item = load(SAMPLE.replace("\n", end), encoding)
    assert (item.format, item.error, item.remarks) == ("site-control-file", None, ())
    assert item.site_control is not None
    assert item.site_control.pxe_service_points == (POINT,)


def test_a_password_is_known_and_not_kept() -> None:
    item = load(SAMPLE.replace("<PXEPassword><><><0>", f"<PXEPassword><{SECRET}><><0>"))
    assert item.site_control is not None
    assert item.site_control.pxe_service_points[0].has_password is True
    assert SECRET not in repr(item)


def test_the_guid_is_not_kept() -> None:
    assert "5D1C2F34" not in repr(load(SAMPLE))


@pytest.mark.parametrize("ends", ["", "0", "-1", "soon", "9" * 19, "9" * 400])
def test_an_end_that_makes_no_sense_is_none(ends: str) -> None:
    (point,) = points(SAMPLE.replace("128568119567070000", ends))
    assert point.certificate_ends is None


def test_properties_that_are_absent_are_not_known() -> None:
    text = "\n".join(line for line in SAMPLE.splitlines() if "PROPERTY <" not in line)
    assert points(text) == (PxeServicePoint("PXE01", site_code="S01"),)


def test_a_file_without_pxe_service_point_is_evidence_of_that() -> None:
    assert points(SAMPLE.replace("SMS PXE Service Point", "SMS Reporting Point")) == ()


def test_a_server_without_name_is_passed_over_with_a_remark() -> None:
    item = load(SAMPLE.replace("MSWNET", ""))
    assert item.site_control is not None
    assert item.site_control.pxe_service_points == ()
    assert len(item.remarks) == 1


def test_a_file_cut_off_says_so() -> None:
    item = load(SAMPLE[:-40])
    assert item.remarks == ("A section of the file has no end, and was passed over; copy the file again.",)


@pytest.mark.parametrize("length", range(0, len(SAMPLE), 37))
def test_no_beginning_of_a_file_raises(length: int) -> None:
    load(SAMPLE[:length])


def test_many_beginnings_without_end_do_not_take_long() -> None:
    assert len(load("BEGIN_SYSTEM_RESOURCE_USE\n" * 100_000).remarks) == 50
