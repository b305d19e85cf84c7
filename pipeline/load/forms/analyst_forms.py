"""The workbooks that analysts fill in: supplement, corrections, self-scores, explanations, appraisals.

`tham-dinh.xlsx`, the form of appraisals, is made only where a rulebook applies to the period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.excel.form_styles import style_info_line
from pipeline.load.excel.row_heights import fit_rows
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.appraisal_rows import NOTHING_KNOWN, KnownScores, appraisal_rows
from pipeline.load.forms.choice_lists import write_lists, write_rulebook_list
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.load.forms.form_sheet import set_up_form_sheet, write_form_table, write_title
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import in_force, offered_in
from schemas.forms import Form, FormSheet
from schemas.rulebook import Rulebook

#: width of a sheet of instructions, in Excel's units
_INFO_WIDTH: Final = 120


def blank_forms(
    period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook], known: KnownScores = NOTHING_KNOWN
) -> dict[str, bytes]:
    """File name -> bytes of each form, with the units of the period. The same input gives the same bytes.

    `known`: self-scores and computed scores that the form of appraisals shows.
    """
    workbooks = form_workbooks(period, index, rulebooks, known)
    return {name: deterministic_xlsx(workbook) for name, workbook in workbooks.items()}


def form_workbooks(
    period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook], known: KnownScores = NOTHING_KNOWN
) -> dict[str, Workbook]:
    """File name -> openpyxl workbook of each form, to be filled in by a program (`fill_form`)."""
    scored = in_force(rulebooks, period) is not None
    wanted = [f for f in form_catalogue().forms if scored or all(s.layout != "criteria" for s in f.sheets)]
    return {form.file: form_workbook(form, period, index, rulebooks, known=known) for form in wanted}


def form_workbook(
    form: Form,
    period: Period,
    index: UnitIndex,
    rulebooks: Mapping[str, Rulebook],
    rows: Mapping[str, Sequence[PreparedRow]] = MappingProxyType({}),
    known: KnownScores = NOTHING_KNOWN,
) -> Workbook:
    """The workbook of one form. `rows`: sheet code -> rows that the program fills in.

    A sheet for carried answers is made only if `rows` has it.
    """
    workbook = Workbook()
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    definitions = [s for s in form.sheets if s.target != "carried" or s.code in rows]
    sheets = {s.code: workbook.create_sheet(s.name) for s in definitions}
    lists_sheet = next(s for s in form.sheets if s.layout == "info" and not s.lines)
    offered = offered_in(rulebooks, period)
    ranges = write_lists(sheets[lists_sheet.code], form, index, offered)
    rulebook_ids = ""
    if any(s.names_rulebook for s in form.sheets):
        rulebook_ids = write_rulebook_list(ranges, sheets[lists_sheet.code], offered)
    applying = in_force(rulebooks, period)
    criteria = appraisal_rows(index, applying, known) if applying else []
    rows = {**rows, **{s.code: criteria for s in definitions if s.layout == "criteria"}}
    for sheet in definitions:
        if sheet.layout == "info":
            _write_info(sheets[sheet.code], sheet, period)
        else:
            choices = {key: list_range for (code, key), list_range in ranges.items() if code == sheet.code}
            rulebook = (applying.id if applying else "", rulebook_ids)
            write_form_table(sheets[sheet.code], sheet, period, index, choices, rulebook, rows.get(sheet.code, ()))
    workbook.properties.creator = "tthc forms"
    workbook.properties.title = f"{form.title} – {period.name}"
    return workbook


def _write_info(target: Worksheet, sheet: FormSheet, period: Period) -> None:
    """A sheet of instructions, a numbered line a row."""
    write_title(target, sheet, period)
    if sheet.lines:
        target.column_dimensions["A"].width = _INFO_WIDTH
    rule = ["Báo cáo dùng điểm nào:", *form_catalogue().appraisal_rule] if sheet.tells_rule else []
    for row, line in enumerate([*sheet.lines, *rule], 3):
        cell = target.cell(row, 1)
        write_text(cell, f"{row - 2}. {line}")
        style_info_line(cell)
    fit_rows(target, 3, target.max_row)
    set_up_form_sheet(target, sheet)
