"""The sheet "Tổng hợp" of a scored quarter: every unit under its level, with scores, class and note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.score_decimals import score_decimals
from pipeline.load.content.unit_tables import UnitLine, unit_table
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    CENTER,
    HEAD,
    NOTE,
    ORDINAL,
    SMALL_HEAD,
    CellStyle,
    score_format,
)
from pipeline.load.workbook.summary_table import SHEET_NAME, finish_table, put_group_title, put_heading
from pipeline.result import Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Rounding

_DASH: Final = "–"
#: (heading, width in Excel's units) of the columns after the criteria
_TAIL: Final = (("TỔNG ĐIỂM", 10.5), ("ĐTB CCVC BỘ PHẬN MỘT CỬA", 11.0), ("PHÂN LOẠI", 11.5), ("GHI CHÚ", 52.0))


def write_results_sheet(workbook: Workbook, scored: Scored, headings: SheetHeadings, rounding: Rounding) -> SheetWriter:
    """Columns as the report prints them: STT in the level, name, criteria, total, ĐTB, class, note.

    A total or average whose maximum is reduced shows it: `13,14/16`. The cell stays a number.
    """
    table = unit_table(scored)
    criteria = len(table.columns)
    widths = [5.5, 25.0, *[6.5] * criteria, *(w for _, w in _TAIL)]
    sheet = SheetWriter(workbook, SHEET_NAME, widths)
    head = put_heading(sheet, headings.table_title, headings)
    _put_head(sheet, head, table.columns)
    row = head + 2
    for position, (name, lines) in enumerate(table.groups, 1):
        put_group_title(sheet, row, position, name)
        for number, line in enumerate(lines, 1):
            sheet.put(row + number, 1, number, ORDINAL)
            sheet.put(row + number, 2, line.name, BODY)
            if not line.scored and line.total is None:
                sheet.put(row + number, 3, line.note, CENTER.with_(italic=True), columns=len(widths) - 2)
                continue
            for column, (value, style) in enumerate(_cells(line, rounding), 3):
                sheet.put(row + number, column, value, style)
        row += len(lines) + 1
    return finish_table(sheet, head, row, table.footnotes)


def _put_head(sheet: SheetWriter, row: int, criteria: Sequence[str]) -> None:
    """The two rows of headers. The criteria and the total have one heading above them."""
    sheet.put(row, 1, "STT", HEAD, rows=2)
    sheet.put(row, 2, "TÊN CƠ QUAN, ĐƠN VỊ", HEAD, rows=2)
    sheet.put(row, 3, "ĐIỂM CÁC TIÊU CHÍ", HEAD, columns=len(criteria) + 1)
    titles = [title for title, _ in _TAIL]
    for column, title in enumerate([*criteria, titles[0]], 3):
        sheet.put(row + 1, column, title, SMALL_HEAD)
    for column, title in enumerate(titles[1:], 4 + len(criteria)):
        sheet.put(row, column, title, SMALL_HEAD, rows=2)


def _cells(line: UnitLine, rounding: Rounding) -> list[tuple[object, CellStyle]]:
    """(value, style) of the cells after a unit's name."""
    places = rounding.print_places
    scores: list[tuple[object, CellStyle]] = [
        (_DASH if score is None else score, CENTER.with_(number=score_format(score, places))) for score in line.scores
    ]
    total_max = line.total_max if line.reduced else None
    return [
        *scores,
        (line.total, _out_of(line.total, total_max, places).with_(bold=True)),
        (line.officer_average, _out_of(line.officer_average, line.officer_average_max, places)),
        (line.class_name or _DASH, CENTER),
        (line.note, NOTE),
    ]


def _out_of(value: float | None, most: float | None, places: int) -> CellStyle:
    """The style of a score; with a maximum (None for none) the cell shows it too: `6,50/8`."""
    number = score_format(value, places)
    most_text = "" if most is None else f"/{vn_decimal(most, score_decimals(most, places))}"
    return CENTER.with_(number=f'{number}"{most_text}"' if most_text else number)
