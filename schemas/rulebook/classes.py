"""Classes by a printed figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field

from schemas.rulebook.numbers import Exact, RulebookPart

#: the class where a table of the locality or the office says nothing
UNKNOWN_CLASS = "chưa rõ quy tắc"


class ClassBand(RulebookPart):
    """A class of points from `at_least` (inclusive) to `up_to` (exclusive) or `through` (inclusive), else unbounded."""

    label: str
    at_least: Exact
    up_to: Exact | None = None
    through: Exact | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether a printed total or average falls into the band."""
        return (
            value >= self.at_least
            and (self.up_to is None or value < self.up_to)
            and (self.through is None or value <= self.through)
        )


class ClassTable(RulebookPart):
    """Classes by a printed figure (points). In a gap between bands the class is `otherwise`, never interpolated."""

    basis: Literal["total", "officer_average"]
    citation: str
    otherwise: str = ""
    note: str = ""
    bands: list[ClassBand] = Field(min_length=1)

    def classify(self, value: Fraction) -> str:
        """The band's label, or `otherwise`."""
        return next((b.label for b in self.bands if b.holds(value)), self.otherwise)
