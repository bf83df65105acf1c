"""Key derivation against published vectors; the budget."""

from __future__ import annotations

import pytest

from certaudit.loaders import limits
from certaudit.loaders.pki.pkcs12 import kdf
from certaudit.loaders.pki.pkcs12.passwords import spellings


@pytest.mark.parametrize(
    ("purpose", "password", "salt", "iterations", "expected"),
    [  # the vectors in general use since 1999
        (kdf.KEY, "smeg", "0a58cf64530d823f", 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"),
        (kdf.IV, "smeg", "0a58cf64530d823f", 1, "79993dfe048d3b76"),
        (kdf.KEY, "queeg", "05dec959acff72f7", 1000, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"),
        (kdf.IV, "queeg", "05dec959acff72f7", 1000, "11dedad7758d4860"),
        (kdf.MAC_KEY, "smeg", "3d83c0e4546ac140", 1, "8d967d88f6caa9d714800ab3d48051d63f73a312"),
        (kdf.MAC_KEY, "queeg", "263216fcc2fab31c", 1000, "5ec4c7a80df652294c3925b6489a7ab857c83476"),
    ],
)
def test_pkcs12_derivation(purpose: int, password: str, salt: str, iterations: int, expected: str) -> None:
    bmp = spellings(password)[0].bmp
    size = len(expected) // 2
    assert kdf.pkcs12("sha1", bmp, bytes.fromhex(salt), iterations, purpose, size).hex() == expected


def test_the_first_spelling_is_that_of_the_standard() -> None:
    first = spellings("é🔑")[0]
    assert (first.bmp, first.plain) == (
        "é🔑".encode("utf-16-be") + b"\0\0",
        "é🔑".encode(),
    )
    assert len(spellings("ascii")) == 1


def test_the_budget_is_for_all_parts_together() -> None:
    budget = kdf.Budget()
    budget.charge(limits.MAX_ITERATIONS - 1)
    budget.charge(-5)
    budget.charge(1)
    with pytest.raises(kdf.CostError, match="10,000,001 iterations"):
        budget.charge(1)


@pytest.mark.parametrize("numbers", [(0, 1, 1), (2, -1, -1), (1 << 20, 2, 1)])
def test_scrypt_is_bounded(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(kdf.CostError, match="scrypt"):
        kdf.Budget().charge_scrypt(*numbers)
