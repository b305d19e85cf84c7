"""Units' own workbooks as they come back: made by the program, filled in as a unit would."""

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
from openpyxl import Workbook

from pipeline.forms.unit_sheet_lines import unit_file_name
from pipeline.load.forms.unit_workbooks import unit_forms
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import installed

SHEET, LABEL, VALUE, SCORE = "Phiếu", 2, 4, 5


def sent_out(
    unit: str, index: UnitIndex, period: Period, counts: Mapping[str, int] | None = None, rulebooks: Any = None
) -> Workbook:
    """The workbook of one unit, opened for filling in."""
    name = unit_file_name(unit, index.names[unit])
    others = {unit_file_name(u, index.names[u]) for u in index.units()} - {name}
    books = installed() if rulebooks is None else rulebooks
    ((made, data),) = unit_forms(period, index, books, {unit: counts} if counts else {}, {}, others)
    assert made == name
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(book: Workbook, label: str, band: str = "") -> list[int]:
    """Rows of a line, of those under a band where one is given."""
    found, under = [], not band
    for row in range(1, book[SHEET].max_row + 1):
        text = book[SHEET].cell(row, LABEL).value
        if band and text == band:
            under = True
        elif under and text == label:
            found.append(row)
    return found


def put(book: Workbook, label: str, value: Any, column: int = VALUE, band: str = "") -> str:
    """Type into a line's white cell; gives the cell's address."""
    cell = book[SHEET].cell(rows_of(book, label, band)[0], column)
    assert not cell.protection.locked, f"{cell.coordinate} is locked"
    cell.value = value
    return str(cell.coordinate)
