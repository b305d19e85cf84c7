"""A sheet of a form with a table: title, headers with help, prepared rows, input cells with data validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.cell_ranges import validate_cell
from pipeline.load.excel.form_styles import (
    InputStyle,
    help_comment,
    style_answer,
    style_answer_note,
    style_band,
    style_header,
    style_input,
    style_instruction,
    style_question,
    style_title,
)
from pipeline.load.excel.page_setup import protect_sheet, set_up_form_page
from pipeline.load.excel.row_heights import fit_rows
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.forms.cell_validation import appraisal_validation, column_validation, date_validation
from pipeline.load.forms.form_rows import PreparedRow, blank_rows
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.forms import FormColumn, FormSheet

#: rows below the title and the instruction: questions, titles of groups of columns, headers
QUESTION_ROW, BAND_ROW, HEADER_ROW = 3, 4, 5
#: a wider table, in Excel's units, is printed on two pages across
_WIDE: Final = 230
#: a question above the table starts in the first column of this width, in Excel's units
_QUESTION_WIDTH: Final = 24
#: points: rows of questions, of titles of groups, of headers
_QUESTION_HEIGHT: Final = 34
_BAND_HEIGHT, _NO_BAND_HEIGHT = 32, 6
_HEADER_HEIGHT, _TALL_HEADER_HEIGHT = 34, 62
#: what may be done in a protected form
_ALLOWED: Final = ("formatCells", "formatColumns", "formatRows", "insertRows", "insertColumns", "sort")


def title_text(sheet: FormSheet, period: Period) -> str:
    """`BIỂU BS-01 · SỐ LIỆU BỔ SUNG · Kỳ 2022-Q1`: the title by which a form is recognised."""
    return f"BIỂU {sheet.code} · {sheet.title} · Kỳ {period}"


def write_title(target: Worksheet, sheet: FormSheet, period: Period) -> None:
    """Write the title and the line of instruction under it."""
    write_text(target["A1"], title_text(sheet, period))
    style_title(target["A1"])
    if sheet.lead:
        write_text(target["A2"], sheet.lead)
        style_instruction(target["A2"])


def write_confirmation(
    target: Worksheet, sheet: FormSheet, question: str, answers: Sequence[str], note: str, help_text: str
) -> None:
    """Write a question above the table, its answer (the first of `answers`, with a list of them all) and a note.

    `help_text` is shown when the cell of the answer is selected.
    """
    column = next(n for n, c in enumerate(sheet.columns, 1) if c.width >= _QUESTION_WIDTH)
    question_cell, answer_cell = target.cell(QUESTION_ROW, column), target.cell(QUESTION_ROW, column + 1)
    write_text(question_cell, question)
    style_question(question_cell, tall=True)
    write_text(answer_cell, answers[0])
    style_answer(answer_cell, centered=True)
    note_cell = target.cell(QUESTION_ROW, column + 2)
    write_text(note_cell, note)
    style_answer_note(note_cell, wrap=column + 2 == len(sheet.columns))
    target.row_dimensions[QUESTION_ROW].height = _QUESTION_HEIGHT
    check = DataValidation("list", formula1=f'"{",".join(answers)}"', allow_blank=False)
    check.errorStyle, check.showErrorMessage, check.error = "stop", True, f"Chọn {' hoặc '.join(answers)}."
    check.showInputMessage, check.promptTitle, check.prompt = True, question[:32], help_text
    check.add(answer_cell.coordinate)
    target.add_data_validation(check)
    answer_cell.comment = help_comment(help_text)


def write_form_table(
    target: Worksheet,
    sheet: FormSheet,
    period: Period,
    index: UnitIndex,
    choices: Mapping[str, str],
    rulebook: tuple[str, str],
    filled: Sequence[PreparedRow] = (),
) -> None:
    """Write title, headers and rows of a form into a new worksheet.

    `choices`: column key -> range of its drop-down list; `rulebook`: (id, range of the list of rulebooks); `filled`:
    rows that the program fills in, above the blank ones, but below the report fields.
    """
    write_title(target, sheet, period)
    if sheet.names_rulebook:
        _write_rulebook_cell(target, *rulebook)
    _write_bands(target, sheet)
    for number, column in enumerate(sheet.columns, 1):
        _write_header(target.cell(HEADER_ROW, number), column)
        target.column_dimensions[get_column_letter(number)].width = column.width
    blank = list(blank_rows(sheet, index))
    rows = [*blank, *filled] if sheet.layout == "fields" else [*filled, *blank]
    for row, prepared in enumerate(rows, HEADER_ROW + 1):
        for number, column in enumerate(sheet.columns, 1):
            _write_input(target.cell(row, number), column, prepared)
    last = HEADER_ROW + max(len(rows), 1)
    fit_rows(target, HEADER_ROW + 1, last)
    for number, column in enumerate(sheet.columns, 1):
        check = column_validation(column, choices.get(column.key, ""))
        if check is not None and not column.prefilled:
            letter = get_column_letter(number)
            check.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
            target.add_data_validation(check)
    _validate_dates(target, sheet, rows)
    _validate_appraisals(target, sheet, rows)
    set_up_form_sheet(target, sheet)


def _write_rulebook_cell(target: Worksheet, rulebook_id: str, choices: str) -> None:
    """The question which rulebook the scores of the form follow, and its answer. `choices`: range of the ids."""
    question, answer = target.cell(QUESTION_ROW, 2), target.cell(QUESTION_ROW, 3)
    write_text(question, "Bộ tiêu chí:")
    style_question(question, tall=False)
    write_text(answer, rulebook_id)
    style_answer(answer, centered=False)
    target.merge_cells(start_row=QUESTION_ROW, end_row=QUESTION_ROW, start_column=3, end_column=5)
    answer.comment = help_comment("Mã bộ tiêu chí mà các điểm bên dưới được chấm theo.")
    check = DataValidation("list", formula1=choices, allow_blank=True)
    check.add(answer.coordinate)
    target.add_data_validation(check)


def _write_bands(target: Worksheet, sheet: FormSheet) -> None:
    """The row above the headers, with the titles of groups of columns."""
    numbered = list(enumerate(sheet.columns, 1))
    for band, group in groupby(numbered, key=lambda pair: pair[1].band):
        columns = [number for number, _ in group]
        for number in columns:
            style_band(target.cell(BAND_ROW, number), titled=bool(band) and number == columns[0])
        if band:
            write_text(target.cell(BAND_ROW, columns[0]), band)
            if len(columns) > 1:
                target.merge_cells(
                    start_row=BAND_ROW, end_row=BAND_ROW, start_column=columns[0], end_column=columns[-1]
                )
    target.row_dimensions[BAND_ROW].height = _BAND_HEIGHT if any(c.band for c in sheet.columns) else _NO_BAND_HEIGHT


def _write_header(cell: Cell | MergedCell, column: FormColumn) -> None:
    """The header of a column, with its help as a comment."""
    write_text(cell, column.header)
    style_header(cell)
    cell.comment = help_comment(column.help + (" Bắt buộc." if column.required and "uộc" not in column.help else ""))


def _write_input(cell: Cell | MergedCell, column: FormColumn, row: PreparedRow) -> None:
    """A cell below the headers: the text of the prepared row, which is locked, or an input cell."""
    assert isinstance(cell, Cell)  # below the header nothing is merged
    text = row.texts.get(column.key, "")
    locked = (column.kind in ("unit", "field") or column.prefilled) and (text != "" or row.fixed)
    is_date = column.kind == "date" or (row.date and column.key == "value")
    style_input(cell, InputStyle(column.kind, column.prefilled, locked, row.level, is_date))
    if isinstance(text, float):
        cell.value = text
    elif column.kind in ("stt", "count") and text.isdigit():
        cell.value = int(text)
    else:
        write_text(cell, text)


def _validate_appraisals(target: Worksheet, sheet: FormSheet, rows: Sequence[PreparedRow]) -> None:
    """Each criterion allows its own points: one validation for all rows with the same points."""
    numbers = [n for n, c in enumerate(sheet.columns, 1) if c.kind == "appraisal"]
    checks: dict[tuple[tuple[str, ...], float], DataValidation] = {}
    for offset, row in enumerate(rows, HEADER_ROW + 1):
        for number in numbers:
            key = (row.points, row.most)
            if key not in checks:
                checks[key] = appraisal_validation(*key)
                target.add_data_validation(checks[key])
            validate_cell(checks[key], f"{get_column_letter(number)}{offset}")


def _validate_dates(target: Worksheet, sheet: FormSheet, rows: Sequence[PreparedRow]) -> None:
    """Report fields that are dates have a validation of their own, as the column holds texts too."""
    numbers = [n for n, c in enumerate(sheet.columns, 1) if c.key == "value"]
    dated = [offset for offset, row in enumerate(rows, HEADER_ROW + 1) if row.date]
    if numbers and dated:
        check = date_validation()
        for offset in dated:
            validate_cell(check, f"{get_column_letter(numbers[0])}{offset}")
        target.add_data_validation(check)


def set_up_form_sheet(target: Worksheet, sheet: FormSheet) -> None:
    """Lock all but the input cells, set up the page, freeze and repeat the headers and the column of names."""
    protect_sheet(target, _ALLOWED)
    set_up_form_page(target, sheet.code, 2 if sum(c.width for c in sheet.columns) > _WIDE else 1)
    if not sheet.columns:
        return
    names = next((n for n, c in enumerate(sheet.columns[:2], 1) if c.kind in ("unit", "field")), 0)
    target.freeze_panes = f"{get_column_letter(names + 1)}{HEADER_ROW + 1}"
    target.print_title_rows = f"{BAND_ROW}:{HEADER_ROW}"
    if names:
        target.print_title_cols = f"A:{get_column_letter(names)}"
    target.row_dimensions[HEADER_ROW].height = _TALL_HEADER_HEIGHT if sheet.target == "supplement" else _HEADER_HEIGHT
