"""Entries -> a blank form's cells, found as the reader finds them: by header and by the name that leads the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.forms.form_sheet import HEADER_ROW, fit_rows
from schemas.forms import FormSheet

Entry = str | int | float | dt.date
#: The column that leads a prepared row.
_LEADS = {"units": "unit", "fields": "field"}


def fill_form(workbook: Workbook, code: str, entries: Sequence[Mapping[str, Entry]]) -> list[Cell]:
    """Write entries (column key -> value) into the sheet of that code; gives the cells.

    In prepared layouts an entry goes to the first row of its unit or field that has no entry yet; elsewhere the next
    empty row. Raises KeyError for a column or a name the form does not have.
    """
    definition = form_catalogue().sheet(code)
    if definition is None:
        raise KeyError(code)
    sheet = workbook[definition.name]
    columns = {header_key(c.value): c.column for c in sheet[HEADER_ROW] if c.value}
    numbers = {c.key: columns[header_key(c.header)] for c in definition.columns}
    lead = _LEADS.get(definition.layout, "")
    used: set[int] = set()
    written: list[Cell] = []
    for entry in entries:
        row = _row_of(sheet, str(entry[lead]), numbers[lead], used) if lead else HEADER_ROW + 1 + len(used)
        used.add(row)
        for key, value in entry.items():
            if key != lead:
                written.append(_put(sheet.cell(row, numbers[key]), value, definition))
    fit_rows(sheet, HEADER_ROW + 1, sheet.max_row)
    return written


def _row_of(sheet: Worksheet, name: str, column: int, used: set[int]) -> int:
    for row in range(HEADER_ROW + 1, sheet.max_row + 1):
        if row not in used and header_key(sheet.cell(row, column).value or "") == header_key(name):
            return row
    raise KeyError(name)


def _put(cell: Cell | MergedCell, value: Entry, definition: FormSheet) -> Cell:
    if isinstance(cell, MergedCell):
        raise KeyError(f"{definition.code}: {cell.coordinate}")
    if isinstance(value, str):
        write_text(cell, value)
        return cell
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = "dd/mm/yyyy"
    return cell
