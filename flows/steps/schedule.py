"""Which quarter a scheduled run is for, and whether it publishes what is there or waits for who has not sent.

Both follow from the moment the run was *scheduled* for, never from the clock: a run that starts days late, is retried
or is repeated does what it would have done on time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline.periods import Period

#: offices' time: a run scheduled for 07:00 on the 15th stands as 00:00 UTC in the server's database
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: day of the quarter's last month from which nothing more is waited for: the schedule's last day
LAST_DAY = 22

Decision = Literal["publish", "unchanged", "wait", "fail"]


@dataclass(frozen=True)
class Due:
    """What a scheduled moment asks for."""

    period: Period
    day: dt.date  # of the schedule, in offices' time
    last_call: bool  # publish what is there


def due(moment: dt.datetime) -> Due:
    """The last quarter that ended before the moment's day (cut-off: the 14th). Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    day = moment.astimezone(ZONE).date()
    period = Period(day.year, (day.month - 1) // 3 + 1)
    while period.end >= day:
        period = period.previous
    return Due(period, day, day >= last_day(period))


def last_day(period: Period) -> dt.date:
    """The day on which a quarter is published with what is there."""
    return period.end.replace(day=LAST_DAY)


def decide(last_call: bool, *, arrived: bool, missing: int, unchanged: bool) -> Decision:
    """What a scheduled run does. `arrived`: any count at all; `missing`: units without one.

    `unchanged`: the revision that stands says all this already, so there is nothing to wait for: somebody published
    what there was, and nobody has sent anything since.
    """
    if not arrived:
        return "fail" if last_call else "wait"
    if unchanged:
        return "unchanged"
    return "wait" if missing and not last_call else "publish"
