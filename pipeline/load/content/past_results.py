"""The totals of each unit in the quarters that were published before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from pipeline.load.content.frame_rows import Row, records
from pipeline.periods import Period
from pipeline.result import Checked

#: the two-level model of local government began: districts were abolished and communes merged, under old names too
_TWO_LEVELS: Final = dt.date(2025, 7, 1)


@dataclass(frozen=True)
class PastResult:
    """A unit in a published quarter. `revision`: "" for the quarter that is being published; scores are points."""

    period: Period
    revision: str
    total: float | None
    total_max: float | None
    rank: int | None
    class_name: str

    @classmethod
    def of_row(cls, period: Period, revision: str, row: Row) -> PastResult:
        """From a row of UnitScores, or of the published table as texts."""
        total, most, rank = (None if row[name] in (None, "") else float(row[name]) for name in _NUMBERS)
        return cls(period, revision, total, most, None if rank is None else int(rank), str(row["class_printed"]))


_NUMBERS: Final = ("total", "total_max", "rank")


def past_results(checked: Checked) -> dict[str, tuple[PastResult, ...]]:
    """unit_id -> its earlier quarters, oldest first. Quarters before and after 1/7/2025 are not put together."""
    found: dict[str, list[PastResult]] = {}
    now = checked.period.start >= _TWO_LEVELS
    for quarter in sorted(checked.past, key=lambda q: q.period):
        if (quarter.period.start >= _TWO_LEVELS) is now:
            for row in records(quarter.unit_scores):
                result = PastResult.of_row(quarter.period, quarter.revision, row)
                found.setdefault(str(row["unit_id"]), []).append(result)
    return {unit: tuple(results) for unit, results in found.items()}
