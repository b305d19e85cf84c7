"""Exports of the form II.06a/VPCP/KSTT in the portals' layout: titles, merged headers, index row, total, signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.periods import Period

#: measures of the form's columns from C on; before each group is a column with its sum
COLUMNS = (
    ("received_online", "received_direct", "carried_over"),
    ("resolved_early", "resolved_on_time", "resolved_late"),
    ("pending_in_time", "pending_overdue"),
)
HEADERS = (
    ("A8:A10", "TT"),
    ("B8:B10", "Đơn vị"),
    ("C8:F8", "Tiếp nhận"),
    ("C9:C10", "Tổng số"),
    ("D9:E9", "Trong đó"),
    ("D10:D10", "Trực tuyến"),
    ("E10:E10", "Trực tiếp, dịch vụ bưu chính"),
    ("F9:F10", "Từ kỳ trước"),
    ("G8:J8", "Số lượng hồ sơ đã giải quyết"),
    ("G9:G10", "Tổng số"),
    ("H9:H10", "Trước hạn"),
    ("I9:I10", "Đúng hạn (Bao gồm cả hồ sơ chờ Bổ sung và Trả lại / Xin rút)"),
    ("J9:J10", "Quá hạn"),
    ("K8:M8", "Số lượng hồ sơ đang giải quyết"),
    ("K9:K10", "Tổng số"),
    ("L9:L10", "Trong hạn"),
    ("M9:M10", "Quá hạn"),
)
INDEX = [
    "(1)",
    "(2)",
    "(3)=(4)+(5)+(6)",
    "(4)",
    "(5)",
    "(6)",
    "(7)=(8)+(9)+(10)",
    "(8)",
    "(9)",
    "(10)",
    "(11)=(12)+(13)",
    "(12)",
    "(13)",
]
FIRST_ROW = 12
_SIDE = Side(style="thin")
_LINE = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def export(area: str, rows: Sequence[Mapping[str, str]], period: Period, *, total: bool) -> bytes:
    """An export as .xlsx bytes: a row a unit or level. `area`: in the title; `total`: with a row of sums at the end."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "II.06a"
    _write_heading(sheet, area, period)
    table = [counts(row) for row in rows]
    for number, (row, values) in enumerate(zip(rows, table, strict=True)):
        _write_row(sheet, FIRST_ROW + number, str(number + 1), row["unit_name"], values)
    last = FIRST_ROW + len(rows) - 1
    if total:
        last += 1
        _write_row(sheet, last, "", "Tổng số", [sum(column) for column in zip(*table, strict=True)])
    _write_signature(sheet, last + 2)
    sheet.column_dimensions["B"].width = 34
    sheet.column_dimensions["I"].width = 20
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    workbook.properties.creator = "data/make_sample.py"
    return deterministic_xlsx(workbook)


def counts(row: Mapping[str, str]) -> list[int]:
    """The eleven numbers of a row: the sum of each group, then its parts."""
    values = []
    for parts in COLUMNS:
        numbers = [int(row[p]) for p in parts]
        values += [sum(numbers), *numbers]
    return values


def _write_heading(sheet: Worksheet, area: str, period: Period) -> None:
    dates = f"Từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"
    lines = (
        "Biểu số II.06a/VPCP/KSTT",
        f"TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI {area}",
        f"Kỳ báo cáo: Quý {period.roman} năm {period.year} ({dates})",
        "- Đơn vị báo cáo: UBND thành phố Điện Biên Phủ",
        "Đơn vị tính: Số hồ sơ TTHC.",
        "Dữ liệu dựng theo mẫu II.06a từ số liệu in trong Báo cáo 85/BC-UBND; không phải tệp xuất từ cổng.",
    )
    for row, line in enumerate(lines, 1):
        write_text(sheet.cell(row, 1), line)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=13)
    sheet["A2"].font = Font(bold=True)
    for cells, text in HEADERS:
        first, _, last = cells.partition(":")
        write_text(sheet[first], text)
        for line in sheet[cells]:
            for cell in line:
                cell.border, cell.font, cell.alignment = _LINE, Font(bold=True), _CENTRE
        if first != last:
            sheet.merge_cells(cells)
    for column, text in enumerate(INDEX, 1):
        write_text(sheet.cell(FIRST_ROW - 1, column), text)
        sheet.cell(FIRST_ROW - 1, column).alignment = _CENTRE
    sheet.row_dimensions[10].height = 90
    sheet.row_dimensions[FIRST_ROW - 1].height = 30


def _write_row(sheet: Worksheet, row: int, stt: str, name: str, values: Sequence[int]) -> None:
    write_text(sheet.cell(row, 1), stt)
    write_text(sheet.cell(row, 2), name)
    for column, value in enumerate(values, 3):
        sheet.cell(row, column).value = value
    for column in range(1, 14):
        sheet.cell(row, column).border = _LINE


def _write_signature(sheet: Worksheet, row: int) -> None:
    write_text(sheet.cell(row, 9), "…, ngày … tháng … năm …")
    write_text(sheet.cell(row + 1, 9), "Người làm báo cáo")
