"""Cells merged below and in a header: a number shared by several counts is nobody's; a wide column is one column."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from workbooks import saved


def merge(*ranges: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for cells in ranges:
            sheet.merge_cells(cells)

    return change


@pytest.mark.parametrize("cells", ["H8:I8", "H8:H9"])
def test_a_number_merged_over_several_counts_is_no_count(export: Any, read: Any, row: Any, cells: str) -> None:
    rows = [row(1, "Phòng A", 10, 25, 5, 28, 0, 3), row(2, "Phòng B", 10, 25, 5, 28, 0, 3)]
    reading = read(export(rows, change=merge(cells)))
    bad = {f.unit_id for f in reading.findings if f.code == "cell_not_a_count"}
    assert bad == ({"phong-a"} if cells == "H8:I8" else {"phong-a", "phong-b"})


def test_a_merged_blank_is_a_blank(export: Any, read: Any, row: Any) -> None:
    rows = [row(1, "Phòng A", 10, 25, 5, 28, 0, 3)]
    rows[0][11:] = [None, None]
    reading = read(export(rows, change=merge("L8:M8")))
    assert [f.code for f in reading.findings] == ["cell_blank_open"]


def wide(data: bytes, span: int, *, second: bool = False) -> bytes:
    """The workbook as a report generator prints it: every column over `span` narrow ones, all cells merged."""
    book, out = openpyxl.load_workbook(io.BytesIO(data)), openpyxl.Workbook()
    sheet, target = book.worksheets[0], out.worksheets[0]
    merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value is None:
                continue
            area = merged.get((cell.row, cell.column))
            bottom, right = (area.max_row, area.max_col) if area else (cell.row, cell.column)
            left = span * (cell.column - 1) + 1
            if second and area is None and isinstance(cell.value, int):
                target.cell(cell.row, left + 1, cell.value)
                continue
            target.cell(cell.row, left, cell.value)
            target.merge_cells(start_row=cell.row, end_row=bottom, start_column=left, end_column=span * right)
    return saved(out)


@pytest.mark.parametrize("span", [2, 3])
def test_columns_printed_over_several_narrow_ones(export: Any, read: Any, row: Any, span: int) -> None:
    data = export([row(1, "Phòng A", 10, 25, 5, 20, 8, 3)])
    plain, printed = read(data).frame(set()), read(wide(data, span)).frame(set())
    assert printed[["unit_id", "measure", "value"]].equals(plain[["unit_id", "measure", "value"]])
    assert len(printed) == 11


def test_numbers_under_the_rest_of_their_wide_headings(export: Any, read: Any, row: Any) -> None:
    """All of them: they can belong to no other heading."""
    data = export([row(1, "Phòng A", 10, 25, 5, 20, 8, 3)])
    plain, printed = read(data).frame(set()), read(wide(data, 2, second=True)).frame(set())
    assert printed[["unit_id", "measure", "value"]].equals(plain[["unit_id", "measure", "value"]])


def test_one_number_under_the_rest_of_a_wide_heading_is_not_read(export: Any, read: Any, row: Any) -> None:
    rows = [row(1, "Phòng A", 10, 25, 5, 20, 8, 3), row(2, "Phòng B", 10, 25, 5, 20, 8, 3)]
    rows[1] = [str(cell) for cell in rows[1]]  # texts stay in the first column
    reading = read(wide(export(rows), 2, second=True))
    assert reading.frame(set()).empty
    assert reading.findings


@pytest.mark.parametrize("stt", [1, None])
def test_numbers_beside_the_headings_are_no_unit_without_dossiers(export: Any, read: Any, row: Any, stt: Any) -> None:
    reading = read(export([[stt, "Phòng A", *[None] * 11, *row(1, "Phòng A", 10, 25, 5, 20, 8, 3)[2:]]]))
    assert [(f.code, f.cell) for f in reading.findings] == [("table_unheaded_numbers", "N8")]
    assert reading.frame(set()).empty
