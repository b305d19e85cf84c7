"""Moments just before midnight: an exporter's fault in the whole list, or the real end of a dossier."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from workbooks import of_rows

from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = ["Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
MIDNIGHT = dt.time()
Clocks = tuple[Sequence[dt.time], Sequence[dt.time], Sequence[dt.time]]
REAL = [dt.time(8, 17, 48), dt.time(11, 10, 15), dt.time(15, 4, 27), dt.time(9, 32, 50)]


def clock(*parts: int) -> list[dt.time]:
    return [dt.time(*parts)] * 4


def moment(day: int, at: dt.time, *, before: bool) -> dt.datetime:
    """The moment of a day of January 2022; `before`: written on the day before it."""
    return dt.datetime.combine(dt.date(2022, 1, day - before), at)


def ends(reading: FilesReading) -> tuple[int, int, int]:
    frame = reading.counts.frame(reading.files_set_aside())
    sums = frame.groupby("measure")["value"].sum()
    return int(sums["resolved_early"]), int(sums["resolved_on_time"]), int(sums["resolved_late"])


@pytest.fixture
def read(period: Period, index: UnitIndex) -> Callable[[list[list[Any]]], FilesReading]:
    return lambda rows: read_files({"a.xlsx": of_rows([HEAD, *rows])}, period, index, vocabulary())


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    "clocks",
    [
        (clock(23, 59, 17), clock(23, 59, 17), clock(23, 59, 17)),
        (clock(23, 59, 20), clock(23, 59, 20), clock(23, 59, 20)),
        (clock(23, 53, 30), clock(23, 53, 30), clock(23, 53, 30)),
        (clock(23, 59, 58), clock(23, 59, 58), clock(23, 59, 58)),
    ],
)  # fmt: skip
def test_a_constant_shift_of_the_whole_list_is_given_back(read: Any, clocks: Clocks, as_text: bool) -> None:
    rows = []
    for i in range(4):
        cells = [moment(d, c[i], before=True) for d, c in zip((10, 20, 19 + i % 3), clocks, strict=True)]
        shown = [f"{c:%d/%m/%Y %H:%M:%S}" for c in cells] if as_text else cells
        rows.append([f"H18-220110-{i:04d}", "Phòng A", *shown])
    assert ends(read(rows)) == (2, 1, 1)


@pytest.mark.parametrize(
    "clocks",
    [
        (REAL, clock(23, 59, 59), [dt.time(23, 59, 58), *REAL[1:]]),
        (REAL, clock(23, 59, 59), clock(23, 59, 58)),
        (REAL, clock(17), [dt.time(23, 59, 45), dt.time(23, 59, 30), *REAL[2:]]),
        (clock(0), clock(0), clock(23, 59, 17)),
        (clock(23, 59, 17), clock(0), clock(23, 59, 17)),
        (clock(23, 59, 17), clock(23, 59, 17), clock(23, 59, 17)),
        (clock(23, 59, 59), clock(23, 59, 59), clock(23, 59, 59)),
    ],
)
def test_a_moment_keeps_its_day_where_the_list_shows_no_shift(read: Any, clocks: Clocks) -> None:
    """Real times of day, columns that contradict each other, or codes that hold the days as written."""
    rows = [
        [
            f"H18-220110-{i:04d}",
            "Phòng A",
            *(moment(d, c[i], before=False) for d, c in zip((10, 20, 19 + i % 3), clocks, strict=True)),
        ]
        for i in range(4)
    ]
    assert ends(read(rows)) == (2, 1, 1)


def test_what_rounding_takes_from_midnight_is_no_day(read: Any) -> None:
    rows = [[f"H18-220110-{i:04d}", "Phòng A", 44571.0, 44580.9999999, 44579.9999999 + i % 3] for i in range(4)]
    assert ends(read(rows)) == (2, 1, 1)
