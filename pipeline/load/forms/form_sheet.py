"""One sheet of a blank form: title, bands, headers with help, prepared rows, unlocked and checked input cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import field_label
from pipeline.load.excel.styles import dress_alike
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.forms.cell_validation import appraisal_check, date_check, validation
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.forms import FormColumn, FormSheet

_SIDE = Side(style="thin", color="999999")
_LINE = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_INPUT = PatternFill("solid", fgColor="FFFBE6")
_HEADER = PatternFill("solid", fgColor="DDE7F0")
_LEVEL = PatternFill("solid", fgColor="EEEEEE")
#: Rows of a table below the title: instruction, rulebook, band, header.
RULEBOOK_ROW, BAND_ROW, HEADER_ROW = 3, 4, 5
FONT_SIZE = 11.0
#: A table wider than this (characters) is printed on two pages across.
WIDE = 230
_ROMAN = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True)
class Prepared:
    """A row the blank form holds: texts by column key; a level's row stands out; a field may be a date.

    `points`: what Excel lets into the cells of an `appraisal` column, most first; empty = any number up to `most`.
    """

    texts: Mapping[str, str | float]
    level: bool = False
    date: bool = False
    fixed: bool = False  # what the program fills in stays locked where it has nothing to fill in
    points: tuple[str, ...] = ()
    most: float = 0


@cache
def font(*, bold: bool = False, italic: bool = False, size: float = FONT_SIZE) -> Font:
    """The forms' one face: row heights are estimated for it."""
    return Font(name="Times New Roman", bold=bold, italic=italic, size=size)


def fit_rows(target: Worksheet, first: int, last: int) -> None:
    """Rows as high as their longest wrapped text needs: programs size no row whose cells a program filled."""
    widths = {i: d.width for i, d in target.column_dimensions.items()}
    for row in target.iter_rows(min_row=first, max_row=last):
        lines = [
            line_count(
                str(c.value), c.font.sz or FONT_SIZE, widths[c.column_letter] * POINTS_PER_UNIT, bold=bool(c.font.b)
            )
            for c in row
            if isinstance(c, Cell) and isinstance(c.value, str) and c.alignment.wrap_text and c.column_letter in widths
        ]
        if lines:
            target.row_dimensions[row[0].row or first].height = row_height(max(lines), FONT_SIZE)


def title_text(sheet: FormSheet, period: Period) -> str:
    """`BIỂU BS-01 · SỐ LIỆU BỔ SUNG · Kỳ 2022-Q1`: what a form is recognised by."""
    return f"BIỂU {sheet.code} · {sheet.title} · Kỳ {period}"


def prepared_rows(sheet: FormSheet, index: UnitIndex) -> Iterator[Prepared]:
    """Rows in registry order, each level before its units; one a report field; or empty ones."""
    if sheet.layout == "units":
        for number, level_id in enumerate(index.level_ids()):
            yield Prepared({"stt": _ROMAN[number], "unit": index.names[level_id]}, level=True)
            for stt, unit in enumerate(index.units(index.levels[level_id]), 1):
                yield Prepared({"stt": str(stt), "unit": index.names[unit]})
    elif sheet.layout == "fields":
        for field in form_catalogue().fields:
            names = [index.names[i] for i in index.level_ids()] if field.per_level else [""]
            for name in names * field.rows:
                yield Prepared({"field": field_label(field, name)}, date=field.kind == "date")
    else:
        yield from (Prepared({}) for _ in range(sheet.spare_rows))


def write_title(target: Worksheet, sheet: FormSheet, period: Period) -> None:
    """The title cell and the line of instruction under it."""
    write_text(target["A1"], title_text(sheet, period))
    target["A1"].font = font(bold=True, size=13)
    if sheet.lead:
        write_text(target["A2"], sheet.lead)
        target["A2"].font = font(italic=True)


def write_check_cell(
    target: Worksheet, sheet: FormSheet, question: str, words: Sequence[str], more: str, prompt: str
) -> None:
    """A question above the table, its answer (the first of `words`, to be chosen from them) and what it is about."""
    number = next(n for n, c in enumerate(sheet.columns, 1) if c.width >= 24)
    asked, answer = target.cell(RULEBOOK_ROW, number), target.cell(RULEBOOK_ROW, number + 1)
    write_text(asked, question)
    asked.alignment = Alignment(horizontal="right", vertical="center", wrap_text=True)
    write_text(answer, words[0])
    answer.fill, answer.border, answer.protection = _INPUT, _LINE, Protection(locked=False)
    answer.alignment = Alignment(horizontal="center", vertical="center")
    asked.font = answer.font = font(bold=True)
    note = target.cell(RULEBOOK_ROW, number + 2)
    write_text(note, more)
    note.font = font(italic=True)
    note.alignment = Alignment(vertical="center", wrap_text=number + 2 == len(sheet.columns))
    target.row_dimensions[RULEBOOK_ROW].height = 34
    check = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=False)
    check.errorStyle, check.showErrorMessage, check.error = "stop", True, f"Chọn {' hoặc '.join(words)}."
    check.showInputMessage, check.promptTitle, check.prompt = True, question[:32], prompt
    check.add(answer.coordinate)
    target.add_data_validation(check)
    answer.comment = _comment(prompt)


def write_table(
    target: Worksheet,
    sheet: FormSheet,
    period: Period,
    index: UnitIndex,
    lists: Mapping[str, str],
    rulebook: tuple[str, str],
    first: Sequence[Prepared] = (),
) -> None:
    """Fill a worksheet with a blank table. `lists`: column key -> range of its words; `rulebook`: (id, range).

    `first`: rows the program fills in, above the prepared ones (below the report's fields).
    """
    write_title(target, sheet, period)
    if sheet.names_rulebook:
        _write_rulebook_cell(target, *rulebook)
    _write_bands(target, sheet)
    for number, column in enumerate(sheet.columns, 1):
        _write_header(target.cell(HEADER_ROW, number), column)
        target.column_dimensions[get_column_letter(number)].width = column.width
    blank = list(prepared_rows(sheet, index))
    rows = [*blank, *first] if sheet.layout == "fields" else [*first, *blank]
    for offset, prepared in enumerate(rows, HEADER_ROW + 1):
        for number, column in enumerate(sheet.columns, 1):
            _write_input(target.cell(offset, number), column, prepared)
    last = HEADER_ROW + max(len(rows), 1)
    fit_rows(target, HEADER_ROW + 1, last)
    for number, column in enumerate(sheet.columns, 1):
        check = validation(column, lists.get(column.key, ""))
        if check is not None and not column.prefilled:
            letter = get_column_letter(number)
            check.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
            target.add_data_validation(check)
    _check_dates(target, sheet, rows)
    _check_appraisals(target, sheet, rows)
    set_up_page(target, sheet)


def _write_rulebook_cell(target: Worksheet, rulebook_id: str, words: str) -> None:
    write_text(target.cell(RULEBOOK_ROW, 2), "Bộ tiêu chí:")
    target.cell(RULEBOOK_ROW, 2).alignment = Alignment(horizontal="right")
    cell = target.cell(RULEBOOK_ROW, 3)
    write_text(cell, rulebook_id)
    cell.fill, cell.border, cell.protection = _INPUT, _LINE, Protection(locked=False)
    target.merge_cells(start_row=RULEBOOK_ROW, end_row=RULEBOOK_ROW, start_column=3, end_column=5)
    target.cell(RULEBOOK_ROW, 2).font = cell.font = font(bold=True)
    cell.comment = _comment("Mã bộ tiêu chí mà các điểm bên dưới được chấm theo.")
    check = DataValidation("list", formula1=words, allow_blank=True)
    check.add(cell.coordinate)
    target.add_data_validation(check)


def _write_bands(target: Worksheet, sheet: FormSheet) -> None:
    numbered = list(enumerate(sheet.columns, 1))
    for band, group in groupby(numbered, key=lambda pair: pair[1].band):
        columns = [number for number, _ in group]
        for number in columns:
            cell = target.cell(BAND_ROW, number)
            cell.fill, cell.border = _HEADER, _LINE
        if band:
            first = target.cell(BAND_ROW, columns[0])
            write_text(first, band)
            first.font = font(bold=True)
            first.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if len(columns) > 1:
                target.merge_cells(
                    start_row=BAND_ROW, end_row=BAND_ROW, start_column=columns[0], end_column=columns[-1]
                )
    target.row_dimensions[BAND_ROW].height = 32 if any(c.band for c in sheet.columns) else 6


def _write_header(cell: Cell | MergedCell, column: FormColumn) -> None:
    write_text(cell, column.header)
    cell.font = font(bold=True)
    cell.fill, cell.border = _HEADER, _LINE
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.comment = _comment(column.help + (" Bắt buộc." if column.required and "uộc" not in column.help else ""))


def _comment(text: str) -> Comment:
    return Comment(text, "Hướng dẫn", height=90, width=260)


def _write_input(cell: Cell | MergedCell, column: FormColumn, prepared: Prepared) -> None:
    assert isinstance(cell, Cell)  # below the header nothing is merged
    text = prepared.texts.get(column.key, "")
    named = (column.kind in ("unit", "field") or column.prefilled) and (text != "" or prepared.fixed)
    is_date = column.kind == "date" or (prepared.date and column.key == "value")
    kind = ("input", column.kind, column.prefilled, named, prepared.level, is_date)
    dress_alike(cell, kind, lambda bare: _dress_input(bare, column, prepared, named=named, is_date=is_date))
    if isinstance(text, float):
        cell.value = text
    elif column.kind in ("stt", "count") and text.isdigit():
        cell.value = int(text)
    else:
        write_text(cell, text)


def _dress_input(cell: Cell, column: FormColumn, prepared: Prepared, *, named: bool, is_date: bool) -> None:
    """`named`: the program's own words, which are locked."""
    cell.border = _LINE
    cell.protection = Protection(locked=named)
    cell.fill = (_LEVEL if prepared.level else PatternFill()) if named or column.kind == "stt" else _INPUT
    cell.font = font(bold=prepared.level)
    computed = column.kind == "score" and column.prefilled  # a number, or a word for why there is none
    wide = column.kind in ("text", "unit", "field", "choice", "criterion", "measure", "appraisal")
    cell.alignment = Alignment(
        wrap_text=wide,
        vertical="top",
        horizontal="right" if computed else {"stt": "center", "text": "left"}.get(column.kind),
    )
    cell.number_format = (
        "dd/mm/yyyy" if is_date else {"count": "#,##0", "score": "0.00", "figure": "@"}.get(column.kind, "General")
    )


def _check_appraisals(target: Worksheet, sheet: FormSheet, rows: Sequence[Prepared]) -> None:
    """Each criterion takes its own points: one check for all rows of the same."""
    numbers = [n for n, c in enumerate(sheet.columns, 1) if c.kind == "appraisal"]
    checks: dict[tuple[tuple[str, ...], float], DataValidation] = {}
    for offset, row in enumerate(rows, HEADER_ROW + 1):
        for number in numbers:
            key = (row.points, row.most)
            if key not in checks:
                checks[key] = appraisal_check(*key)
                target.add_data_validation(checks[key])
            checks[key].add(f"{get_column_letter(number)}{offset}")


def _check_dates(target: Worksheet, sheet: FormSheet, rows: list[Prepared]) -> None:
    """Dates among the report fields stand in a column of texts: each has its own check."""
    numbers = [n for n, c in enumerate(sheet.columns, 1) if c.key == "value"]
    dated = [offset for offset, row in enumerate(rows, HEADER_ROW + 1) if row.date]
    if numbers and dated:
        check = date_check()
        for offset in dated:
            check.add(f"{get_column_letter(numbers[0])}{offset}")
        target.add_data_validation(check)


def set_up_page(target: Worksheet, sheet: FormSheet) -> None:
    """A4 across, repeated headers, frozen panes, locked headers (no password; rows may be inserted)."""
    protection = target.protection
    protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "insertColumns", "sort"):
        setattr(protection, allowed, False)  # False = not locked
    page = target.page_setup
    page.orientation, page.paperSize = "landscape", target.PAPERSIZE_A4
    total = sum(c.width for c in sheet.columns)
    page.fitToWidth, page.fitToHeight = (2 if total > WIDE else 1), 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins.left = target.page_margins.right = 0.4
    target.page_margins.top = target.page_margins.bottom = 0.5
    if target.oddFooter is not None:
        target.oddFooter.right.text = f"{sheet.code} – trang &P/&N"
    if not sheet.columns:
        return
    kept = next((n for n, c in enumerate(sheet.columns[:2], 1) if c.kind in ("unit", "field")), 0)
    target.freeze_panes = f"{get_column_letter(kept + 1)}{HEADER_ROW + 1}"
    target.print_title_rows = f"{BAND_ROW}:{HEADER_ROW}"
    if kept:
        target.print_title_cols = f"A:{get_column_letter(kept)}"
    target.row_dimensions[HEADER_ROW].height = 62 if sheet.target == "supplement" else 34
