"""Moduli that share a prime: found among few and among many, and nothing found where nothing is shared."""

from __future__ import annotations

import random
import time
from itertools import combinations
from math import gcd

import pytest

from certaudit.x509.shared_factors import shared_factors
from tests.pki import is_prime


def primes(count: int, bits: int, seed: int = 7) -> list[int]:
    """Distinct primes, always the same."""
    rng = random.Random(seed)
    found: dict[int, None] = {}
    while len(found) < count:
        number = rng.getrandbits(bits) | 1 << bits - 1 | 1
        if is_prime(number):
            found[number] = None
    return list(found)


def test_two_of_a_kind_and_their_neighbour() -> None:
    p, q, r, s, t = primes(5, 128)
    assert shared_factors([p * q, r * s, p * t]) == {p * q: (p * t,), p * t: (p * q,)}
    assert shared_factors([p * q, q * r, r * p]) == {
        p * q: (q * r, r * p),
        q * r: (p * q, r * p),
        r * p: (p * q, q * r),
    }
    assert shared_factors([p * q, r * s]) == {}


def test_the_same_modulus_twice_is_one_modulus() -> None:
    p, q = primes(2, 128)
    assert shared_factors([p * q, p * q]) == {}


def test_a_multiple_gives_no_factor_of_what_it_holds_away() -> None:
    p, q, r = primes(3, 128)
    assert shared_factors([p * q, p * q * r]) == {p * q * r: (p * q,)}


def test_odd_numbers_are_no_trouble() -> None:
    assert shared_factors([]) == {}
    assert shared_factors([0, 1, -5, 15]) == {}
    assert shared_factors([6, 15]) == {6: (15,), 15: (6,)}


@pytest.mark.parametrize("count", [65, 100, 127, 129, 300])
def test_the_trees_find_what_comparing_each_with_each_finds(count: int) -> None:
    rng = random.Random(count)
    pool = primes(2 * count, 96)
    moduli = [rng.choice(pool[:20]) * pool[2 * number] for number in range(0, count, 9)]
    moduli += [pool[number] * pool[-number] for number in range(30, count + 30)]
    moduli += [moduli[0] * 3, pool[0] * pool[1], pool[5] ** 2 * pool[6], 2**64 + 1, 35, 77]
    moduli = list(dict.fromkeys(moduli))
    rng.shuffle(moduli)
    expected: dict[int, set[int]] = {}
    for one, other in combinations(moduli, 2):
        for modulus, partner in ((one, other), (other, one)):
            if 1 < gcd(one, other) < modulus:
                expected.setdefault(modulus, set()).add(partner)
    found = shared_factors(moduli)
    assert {modulus: set(others) for modulus, others in found.items()} == expected
    assert list(found) == [modulus for modulus in moduli if modulus in expected]


def test_sizes_may_differ_by_much() -> None:
    small, large, rng = primes(40, 64), primes(40, 256), random.Random(9)
    moduli = [small[number] * small[number + 1] for number in range(0, 40, 2)]
    moduli += [large[number] * small[39 - number] for number in range(0, 2)]
    moduli += [large[number] * large[number + 1] for number in range(2, 40, 2)]
    moduli += [rng.getrandbits(1100) | 1 << 1099 | 1 for _ in range(60)]
    found = shared_factors(moduli)
    assert {modulus: found[modulus] for modulus in moduli[:22] if modulus in found} == {
        small[38] * small[39]: (large[0] * small[39], large[1] * small[38]),
        large[0] * small[39]: (small[38] * small[39],),
        large[1] * small[38]: (small[38] * small[39],),
    }


def test_a_thousand_that_share_take_no_minutes() -> None:
    pool = primes(1002, 64)
    moduli = [pool[0] * prime for prime in pool[1:]]
    assert shared_factors(moduli) == dict.fromkeys(moduli, ())


def test_two_thousand_moduli_take_seconds() -> None:
    rng = random.Random(5)
    moduli = [rng.getrandbits(2048) | 1 << 2047 | 1 for _ in range(2000)]
    start = time.process_time()
    shared_factors(moduli[:64])
    few = time.process_time() - start
    shared_factors(moduli)
    assert few < 0.5
    assert time.process_time() - start < 20
