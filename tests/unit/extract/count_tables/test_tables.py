"""Where the table is, which rows are units, which are not."""

from typing import Any

import pytest

from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.wording.vocabulary import vocabulary


def tables(data: bytes, grids: Any) -> Any:
    return [t for g in grids(data) for t in find_tables(g, vocabulary())]


def test_rows_of_a_portal_export(export: Any, grids: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 0, 4, 1, 2, 2, 1)]
    (table,) = tables(export([*rows, total_row(rows)]), grids)
    assert [(r.kind, r.name) for r in table.rows] == [("unit", "Phòng A"), ("unit", "Phòng B"), ("total", "Tổng số")]
    assert len(table.measure_columns()) == 11


@pytest.mark.parametrize("offset", [0, 3])
def test_columns_are_found_wherever_they_stand(export: Any, grids: Any, row: Any, offset: int) -> None:
    def move(sheet: Any) -> None:
        if offset:
            merged = [str(m) for m in sheet.merged_cells.ranges]
            for m in merged:
                sheet.unmerge_cells(m)
            sheet.insert_cols(1, offset)
            for m in merged:
                cells = openpyxl_range(m)
                sheet.merge_cells(
                    start_row=cells[1], end_row=cells[3], start_column=cells[0] + offset, end_column=cells[2] + offset
                )

    (table,) = tables(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], change=move), grids)
    assert [r.name for r in table.rows] == ["Phòng A"]
    assert table.unit_column == 1 + offset


def openpyxl_range(text: str) -> tuple[int, int, int, int]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(text)
    return left, top, right, bottom


def test_two_tables_on_one_sheet(export: Any, grids: Any, row: Any) -> None:
    first = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]

    def second(sheet: Any) -> None:
        shift = sheet.max_row + 3
        source = [[c.value for c in r] for r in sheet.iter_rows(min_row=1, max_row=9)]
        merges = [openpyxl_range(str(m)) for m in sheet.merged_cells.ranges]
        for r, values in enumerate(source):
            for c, value in enumerate(values):
                if value is not None:
                    sheet.cell(shift + r, c + 1, "Phòng B" if value == "Phòng A" else value)
        for left, top, right, bottom in merges:
            sheet.merge_cells(
                start_row=top + shift - 1, end_row=bottom + shift - 1, start_column=left, end_column=right
            )

    found = tables(export(first, footer=False, change=second), grids)
    assert [[r.name for r in t.rows] for t in found] == [["Phòng A"], ["Phòng B"]]


def test_a_sheet_of_text_has_no_table(export: Any, grids: Any) -> None:
    assert tables(export([], columns=[("Tên",), ("Ghi chú",)], index_row=False), grids) == []


def test_a_numbered_unit_without_numbers_is_a_row(export: Any, grids: Any, row: Any) -> None:
    (table,) = tables(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0), [2, "Phòng B"]]), grids)
    assert [(r.kind, r.name) for r in table.rows] == [("unit", "Phòng A"), ("unit", "Phòng B")]


def test_total_row_over_two_columns_and_within_rows(export: Any, grids: Any, row: Any) -> None:
    one = row(1, "Phòng A", 1, 2, 0, 3, 0, 0)

    def merge(sheet: Any) -> None:
        last = sheet.max_row
        sheet.merge_cells(start_row=last, end_row=last, start_column=1, end_column=2)

    (table,) = tables(
        export([one, [None, "TRONG ĐÓ:"], ["TỔNG CỘNG", None, *one[2:]]], footer=False, change=merge), grids
    )
    assert [r.kind for r in table.rows] == ["unit", "total"]
