"""The signed forms as sheets that an office prints: Biểu mẫu 03 of a level and Biểu mẫu 01."""

from __future__ import annotations

from openpyxl import Workbook

from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.level_forms import CriterionBlock, LevelForm
from pipeline.load.content.officer_form import OfficerForm, OfficerLine
from pipeline.load.content.sentences import BLANK, as_sentence
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    BOLD_CENTER,
    BOLD_LINE,
    CENTER,
    CENTERED_LINE,
    CENTERED_SMALL,
    COUNT_FORMAT,
    FORM_SIZE,
    HEAD,
    INDEX,
    LINE,
    NOTE,
    ORDINAL,
    SECTION,
    SMALL,
    TITLE,
    CellStyle,
    score_format,
    set_tab,
)
from pipeline.load.excel.text_size import column_units, text_width
from pipeline.load.report.templating import roman
from pipeline.text import vn_int
from schemas.rulebook import Rounding

_COLUMNS = ("STT", "Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Số lượng hồ sơ", "Điểm tự đánh giá", "Ghi chú")
#: of the columns, in Excel's units
_WIDTHS = [5.5, 42.0, 7.5, 10.0, 9.5, 23.0]


_FORM_NUMBER = BOLD_LINE.with_(horizontal="right")


def write_level_form(
    workbook: Workbook, form: LevelForm, name: str, under_title: str, headings: SheetHeadings, rounding: Rounding
) -> SheetWriter:
    """Biểu mẫu 03 of one level or unit: six columns and their numbers, each criterion with its options, the total.

    `name`: of the sheet; `under_title`: the line below the title that names the report.
    """
    most = max((n or 0 for b in form.blocks for n in (b.dossiers, *(o.count for o in b.options))), default=0)
    count_width = max(_WIDTHS[3], column_units(text_width(vn_int(most), FORM_SIZE, bold=True)))
    sheet = SheetWriter(workbook, name, [*_WIDTHS[:3], count_width, *_WIDTHS[4:]])
    row = _level_heading(sheet, form, headings, under_title)
    for column, title in enumerate(_COLUMNS, 1):
        sheet.put(row, column, title, HEAD)
        sheet.put(row + 1, column, f"({column})", INDEX)
    head, row = row, row + 2
    starts = []
    for block in form.blocks:
        starts.append(row)
        row = _block(sheet, row, block, rounding)
    sheet.put(row, 1, "TỔNG ĐIỂM", BOLD_CENTER, columns=2)
    sheet.put(row, 3, form.total_max, BOLD_CENTER.with_(number=score_format(form.total_max, rounding.print_places)))
    sheet.put(row, 4, None, BOLD_CENTER)
    sheet.put(row, 5, form.total, BOLD_CENTER.with_(number=score_format(form.total, rounding.print_places, exact=True)))
    sheet.put(row, 6, form.note, NOTE)
    sheet.fit()
    set_up_page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
    sheet.keep_together([*starts, row + 1], repeated=(head, head + 1))
    sheet.ws.freeze_panes = f"A{head + 2}"
    set_tab(sheet.ws, "form")
    return sheet


def _level_heading(sheet: SheetWriter, form: LevelForm, headings: SheetHeadings, under_title: str) -> int:
    """Title, period, unit and dossiers above the table. Returns the first row of the table."""
    resolved, received = (vn_int(n) if n is not None else BLANK for n in (form.resolved, form.received))
    lines: list[tuple[str, CellStyle]] = [
        (f"Biểu mẫu số 03 ({form.suffix})", _FORM_NUMBER),
        (f"{headings.level_title}\nCỦA {form.name.upper()}", TITLE),
        (f"Kỳ đánh giá: {headings.period}", CENTERED_LINE),
        (under_title, CENTERED_SMALL),
        (f"Đơn vị: {form.name}", LINE),
        (f"Tổng số hồ sơ đã giải quyết trong kỳ: {resolved}", LINE),
        (f"Tổng số hồ sơ đã tiếp nhận trong kỳ: {received}", LINE),
    ]
    return sheet.put_lines(lines, len(_COLUMNS)) + 1


def _block(sheet: SheetWriter, row: int, block: CriterionBlock, rounding: Rounding) -> int:
    """A criterion, then its options, with one note beside them all. Returns the next free row."""
    number = score_format(block.score, rounding.print_places, exact=block.exact)
    sheet.put(row, 1, block.number, BOLD_CENTER)
    sheet.put(row, 2, block.label, BODY.with_(bold=True))
    sheet.put(row, 3, float(block.max_points), BOLD_CENTER.with_(number=score_format(float(block.max_points), 2)))
    sheet.put(row, 4, block.dossiers, BOLD_CENTER.with_(number=COUNT_FORMAT))
    sheet.put(row, 5, "–" if block.score is None else block.score, BOLD_CENTER.with_(number=number))
    for offset, option in enumerate(block.options, 1):
        points = float(option.points)
        sheet.put(row + offset, 1, None, CENTER)
        sheet.put(row + offset, 2, option.text, BODY)
        sheet.put(row + offset, 3, points, CENTER.with_(number=score_format(points, 2)))
        sheet.put(row + offset, 4, "x" if option.chosen else option.count, CENTER.with_(number=COUNT_FORMAT))
        sheet.put(row + offset, 5, None, CENTER)
    height = len(block.options) + 1
    beside = NOTE.with_(vertical="top")
    for offset in range(height if not block.note else 0):
        sheet.put(row + offset, 6, None, beside)
    if block.note:
        sheet.put(row, 6, block.note, beside, rows=height)
    return row + height


def write_officer_form(workbook: Workbook, form: OfficerForm, headings: SheetHeadings) -> SheetWriter:
    """Biểu mẫu 01: officers under their level with score and an X under the class; notes below the table."""
    widths = [5.5, 26.0, 34.0, 9.5, *[14.0] * len(form.classes)]
    sheet = SheetWriter(workbook, "Biểu 01", widths)
    row = _officer_heading(sheet, headings, len(widths))
    _officer_head(sheet, row, form)
    head, row = row, row + 2
    for position, (name, lines) in enumerate(form.groups, 1):
        sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=len(widths))
        for number, line in enumerate(lines, 1):
            _officer_row(sheet, row + number, number, line)
        row += len(lines) + 1
    if not form.groups:
        sheet.put(row, 1, "Chưa khai công chức, viên chức nào.", BODY.with_(italic=True), columns=len(widths))
    for line in (line for _, lines in form.groups for line in lines if line.note):
        sheet.put(row, 1, f"- {line.name}: {as_sentence(line.note)}", SMALL, columns=len(widths))
        row += 1
    sheet.fit()
    sheet.ws.freeze_panes = f"C{head + 2}"
    set_up_page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
    set_tab(sheet.ws, "form")
    return sheet


def _officer_heading(sheet: SheetWriter, headings: SheetHeadings, width: int) -> int:
    """Title and period above the table. Returns the first row of the table."""
    lines = (
        ("Biểu mẫu số 01", _FORM_NUMBER),
        (headings.officer_title, TITLE),
        (f"Kỳ đánh giá: {headings.period}", CENTERED_LINE),
        (headings.attached_to, CENTERED_SMALL),
    )
    return sheet.put_lines(lines, width) + 1


def _officer_head(sheet: SheetWriter, row: int, form: OfficerForm) -> None:
    """The two rows of headers."""
    for column, title in enumerate(("STT", "Họ tên công chức, viên chức", "Vị trí công tác", "Điểm đánh giá"), 1):
        sheet.put(row, column, title, HEAD, rows=2)
    if form.classes:
        sheet.put(row, 5, "Xếp loại (đánh dấu X vào ô tương ứng)", HEAD, columns=len(form.classes))
    for offset, label in enumerate(form.classes):
        sheet.put(row + 1, 5 + offset, label, HEAD)


def _officer_row(sheet: SheetWriter, row: int, number: int, line: OfficerLine) -> None:
    sheet.put(row, 1, number, ORDINAL)
    sheet.put(row, 2, line.name, BODY)
    sheet.put(row, 3, line.position, BODY)
    sheet.put(row, 4, line.score, CENTER.with_(number=score_format(line.score, 2)))
    for offset, mark in enumerate(line.marks):
        sheet.put(row, 5 + offset, "X" if mark else None, CENTER)


def write_officer_totals(workbook: Workbook, form: OfficerForm, headings: SheetHeadings) -> SheetWriter:
    """Biểu mẫu 01 of the public copy: how many officers of each level have each class; no person is named."""
    sheet = SheetWriter(workbook, "Biểu 01", [5.5, 34.0, 16.0, *[18.0] * len(form.classes)])
    head = _officer_heading(sheet, headings, len(sheet.widths))
    titles = ("STT", "Cấp", "Số công chức, viên chức được đánh giá", *form.classes)
    for column, title in enumerate(titles, 1):
        sheet.put(head, column, title, HEAD)
    row = head + 1
    for row, (name, lines) in enumerate(form.groups, head + 1):
        rated = [line for line in lines if any(line.marks)]
        sheet.put(row, 1, roman(row - head), CENTER)
        sheet.put(row, 2, name, BODY)
        sheet.put(row, 3, len(rated), ORDINAL)
        for column in range(len(form.classes)):
            sheet.put(row, 4 + column, sum(line.marks[column] for line in rated), ORDINAL)
    if not form.groups:
        sheet.put(row, 1, "Chưa khai công chức, viên chức nào.", BODY.with_(italic=True), columns=len(sheet.widths))
    note = "Bản công khai không có tên, điểm và vị trí của từng công chức, viên chức."
    sheet.put(row + 2, 1, note, SMALL, columns=len(sheet.widths))
    sheet.fit()
    set_up_page(sheet.ws, landscape=False)
    set_tab(sheet.ws, "form")
    return sheet
