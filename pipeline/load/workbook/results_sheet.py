"""The sheet "Tổng hợp" of a scored quarter: every unit under its level, with scores, class and rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.frame_rows import level_names, records
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.unit_tables import UnitLine, UnitTable, unit_table
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    CENTER,
    HEAD,
    NOTE,
    ORDINAL,
    SMALL,
    SMALL_HEAD,
    CellStyle,
    decimal_format,
    score_format,
)
from pipeline.load.workbook.summary_table import SHEET_NAME, finish_table, put_group_title, put_heading
from pipeline.result import Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Rounding

_DASH: Final = "–"


def write_results_sheet(workbook: Workbook, scored: Scored, headings: SheetHeadings, rounding: Rounding) -> SheetWriter:
    """Columns: STT in the level, name, criteria, total, its maximum if reduced for a unit, ĐTB, class, rank, note."""
    table = unit_table(scored)
    reduced = any(line.reduced for _, lines in table.groups for line in lines)
    tail = _columns_after_criteria(reduced)
    criteria = len(table.columns)
    width = 2 + criteria + len(tail)
    sheet = SheetWriter(workbook, SHEET_NAME, [5.5, 25.0, *[6.0] * criteria, *(w for _, w in tail)])
    head = put_heading(sheet, headings.table_title, headings, _notes(table), SMALL)
    _put_head(sheet, head, table.columns, [title for title, _ in tail], 2 if reduced else 1)
    row, ranks = head + 2, _ranks(scored)
    for position, (name, lines) in enumerate(table.groups, 1):
        put_group_title(sheet, row, position, name)
        for number, (line, rank) in enumerate(zip(lines, ranks[position - 1], strict=True), 1):
            sheet.put(row + number, 1, number, ORDINAL)
            sheet.put(row + number, 2, line.name, BODY)
            if not line.scored and line.total is None:
                sheet.put(row + number, 3, line.note, CENTER.with_(italic=True), columns=width - 2)
                continue
            for column, (value, style) in enumerate(_cells(line, rank, reduced, rounding), 3):
                sheet.put(row + number, column, value, style)
        row += len(lines) + 1
    return finish_table(sheet, head)


def _columns_after_criteria(reduced: bool) -> list[tuple[str, float]]:
    """(heading, width in Excel's units) of the columns after the criteria."""
    tail = [("TỔNG ĐIỂM", 8.0)]
    if reduced:
        tail.append(("Điểm tối đa đạt được", 8.0))
    tail.append(("ĐTB CCVC BỘ PHẬN MỘT CỬA", 11.0))
    return [*tail, ("PHÂN LOẠI", 11.5), ("HẠNG", 8.0), ("GHI CHÚ", 48.0)]


def _notes(table: UnitTable) -> str:
    """The notes above the table: footnotes of the results, the meaning of a dash."""
    notes = list(table.footnotes)
    if any(score is None for _, lines in table.groups for line in lines if line.scored for score in line.scores):
        notes.append(
            "Dấu “–”: tiêu chí không tính vì không có thông tin hoặc không có hồ sơ để tính; "
            "điểm tối đa đạt được giảm tương ứng."
        )
    return "\n".join(notes)


def _put_head(sheet: SheetWriter, row: int, criteria: Sequence[str], tail: Sequence[str], banded: int) -> None:
    """The two rows of headers. The criteria and `banded` columns of `tail` have one heading above them."""
    sheet.put(row, 1, "STT", HEAD, rows=2)
    sheet.put(row, 2, "TÊN CƠ QUAN, ĐƠN VỊ", HEAD, rows=2)
    sheet.put(row, 3, "ĐIỂM CÁC TIÊU CHÍ", HEAD, columns=len(criteria) + banded)
    for column, title in enumerate([*criteria, *tail[:banded]], 3):
        sheet.put(row + 1, column, title, SMALL_HEAD)
    for column, title in enumerate(tail[banded:], 3 + len(criteria) + banded):
        sheet.put(row, column, title, SMALL_HEAD, rows=2)


def _ranks(scored: Scored) -> list[list[object]]:
    """Ranks of the units, by groups and lines of the table of results."""
    rows = records(scored.unit_scores)
    groups = [[r["rank"] for r in rows if r["level"] == level] for level, _ in level_names(scored.checked)]
    return [group for group in groups if group]


def _cells(line: UnitLine, rank: object, reduced: bool, rounding: Rounding) -> list[tuple[object, CellStyle]]:
    """(value, style) of the cells after a unit's name."""
    total = CENTER.with_(number=decimal_format(rounding.total_places))
    cells: list[tuple[object, CellStyle]] = [
        (_DASH if score is None else score, CENTER.with_(number=score_format(score, rounding.print_places)))
        for score in line.scores
    ]
    cells.append((line.total, total.with_(bold=True)))
    if reduced:
        cells.append((line.total_max, total))
    cells.append((line.officer_average, total if line.officer_average_max is None else _with_maximum(total, line)))
    return [
        *cells,
        (line.class_name, CENTER),
        (rank, ORDINAL),
        (line.note, NOTE),
    ]


def _with_maximum(style: CellStyle, line: UnitLine) -> CellStyle:
    """The style of an average with a reduced maximum: the cell stays a number and shows `6,50/8`."""
    return style.with_(number=f'{style.number}"/{vn_decimal(line.officer_average_max or 0, 2, trim=True)}"')
