"""The analyst's forms of a period, blank; `tham-dinh` only where a rulebook applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.appraisal_rows import NOTHING_KNOWN, KnownScores, appraisal_rows
from pipeline.load.forms.choice_lists import rulebook_range, write_lists
from pipeline.load.forms.form_sheet import Prepared, fit_rows, font, set_up_page, write_table, write_title
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import in_force
from schemas.forms import Form, FormSheet
from schemas.rulebook import Rulebook


def blank_forms(
    period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook], known: KnownScores = NOTHING_KNOWN
) -> dict[str, bytes]:
    """File name -> bytes of each blank form, units of the period filled in. The same input gives the same bytes.

    `known`: the self-scores and computed scores that the form of appraisals shows. Without a rulebook in force there
    are no criteria to appraise, and no such form.
    """
    workbooks = form_workbooks(period, index, rulebooks, known)
    return {name: deterministic_xlsx(workbook) for name, workbook in workbooks.items()}


def form_workbooks(
    period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook], known: KnownScores = NOTHING_KNOWN
) -> dict[str, Workbook]:
    """The same as openpyxl workbooks, to be filled in by a program (`pipeline.load.form_fill`)."""
    scored = in_force(rulebooks, period.end) is not None
    wanted = [f for f in form_catalogue().forms if scored or all(s.layout != "criteria" for s in f.sheets)]
    return {form.file: form_workbook(form, period, index, rulebooks, known=known) for form in wanted}


def form_workbook(
    form: Form,
    period: Period,
    index: UnitIndex,
    rulebooks: Mapping[str, Rulebook],
    rows: Mapping[str, Sequence[Prepared]] = MappingProxyType({}),
    known: KnownScores = NOTHING_KNOWN,
) -> Workbook:
    """One of them. `rows`: sheet code -> rows the program fills in, above the empty ones."""
    workbook = Workbook()
    first = workbook.active
    if first is not None:
        workbook.remove(first)
    definitions = [s for s in form.sheets if s.target != "carried" or s.code in rows]
    sheets = {s.code: workbook.create_sheet(s.name) for s in definitions}
    lists_sheet = next(s for s in form.sheets if s.layout == "info" and not s.lines)
    ranges = write_lists(sheets[lists_sheet.code], form, index, rulebooks)
    names = (
        rulebook_range(ranges, sheets[lists_sheet.code], rulebooks)
        if any(s.names_rulebook for s in form.sheets)
        else ""
    )
    applying = in_force(rulebooks, period.end)
    criteria = appraisal_rows(index, applying, known) if applying else []
    rows = {**rows, **{s.code: criteria for s in definitions if s.layout == "criteria"}}
    for sheet in definitions:
        if sheet.layout == "info":
            _write_info(sheets[sheet.code], sheet, period)
        else:
            lists = {key: words for (code, key), words in ranges.items() if code == sheet.code}
            chosen = (applying.id if applying else "", names)
            write_table(sheets[sheet.code], sheet, period, index, lists, chosen, rows.get(sheet.code, ()))
    workbook.properties.creator = "tthc forms"
    workbook.properties.title = f"{form.title} – {period.name}"
    return workbook


def _write_info(target: Worksheet, sheet: FormSheet, period: Period) -> None:
    write_title(target, sheet, period)
    if sheet.lines:
        target.column_dimensions["A"].width = 120
    rule = ["Báo cáo dùng điểm nào:", *form_catalogue().appraisal_rule] if sheet.tells_rule else []
    for row, line in enumerate([*sheet.lines, *rule], 3):
        cell = target.cell(row, 1)
        write_text(cell, f"{row - 2}. {line}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = font(size=12)
    fit_rows(target, 3, target.max_row)
    set_up_page(target, sheet)
