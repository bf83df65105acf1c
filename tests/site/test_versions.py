"""The table of versions of current branch, and what is taken for one of them."""

from __future__ import annotations

import pytest

from certaudit.site.versions import TABLE, is_newer_than_known, site_version


def test_the_table_is_in_order() -> None:
    assert [version.name for version in TABLE] == sorted(version.name for version in TABLE)
    assert [version.build for version in TABLE] == sorted({version.build for version in TABLE})
    assert all(
        version.available < version.supported_to for version in TABLE if version.available and version.supported_to
    )


def test_only_the_oldest_versions_have_no_end() -> None:
    ends = [version.supported_to for version in TABLE]
    known = [end for end in ends if end]
    assert ends == [None] * (len(ends) - len(known)) + sorted(known)


@pytest.mark.parametrize("text", ["2509", "5.00.9141", "5.0.9141.1000", " 5.00.9141.1028 "])
def test_a_name_and_a_number_mean_the_same_version(text: str) -> None:
    version = site_version(text)
    assert version is not None
    assert version.name == "2509"


@pytest.mark.parametrize("text", ["2510", "2709", "4.00.6487.2000", "5.00.9140", "5.00.91411", "9141", "", "2509.1"])
def test_what_is_no_known_version(text: str) -> None:
    assert site_version(text) is None


@pytest.mark.parametrize(
    ("text", "newer"), [("2609", False), ("2703", True), ("2713", False), ("5.00.9152", False), ("5.00.9153", True)]
)
def test_what_reads_like_a_later_version(text: str, newer: bool) -> None:
    assert is_newer_than_known(text) is newer
