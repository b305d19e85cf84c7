"""A sheet of a marked copy: the cells that may be shown, at their addresses in the original file."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter

from pipeline.extract.sheet.grid import CellAddress
from pipeline.extract.showable_cells import ShowableCells
from pipeline.load.excel.cell_ranges import merge_area
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import sheet_name
from pipeline.load.excel.styles import (
    COPY_BODY,
    COPY_HEAD,
    COPY_NUMBER,
    COPY_SIZE,
    COPY_TITLE,
    CellStyle,
    style_cell,
    unwrap_cell,
)
from pipeline.load.excel.text_size import POINTS_PER_UNIT, column_units, line_count, row_height, text_width
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.review.finding_cells import MOST_COLUMNS, MOST_ROWS
from pipeline.load.review.finding_marks import Marks, write_marks

#: rows that may be frozen: a header that ends further down would leave no room for the rows under it
_MOST_FROZEN: Final = 20
#: width of a column, in Excel's units: least, greatest, and of one without texts
_NARROW, _WIDE, _DEFAULT_WIDTH = 9.0, 34.0, 8.4
#: columns of a merged range that count for the height of its row
_MOST_MERGED: Final = 60
#: cells of all merged ranges of a copy; each costs as much as a cell that holds something
_MOST_MERGED_CELLS: Final = 200_000
#: points: greatest height of a header's row and of a row below it, and the default height
_TALLEST, _TALL, _DEFAULT_HEIGHT = 250.0, 58.0, 15.0
#: letters of a cell that count for the height of its row
_LONGEST_FITTED: Final = 600
#: a larger number is shown as text: Excel keeps fifteen digits
_EXACT: Final = 10**15


def write_marked_sheet(
    workbook: Workbook, shown: ShowableCells, marks: Marks, *, most_cells: int, most_comments: int
) -> tuple[str, int]:
    """Add the copy of a sheet. Returns its name and the number of its comments.

    A sheet with more than `most_cells` cells shows its headers, and as many rows around its marks as are allowed.
    """
    sheet = workbook.create_sheet(sheet_name(shown.sheet or "Bảng", workbook.sheetnames))
    kept = _kept_cells(shown, marks, most_cells)
    _merge(sheet, shown, kept)
    for (row, column), value in kept.items():
        style = COPY_HEAD if row in shown.heads else COPY_TITLE if row in shown.titles else COPY_BODY
        _write(sheet.cell(row + 1, column + 1), value, style)
    _fit(sheet, shown, kept)
    comments = write_marks(sheet, shown, kept, marks, most_comments)
    below = _row_below_head(shown)
    if 0 < below <= _MOST_FROZEN:
        sheet.freeze_panes = f"A{below + 1}"
    set_up_page(sheet, landscape=True)
    return sheet.title, comments


def _row_below_head(shown: ShowableCells) -> int:
    """The row under the first header, counted from 0; 0 without a header."""
    row = min(shown.heads, default=-1)
    while row + 1 in shown.heads:
        row += 1
    return row + 1


def _kept_cells(shown: ShowableCells, marks: Marks, most: int) -> dict[CellAddress, Any]:
    """Address -> value of the cells that are copied, row by row: all, or those of chosen rows if over `most`."""
    rows = None
    if len(shown.cells) > most:
        cells_in_row: dict[int, int] = {}
        for row, _ in shown.cells:
            cells_in_row[row] = cells_in_row.get(row, 0) + 1
        rows, left = set(), most
        for row in (*sorted(shown.heads | shown.titles), *marks.rows_around()):
            if row not in rows and left >= cells_in_row.get(row, 0) > 0:
                rows.add(row)
                left -= cells_in_row[row]
    return {
        (r, c): value
        for (r, c), value in sorted(shown.cells.items(), key=lambda item: item[0])
        if r < MOST_ROWS and c < MOST_COLUMNS and (rows is None or r in rows)
    }


def _merge(sheet: Any, shown: ShowableCells, kept: Collection[CellAddress]) -> None:
    """Merge the ranges of the original whose first cell is copied. A range over too many cells stays apart."""
    room = _MOST_MERGED_CELLS
    for (top, left), (bottom, right) in shown.merges:
        size = (bottom - top + 1) * (right - left + 1)
        if (top, left) in kept and bottom < MOST_ROWS and right < MOST_COLUMNS and size <= room:
            room -= size
            merge_area(sheet, top + 1, left + 1, bottom + 1, right + 1)


def _write(cell: Any, value: Any, style: CellStyle) -> None:
    """Write a number as a number and any other value as text: a copy has no formulas and no links of the original."""
    if not isinstance(cell, Cell):  # a cell inside a merged range cannot hold a value
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and math.isfinite(value) and abs(value) < _EXACT:
        cell.value = int(value) if float(value).is_integer() else value
        style = COPY_NUMBER if style is COPY_BODY else style
    else:
        write_text(cell, _text(value))
    style_cell(cell, style)
    if style is COPY_TITLE:
        unwrap_cell(cell)


def _text(value: object) -> str:
    """A value as the copy shows it."""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}".removesuffix(" 00:00:00")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _fit(sheet: Any, shown: ShowableCells, kept: Mapping[CellAddress, Any]) -> None:
    """Set column widths from the texts that are in one column, and row heights from all texts, up to the limits."""
    spans = dict(shown.merges)
    widths: dict[int, float] = {}
    texts: dict[CellAddress, str] = {}
    for (row, column), value in kept.items():
        if row in shown.titles:
            continue
        text = texts[row, column] = _text(value)[:_LONGEST_FITTED]
        if spans.get((row, column), (row, column))[1] == column:
            bold = row in shown.heads
            pieces = (text.split() if bold else text.split("\n")) or [""]
            longest = max(text_width(piece, COPY_SIZE, bold=bold) for piece in pieces)
            widths[column] = max(widths.get(column, _NARROW), min(column_units(longest) + 1, _WIDE))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column + 1)].width = round(width, 1)
    heights: dict[int, float] = {}
    for (row, column), text in sorted(texts.items(), key=lambda item: spans.get(item[0], item[0])[0]):
        bottom, right = spans.get((row, column), (row, column))
        columns = range(column, min(right, column + _MOST_MERGED) + 1)
        width = sum(widths.get(c, _DEFAULT_WIDTH) for c in columns) * POINTS_PER_UNIT
        needed = row_height(line_count(text, COPY_SIZE, width, bold=row in shown.heads), COPY_SIZE)
        above = sum(heights.get(r, _DEFAULT_HEIGHT) for r in range(row, bottom))
        heights[bottom] = max(heights.get(bottom, 0.0), needed - above)
    for row, height in heights.items():
        if height > _DEFAULT_HEIGHT:
            sheet.row_dimensions[row + 1].height = min(height, _TALLEST if row in shown.heads else _TALL)
