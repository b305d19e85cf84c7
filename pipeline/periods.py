"""A quarter of administrative reporting: its first and last day, its neighbours, its Vietnamese name.

Cut-off of periodic reports: Nghị định 09/2019/NĐ-CP, điều 12 (the text was not at hand: unverified). A quarter runs
from the 15th of the month before it to the 14th of its last month; quý I/2022 is 2021-12-15 … 2022-03-14.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

#: `2022-Q1`
_FORM = re.compile(r"(\d{4})-Q([1-4])")
_ROMAN = ("I", "II", "III", "IV")
#: from this day on there are no districts: communes and provinces of the same name are other bodies than before
TWO_LEVELS = dt.date(2025, 7, 1)


@dataclass(frozen=True, order=True)
class Period:
    """One quarter of a year. Periods compare in time order."""

    year: int
    quarter: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written as `2022-Q1` (years 2000 … 2100). Raises ValueError with a Vietnamese message."""
        match = _FORM.fullmatch(text.strip())
        if not match or not 2000 <= int(match[1]) <= 2100:
            raise ValueError(f"Kỳ “{text}” không đúng dạng: viết năm và quý như 2022-Q1 (Q1 … Q4).")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}"

    @property
    def start(self) -> dt.date:
        """The first day, which belongs to the quarter."""
        month = 3 * (self.quarter - 1)
        return dt.date(self.year, month, 15) if month else dt.date(self.year - 1, 12, 15)

    @property
    def end(self) -> dt.date:
        """The last day, which belongs to the quarter: the cut-off."""
        return dt.date(self.year, 3 * self.quarter, 14)

    @property
    def previous(self) -> Period:
        """The quarter before."""
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    @property
    def next(self) -> Period:
        """The quarter after."""
        return Period(self.year, self.quarter + 1) if self.quarter < 4 else Period(self.year + 1, 1)

    def same_bodies(self, other: Period) -> bool:
        """Whether a name means the same body in both periods: neither lies on the other side of 1 July 2025."""
        return (self.end >= TWO_LEVELS) == (other.end >= TWO_LEVELS)

    @property
    def roman(self) -> str:
        """The number of the quarter in Roman numerals: I … IV."""
        return _ROMAN[self.quarter - 1]

    @property
    def name(self) -> str:
        """The name in reports: `quý I năm 2022`."""
        return f"quý {self.roman} năm {self.year}"
