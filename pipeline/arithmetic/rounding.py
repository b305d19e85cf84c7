"""Exact rounding half up. Counts are integers and a score is their ratio; `round()` would round half to even."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: how near to a rounding boundary a float is not trusted (scores are at most some tens: error below 1e-13)
NEAR = 1e-9
_SAFE = 2**62


def half_up_units(numerator: npt.ArrayLike, denominator: npt.ArrayLike, places: int) -> Ints:
    """numerator / denominator in units of 10**-places, half away from zero (decimal's ROUND_HALF_UP).

    Integer arrays of one shape; exact for any size (Python integers where int64 could overflow). Raises
    ValueError where a denominator is not positive.
    """
    n = np.asarray(numerator)
    d = np.asarray(denominator)
    if (d <= 0).any():
        raise ValueError("half_up: a denominator is not positive")
    scale = 2 * 10**places
    if n.size and (_largest(n) * scale + _largest(d) >= _SAFE or 2 * _largest(d) >= _SAFE):
        n, d = n.astype(object), d.astype(object)
    units = np.sign(n) * ((abs(n) * scale + d) // (2 * d))
    return np.asarray(units, dtype=np.int64)


def half_up(numerator: npt.ArrayLike, denominator: npt.ArrayLike, places: int) -> Floats:
    """`half_up_units` as float64: the float nearest to the exact decimal (15.85, not 15.849999)."""
    return np.asarray(half_up_units(numerator, denominator, places) / 10**places, dtype=np.float64)


def sum_half_up_units(numerators: Ints, denominators: Ints, counted: Bools, places: int) -> Ints:
    """Row sums of numerators / denominators where `counted`, rounded half up ONCE, in units of 10**-places.

    Shape (rows, terms). Summed in float64; a row whose sum lies within `NEAR` of a rounding boundary is
    computed again with `fractions.Fraction`, so that no float error decides. Terms are not negative.
    """
    safe = np.where(counted, denominators, 1)
    if (safe <= 0).any():
        raise ValueError("sum_half_up: a denominator is not positive")
    sums = np.where(counted, numerators / safe, 0.0).sum(axis=1)
    shifted = sums * 10**places + 0.5
    units = np.floor(shifted).astype(np.int64)
    near = np.abs(shifted - np.rint(shifted)) <= np.maximum(NEAR, 1e-12 * sums) * 10**places
    for row in np.flatnonzero(near):
        terms = zip(numerators[row], denominators[row], counted[row], strict=True)
        exact = sum((Fraction(int(n), int(d)) for n, d, c in terms if c), Fraction(0))
        units[row] = (exact * 10**places + Fraction(1, 2)).__floor__()
    return np.asarray(units, dtype=np.int64)


def compare(numerator: Ints, denominator: Ints, bound: Fraction) -> Ints:
    """Sign of numerator / denominator - bound (-1, 0, 1), exact; denominators are positive."""
    a, b = bound.numerator, bound.denominator
    n, d = np.asarray(numerator), np.asarray(denominator)
    if n.size and max(_largest(n) * b, _largest(d) * max(abs(a), 1)) >= _SAFE:
        n, d = n.astype(object), d.astype(object)
    left, right = n * b, d * a
    return np.asarray(left > right, dtype=np.int64) - np.asarray(left < right, dtype=np.int64)


def _largest(values: npt.NDArray[Any]) -> int:
    return max(abs(int(values.max())), abs(int(values.min())))
