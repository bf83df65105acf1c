"""The name of the computer whose registry it is."""

from __future__ import annotations

import pytest

from certaudit.evidence import ComputerFacts
from certaudit.loaders import load_bytes
from certaudit.loaders.deployment.computer_name import computer_name
from tests.loaders.hive_writer import HiveWriter

MACHINE = r"Microsoft\Windows\CurrentVersion\Group Policy\State\Machine"
HEADER = "Windows Registry Editor Version 5.00\r\n\r\n"


def exported(key: str, value: str) -> str | None:
    item = load_bytes(f"{HEADER}[HKEY_LOCAL_MACHINE\\{key}]\r\n{value}\r\n".encode("utf-16"), "x.reg")
    return item.computer.name if item.computer else None


def test_an_export_tells_it() -> None:
    name = '"Distinguished-Name"="CN=MP01,OU=Servers,DC=contoso,DC=com"'
    assert exported(rf"SOFTWARE\{MACHINE}", name) == "MP01"
    assert exported(r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName", '"ComputerName"="MP01"') == "MP01"
    assert exported(r"SOFTWARE\Other", name) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [("OU=Servers,DC=contoso", None), ("", None), (" MP01 ", "MP01"), ("cn=mp01,DC=com", "mp01"), ("M" * 99, "M" * 63)],
)
def test_what_is_taken_for_a_name(value: str, name: str | None) -> None:
    wanted = {"distinguished-name": value}
    assert computer_name(rf"HKLM\SOFTWARE\{MACHINE}", wanted.items()) == name


def test_a_hive_tells_it() -> None:
    writer = HiveWriter()
    value = writer.text("Distinguished-Name", "CN=MP01,DC=contoso,DC=com")
    parent, _, name = MACHINE.rpartition("\\")
    hive = writer.hive(writer.path(parent, [writer.key(name, values=[value])]))
    assert load_bytes(hive, "SOFTWARE").computer == ComputerFacts(name="MP01")
