"""RSA moduli whose factors anybody can work out: what bad key generators leave behind.

Three tests, each of some microseconds: small factors, close factors (Fermat) and ROCA (CVE-2017-15361). None of
them can find a weakness in a sound key but by a chance below 2 to the power of -64.
"""

from __future__ import annotations

import functools
import math

MAX_MODULUS_BITS = 32768
"""Bigger ones no program uses; they would take long, and be the means of an attack."""
_FERMAT_ROUNDS = 100
_SMALL_FACTOR_LIMIT = 2000
_ROCA_PRIMES = tuple(p for p in range(3, 168) if all(p % q for q in range(2, math.isqrt(p) + 1)))
"""The odd primes of the primorial that the flawed generator uses for keys of 512 bits; bigger keys use more."""
_ROCA_GENERATOR = 65537


@functools.lru_cache(maxsize=4096)
def weakness(modulus: int) -> str | None:
    """What is weak about `modulus`, as the rest of a sentence that begins with "the modulus"; None where nothing is."""
    if modulus <= 1:
        return "is not a positive number above 1"
    if (factor := _small_factor(modulus)) is not None:
        return f"is divisible by {factor}"
    if _has_close_factors(modulus):
        return "is the product of two primes that lie close together, and Fermat's method factors it"
    if _is_roca(modulus):
        return "has the fingerprint of the flawed Infineon key generator (ROCA, CVE-2017-15361)"
    return None


@functools.cache
def _odd_numbers() -> int:
    """The product of the odd numbers below the limit: it has every odd prime below the limit as a factor."""
    return math.prod(range(3, _SMALL_FACTOR_LIMIT, 2))


def _small_factor(modulus: int) -> int | None:
    """The smallest factor below the limit."""
    if modulus % 2 and math.gcd(modulus, _odd_numbers()) == 1:
        return None
    return next(number for number in range(2, _SMALL_FACTOR_LIMIT) if modulus % number == 0)


def _has_close_factors(modulus: int) -> bool:
    """Fermat: a modulus whose factors are close is a difference of squares a² - b² with a near its root."""
    a = math.isqrt(modulus)
    if a * a == modulus:
        return True
    for _ in range(_FERMAT_ROUNDS):
        a += 1
        remainder = a * a - modulus
        if remainder & 0xF in (0, 1, 4, 9) and math.isqrt(remainder) ** 2 == remainder:
            return True
    return False


@functools.cache
def _roca_residues() -> tuple[tuple[int, frozenset[int]], ...]:
    """For each prime, the powers of the generator modulo it; primes that it generates wholly tell nothing."""
    residues = []
    for prime in _ROCA_PRIMES:
        powers, power = {1}, _ROCA_GENERATOR % prime
        while power not in powers:
            powers.add(power)
            power = power * _ROCA_GENERATOR % prime
        if len(powers) < prime - 1:
            residues.append((prime, frozenset(powers)))
    return tuple(residues)


def _is_roca(modulus: int) -> bool:
    """Nemec and others, "The Return of Coppersmith's Attack" (2017), section 2: N is a power of 65537 modulo M."""
    return all(modulus % prime in powers for prime, powers in _roca_residues())
