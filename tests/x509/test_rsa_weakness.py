"""Moduli that bad key generators leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from certaudit.x509.certificate import Certificate
from certaudit.x509.rsa_weakness import _roca_residues, weakness

FIXTURES = Path(__file__).parents[2] / "fixtures"

# Two primes k * M + (65537**a mod M), M the product of the primes up to 167: the flawed generator's form.
ROCA = int(
    "a6d9b0d5faee704948ec63a757c3fda535464461ec096ab4fa4511f0b0206f33"
    "4729e27483f5f09089cb380e2a4926985869fe31e3f93222c3a533aae3b81abf",
    16,
)
# A prime of 512 bits and the next prime after it.
CLOSE = int(
    "4558245235820e32fd59d28e8b9b494e117e5d38b13d4daef2ad1d9cd5826486aa050ee5e358ea731687e86738ee291a9b7cbbbc98f95cb7"
    "7980f1813068aba3abbdd6bfab878a130eacf7d3d8c8dc47c7e2762d0af17353e8340049454b4bd4684621b9ca3d7acef6ae3cac2b5bcecf"
    "22e249e691b70643b16f30a346fb59e1",
    16,
)


def test_primes_of_the_flawed_generator_are_recognised() -> None:
    assert weakness(ROCA) == "has the fingerprint of the flawed Infineon key generator (ROCA, CVE-2017-15361)"


def test_close_primes_are_found() -> None:
    assert "Fermat" in (weakness(CLOSE) or "")


def test_a_square_is_found() -> None:
    assert "Fermat" in (weakness((2**521 - 1) ** 2) or "")


@pytest.mark.parametrize("factor", [2, 3, 1999])
def test_small_factors_are_named(factor: int) -> None:
    assert weakness(factor * (2**521 - 1)) == f"is divisible by {factor}"


@pytest.mark.parametrize("modulus", [0, 1, -15])
def test_what_is_no_modulus_is_weak(modulus: int) -> None:
    assert weakness(modulus) == "is not a positive number above 1"


def test_keys_made_by_openssl_are_sound() -> None:
    for path in sorted(FIXTURES.glob("contoso*/**/*.cer")):
        try:
            modulus = Certificate(path.read_bytes()).public_key.modulus
        except ValueError:
            continue  # damaged on purpose, or text
        if modulus is not None:
            assert weakness(modulus) is None, path


def test_the_residues_are_those_of_the_published_detector() -> None:
    """Bit masks of the authors' roca-detect for some primes: bit r is set where remainder r fits."""
    published = {11: 1026, 13: 5658, 17: 107286, 19: 199410, 37: 67109890}
    masks = {prime: sum(1 << power for power in powers) for prime, powers in _roca_residues()}
    assert {prime: masks[prime] for prime in published} == published
