"""RSA moduli that share a prime with another: what key generators leave behind that had too little chance to draw on.

Heninger and others, "Mining Your Ps and Qs" (2012): devices that make a key right after they are switched on draw the
same first prime and another second one, and the greatest common divisor of two such moduli is that prime. Among many
moduli the ones that share are found with trees of products and remainders (D. J. Bernstein, "Scaled remainder trees",
2004), in time that grows little faster than their number: 5,000 of 2,048 bits take some seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Context, Decimal

_FEW = 64
"""Up to so many, comparing each with each takes no longer than the trees."""

_MAX_COMPARED = 1000
_GUARD = 20
"""Digits beyond those of a modulus, so that what was cut off below them changes no remainder."""


def shared_factors(moduli: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The moduli of which another one gives a factor away, and these others, in the order of `moduli`.

    A modulus that merely divides another is not given away by it. Where more than a thousand share factors, which
    happens to no site by chance, the others are not told: the tuples are empty.
    """
    known = tuple(dict.fromkeys(modulus for modulus in moduli if modulus > 1))
    suspects = (
        known if len(known) <= _FEW else [n for n, rest in zip(known, _remainders(known), strict=True) if rest > 1]
    )
    if len(suspects) > _MAX_COMPARED:
        return dict.fromkeys(suspects, ())
    found: dict[int, list[int]] = {}
    for one, other in combinations(suspects, 2):
        factor = math.gcd(one, other)
        if factor > 1:
            for modulus, partner in ((one, other), (other, one)):
                if factor < modulus:
                    found.setdefault(modulus, []).append(partner)
    return {modulus: tuple(found[modulus]) for modulus in known if modulus in found}


def _remainders(moduli: Sequence[int]) -> list[int]:
    """For each of distinct moduli, its greatest common divisor with the product of all others.

    With P their product, the numerator of the sum of 1/n over all n is P/n modulo each n. The sum is worked out once,
    and goes down the tree of products as a fraction: times the product of the other half, without the whole part, it is
    the fraction of this half. Decimal, because its multiplication of long numbers is the fast one.
    """
    from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

    exact = Context(MAX_PREC, ROUND_FLOOR, MIN_EMIN, MAX_EMAX)
    levels = [[(Decimal(modulus), Decimal(1)) for modulus in moduli]]
    while len(levels[-1]) > 1:
        levels.append(_paired(levels[-1], exact))
    ((product, numerator),) = levels.pop()
    whole = exact.copy()
    whole.prec = product.adjusted() + 2 * _GUARD
    fractions = [whole.divide(numerator, product)]
    while levels:
        fractions = _halved(fractions, [product for product, _ in levels.pop()], exact)
    remainders = (
        exact.multiply(*pair).to_integral_value(ROUND_HALF_EVEN) for pair in zip(fractions, moduli, strict=True)
    )
    return [math.gcd(modulus, int(remainder)) for modulus, remainder in zip(moduli, remainders, strict=True)]


def _paired(level: list[tuple[Decimal, Decimal]], exact: Context) -> list[tuple[Decimal, Decimal]]:
    """One level up: of each two, the product, and the numerator of the sum of their fractions."""
    up = [
        (exact.multiply(p, q), exact.add(exact.multiply(p, b), exact.multiply(a, q)))
        for (p, a), (q, b) in zip(level[::2], level[1::2], strict=False)
    ]
    return up + level[len(up) * 2 :]


def _halved(fractions: list[Decimal], products: list[Decimal], exact: Context) -> list[Decimal]:
    """One level down: the fraction of each half, with as many digits as its product has, and some more."""
    down = []
    for number, product in enumerate(products):
        fraction, beside = fractions[number // 2], number ^ 1
        if beside < len(products):
            fraction = exact.multiply(fraction, products[beside])
            fraction = exact.subtract(fraction, fraction.to_integral_value(context=exact))
            fraction = fraction.quantize(exact.scaleb(1, -(product.adjusted() + 1 + _GUARD)), context=exact)
        down.append(fraction)
    return down
