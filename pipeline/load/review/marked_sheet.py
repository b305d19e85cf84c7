"""A sheet of a marked copy: shown cells where they stand in the original, offending ones coloured and commented."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from pipeline.extract.sheet.grid import CellAddress
from pipeline.extract.showable_cells import ShowableCells
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import sheet_name
from pipeline.load.excel.styles import SEVERITY_FILLS, Look
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height, text_width, units_for
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.review.finding_cells import MOST_COLUMNS, MOST_ROWS, Places
from pipeline.text import xml_text

#: rows kept around an offending one where a sheet is too large to be copied whole
_AROUND: Final = 2
_HEAD: Final = Look(size=10, bold=True, horizontal="center", border="light", fill="F2F2F2")
_BODY: Final = Look(size=10, vertical="top", border="light")
_NUMBER: Final = _BODY.with_(horizontal="right", number=styles.COUNT)
_TITLE: Final = Look(size=10, bold=True)
#: a header that ends further down would leave no room for the rows under it
_MOST_FROZEN: Final = 20
_NARROW, _WIDE = 9.0, 34.0
#: points of a header's row, and of a row below it: a long remark must not push the others out of sight
_TALLEST, _TALL = 250.0, 58.0
#: letters of a cell that decide how high its row is
_LONGEST_FITTED: Final = 600
_LONGEST_COMMENT: Final = 3_000
#: places of a sheet that are coloured
_MOST_PLACES: Final = 5_000
_ORDER: Final = {"error": 0, "warning": 1, "notice": 2}
#: a number beyond it is shown as text: Excel keeps fifteen digits
_EXACT: Final = 10**15
AUTHOR: Final = "Kiểm tra số liệu"

Finding = Mapping[str, str]


@dataclass
class Marks:
    """What the findings of a sheet colour: place -> findings, most severe first."""

    cells: dict[CellAddress, list[Finding]] = field(default_factory=dict)
    rows: dict[int, list[Finding]] = field(default_factory=dict)

    def add(self, finding: Finding, where: Places) -> None:
        """Remember a finding at its places."""
        for at in where.cells:
            self.cells.setdefault(at, []).append(finding)
        for row in where.rows:
            self.rows.setdefault(row, []).append(finding)

    def near(self) -> list[int]:
        """Rows of the marks and a few around each, those of the most severe findings first (in the order added)."""
        rows = dict.fromkeys([*(r for r, _ in self.cells), *self.rows])
        return list(dict.fromkeys(r + d for r in rows for d in range(-_AROUND, _AROUND + 1)))


def write_marked(
    workbook: Workbook, shown: ShowableCells, marks: Marks, *, most: int, comments: int
) -> tuple[str, int]:
    """Add the sheet; gives its name and how many places got a comment (at most `comments`).

    `most`: cells it may show; of a sheet with more the headers and the rows near a mark, as far as that reaches.
    """
    sheet = workbook.create_sheet(sheet_name(shown.sheet or "Bảng", workbook.sheetnames))
    kept = _kept(shown, marks, most)
    _merge(sheet, shown, kept)
    for (row, column), value in kept.items():
        look = _HEAD if row in shown.heads else _TITLE if row in shown.titles else _BODY
        _write(sheet.cell(row + 1, column + 1), value, look)
    _fit(sheet, shown, kept)
    used = _colour(sheet, shown, kept, marks, comments)
    below = _below_head(shown)
    if 0 < below <= _MOST_FROZEN:
        sheet.freeze_panes = f"A{below + 1}"
    styles.page(sheet, landscape=True)
    return sheet.title, used


def _below_head(shown: ShowableCells) -> int:
    """The row, from 0, under the first header; 0 without one."""
    row = min(shown.heads, default=-1)
    while row + 1 in shown.heads:
        row += 1
    return row + 1


def _kept(shown: ShowableCells, marks: Marks, most: int) -> dict[CellAddress, Any]:
    rows = None
    if len(shown.cells) > most:
        of_row: dict[int, int] = {}
        for row, _ in shown.cells:
            of_row[row] = of_row.get(row, 0) + 1
        rows, left = set(), most
        for row in (*sorted(shown.heads | shown.titles), *marks.near()):
            if row not in rows and left >= of_row.get(row, 0) > 0:
                rows.add(row)
                left -= of_row[row]
    return {
        (r, c): value
        for (r, c), value in sorted(shown.cells.items(), key=lambda item: item[0])
        if r < MOST_ROWS and c < MOST_COLUMNS and (rows is None or r in rows)
    }


def _merge(sheet: Any, shown: ShowableCells, kept: Collection[CellAddress]) -> None:
    for (top, left), (bottom, right) in shown.merges:
        if (top, left) in kept and bottom < MOST_ROWS and right < MOST_COLUMNS:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


def _write(cell: Any, value: Any, look: Look) -> None:
    """Numbers as numbers; all else as text, so that nothing is calculated and nothing opened."""
    if not isinstance(cell, Cell):  # inside a merged range: holds nothing
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and math.isfinite(value) and abs(value) < _EXACT:
        cell.value = int(value) if float(value).is_integer() else value
        look = _NUMBER if look is _BODY else look
    else:
        write_text(cell, _text(value))
    styles.apply(cell, look)
    if look is _TITLE:  # reaches over the empty cells beside it
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=False)


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}".removesuffix(" 00:00:00")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _fit(sheet: Any, shown: ShowableCells, kept: Mapping[CellAddress, Any]) -> None:
    """Columns as wide as what stands in them alone, up to a limit; rows as high as the texts in them need."""
    spans = dict(shown.merges)
    widths: dict[int, float] = {}
    texts: dict[CellAddress, str] = {}
    for (row, column), value in kept.items():
        if row in shown.titles:
            continue
        text = texts[row, column] = _text(value)[:_LONGEST_FITTED]
        if spans.get((row, column), (row, column))[1] == column:
            bold = row in shown.heads
            longest = max(text_width(w, 10, bold=bold) for w in (text.split() if bold else text.split("\n")) or [""])
            widths[column] = max(widths.get(column, _NARROW), min(units_for(longest) + 1, _WIDE))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column + 1)].width = round(width, 1)
    heights: dict[int, float] = {}
    for (row, column), text in sorted(texts.items(), key=lambda item: spans.get(item[0], item[0])[0]):
        bottom, right = spans.get((row, column), (row, column))
        room = sum(widths.get(c, 8.4) for c in range(column, min(right, column + 60) + 1)) * POINTS_PER_UNIT
        needed = row_height(line_count(text, 10, room, bold=row in shown.heads), 10)
        heights[bottom] = max(heights.get(bottom, 0.0), needed - sum(heights.get(r, 15.0) for r in range(row, bottom)))
    for row, height in heights.items():
        if height > 15:
            sheet.row_dimensions[row + 1].height = min(height, _TALLEST if row in shown.heads else _TALL)


def _colour(sheet: Any, shown: ShowableCells, kept: Collection[CellAddress], marks: Marks, comments: int) -> int:
    """Colours and comments; gives how many comments. A row is coloured where it shows cells, else in its first cell."""
    places: dict[CellAddress, list[Finding]] = {}
    for at, findings in marks.cells.items():
        places.setdefault(shown.anchors.get(at, at), []).extend(findings)
    merged_row = {row: first for (row, _), first in shown.anchors.items()}
    of_row: dict[int, list[int]] = {}
    for row, column in kept:
        if row in marks.rows:
            of_row.setdefault(row, []).append(column)
    for row, findings in marks.rows.items():
        columns = of_row.get(row, [])
        for column in columns[1:]:
            _fill(sheet.cell(row + 1, column + 1), findings)
        if columns:
            places.setdefault((row, columns[0]), []).extend(findings)
            continue
        if row not in merged_row:
            _write(sheet.cell(row + 1, 1), f"dòng {row + 1}", _BODY)
        places.setdefault(merged_row.get(row, (row, 0)), []).extend(findings)
    used = 0
    # places are in the order of the findings: where there are too many, the most severe ones are coloured
    for at in sorted(list(places)[:_MOST_PLACES]):
        findings = sorted(places[at], key=lambda f: _ORDER[f["severity"]])
        cell = sheet.cell(at[0] + 1, at[1] + 1)
        if not isinstance(cell, Cell):
            continue
        _fill(cell, findings)
        if used < comments:
            cell.comment = _comment(findings)
            used += 1
    return used


def _fill(cell: Any, findings: Iterable[Finding]) -> None:
    worst = min((f["severity"] for f in findings), key=lambda s: _ORDER[s])
    colour = f"FF{SEVERITY_FILLS[worst]}"
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)


def _comment(findings: Sequence[Finding]) -> Comment:
    text = xml_text("\n\n".join(_said(f) for f in findings))
    if len(text) > _LONGEST_COMMENT:
        text = text[:_LONGEST_COMMENT] + "\n… (xem đủ ở trang Ghi chú)"
    lines = sum(1 + len(line) // 52 for line in text.split("\n"))
    return Comment(text, AUTHOR, width=360, height=min(40 + 17 * lines, 600))


def _said(finding: Finding) -> str:
    lines = [f"{SEVERITY_NAMES[finding['severity']].upper()}: {finding['message']}"]
    lines += [f"Đã có: {finding['found']}"] if finding["found"] else []
    lines += [f"Cần có: {finding['expected']}"] if finding["expected"] else []
    return "\n".join([*lines, f"Việc cần làm: {finding['action']}"])
