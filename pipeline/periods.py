"""Periods of administrative reporting: a quarter, a half-year, a year; their days, neighbours and Vietnamese names.

Cut-off of periodic reports: Nghị định 09/2019/NĐ-CP, điều 12 (the text was not at hand: unverified). A quarter runs
from the 15th of the month before it to the 14th of its last month; quý I/2022 is 2021-12-15 … 2022-03-14. Half-years
and years begin and end with their quarters.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

#: `2022-Q1`, `2022-H1`, `2022`
PERIOD_FORM = r"\d{4}(-(Q[1-4]|H[12]))?"
_FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])))?")
_ROMAN = ("I", "II", "III", "IV")
#: from this day on there are no districts: communes and provinces of the same name are other bodies than before
TWO_LEVELS = dt.date(2025, 7, 1)


@dataclass(frozen=True, order=True)
class Period:
    """A quarter, a half-year or a year. Periods compare in the order of their first days, shorter ones first.

    `quarter`: the (first) quarter, 1 … 4; `length`: quarters, 1, 2 or 4.
    """

    year: int
    quarter: int
    length: int = 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """The quarter written as `2022-Q1` (years 2000 … 2100). Raises ValueError with a Vietnamese message."""
        period = cls._parsed(text)
        if period is None:
            raise ValueError(f"Kỳ “{text}” không đúng dạng: viết năm và quý như 2022-Q1 (Q1 … Q4).")
        if period.is_summed:
            raise ValueError(
                f"Kỳ “{text}”: ở đây chỉ dùng được một quý, như {period.quarters[0]}. Nửa năm và năm không có tệp "
                f"riêng, được tổng hợp từ các quý đã công bố: tthc score {period} (trên trang Prefect: cham-diem-lai)."
            )
        return period

    @classmethod
    def parse_any(cls, text: str) -> Period:
        """The quarter, half-year or year written as `2022-Q1`, `2022-H1`, `2022`. Raises ValueError (Vietnamese)."""
        period = cls._parsed(text)
        if period is None:
            raise ValueError(
                f"Kỳ “{text}” không đúng dạng: viết quý như 2022-Q1 (Q1 … Q4), nửa năm như 2022-H1 (H1, H2), hoặc năm "
                "như 2022."
            )
        return period

    @classmethod
    def _parsed(cls, text: str) -> Period | None:
        match = _FORM.fullmatch(text.strip())
        if not match or not 2000 <= int(match[1]) <= 2100:
            return None
        year, quarter, half = int(match[1]), match[2], match[3]
        if quarter:
            return cls(year, int(quarter))
        return cls(year, 2 * int(half) - 1, 2) if half else cls(year, 1, 4)

    def __str__(self) -> str:
        if self.length == 4:
            return str(self.year)
        return f"{self.year}-H{(self.quarter + 1) // 2}" if self.is_summed else f"{self.year}-Q{self.quarter}"

    @property
    def is_summed(self) -> bool:
        """Whether it is a half-year or a year, which is summed up from published quarters."""
        return self.length > 1

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters that it consists of."""
        return tuple(Period(self.year, self.quarter + i) for i in range(self.length))

    @property
    def start(self) -> dt.date:
        """The first day, which belongs to the period."""
        month = 3 * (self.quarter - 1)
        return dt.date(self.year, month, 15) if month else dt.date(self.year - 1, 12, 15)

    @property
    def end(self) -> dt.date:
        """The last day, which belongs to the period: the cut-off."""
        return dt.date(self.year, 3 * (self.quarter + self.length - 1), 14)

    @property
    def previous(self) -> Period:
        """The period of the same length before."""
        first = self.quarter - self.length
        return Period(self.year, first, self.length) if first > 0 else Period(self.year - 1, first + 4, self.length)

    @property
    def next(self) -> Period:
        """The period of the same length after."""
        first = self.quarter + self.length
        return Period(self.year, first, self.length) if first < 5 else Period(self.year + 1, first - 4, self.length)

    @property
    def spans_change(self) -> bool:
        """Whether the districts ended within the period: its counts are of two administrations."""
        return self.start < TWO_LEVELS <= self.end

    def same_bodies(self, other: Period) -> bool:
        """Whether a name means the same body in both periods: neither lies on the other side of 1 July 2025."""
        return (self.end >= TWO_LEVELS) == (other.end >= TWO_LEVELS)

    @property
    def roman(self) -> str:
        """The number of the quarter in Roman numerals: I … IV."""
        return _ROMAN[self.quarter - 1]

    @property
    def name(self) -> str:
        """The name in reports: `quý I năm 2022`, `6 tháng đầu năm 2022`, `năm 2022`."""
        if self.length == 4:
            return f"năm {self.year}"
        if self.is_summed:
            return f"6 tháng {'đầu' if self.quarter == 1 else 'cuối'} năm {self.year}"
        return f"quý {self.roman} năm {self.year}"
