"""Which quarter a scheduled run is for, and whether it publishes or waits for units that have not sent their data.

Both follow from the moment the run was *scheduled* for, not from the clock. So a run that starts days late, or is
retried or repeated, does what it would have done on time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline.periods import Period

#: the offices' time zone. The server's database stores a run scheduled for 07:00 on the 15th as 00:00 UTC
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: from this day of the month after the quarter's last day on a run no longer waits; it is the last day of the schedule
LAST_DAY = 22

Decision = Literal["publish", "unchanged", "wait", "fail"]


@dataclass(frozen=True)
class ScheduledRun:
    """What a run scheduled for one moment has to do."""

    period: Period
    day: dt.date  # of the schedule, in the offices' time
    last_call: bool  # publish with the data that is there


def scheduled_run(moment: dt.datetime, with_days: Callable[[Period], Period] = lambda period: period) -> ScheduledRun:
    """The run for the last quarter that ended before the moment's day.

    `with_days`: the quarter with the days that the office's rulebook scores; without it a quarter ends on the 14th.
    Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    day = moment.astimezone(ZONE).date()
    period = Period(day.year, (day.month - 1) // 3 + 1)
    while with_days(period).end >= day:
        period = period.previous
    period = with_days(period)
    return ScheduledRun(period, day, day >= last_day(period))


def last_day(period: Period) -> dt.date:
    """The day on which a quarter is published with the data that is there."""
    return (period.end + dt.timedelta(days=1)).replace(day=LAST_DAY)


def decide(last_call: bool, *, arrived: bool, missing: int, unchanged: bool) -> Decision:
    """What a scheduled run does. `arrived`: there is at least one count; `missing`: how many units have none.

    `unchanged`: the current revision was made from the same data. Somebody published it although units are missing, and
    no unit has sent data since; so there is nothing to wait for.
    """
    if not arrived:
        return "fail" if last_call else "wait"
    if unchanged:
        return "unchanged"
    return "wait" if missing and not last_call else "publish"
