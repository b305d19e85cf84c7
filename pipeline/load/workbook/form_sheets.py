"""The signed forms as sheets that an office prints: Biểu mẫu 03 of a level and Biểu mẫu 01."""

from __future__ import annotations

from openpyxl import Workbook

from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.level_forms import CriterionBlock, LevelForm
from pipeline.load.content.officer_form import OfficerForm, OfficerLine
from pipeline.load.content.sentences import BLANK
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
    HEAD,
    INDEX,
    LINE,
    NOTE,
    ORDINAL,
    SECTION,
    TITLE,
    CellStyle,
    decimal_format,
    score_format,
)
from pipeline.load.report.templating import roman
from pipeline.text import vn_int
from schemas.rulebook import Rounding

_COLUMNS = ("STT", "Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Số lượng hồ sơ", "Điểm tự đánh giá", "Ghi chú")
#: of the columns, in Excel's units
_WIDTHS = [5.5, 42.0, 7.5, 10.0, 9.5, 23.0]


_FORM_NUMBER = BOLD_LINE.with_(horizontal="right")


def write_level_form(
    workbook: Workbook, form: LevelForm, level_name: str, headings: SheetHeadings, rounding: Rounding
) -> SheetWriter:
    """Biểu mẫu 03 of one level: six columns, a row of column numbers, each criterion with its options, the total."""
    sheet = SheetWriter(workbook, f"Biểu 03 – {level_name}", _WIDTHS)
    row = _level_heading(sheet, form, headings)
    for column, title in enumerate(_COLUMNS, 1):
        sheet.put(row, column, title, HEAD)
        sheet.put(row + 1, column, f"({column})", INDEX)
    head, row = row, row + 2
    starts = []
    for block in form.blocks:
        starts.append(row)
        row = _block(sheet, row, block, rounding)
    sheet.put(row, 1, "TỔNG ĐIỂM", BOLD_CENTER, columns=2)
    sheet.put(row, 3, form.total_max, BOLD_CENTER.with_(number=decimal_format(1)))
    sheet.put(row, 4, None, BOLD_CENTER)
    sheet.put(row, 5, form.total, BOLD_CENTER.with_(number=decimal_format(rounding.total_places)))
    sheet.put(row, 6, form.note, NOTE)
    sheet.fit()
    set_up_page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
    sheet.keep_together([*starts, row + 1], repeated=(head, head + 1))
    return sheet


def _level_heading(sheet: SheetWriter, form: LevelForm, headings: SheetHeadings) -> int:
    """Title, period, unit and dossiers above the table. Returns the first row of the table."""
    resolved, received = (vn_int(n) if n is not None else BLANK for n in (form.resolved, form.received))
    lines: list[tuple[str, CellStyle]] = [
        (f"Biểu mẫu số 03 ({form.suffix})", _FORM_NUMBER),
        (f"{headings.level_title}\nCỦA {form.name.upper()}", TITLE),
        (f"Kỳ đánh giá: {headings.period}", CENTERED_LINE),
        (headings.issued_with, CENTERED_SMALL),
        (f"Đơn vị: {form.name}", LINE),
        (f"Tổng số hồ sơ đã giải quyết trong kỳ: {resolved}", LINE),
        (f"Tổng hồ sơ đã tiếp nhận trong kỳ: {received}", LINE),
    ]
    return sheet.put_lines(lines, len(_COLUMNS)) + 1


def _block(sheet: SheetWriter, row: int, block: CriterionBlock, rounding: Rounding) -> int:
    """A criterion, then its options, with one note beside them all. Returns the next free row."""
    number = decimal_format(rounding.print_places) if block.exact else score_format(block.score, rounding.print_places)
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
    """Biểu mẫu 01: officers under their level with score and an X under the class; notes only if there are any."""
    noted = any(line.note for _, lines in form.groups for line in lines)
    widths = [5.5, 22.0, 34.0, 9.5, *[12.0] * len(form.classes), *([16.0] if noted else [])]
    sheet = SheetWriter(workbook, "Biểu 01", widths)
    row = _officer_heading(sheet, headings, len(widths))
    _officer_head(sheet, row, form, noted)
    head, row = row, row + 2
    for position, (name, lines) in enumerate(form.groups, 1):
        sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=len(widths))
        for number, line in enumerate(lines, 1):
            _officer_row(sheet, row + number, number, line, noted)
        row += len(lines) + 1
    if not form.groups:
        sheet.put(row, 1, "Chưa khai công chức, viên chức nào.", BODY.with_(italic=True), columns=len(widths))
    sheet.fit()
    set_up_page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
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


def _officer_head(sheet: SheetWriter, row: int, form: OfficerForm, noted: bool) -> None:
    """The two rows of headers."""
    for column, title in enumerate(("STT", "Họ tên công chức, viên chức", "Vị trí công tác", "Điểm đánh giá"), 1):
        sheet.put(row, column, title, HEAD, rows=2)
    if form.classes:
        sheet.put(row, 5, "Xếp loại (đánh dấu X vào ô tương ứng)", HEAD, columns=len(form.classes))
    for offset, label in enumerate(form.classes):
        sheet.put(row + 1, 5 + offset, label, HEAD)
    if noted:
        sheet.put(row, 5 + len(form.classes), "Ghi chú", HEAD, rows=2)


def _officer_row(sheet: SheetWriter, row: int, number: int, line: OfficerLine, noted: bool) -> None:
    sheet.put(row, 1, number, ORDINAL)
    sheet.put(row, 2, line.name, BODY)
    sheet.put(row, 3, line.position, BODY)
    sheet.put(row, 4, line.score, CENTER.with_(number=score_format(line.score, 2)))
    for offset, mark in enumerate(line.marks):
        sheet.put(row, 5 + offset, "X" if mark else None, CENTER)
    if noted:
        sheet.put(row, 5 + len(line.marks), line.note, NOTE)
