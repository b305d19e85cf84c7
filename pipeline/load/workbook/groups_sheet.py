"""The sheet "Tổng hợp" of a quarter scored by an index set: ranks, points of groups, totals and classes of units."""

from __future__ import annotations

from typing import Final

from openpyxl import Workbook

from pipeline.load.content.group_table import GroupLine, GroupsTable
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.score_decimals import score_decimals
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import BODY, CENTER, HEAD, ORDINAL, SMALL_HEAD, CellStyle, score_format
from pipeline.load.workbook.summary_table import SHEET_NAME, finish_table, put_group_title, put_heading
from pipeline.text import vn_decimal

_DASH: Final = "–"
_RANK, _NAME, _LEVEL, _CODE, _POINTS, _TOTAL, _CLASS = 8.5, 30.0, 15.0, 10.0, 11.0, 13.0, 34.0


def write_groups_sheet(workbook: Workbook, table: GroupsTable, headings: SheetHeadings, places: int) -> SheetWriter:
    """Rank, name, level, code, points of each group, total and class; sở and xã apart. Cells of points stay numbers."""
    count = len(table.columns)
    widths = [_RANK, _NAME, _LEVEL, _CODE, *[_POINTS] * count, _TOTAL, _CLASS]
    sheet = SheetWriter(workbook, SHEET_NAME, widths)
    head = put_heading(sheet, table.title, headings, table.days)
    for column, title in enumerate(("HẠNG", "TÊN ĐƠN VỊ", "CẤP", "MÃ"), 1):
        sheet.put(head, column, title, HEAD, rows=2)
    sheet.put(head, 5, "ĐIỂM CÁC NHÓM", HEAD, columns=count)
    for column, title in enumerate(table.columns, 5):
        sheet.put(head + 1, column, title, SMALL_HEAD)
    sheet.put(head, 5 + count, table.total_column, SMALL_HEAD, rows=2)
    sheet.put(head, 6 + count, "XẾP LOẠI", SMALL_HEAD, rows=2)
    row = head + 2
    for position, (name, lines) in enumerate(table.levels, 1):
        put_group_title(sheet, row, position, name)
        for number, line in enumerate(lines, 1):
            for column, (value, style) in enumerate(_cells(line, places), 1):
                sheet.put(row + number, column, value, style)
        row += len(lines) + 1
    return finish_table(sheet, head, row, table.footnotes)


def _cells(line: GroupLine, places: int) -> list[tuple[object, CellStyle]]:
    """(value, style) of the cells of a unit."""
    most = "" if line.total_max is None else f"/{vn_decimal(line.total_max, score_decimals(line.total_max, places))}"
    return [
        (_DASH if line.rank is None else line.rank, ORDINAL),
        (line.name, BODY),
        (line.level, CENTER),
        (line.code, CENTER),
        *((_DASH if p.points is None else p.points, _number(p.points, places, p.mark)) for p in line.groups),
        (_DASH if line.total is None else line.total, _number(line.total, places, most).with_(bold=True)),
        (line.class_name, CENTER),
    ]


def _number(value: float | None, places: int, after: str) -> CellStyle:
    """The style of points with a text after the number; the cell stays a number."""
    number = score_format(value, places)
    return CENTER.with_(number=f'{number}"{after}"' if after else number)
