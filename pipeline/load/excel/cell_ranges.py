"""Merged ranges and validated cells of a sheet that is being written, in time linear in their number.

openpyxl compares each range that is added with all earlier ones: with thousands of them that is most of the time of a
workbook.
"""

from __future__ import annotations

from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet


def merge_area(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> bool:
    """Merge a range of cells; rows and columns count from 1. Its first cell is made if it is not there.

    Returns False, and changes nothing, where the range shares a cell with one merged before: Excel would offer to
    repair such a file.
    """
    cells = sheet._cells
    inside = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
    if any(isinstance(cells.get(address), MergedCell) for address in inside):
        return False
    sheet.cell(top, left)
    for row, column in inside[1:]:
        cells[row, column] = MergedCell(sheet, row, column)
    area = CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom)
    sheet.merged_cells.ranges.add(area)
    return True


def validate_cell(check: DataValidation, address: str) -> None:
    """Apply a validation to a cell (`B7`) that it does not apply to yet."""
    check.sqref.ranges.add(CellRange(address))
