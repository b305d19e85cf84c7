"""Row heights of a sheet whose cells are filled in already."""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.form_styles import FONT_SIZE
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height


def fit_rows(sheet: Worksheet, first: int, last: int) -> None:
    """Make the rows `first` to `last` as high as their longest wrapped text needs.

    Spreadsheet programs do not do it for cells that a program filled. Columns without a width of their own are skipped.
    """
    widths = {i: d.width for i, d in sheet.column_dimensions.items()}
    for row in sheet.iter_rows(min_row=first, max_row=last):
        lines = [
            line_count(
                str(c.value), c.font.sz or FONT_SIZE, widths[c.column_letter] * POINTS_PER_UNIT, bold=bool(c.font.b)
            )
            for c in row
            if isinstance(c, Cell) and isinstance(c.value, str) and c.alignment.wrap_text and c.column_letter in widths
        ]
        if lines:
            sheet.row_dimensions[row[0].row or first].height = row_height(max(lines), FONT_SIZE)
