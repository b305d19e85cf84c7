"""The sheet "Tổng hợp" of a scored quarter: every unit under its level with its scores, classes and rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.frame_rows import levels_of, records
from pipeline.load.content.headings import Headings
from pipeline.load.content.unit_tables import UnitLine, UnitTable, unit_table
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet
from pipeline.load.excel.styles import BODY, CENTER, HEAD, LINE, SECTION, SMALL, TITLE, Look
from pipeline.load.report.templating import roman
from pipeline.result import Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Rounding

NAME: Final = "Tổng hợp"
_DASH: Final = "–"


def scores_sheet(workbook: Workbook, scored: Scored, headings: Headings, rounding: Rounding) -> Sheet:
    """The unit table: STT in the level, criteria, total, reachable maximum where reduced, ĐTB, classes, rank, note."""
    table = unit_table(scored)
    reduced = any(line.reduced for _, lines in table.groups for line in lines)
    tail = _tail(reduced, table.has_local, headings)
    criteria = len(table.columns)
    width = 2 + criteria + len(tail)
    sheet = Sheet(workbook, NAME, [5.5, 25.0, *[6.0] * criteria, *(w for _, w in tail)])
    head = put_heading(
        sheet, headings.table_title, headings, _legend(table, headings), LINE.with_(size=11, italic=True)
    )
    _put_head(sheet, head, table.columns, [title for title, _ in tail], 2 if reduced else 1)
    row, ranks = head + 2, _ranks(scored)
    for position, (name, lines) in enumerate(table.groups, 1):
        sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=width)
        for number, (line, rank) in enumerate(zip(lines, ranks[position - 1], strict=True), 1):
            sheet.put(row + number, 1, number, CENTER.with_(number=styles.WHOLE))
            sheet.put(row + number, 2, line.name, BODY)
            if not line.scored and line.total is None:
                sheet.put(row + number, 3, line.note, CENTER.with_(italic=True), columns=width - 2)
                continue
            for column, (value, look) in enumerate(_cells(line, rank, reduced, table.has_local, rounding), 3):
                sheet.put(row + number, column, value, look)
        row += len(lines) + 1
    return finish(sheet, head)


def _tail(reduced: bool, has_local: bool, headings: Headings) -> list[tuple[str, float]]:
    """Headings and widths of the columns after the criteria."""
    tail = [("TỔNG ĐIỂM", 8.0)]
    if reduced:
        tail.append(("Điểm tối đa đạt được", 8.0))
    tail.append(("ĐTB CCVC BỘ PHẬN MỘT CỬA", 11.0))
    if has_local:
        tail.append(("PHÂN LOẠI", 11.5))
    return [*tail, (headings.law_class, 11.0), ("HẠNG", 8.0), ("GHI CHÚ", 40.0)]


def _legend(table: UnitTable, headings: Headings) -> str:
    notes = [*headings.class_notes, *table.footnotes]
    if any(score is None for _, lines in table.groups for line in lines if line.scored for score in line.scores):
        notes.append(
            "Dấu “–”: tiêu chí không tính vì không có thông tin hoặc không có hồ sơ để tính; "
            "điểm tối đa đạt được giảm tương ứng."
        )
    return "\n".join(notes)


def _put_head(sheet: Sheet, row: int, criteria: Sequence[str], tail: Sequence[str], banded: int) -> None:
    """Two header rows; the criteria and the total (with its maximum) stand under one band, as the annex has them."""
    small = HEAD.with_(size=11)
    sheet.put(row, 1, "STT", HEAD, rows=2)
    sheet.put(row, 2, "TÊN CƠ QUAN, ĐƠN VỊ", HEAD, rows=2)
    sheet.put(row, 3, "ĐIỂM CÁC TIÊU CHÍ", HEAD, columns=len(criteria) + banded)
    for column, title in enumerate([*criteria, *tail[:banded]], 3):
        sheet.put(row + 1, column, title, small)
    for column, title in enumerate(tail[banded:], 3 + len(criteria) + banded):
        sheet.put(row, column, title, small, rows=2)


def _ranks(scored: Scored) -> list[list[object]]:
    """Ranks in the order of the unit table's groups."""
    rows = records(scored.unit_scores)
    groups = [[r["rank"] for r in rows if r["level"] == level] for level, _ in levels_of(scored.checked)]
    return [group for group in groups if group]


def _cells(
    line: UnitLine, rank: object, reduced: bool, has_local: bool, rounding: Rounding
) -> list[tuple[object, Look]]:
    """What stands after a unit's name."""
    total = CENTER.with_(number=styles.places(rounding.total_places))
    cells: list[tuple[object, Look]] = [
        (_DASH if score is None else score, CENTER.with_(number=styles.trimmed(score, rounding.print_places)))
        for score in line.scores
    ]
    cells.append((line.total, total.with_(bold=True)))
    if reduced:
        cells.append((line.total_max, total))
    cells.append((line.officer_average, total if line.officer_average_max is None else _of(total, line)))
    if has_local:
        cells.append((line.class_local, CENTER))
    return [
        *cells,
        (line.class_law, CENTER),
        (rank, CENTER.with_(number=styles.WHOLE)),
        (line.note, BODY.with_(size=11)),
    ]


def _of(look: Look, line: UnitLine) -> Look:
    """An average of a reduced maximum stays a number and shows the maximum: `6,50/8`."""
    return look.with_(number=f'{look.number}"/{vn_decimal(line.officer_average_max or 0, 2, trim=True)}"')


def put_heading(sheet: Sheet, title: str, headings: Headings, note: str, look: Look) -> int:
    """Title, the report it belongs to and a note; gives the row the table starts in."""
    lines = ((title, TITLE), (headings.attached_to, SMALL.with_(horizontal="center")), (note, look))
    for row, (text, dress) in enumerate(lines, 1):
        sheet.put(row, 1, text, dress, columns=len(sheet.widths))
    return len(lines) + 2


def finish(sheet: Sheet, head: int) -> Sheet:
    """Fit, freeze and make ready to print a table with two header rows and names in its second column."""
    sheet.fit()
    sheet.ws.freeze_panes = f"C{head + 2}"
    styles.page(sheet.ws, landscape=True, repeat=f"{head}:{head + 1}")
    return sheet
