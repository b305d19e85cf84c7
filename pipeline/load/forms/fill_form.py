"""Writes entries into a blank form. Cells are found as the form reader finds them: by header and by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.load.excel.form_styles import DATE_FORMAT
from pipeline.load.excel.row_heights import fit_rows
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.forms.form_sheet import HEADER_ROW
from schemas.forms import FormSheet

Entry = str | int | float | dt.date
#: layout of a sheet -> key of the column that names its prepared rows
_NAME_COLUMNS = {"units": "unit", "fields": "field"}


def fill_form(workbook: Workbook, code: str, entries: Sequence[Mapping[str, Entry]]) -> list[Cell]:
    """Write entries (column key or header -> value), a row each, into the sheet with that code: the cells written.

    Where rows are prepared for units or report fields, an entry goes to the first row of its name without an entry;
    elsewhere to the next row. Raises KeyError for a code, a column or a name that the form does not have.
    """
    definition = form_catalogue().sheet(code)
    if definition is None:
        raise KeyError(code)
    named = definition.name in workbook.sheetnames
    sheet = workbook[definition.name] if named else _sheet(workbook, code)
    headers = {str(c.value): c.column for c in sheet[HEADER_ROW] if c.value}
    columns = {header_key(header): number for header, number in headers.items()}
    asked = {c.key: header_key(c.header) for c in definition.columns if header_key(c.header) in columns}
    numbers = {**headers, **{key: columns[header] for key, header in asked.items()}}
    name_column = _NAME_COLUMNS.get(definition.layout, "")
    used: set[int] = set()
    written: list[Cell] = []
    for entry in entries:
        row = HEADER_ROW + 1 + len(used)
        if name_column:
            row = _row_of(sheet, str(entry[name_column]), numbers[name_column], used)
        used.add(row)
        for key, value in entry.items():
            if key != name_column:
                written.append(_put(sheet.cell(row, numbers[key]), value, definition))
    fit_rows(sheet, HEADER_ROW + 1, sheet.max_row)
    return written


def _sheet(workbook: Workbook, code: str) -> Worksheet:
    """The sheet whose title has the code: a rulebook may give the sheet a name of its own. Raises KeyError."""
    for sheet in workbook.worksheets:
        if str(sheet["A1"].value or "").startswith(f"BIỂU {code} "):
            return sheet
    raise KeyError(code)


def _row_of(sheet: Worksheet, name: str, column: int, used: Collection[int]) -> int:
    """The first row with the name in a column that is not in `used`. Raises KeyError."""
    for row in range(HEADER_ROW + 1, sheet.max_row + 1):
        if row not in used and header_key(sheet.cell(row, column).value or "") == header_key(name):
            return row
    raise KeyError(name)


def _put(cell: Cell | MergedCell, value: Entry, definition: FormSheet) -> Cell:
    """Write a value by its type. Raises KeyError for a cell inside a merged range."""
    if isinstance(cell, MergedCell):
        raise KeyError(f"{definition.code}: {cell.coordinate}")
    if isinstance(value, str):
        write_text(cell, value)
        return cell
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = DATE_FORMAT
    return cell
