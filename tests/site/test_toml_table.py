"""Typed reading of TOML: each wrong file gives one sentence that says what, where and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from certaudit.errors import UsageError
from certaudit.site.toml_table import MAX_BYTES, Table, read_toml


def table(**values: object) -> Table:
    return Table(dict(values), "site.toml: [site]")


def refusal(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_toml(path)
    return str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "site.toml").endswith("site.toml: cannot be read: No such file or directory")


def test_not_toml(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[site\n")
    assert "is not valid TOML" in refusal(tmp_path / "site.toml")


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        (r'evidence = ["C:\certs"]', r"; write Windows paths in single quotes, 'C:\certs\mp01.reg', or with /"),
        (r'evidence = ["C:\Users\jo"]', r"; write Windows paths in single quotes, 'C:\certs\mp01.reg', or with /"),
        ("code = S01", "; text stands in quotes"),
        ("code = ", ""),
    ],
)
def test_the_mistakes_that_everybody_makes_first(tmp_path: Path, line: str, advice: str) -> None:
    (tmp_path / "site.toml").write_text(line)
    assert refusal(tmp_path / "site.toml").partition(")")[2] == advice


def test_not_text(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\x30\x82\xff")
    assert "is not UTF-8 text; save it as UTF-8" in refusal(tmp_path / "site.toml")


def test_too_large(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert "larger than 4 MiB" in refusal(tmp_path / "site.toml")


def test_byte_order_mark_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xef\xbb\xbfcode = 'S01'\n")
    assert read_toml(tmp_path / "site.toml").text("code") == "S01"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (5, "key 'code' must be a string, not a number"),
        (True, "key 'code' must be a string, not true or false"),
        (["a"], "key 'code' must be a string, not a list"),
        ({}, "key 'code' must be a string, not a table"),
        (datetime(2010, 3, 1, tzinfo=UTC), "key 'code' must be a string, not a date"),
    ],
)
def test_wrong_type(value: object, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        table(code=value).text("code")


def test_unknown_key_names_the_nearest_known_one() -> None:
    top = table(relase="2007-sp2")
    top.text("release")
    with pytest.raises(UsageError, match=r"site.toml: \[site\]: unknown key 'relase'; did you mean 'release'\?"):
        top.close()


def test_choice_names_the_nearest_one() -> None:
    with pytest.raises(UsageError, match=r"'nativ'; did you mean 'native'\?"):
        table(mode="nativ").choice("mode", ("native", "mixed"))


def test_date_is_the_first_instant_or_the_last_second() -> None:
    from datetime import date

    day = table(until=date(2010, 12, 31))
    assert day.instant("until") == datetime(2010, 12, 31, tzinfo=UTC)
    assert day.instant("until", end_of_day=True) == datetime(2010, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_an_instant_that_no_utc_has_is_an_error() -> None:
    with pytest.raises(UsageError, match="outside of the years 1 to 9999"):
        table(as_of=datetime.fromisoformat("0001-01-01T00:00:00+14:00")).instant("as_of")


def test_hostile_key_is_printed_inert() -> None:
    with pytest.raises(UsageError) as caught:
        table(**{"\x1b[2J##vso": 1}).close()
    assert "\x1b" not in str(caught.value)
    assert "##" not in str(caught.value)
