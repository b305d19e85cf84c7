"""Dates of dossiers that cannot or hardly can be right: found by unit and kind, asked where they may be right."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font
from workbooks import saved

from pipeline.extract.dossier_lists.date_doubts import DOUBTFUL, IMPOSSIBLE
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayout, ConfirmedLayouts
from pipeline.periods import Period
from pipeline.registry import UnitIndex

HEAD = ["Mã hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]
Read = Callable[..., FilesReading]
Day = dt.datetime


def dossier(
    code: int, received: Any, due: Any, end: Any, unit: str = "Phòng A", status: str = "Đã trả kết quả"
) -> list[Any]:
    return [f"H18.12-220110-{code:04d}", unit, received, due, end, status]


PLAIN = [
    dossier(100 + i, Day(2022, 1, 10), Day(2022, 1, 20), Day(2022, 1, 12 + i % 10), unit)
    for i, unit in enumerate(["Phòng A", "Phòng B"] * 6)
]


def book(*rows: list[Any], plain: list[list[Any]] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    for row in [HEAD, *(PLAIN if plain is None else plain), *rows]:
        workbook.active.append(row)
    return saved(workbook)


@pytest.fixture
def read(period: Period, index: UnitIndex) -> Read:
    """A file -> the reading; `answer`: what the office says of every question about dates of `of` (default: it)."""

    def reading(data: bytes, answer: str = "", of: bytes = b"") -> FilesReading:
        first = read_files({"ds.xlsx": of or data}, period, index, vocabulary(), confirmed=NONE_CONFIRMED)
        if not answer:
            return first
        (asked,) = first.layouts
        answers = {(d.topic, d.subject): answer for d in asked.open if d.topic == "dates"}
        assert answers
        said = ConfirmedLayout("ds", "list", asked.labels, answers, "Công chức 1", dt.date(2022, 3, 20))
        return read_files({"ds.xlsx": data}, period, index, vocabulary(), confirmed=ConfirmedLayouts([said]))

    return reading


def found(reading: FilesReading) -> list[tuple[str, str, str, str]]:
    """(code, unit, place, number) of the findings about dates."""
    codes = ("list_date_impossible", "list_date_doubtful", "list_bad_date")
    return [(f.code, f.unit_id, f.cell, f.found) for f in reading.counts.findings if f.code in codes]


@pytest.mark.parametrize(
    ("received", "due", "end", "kind"),
    [
        (Day(1900, 1, 1), Day(2022, 1, 20), Day(2022, 1, 19), "received_impossible"),
        (Day(2003, 12, 31), Day(2022, 1, 20), Day(2022, 1, 19), "received_impossible"),
        (Day(2202, 1, 10), Day(2022, 1, 20), Day(2022, 1, 19), "received_impossible"),
        (Day(9999, 12, 31), None, None, "received_impossible"),
        (Day(2022, 1, 10), Day(1900, 1, 20), Day(2022, 1, 19), "due_impossible"),
        (Day(2022, 1, 10), Day(2202, 1, 20), Day(2022, 1, 19), "due_impossible"),
        (Day(2022, 1, 10), Day(2022, 1, 20), Day(2062, 1, 19), "end_impossible"),
        (Day(2022, 1, 10), Day(2022, 1, 20), Day(2022, 1, 9), "end_before_received"),
        (Day(2022, 1, 10), Day(2022, 1, 20), Day(1900, 1, 9), "end_before_received"),
        (Day(2022, 1, 10), Day(2021, 12, 31), Day(2022, 1, 19), "due_before_received"),
        (Day(2022, 1, 10), Day(2032, 1, 20), Day(2022, 1, 19), "due_late"),
        (Day(2032, 1, 10), Day(2032, 1, 20), None, "received_late"),
        (Day(2022, 1, 10), Day(2022, 1, 20), Day(2032, 1, 19), "end_late"),
        ("10/01/2022", "20/01/2032", "19/01/2022", "due_late"),
    ],
)
def test_a_date_that_cannot_or_hardly_can_be_right(read: Read, received: Any, due: Any, end: Any, kind: str) -> None:
    reading = read(book(dossier(1, received, due, end)))
    code = "list_date_impossible" if kind in IMPOSSIBLE else "list_date_doubtful"
    assert found(reading) == [(code, "phong-a", "dòng 14", "1")]
    (finding,) = [f for f in reading.counts.findings if f.code == code]
    assert finding.facts["what"] == {**IMPOSSIBLE, **DOUBTFUL}[kind]
    # an impossible date is not asked about: nobody can say that it is right
    assert [d.topic for d in reading.layouts[0].open] == ([] if kind in IMPOSSIBLE else ["dates"])


@pytest.mark.parametrize(
    ("received", "due", "end"),
    [
        (Day(2022, 1, 10, 16, 0), Day(2022, 1, 10, 8, 0), Day(2022, 1, 10, 17, 0)),  # promised for the same day
        (Day(2022, 1, 10), Day(2023, 6, 30), None),  # a procedure of a year and a half
        (Day(2012, 5, 3), Day(2012, 8, 3), Day(2022, 2, 1)),  # carried over for ten years
        (Day(2012, 5, 3), Day(2022, 2, 1), Day(2022, 2, 1)),  # promised anew after ten years
        (Day(2022, 1, 10), Day(2022, 1, 20), Day(2022, 12, 30)),  # an export of the next winter
        (Day(2022, 1, 10), None, Day(2022, 1, 19)),
    ],
)
def test_honest_dates_are_not_questioned(read: Read, received: Any, due: Any, end: Any) -> None:
    assert found(read(book(dossier(1, received, due, end)))) == []


def test_an_export_of_several_years_is_not_questioned(read: Read) -> None:
    later = [
        dossier(200 + i, Day(2022 + i // 4, 1 + 3 * (i % 4), 5), Day(2022 + i // 4, 12, 28), None) for i in range(16)
    ]
    assert found(read(book(*later))) == []
    # the same day is in doubt where nothing else is near it
    assert found(read(book(later[-1]))) == [("list_date_doubtful", "phong-a", "dòng 14", "1")]


@pytest.mark.parametrize(
    ("received", "due", "status"),
    [
        (Day(2021, 1, 10), Day(2020, 1, 20), "Đã trả kết quả"),  # ended before the period: nothing hangs on its promise
        (Day(2022, 1, 10), Day(2020, 1, 20), "Không được tiếp nhận"),
        (Day(2022, 1, 10), Day(2020, 1, 20), "Công dân yêu cầu rút hồ sơ"),
        (Day(2022, 1, 10), Day(2020, 1, 20), "Yêu cầu bổ sung giấy tờ"),
    ],
)
def test_a_date_that_decides_nothing_is_not_questioned(read: Read, received: Any, due: Any, status: str) -> None:
    end = Day(2021, 2, 1) if received.year == 2021 else None
    assert found(read(book(dossier(1, received, due, end, status=status)))) == []


def test_one_finding_for_each_unit_and_kind(read: Read) -> None:
    wrong = [dossier(i, Day(2022, 1, 10), Day(2021, 1, 20), Day(2022, 1, 19)) for i in range(7)]
    wrong += [dossier(20, Day(2022, 1, 10), Day(2021, 1, 20), Day(2022, 1, 19), "Phòng B")]
    wrong += [dossier(21, Day(2022, 1, 10), Day(2022, 1, 20), Day(2022, 1, 1), "Phòng B")]
    assert found(read(book(*wrong))) == [
        ("list_date_doubtful", "phong-a", "dòng 14, 15, 16, 17, 18, …", "7"),
        ("list_date_doubtful", "phong-b", "dòng 21", "1"),
        ("list_date_impossible", "phong-b", "dòng 22", "1"),
    ]


LATE_ENTRY = dossier(1, Day(2022, 1, 10), Day(2022, 1, 5), Day(2022, 1, 12))


def test_the_office_says_that_the_dates_are_right(read: Read) -> None:
    reading = read(book(LATE_ENTRY), "as_written")
    frame = reading.counts.frame(set())
    late = frame[(frame["unit_id"] == "phong-a") & (frame["measure"] == "resolved_late")]["value"].sum()
    assert (found(reading), late) == ([], 1)
    assert "layout_confirmed" in [f.code for f in reading.findings]


def test_the_office_waits_for_the_unit(read: Read) -> None:
    reading = read(book(LATE_ENTRY), "wait")
    assert found(reading) == [("list_date_doubtful", "phong-a", "dòng 14", "1")]
    (finding,) = [f for f in reading.counts.findings if f.code == "list_date_doubtful"]
    assert "Công chức 1" in str(finding.facts["state"])
    assert reading.layouts[0].open == ()


def test_the_guess_of_the_workbook_is_to_wait(read: Read) -> None:
    (asked,) = read(book(LATE_ENTRY)).layouts[0].open
    assert (asked.meaning, asked.shown) == ("wait", "1 hồ sơ có hạn trả trước ngày tiếp nhận (dòng 14)")


def test_an_answer_is_about_the_same_dossiers_only(read: Read) -> None:
    other = dossier(2, Day(2022, 1, 11), Day(2022, 1, 5), Day(2022, 1, 12))
    assert found(read(book(LATE_ENTRY, other), "as_written", book(LATE_ENTRY))) != []
    moved = book(LATE_ENTRY, plain=PLAIN[2:])
    assert found(read(moved, "as_written", book(LATE_ENTRY))) == []


@pytest.mark.parametrize("cell", ["15/06/0222", "31/02/2022", 0, 1, 60, "hôm qua", "15/13/22"])
def test_what_is_no_date_is_named_as_such(read: Read, cell: Any) -> None:
    reading = read(book(dossier(1, Day(2022, 1, 10), cell, Day(2022, 1, 19))))
    assert found(reading) == [("list_bad_date", "phong-a", "dòng 14", "1")]


def test_no_code_and_no_name_is_repeated(read: Read) -> None:
    reading = read(book(LATE_ENTRY, dossier(2, Day(2202, 1, 1), None, None)))
    said = str([(f.found, f.expected, f.facts, f.cell) for f in reading.counts.findings]) + str(reading.layouts[0].open)
    assert "H18" not in said


# --- rows that are struck ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "counts"), [("ABCDEF", False), ("A", False), ("D", False), ("F", False), ("G", True)]
)
def test_a_struck_dossier_is_a_finding_of_its_unit(read: Read, cells: str, counts: bool) -> None:
    workbook = openpyxl.Workbook()
    for row in [[*HEAD, "Ghi chú"], *([*r, "x"] for r in PLAIN)]:
        workbook.active.append(row)
    for letter in cells:
        workbook.active[f"{letter}2"].font = Font(strike=True)
        workbook.active[f"{letter}4"].font = Font(strike=True)
    reading = read(saved(workbook))
    said = [(f.code, f.unit_id, f.cell, f.found) for f in reading.counts.findings]
    assert said == ([] if counts else [("list_shown_otherwise", "phong-a", "dòng 2, 4", "2")])


def test_a_date_under_a_format_with_another_year(read: Read) -> None:
    workbook = openpyxl.Workbook()
    for row in [HEAD, *PLAIN]:
        workbook.active.append(row)
    workbook.active["D3"].number_format = 'dd/mm/"2023"'
    reading = read(saved(workbook))
    assert [(f.code, f.unit_id, f.cell) for f in reading.counts.findings] == [
        ("list_shown_otherwise", "phong-b", "dòng 3")
    ]
