"""Answers of an earlier quarter in a new form: coloured, listed on a sheet of their own, not used until confirmed.

`extract/forms/carried_answers.py` reads them when the form comes back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment

from pipeline.forms.carry_over import CarriedOver, Entry, named_quarter, row_name
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import CARRIED_ANSWERS, CARRIED_SHEET, carried_question
from pipeline.load.excel.form_styles import fill_carried_cell
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.load.forms.form_sheet import write_confirmation
from pipeline.periods import Period
from schemas.forms import Form

_NOTE = "Ô nền xanh: theo quý đã công bố, xin xác nhận."
_HELP = "Sửa ô nền xanh không còn đúng, rồi đổi “chưa” thành “rồi”. Chưa xác nhận thì ô còn nguyên không được dùng."
#: size of a cell's comment that has three lines, else two
_TALL, _SHORT = 70, 40


def carried_rows(carried: CarriedOver) -> dict[str, list[PreparedRow]]:
    """Sheet code -> rows to add to the blank form: the list of carried answers, and the rows that they need."""
    rows: dict[str, list[PreparedRow]] = {CARRIED_SHEET: list(_list_of_answers(carried))}
    for code, (_, entries) in carried.sheets.items():
        sheet = form_catalogue().sheet(code)
        if sheet is not None and sheet.layout == "list":
            rows[code] = [PreparedRow({}) for _ in entries]
        elif sheet is not None and sheet.layout == "fields":
            rows[code] = [PreparedRow({"field": label}) for label in _further_fields(entries)]
    return rows


def _list_of_answers(carried: CarriedOver) -> Iterator[PreparedRow]:
    """A row an answer: sheet, row, column and value, as they are read back from the form."""
    for code, (_, entries) in carried.sheets.items():
        sheet = form_catalogue().sheet(code)
        for entry in entries if sheet is not None else ():
            texts = {key: _text(value) for key, value in entry.items()}
            name = row_name(code, texts)
            for key, text in texts.items():
                if sheet is not None and key not in sheet.prepared:
                    header = sheet.column(key).header
                    yield PreparedRow({"sheet": code, "row": name, "column": header, "value": text})


def _text(value: Entry) -> str:
    """A value as its cell shows it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def _further_fields(entries: Sequence[Mapping[str, Entry]]) -> list[str]:
    """Labels of repeated report fields, one for each entry beyond the rows of the blank form."""
    rows = {f.label: f.rows for f in form_catalogue().fields}
    seen: dict[str, int] = {}
    beyond = []
    for entry in entries:
        label = str(entry["field"])
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > rows.get(label, 1):
            beyond.append(label)
    return beyond


def fill_carried(workbook: Workbook, form: Form, carried: CarriedOver) -> None:
    """Write the answers into a form made with `carried_rows`, mark them, and ask for confirmation on each sheet."""
    for sheet in form.sheets:
        if sheet.code not in carried.sheets:
            continue
        period, entries = carried.sheets[sheet.code]
        for cell in fill_form(workbook, sheet.code, entries):
            fill_carried_cell(cell)
            cell.comment = _comment(period, named_quarter(cell.value) if isinstance(cell.value, str) else "")
        write_confirmation(workbook[sheet.name], sheet, carried_question(period), CARRIED_ANSWERS, _NOTE, _HELP)


def _comment(period: Period, quarter: str) -> Comment:
    """The comment of a filled-in cell. `quarter`: a quarter that its text names, "" for none."""
    text = f"Theo {period}, xin xác nhận."
    if quarter:
        text += f" Có nhắc “{quarter}”: xin sửa, để nguyên thì không dùng."
    return Comment(text, "Điền sẵn", height=_TALL if quarter else _SHORT, width=180)
