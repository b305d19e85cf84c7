"""Which quarter a scheduled moment is for, and when nothing more is waited for."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from flows.steps.schedule import ZONE, decide, last_day, scheduled_run
from pipeline.periods import Period

UTC = dt.UTC


def at(text: str) -> dt.datetime:
    """An hour of offices' time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "period", "last_call"),
    [
        ("2022-03-15 07:00", "2022-Q1", False),
        ("2022-03-21 07:00", "2022-Q1", False),
        ("2022-03-22 07:00", "2022-Q1", True),
        ("2022-06-15 07:00", "2022-Q2", False),
        ("2022-09-22 07:00", "2022-Q3", True),
        # quý IV ends on 14 December and is scored in the same year
        ("2022-12-15 07:00", "2022-Q4", False),
        ("2022-12-22 07:00", "2022-Q4", True),
        # by hand, whenever: the last quarter that ended, which nobody is waited for any more
        ("2022-12-31 23:59", "2022-Q4", True),
        ("2023-01-01 00:00", "2022-Q4", True),
        ("2023-03-14 23:59", "2022-Q4", True),
        ("2023-03-15 00:00", "2023-Q1", False),
        ("2022-03-14 12:00", "2021-Q4", True),
        ("2022-03-21 23:59", "2022-Q1", False),
        ("2022-03-22 00:00", "2022-Q1", True),
        ("2022-06-14 07:00", "2022-Q1", True),
        ("2024-02-29 07:00", "2023-Q4", True),
        # Tết Nhâm Dần: the schedule knows no holidays, and the quarter stays the same
        ("2022-02-01 07:00", "2021-Q4", True),
        ("2026-02-17 07:00", "2025-Q4", True),
        ("2000-03-15 07:00", "2000-Q1", False),
        ("2000-01-01 07:00", "1999-Q4", True),
    ],
)
def test_period_of_a_moment(moment: str, period: str, last_call: bool) -> None:
    asked = scheduled_run(at(moment))
    assert (str(asked.period), asked.last_call) == (period, last_call)
    assert asked.day == dt.date.fromisoformat(moment[:10])


def test_the_day_is_the_one_of_the_office_whatever_the_zone_it_is_written_in() -> None:
    # 07:00 in Hà Nội is midnight UTC; 17:00 UTC of the 14th is already the 15th there
    assert str(scheduled_run(dt.datetime(2022, 3, 15, 0, 0, tzinfo=UTC)).period) == "2022-Q1"
    assert str(scheduled_run(dt.datetime(2022, 3, 14, 17, 0, tzinfo=UTC)).period) == "2022-Q1"
    assert str(scheduled_run(dt.datetime(2022, 3, 14, 16, 59, 59, tzinfo=UTC)).period) == "2021-Q4"
    assert scheduled_run(dt.datetime(2022, 3, 21, 17, 0, tzinfo=UTC)).last_call
    assert not scheduled_run(dt.datetime(2022, 3, 21, 16, 59, tzinfo=UTC)).last_call
    assert str(scheduled_run(dt.datetime(2022, 3, 14, 13, 0, tzinfo=ZoneInfo("America/New_York"))).period) == "2022-Q1"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        scheduled_run(dt.datetime(2022, 3, 15, 7, 0))


def test_office_time_is_the_same_all_year() -> None:
    hours = {at(f"{year}-{month:02d}-15 07:00").utcoffset() for year in (2000, 2022, 2040) for month in range(1, 13)}
    assert hours == {dt.timedelta(hours=7)}


def test_every_run_of_the_schedule_is_for_the_quarter_that_ended_the_day_before_the_first() -> None:
    period = Period(2019, 1)
    for _ in range(40):
        runs = [period.end + dt.timedelta(days=n) for n in range(1, 9)]
        asked = [scheduled_run(dt.datetime.combine(day, dt.time(7), ZONE)) for day in runs]
        assert {a.period for a in asked} == {period}
        assert [a.last_call for a in asked] == [False] * 7 + [True]
        assert asked[-1].day == last_day(period)
        period = period.next


@pytest.mark.parametrize(
    ("last_call", "arrived", "missing", "unchanged", "decision"),
    [
        (False, False, 22, False, "wait"),
        (True, False, 22, False, "fail"),
        (False, True, 1, False, "wait"),
        (True, True, 1, False, "publish"),
        (False, True, 0, False, "publish"),
        (True, True, 0, False, "publish"),
        # somebody published what there was, and nobody has sent anything since
        (False, True, 1, True, "unchanged"),
        (False, True, 0, True, "unchanged"),
        (True, True, 3, True, "unchanged"),
    ],
)
def test_decision(last_call: bool, arrived: bool, missing: int, unchanged: bool, decision: str) -> None:
    assert decide(last_call, arrived=arrived, missing=missing, unchanged=unchanged) == decision
