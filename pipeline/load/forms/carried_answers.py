"""Answers of the quarter before in a new form: in a colour of their own, listed on a sheet, unused until confirmed.

`pipeline.extract.forms.carried_answers` reads them when the form comes back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from pipeline.forms.carry_over import LEADING_COLUMNS, CarriedOver, Entry
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import CARRIED_ANSWERS, CARRIED_SHEET, carried_question
from pipeline.load.forms.fill_form import fill_form
from pipeline.load.forms.form_sheet import Prepared, write_check_cell
from schemas.forms import Form

_FILL = PatternFill("solid", fgColor="DCEBFA")
_MEANING = "Ô nền xanh: theo quý trước, xin xác nhận."
_HELP = "Sửa ô nền xanh không còn đúng, rồi đổi “chưa” thành “rồi”. Chưa xác nhận thì ô còn nguyên không được dùng."


def room_for(carried: CarriedOver) -> dict[str, list[Prepared]]:
    """Sheet code -> rows to add to the blank form: the list of what is filled in, and as many rows as that needs."""
    rows: dict[str, list[Prepared]] = {CARRIED_SHEET: list(_listed(carried))}
    for code, entries in carried.entries.items():
        sheet = form_catalogue().sheet(code)
        if sheet is not None and sheet.layout == "list":
            rows[code] = [Prepared({}) for _ in entries]
        elif sheet is not None and sheet.layout == "fields":
            rows[code] = [Prepared({"field": label}) for label in _beyond_prepared(entries)]
    return rows


def _listed(carried: CarriedOver) -> Iterator[Prepared]:
    """A row an answer, as the reader will find it in the form."""
    for code, entries in carried.entries.items():
        sheet = form_catalogue().sheet(code)
        for entry in entries if sheet is not None else ():
            for key, value in entry.items():
                if sheet is None or key in sheet.prepared:
                    continue
                shown = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
                texts = {"sheet": code, "row": str(entry[LEADING_COLUMNS[code]]), "column": sheet.column(key).header}
                yield Prepared({**texts, "value": shown})


def _beyond_prepared(entries: Sequence[Mapping[str, Entry]]) -> list[str]:
    """Labels of a repeated report field beyond the rows the blank form has."""
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
    """Write the answers into a form made with `room_for`, mark them, and ask to confirm each sheet."""
    for sheet in form.sheets:
        entries = carried.entries.get(sheet.code, ())
        if not entries:
            continue
        for cell in fill_form(workbook, sheet.code, entries):
            cell.fill = _FILL
            cell.comment = Comment(f"Theo {carried.period}, xin xác nhận.", "Điền sẵn", height=40, width=180)
        asked = carried_question(carried.period)
        write_check_cell(workbook[sheet.name], sheet, asked, CARRIED_ANSWERS, _MEANING, _HELP)
