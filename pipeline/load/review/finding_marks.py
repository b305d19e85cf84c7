"""Colours and comments of a marked sheet: which cells the findings of a sheet mark, and how."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment

from pipeline.extract.sheet.grid import CellAddress
from pipeline.extract.showable_cells import ShowableCells
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.display_names import CONSEQUENCE
from pipeline.load.excel.styles import COPY_BODY, MARK_FILLS, fill_cell, style_cell
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.load.review.finding_cells import MarkedCells
from pipeline.text import xml_text

#: rows kept above and below a marked one where a sheet is too large to be copied whole
_ROWS_AROUND: Final = 2
#: cells of a sheet that are coloured
_MOST_CELLS: Final = 5_000
_LONGEST_COMMENT: Final = 3_000  # letters
#: letters of a comment on a line; pixels of its width, of a line, of the frame, and of its greatest height
_LINE_LETTERS: Final = 52
_WIDTH, _LINE_HEIGHT, _FRAME_HEIGHT, _MOST_HEIGHT = 360, 17, 40, 600
_MARK_ORDER: Final = {"error": 0, "warning": 1, "notice": 2, "consequence": 3}
_AUTHOR: Final = "Kiểm tra số liệu"

#: a row of Findings as texts, with the place that is marked in `file`, `sheet` and `cell`. `mark`: "consequence" where
#: the place only shows what follows from the finding; `cause` is the place of the finding then
FindingRow = Mapping[str, str]


def mark_of(finding: FindingRow) -> str:
    """The kind of a mark, of `MARK_NAMES`: the severity of the finding, or `consequence`."""
    return finding.get("mark") or finding["severity"]


#: kind of a mark -> its name, strongest first
MARK_NAMES: Final = {**SEVERITY_NAMES, "consequence": "Kéo theo"}


@dataclass(frozen=True)
class Marks:
    """The findings that mark each cell, and each whole row, of a sheet. Rows and columns count from 0."""

    cells: Mapping[CellAddress, Sequence[FindingRow]] = field(default_factory=dict)
    rows: Mapping[int, Sequence[FindingRow]] = field(default_factory=dict)

    @classmethod
    def of(cls, findings: Iterable[tuple[FindingRow, MarkedCells]]) -> Marks:
        """The marks of a sheet's findings, most severe finding first, each with its cells."""
        cells: dict[CellAddress, list[FindingRow]] = {}
        rows: dict[int, list[FindingRow]] = {}
        for finding, marked in findings:
            for at in marked.cells:
                cells.setdefault(at, []).append(finding)
            for row in marked.rows:
                rows.setdefault(row, []).append(finding)
        return cls(cells, rows)

    def rows_around(self) -> list[int]:
        """The marked rows with their neighbours, those of the most severe findings first."""
        rows = dict.fromkeys([*(row for row, _ in self.cells), *self.rows])
        return list(dict.fromkeys(r + d for r in rows for d in range(-_ROWS_AROUND, _ROWS_AROUND + 1)))


def write_marks(
    sheet: Any, shown: ShowableCells, kept: Collection[CellAddress], marks: Marks, most_comments: int
) -> int:
    """Colour the marked cells of a copied sheet and comment them. Returns the number of comments.

    `kept`: the cells that were copied. A row is coloured in all its copied cells and commented in the first; where it
    has none, its first column gets the number of the row.
    """
    marked = {at: list(findings) for at, findings in _by_visible_cell(marks.cells, shown).items()}
    first_merged = {row: first for (row, _), first in shown.anchors.items()}
    kept_columns: dict[int, list[int]] = {}
    for row, column in kept:
        if row in marks.rows:
            kept_columns.setdefault(row, []).append(column)
    for row, findings in marks.rows.items():
        columns = kept_columns.get(row, [])
        for column in columns[1:]:
            _fill(sheet.cell(row + 1, column + 1), findings)
        if columns:
            marked.setdefault((row, columns[0]), []).extend(findings)
            continue
        if row not in first_merged:
            _write_row_number(sheet.cell(row + 1, 1), row)
        marked.setdefault(first_merged.get(row, (row, 0)), []).extend(findings)
    comments = 0
    # cells are in the order of the findings: where there are too many, those of the most severe findings are coloured
    for row, column in sorted(list(marked)[:_MOST_CELLS]):
        findings = sorted(marked[row, column], key=lambda f: _MARK_ORDER[mark_of(f)])
        cell = sheet.cell(row + 1, column + 1)
        if not isinstance(cell, Cell):
            continue
        _fill(cell, findings)
        if comments < most_comments:
            cell.comment = _comment(findings)
            comments += 1
    return comments


def _by_visible_cell(
    cells: Mapping[CellAddress, Sequence[FindingRow]], shown: ShowableCells
) -> dict[CellAddress, list[FindingRow]]:
    """The findings by cell; those inside a merged range belong to its first cell."""
    marked: dict[CellAddress, list[FindingRow]] = {}
    for at, findings in cells.items():
        marked.setdefault(shown.anchors.get(at, at), []).extend(findings)
    return marked


def _write_row_number(cell: Any, row: int) -> None:
    """Name a row that shows no cells. `row` counts from 0."""
    if isinstance(cell, Cell):  # a cell inside a merged range cannot hold a value
        write_text(cell, f"dòng {row + 1}")
        style_cell(cell, COPY_BODY)


def _fill(cell: Any, findings: Iterable[FindingRow]) -> None:
    """Colour a cell by the most severe of its findings; faintly where it only shows what follows from them."""
    fill_cell(cell, MARK_FILLS[min(map(mark_of, findings), key=lambda m: _MARK_ORDER[m])])


def _comment(findings: Sequence[FindingRow]) -> Comment:
    text = xml_text("\n\n".join(_comment_text(f) for f in findings))
    if len(text) > _LONGEST_COMMENT:
        text = text[:_LONGEST_COMMENT] + "\n… (xem đủ ở trang Ghi chú)"
    lines = sum(1 + len(line) // _LINE_LETTERS for line in text.split("\n"))
    return Comment(text, _AUTHOR, width=_WIDTH, height=min(_FRAME_HEIGHT + _LINE_HEIGHT * lines, _MOST_HEIGHT))


def _comment_text(finding: FindingRow) -> str:
    name = MARK_NAMES[mark_of(finding)].upper()
    if mark_of(finding) == "consequence":
        return f"{name} (không phải sửa ô này): do {finding['cause']}. {finding['message']}"
    lines = [f"{name}: {finding['message']}"]
    lines += [f"{CONSEQUENCE}{finding['consequences']}"] if finding.get("consequences") else []
    lines += [f"Đã có: {finding['found']}"] if finding["found"] else []
    lines += [f"Cần có: {finding['expected']}"] if finding["expected"] else []
    return "\n".join([*lines, f"Việc cần làm: {finding['action']}"])
