"""The common form of a sheet: a grid of cell values with their true addresses, whatever file format it came from.

Every reader in `containers` returns grids; every recogniser (tables, lists, forms) takes them. The limited worker
process imports this module: nothing heavy is imported at module level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar

from pipeline.extract.sheet.cell_values import BLANK, Cell, Value, see_all
from pipeline.extract.sheet.numbers import (
    ERROR,
    OTHER_FORMAT,
    OTHER_TEXT,
    PARTLY_STRUCK,
    PERCENT,
    STRUCK,
    UNCALCULATED,
    Count,
)
from pipeline.findings import Place

if TYPE_CHECKING:
    from pipeline.extract.sheet.cell_matrix import CellMatrix, TextPredicate

__all__ = ["Grid", "MisreadCell", "UnreadableError", "Value", "column_letter"]

#: cells of the largest merged range that can be a heading; a larger one is a background
MAX_MERGED = 100_000
#: the rows of a sheet in which the mark of a form or the header of a dossier list is looked for
FIRST_ROWS = 200
#: the columns of those rows: a text file may have a million of them in one line
FIRST_COLUMNS = 2_000
#: row, column, both from 0
CellAddress = tuple[int, int]
#: first and last cell of a merged range, both inclusive
MergedRange = tuple[CellAddress, CellAddress]


class UnreadableError(Exception):
    """A file or a sheet that cannot be used. `code`: the code of its finding. `detail`: the cause, in Vietnamese."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class MisreadCell:
    """A cell whose value differs between the reader library and a person's screen.

    The library returns a blank for an Excel error and for a formula that was never calculated. It returns another
    number than the screen shows where a number format changes it (200% is stored as 2) or a part of the cell is struck.
    """

    text: str  # as a person sees it: "#REF!", "=SUM(A1:A3)", "200%"
    formula: bool  # never calculated
    other_number: bool = False  # it shows another number than it holds, or none
    why: str = ""  # Vietnamese, how it does

    @property
    def is_in_doubt(self) -> bool:
        """Whether a person may have struck the cell, or its text is not the one that is shown."""
        return self.why.startswith((STRUCK, PARTLY_STRUCK, OTHER_TEXT))

    @property
    def count(self) -> Count:
        """Why the cell holds no number of dossiers: it never does."""
        if self.other_number:
            return Count("bad", found=self.text, why=PERCENT if self.text.endswith("%") else self.why or OTHER_FORMAT)
        if self.formula:
            return Count("formula", found=self.text, why=UNCALCULATED)
        return Count("error", found=self.text, why=ERROR)


@cache
def column_letter(column: int) -> str:
    """The letters Excel shows over a column, which is counted from 0: 0 -> `A`, 26 -> `AA`."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Grid:
    """One sheet. Code counts rows and columns from 0; findings name cells as Excel does (`B7`)."""

    file: str  # name of the file, or `archive.zip › member`
    sheet: str  # "" where the format has no sheets (csv, HTML)
    rows: Sequence[Sequence[Value]]  # rows may differ in length
    top: int = 0  # sheet row of rows[0]
    left: int = 0  # sheet column of rows[i][0]
    visible: bool = True
    merges: tuple[MergedRange, ...] = ()
    misread: dict[CellAddress, MisreadCell] = field(default_factory=dict)
    #: rows and columns with content that Excel or a browser does not show
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    #: the name of the sheet as it is shown, where its own may name a person
    shown_sheet: str = ""

    #: whether the name of a column comes first in the address of a cell; it does not where rows and columns are
    #: exchanged (`transposed_grid`)
    columns_first: ClassVar[bool] = True

    @property
    def whole(self) -> Grid:
        """The grid of the whole sheet: itself, unless it is made from a part of the sheet."""
        return self

    @property
    def tab(self) -> str:
        """The name of the sheet as findings and questions show it; "" where the format has no sheets."""
        return self.shown_sheet or self.sheet

    @property
    def height(self) -> int:
        """Number of sheet rows up to the last used one (`top` included)."""
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        """Number of sheet columns up to the last used one (`left` included)."""
        return self.left + max((len(r) for r in self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value; None for a blank cell and outside the grid."""
        r, c = row - self.top, column - self.left
        if not (0 <= r < len(self.rows) and 0 <= c < len(self.rows[r])):
            return None
        value = self.rows[r][c]
        return None if value == "" else value

    @cached_property
    def matrix(self) -> CellMatrix:
        """All cells as matrices; index 0 is row `top` and column `left`. For checks that look at every row."""
        # imported late: the worker process uses grids and must not import numpy
        from pipeline.extract.sheet.cell_matrix import CellMatrix

        return CellMatrix(self.rows)

    def cells(self, row: int) -> list[Cell]:
        """The cells of a row, from column `left` on; [] outside the grid. Computed once for each row."""
        cells = self._cells.get(row)
        if cells is None:
            index = row - self.top
            if not 0 <= index < len(self.rows):
                cells = []
            elif "matrix" in self.__dict__:
                cells = self.matrix.row(index)
            else:  # a list or a form needs single rows only: the matrix of the whole sheet is not built for them
                cells = see_all(self.rows[index])
            self._cells[row] = cells
        return cells

    def is_label_row(self, row: int) -> bool:
        """Whether a row shows text and no number."""
        return self.matrix.label_rows[row - self.top]

    def first_label_rows(self) -> list[int]:
        """The rows among the first `FIRST_ROWS` that show text and no number."""
        return [self.top + i for i, label in enumerate(self._first_rows_matrix.label_rows) if label]

    def first_rows_with(self, predicate: TextPredicate) -> list[int]:
        """The rows among the first `FIRST_ROWS` with a text for which the predicate holds."""
        return [self.top + row for row in self._first_rows_matrix.rows_with(predicate)]

    @cached_property
    def _first_rows_matrix(self) -> CellMatrix:
        """The first rows only: a list or a form is recognised by them."""
        from pipeline.extract.sheet.cell_matrix import CellMatrix

        if len(self.rows) <= FIRST_ROWS and self.width - self.left <= FIRST_COLUMNS:
            return self.matrix
        return CellMatrix([row[:FIRST_COLUMNS] for row in self.rows[:FIRST_ROWS]])

    def cell(self, row: int, column: int) -> Cell:
        """One cell; BLANK outside the grid."""
        cells, index = self.cells(row), column - self.left
        return cells[index] if 0 <= index < len(cells) else BLANK

    def text(self, row: int, column: int) -> str:
        """The cell as NFC text; "" for a blank cell, `6` for 6.0."""
        cells, index = self.cells(row), column - self.left
        return cells[index].text if 0 <= index < len(cells) else ""

    def row_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the row's filled cells."""
        if row not in self._row_texts:
            self._row_texts[row] = [(i, c[0]) for i, c in enumerate(self.cells(row), self.left) if c[0]]
        return self._row_texts[row]

    @cached_property
    def _cells(self) -> dict[int, list[Cell]]:
        return {}

    @cached_property
    def _row_texts(self) -> dict[int, list[tuple[int, str]]]:
        return {}  # the recognisers of forms, lists and tables ask for the same rows

    @cached_property
    def _merges_of(self) -> Mapping[int, Sequence[MergedRange]]:
        found = defaultdict(list)
        for merged in self.merges:
            found[merged[0][0]].append(merged)
        return dict(found)

    def merges_from(self, row: int) -> Sequence[MergedRange]:
        """The merged ranges whose first row is `row`."""
        return self._merges_of.get(row, ())

    @cached_property
    def _anchors(self) -> dict[CellAddress, CellAddress]:
        return {
            (r, c): (top, left)
            for (top, left), (bottom, right) in self.merges
            if (bottom - top + 1) * (right - left + 1) <= MAX_MERGED
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }

    @cached_property
    def merged_rows(self) -> set[int]:
        """The rows with a cell in a merged range (backgrounds excluded)."""
        return {r for r, _ in self._anchors}

    @cached_property
    def _merges_over(self) -> Mapping[int, Sequence[MergedRange]]:
        found = defaultdict(list)
        for (top, left), (bottom, right) in self.merges:
            small = (bottom - top + 1) * (right - left + 1) <= MAX_MERGED
            for row in range(top, bottom + 1) if small else (top,):
                found[row].append(((top, left), (bottom, right)))
        return dict(found)

    def merges_over(self, row: int) -> Sequence[MergedRange]:
        """The merged ranges with a cell in the row; of a background only its first row counts."""
        return self._merges_over.get(row, ())

    def is_merged(self, row: int) -> bool:
        """Whether any cell of the row lies in a merged range."""
        return row in self.merged_rows

    def anchor(self, row: int, column: int) -> CellAddress:
        """The top left cell of the merged range that contains the cell; the cell itself outside merged ranges."""
        return self._anchors.get((row, column), (row, column)) if row in self.merged_rows else (row, column)

    def merged_text(self, row: int, column: int) -> str:
        """The text of the merged range that contains the cell; the cell's own text outside merged ranges."""
        return self.text(*self.anchor(row, column)) if row in self.merged_rows else self.text(row, column)

    def merged_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the row's cells whose own text or whose merged range's text is not blank."""
        if row not in self.merged_rows:
            return self.row_texts(row)
        anchors = self._anchors
        shown = [(c, anchors.get((row, c), (row, c))) for c in range(self.left, self.width)]
        text_of = {at: self.text(*at) for at in {at for _, at in shown}}
        return [(c, text_of[at]) for c, at in shown if text_of[at]]

    def count(self, row: int, column: int) -> Count:
        """The number of dossiers that a cell holds; an error, or a formula that was never calculated, is no blank."""
        misread = self.misread.get((row, column))
        return self.cell(row, column).counted if misread is None else misread.count

    def place(self, row: int, column: int) -> Place:
        """The place of one cell. `grid.place(r, c).finding(…)` makes a finding there."""
        return Place(self.file, self.tab, self.address(row, column))

    def place_of(self, cells: str = "") -> Place:
        """The place of the whole sheet, or of rows (`8:10`) or cells (`B7`) of it, given as text."""
        return Place(self.file, self.tab, cells)

    def address(self, row: int, column: int) -> str:
        """The cell's address as Excel writes it: row 6, column 1 -> `B7`."""
        return f"{column_letter(column)}{row + 1}"

    def origin(self, row: int, column: int) -> CellAddress:
        """The cell of the sheet that a cell shows: itself, unless the grid is made from a part of the sheet."""
        return row, column

    def span_of_rows(self, first: int, last: int) -> str:
        """Rows as a finding names them: `8:10`."""
        return f"{first + 1}:{last + 1}"

    def column_names(self, columns: Iterable[int]) -> list[str]:
        """The part of an address that names a column: `C`."""
        return [column_letter(c) for c in columns]

    def row_names(self, rows: Iterable[int]) -> list[str]:
        """The part of an address that names a row: `7`."""
        return [str(r + 1) for r in rows]

    def hidden_among(self, rows: Iterable[int], columns: Iterable[int]) -> tuple[list[int], list[int]]:
        """The hidden ones among some rows and some columns, sorted."""
        return (
            sorted(self.hidden_rows.intersection(rows)) if self.hidden_rows else [],
            sorted(self.hidden_columns.intersection(columns)) if self.hidden_columns else [],
        )

    def worded(self, text: str) -> str:
        """A sentence about columns of the grid as one about the sheet."""
        return text
