"""The points of all criteria as one table: what groups and totals add up."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.arithmetic.rounding import Bools, Ints


@dataclass(frozen=True)
class PointsTable:
    """Points of criteria as added to a total, exact. Arrays of shape (entities, criteria), in the rulebook's order."""

    numerator: Ints
    denominator: Ints
    counted: Bools
