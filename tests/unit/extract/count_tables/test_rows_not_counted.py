"""Rows of a unit's fields of work that are none: totals under any name, other times, averages, what a page carries over."""

from collections.abc import Callable
from typing import Any

import pytest
from readings import codes

Row = list[Any]
TITLES = ("Biểu II.06a", "- Đơn vị báo cáo: Phòng A", "Quý I năm 2022")


@pytest.fixture
def fields(row: Callable[..., Row]) -> list[Row]:
    return [row(i, n, i, 2, 1, 2, 1, 0) for i, n in enumerate(("Đất đai", "Hộ tịch", "Chứng thực"), 1)]


def received(reading: Any) -> int:
    frame = reading.frame(set())
    return int(frame.loc[frame["measure"] == "received_total", "value"].sum())


@pytest.mark.parametrize("name", ["Tổng các lĩnh vực", "Toàn xã", "Tất cả", "Grand Total", "Σ", "Cả đơn vị", "Chung"])
def test_a_total_is_not_counted_again(export: Any, read: Any, fields: list[Row], total_row: Any, name: str) -> None:
    assert received(read(export([*fields, total_row(fields, name)], titles=TITLES))) == 15


def test_where_nothing_is_numbered_a_sum_under_an_unknown_name_is_said(
    export: Any, read: Any, fields: list[Row], total_row: Any
) -> None:
    rows = [[None, *r[1:]] for r in fields]
    known, unknown = (read(export([*rows, total_row(rows, n)], titles=TITLES)) for n in ("Tổng chung", "Cả đơn vị"))
    assert (received(known), codes(known)) == (15, [])
    assert [(f.code, f.unit_id, f.found) for f in unknown.findings] == [("row_sum_or_field", "phong-a", "Cả đơn vị")]


def test_a_numbered_field_may_equal_those_above(export: Any, read: Any, fields: list[Row], total_row: Any) -> None:
    assert received(read(export([*fields, [4, *total_row(fields, "Môi trường")[1:]]], titles=TITLES))) == 30


@pytest.mark.parametrize("name", ["Kỳ trước", "Cùng kỳ năm 2021", "Năm 2021", "Quý IV/2021", "Lũy kế", "Mang sang"])
def test_rows_of_other_times_are_said_and_not_counted(
    export: Any, read: Any, row: Any, fields: list[Row], name: str
) -> None:
    reading = read(export([*fields, row(None, name, 7, 7, 7, 9, 9, 0)], titles=TITLES))
    assert (received(reading), codes(reading)) == (15, ["row_not_counted"])


def test_a_field_that_begins_alike_is_one(export: Any, read: Any, row: Any) -> None:
    rows = [row(1, "Giảm nghèo", 1, 2, 1, 2, 1, 0), row(2, "Tổng hợp, thi đua", 2, 2, 1, 2, 1, 0)]
    assert received(read(export(rows, titles=TITLES))) == 9
