"""Passwords: what is said where one cannot be had, and that it is never the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from certaudit.errors import InputError
from certaudit.site.passwords import nobody, password_of
from certaudit.site.site import EvidencePath


def refusal(source: EvidencePath) -> str:
    with pytest.raises(InputError) as refused:
        password_of(source, Path("/nowhere"), nobody)("mp01.pfx")
    return str(refused.value)


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (EvidencePath("mp01.pfx", password_env="MP01_PASSWORD"), "environment variable MP01_PASSWORD is not set"),
        (EvidencePath("mp01.pfx", password_file="mp01.password"), "password file mp01.password cannot be read"),
        (EvidencePath("mp01.pfx", password_file="secrets/mp01"), "password file secrets/mp01 cannot be read"),
        (
            EvidencePath("mp01.pfx", password_file="..\\secrets\\mp01"),
            "password file ..\\\\secrets\\\\mp01 cannot be read",
        ),
    ],
)
def test_what_holds_the_password_is_named(source: EvidencePath, named: str) -> None:
    assert named in refusal(source)


@pytest.mark.parametrize("mistaken", ["Correct-Horse-77", "correcthorse", "S3cret!", "pass word", "abc.def", "ABC-1"])
def test_a_password_in_the_place_of_such_a_name_is_not_repeated(mistaken: str) -> None:
    for source in (EvidencePath("mp01.pfx", password_env=mistaken), EvidencePath("mp01.pfx", password_file=mistaken)):
        assert mistaken not in refusal(source)
