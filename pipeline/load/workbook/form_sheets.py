"""The forms that are signed, as sheets an office prints: Biểu mẫu 03 of every level and Biểu mẫu 01."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook

from pipeline.load.content.headings import Headings
from pipeline.load.content.level_forms import CriterionBlock, LevelForm
from pipeline.load.content.unit_tables import OfficerForm, OfficerLine, officer_form
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet
from pipeline.load.excel.styles import BODY, CENTER, HEAD, INDEX, LINE, SECTION, SMALL, TITLE, Look
from pipeline.load.report.templating import roman
from pipeline.result import Scored
from pipeline.text import vn_int
from schemas.rulebook import Rounding

_COLUMNS = ("STT", "Tiêu chí/Tiêu chí thành phần", "Điểm tối đa", "Số lượng hồ sơ", "Điểm tự đánh giá", "Ghi chú")
_WIDTHS = [5.5, 42.0, 7.5, 10.0, 9.5, 23.0]


def level_form_sheet(
    workbook: Workbook, form: LevelForm, level_name: str, headings: Headings, rounding: Rounding
) -> Sheet:
    """Biểu mẫu 03 of one level: six columns, the index row, every option's text, an x at the one that applied."""
    sheet = Sheet(workbook, f"Biểu 03 – {level_name}", _WIDTHS)
    row = _level_heading(sheet, form, headings)
    for column, title in enumerate(_COLUMNS, 1):
        sheet.put(row, column, title, HEAD)
        sheet.put(row + 1, column, f"({column})", INDEX)
    head, row = row, row + 2
    starts = []
    for block in form.blocks:
        starts.append(row)
        row = _block(sheet, row, block, rounding)
    bold = CENTER.with_(bold=True)
    sheet.put(row, 1, "TỔNG ĐIỂM", bold, columns=2)
    sheet.put(row, 3, form.total_max, bold.with_(number=styles.places(1)))
    sheet.put(row, 4, None, bold)
    sheet.put(row, 5, form.total, bold.with_(number=styles.places(rounding.total_places)))
    sheet.put(row, 6, form.note, BODY.with_(size=11))
    sheet.fit()
    styles.page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
    sheet.keep_together([*starts, row + 1], repeated=(head, head + 1))
    return sheet


def _level_heading(sheet: Sheet, form: LevelForm, headings: Headings) -> int:
    """Title and facts above the table; gives the row the table starts in."""
    resolved, received = (vn_int(n) if n is not None else "…………" for n in (form.resolved, form.received))
    lines: list[tuple[str, Look]] = [
        (f"Biểu mẫu số 03 ({form.suffix})", LINE.with_(bold=True, horizontal="right")),
        (f"{headings.level_title}\nCỦA {form.name.upper()}", TITLE),
        (f"Kỳ đánh giá: {headings.period}", LINE.with_(horizontal="center")),
        (headings.issued_with, SMALL.with_(horizontal="center")),
        (f"Đơn vị: {form.name}", LINE),
        (f"Tổng số hồ sơ đã giải quyết trong kỳ: {resolved}", LINE),
        (f"Tổng hồ sơ đã tiếp nhận trong kỳ: {received}", LINE),
    ]
    for row, (text, look) in enumerate(lines, 1):
        sheet.put(row, 1, text, look, columns=len(_COLUMNS))
    return len(lines) + 2


def _block(sheet: Sheet, row: int, block: CriterionBlock, rounding: Rounding) -> int:
    """A criterion and its options; its note stands beside all of them. Gives the next free row."""
    strong, middle = BODY.with_(bold=True), CENTER.with_(bold=True)
    number = styles.places(rounding.print_places) if block.exact else styles.trimmed(block.score, rounding.print_places)
    sheet.put(row, 1, block.number, middle)
    sheet.put(row, 2, block.label, strong)
    sheet.put(row, 3, float(block.max_points), middle.with_(number=styles.trimmed(float(block.max_points), 2)))
    sheet.put(row, 4, block.dossiers, middle.with_(number=styles.COUNT))
    sheet.put(row, 5, "–" if block.score is None else block.score, middle.with_(number=number))
    for offset, option in enumerate(block.options, 1):
        points = float(option.points)
        sheet.put(row + offset, 1, None, CENTER)
        sheet.put(row + offset, 2, option.text, BODY)
        sheet.put(row + offset, 3, points, CENTER.with_(number=styles.trimmed(points, 2)))
        sheet.put(row + offset, 4, "x" if option.chosen else option.count, CENTER.with_(number=styles.COUNT))
        sheet.put(row + offset, 5, None, CENTER)
    height = len(block.options) + 1
    beside = BODY.with_(size=11, vertical="top")
    for offset in range(height if not block.note else 0):
        sheet.put(row + offset, 6, None, beside)
    if block.note:
        sheet.put(row, 6, block.note, beside, rows=height)
    return row + height


def officer_sheet(workbook: Workbook, scored: Scored, headings: Headings) -> Sheet:
    """Biểu mẫu 01: officers under their level, their score and an X under their class."""
    form = officer_form(scored)
    noted = any(line.note for _, lines in form.groups for line in lines)
    widths = [5.5, 22.0, 34.0, 9.5, *[12.0] * len(form.classes), *([16.0] if noted else [])]
    sheet = Sheet(workbook, "Biểu 01", widths)
    row = _officer_heading(sheet, headings, len(widths))
    _officer_head(sheet, row, form, noted)
    head, row = row, row + 2
    for position, (name, lines) in enumerate(form.groups, 1):
        sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=len(widths))
        for number, line in enumerate(lines, 1):
            _officer(sheet, row + number, number, line, noted)
        row += len(lines) + 1
    if not form.groups:
        sheet.put(row, 1, "Chưa khai công chức, viên chức nào.", BODY.with_(italic=True), columns=len(widths))
    sheet.fit()
    styles.page(sheet.ws, landscape=False, repeat=f"{head}:{head + 1}")
    return sheet


def _officer_heading(sheet: Sheet, headings: Headings, width: int) -> int:
    lines: Sequence[tuple[str, Look]] = (
        ("Biểu mẫu số 01", LINE.with_(bold=True, horizontal="right")),
        (headings.officer_title, TITLE),
        (f"Kỳ đánh giá: {headings.period}", LINE.with_(horizontal="center")),
        (headings.attached_to, SMALL.with_(horizontal="center")),
    )
    for row, (text, look) in enumerate(lines, 1):
        sheet.put(row, 1, text, look, columns=width)
    return len(lines) + 2


def _officer_head(sheet: Sheet, row: int, form: OfficerForm, noted: bool) -> None:
    for column, title in enumerate(("STT", "Họ tên công chức, viên chức", "Vị trí công tác", "Điểm đánh giá"), 1):
        sheet.put(row, column, title, HEAD, rows=2)
    if form.classes:
        sheet.put(row, 5, "Xếp loại (đánh dấu X vào ô tương ứng)", HEAD, columns=len(form.classes))
    for offset, label in enumerate(form.classes):
        sheet.put(row + 1, 5 + offset, label, HEAD)
    if noted:
        sheet.put(row, 5 + len(form.classes), "Ghi chú", HEAD, rows=2)


def _officer(sheet: Sheet, row: int, number: int, line: OfficerLine, noted: bool) -> None:
    sheet.put(row, 1, number, CENTER.with_(number=styles.WHOLE))
    sheet.put(row, 2, line.name, BODY)
    sheet.put(row, 3, line.position, BODY)
    sheet.put(row, 4, line.score, CENTER.with_(number=styles.trimmed(line.score, 2)))
    for offset, mark in enumerate(line.marks):
        sheet.put(row, 5 + offset, "X" if mark else None, CENTER)
    if noted:
        sheet.put(row, 5 + len(line.marks), line.note, BODY.with_(size=11))
