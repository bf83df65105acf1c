"""The log of the collect script, of its first version and the present one."""

from __future__ import annotations

from datetime import date

import pytest

from certaudit.evidence import ComputerFacts, Input
from certaudit.loaders import load_bytes

ENTRIES = "stores-machine.reg  HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\nnot there  HKLM\\SOFTWARE\\Policies\n"
LIMITED = "LEFT OUT  what only an administrator may read: run it again as one\n"
PATTERN = "\nHKEY_CURRENT_USER\\Control Panel\\International\n    sShortDate    REG_SZ    {}\n\n"


def load(text: str, encoding: str = "cp437") -> Input:
    return load_bytes(text.encode(encoding), "SMP01/collected.txt")


def log(day: str, pattern: str | None = None, version: int = 2) -> str:
    head = f"certaudit collect script {version} on SMP01\n{day}  8:32:43,12\n"
    return head + (PATTERN.format(pattern) if pattern else "") + ENTRIES


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("version", [1, 2])
def test_who_when_and_with_which_rights(version: int, encoding: str) -> None:
    item = load(log("28.11.2026", version=version), encoding)
    assert (item.format, item.error, item.remarks) == ("collection-log", None, ())
    assert item.computer == ComputerFacts(
        name="SMP01", collected=date(2026, 11, 28), administrator=True, script=version
    )


@pytest.mark.parametrize(
    ("day", "pattern", "expected"),
    [
        ("Sat 11/28/2026", "M/d/yyyy", date(2026, 11, 28)),
        ("05/04/2026", "dd/MM/yyyy", date(2026, 4, 5)),
        ("05/04/2026", "MM/dd/yyyy", date(2026, 5, 4)),
        ("05/04/2026", None, None),
        ("05/05/2026", None, date(2026, 5, 5)),
        ("Sat 11/28/2026", None, date(2026, 11, 28)),
        ("28/11/2026", None, date(2026, 11, 28)),
        ("04.05.2026", None, date(2026, 5, 4)),
        ("2026/11/28", "yyyy/MM/dd", date(2026, 11, 28)),
        ("2026-11-28", None, date(2026, 11, 28)),
        ("2026. 11. 28.", "yyyy. MM. dd.", date(2026, 11, 28)),
        ("28-11-26", "dd-MM-yy", date(2026, 11, 28)),
        ("28-11-26", None, None),
        ("28/11/2569", "d/M/yyyy", None),
        ("28-Nov-26", "dd-MMM-yy", None),
        ("31.02.2026", None, None),
        ("soon", None, None),
    ],
)
def test_the_day_by_the_users_pattern_or_where_its_order_is_plain(
    day: str, pattern: str | None, expected: date | None
) -> None:
    computer = load(log(day, pattern)).computer
    assert computer is not None
    assert computer.collected == expected


def test_without_the_rights_of_an_administrator() -> None:
    computer = load(log("28.11.2026").replace(ENTRIES, LIMITED + ENTRIES)).computer
    assert computer is not None
    assert computer.administrator is False


def test_a_log_cut_off_tells_no_rights() -> None:
    item = load(log("28.11.2026")[:60])
    assert item.computer is not None
    assert item.computer.administrator is None
    assert len(item.remarks) == 1
    assert load("certaudit collect script 2 on SM").computer is None
