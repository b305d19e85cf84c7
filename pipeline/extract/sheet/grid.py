"""A sheet as a grid of cells with true addresses, whatever kind of file it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

from pipeline.extract.sheet.cell_values import BLANK, Cell, Value, see_all
from pipeline.extract.sheet.numbers import ERROR, OTHER_FORMAT, PERCENT, UNCALCULATED, Count
from pipeline.findings import Place

if TYPE_CHECKING:
    from pipeline.extract.sheet.cell_matrix import Seen, Trait

__all__ = ["Grid", "Hidden", "UnreadableError", "Value", "column_letter"]

#: a merged range of more cells is a background, not a heading
MAX_MERGED = 100_000
#: rows of a sheet in which a form says that it is one, or a list of dossiers has its header
FIRST_ROWS = 200
#: and their columns: a text file may have a million of them in one line
FIRST_COLUMNS = 2_000


class UnreadableError(Exception):
    """A file, or a sheet of it, that cannot serve. `code` is a finding's code, `detail` Vietnamese."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Hidden:
    """A cell the reader would show as blank (an Excel error, a formula that was never calculated) or as another number
    than a person sees (200% as 2).
    """

    text: str  # "#REF!" or "=SUM(A1:A3)" or "200%"
    formula: bool
    other_number: bool = False  # its format shows a percentage, thousands, or nothing

    @property
    def count(self) -> Count:
        """Why the cell holds no number of dossiers: it never does."""
        if self.other_number:
            return Count("bad", found=self.text, why=PERCENT if self.text.endswith("%") else OTHER_FORMAT)
        if self.formula:
            return Count("formula", found=self.text, why=UNCALCULATED)
        return Count("error", found=self.text, why=ERROR)


@cache
def column_letter(column: int) -> str:
    """The letters Excel shows over a column, counted from 0: 0 -> `A`, 26 -> `AA`."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Grid:
    """One sheet. Rows and columns count from 0 in the code, cells are named as Excel does (`B7`)."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Value]]
    top: int = 0  # sheet row of rows[0]
    left: int = 0  # sheet column of rows[i][0]
    visible: bool = True
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()  # ((top, left), (bottom, right)), inclusive
    hidden: dict[tuple[int, int], Hidden] = field(default_factory=dict)
    #: rows and columns that hold something and that nobody sees (xlsx only: the reader library does not say)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def height(self) -> int:
        """Rows up to the last one used."""
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        """Columns up to the last one used."""
        return self.left + max((len(r) for r in self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value; None for blank or outside."""
        r, c = row - self.top, column - self.left
        if not (0 <= r < len(self.rows) and 0 <= c < len(self.rows[r])):
            return None
        value = self.rows[r][c]
        return None if value == "" else value

    @cached_property
    def seen(self) -> Seen:
        """What all cells say, as matrices from row `top` and column `left` on: for what looks at all rows."""
        from pipeline.extract.sheet.cell_matrix import Seen  # the worker that opens files knows grids and no numpy

        return Seen(self.rows)

    def cells(self, row: int) -> list[Cell]:
        """What the cells of a row say, from column `left` on; [] outside. Worked out once a row."""
        cells = self._cells.get(row)
        if cells is None:
            index = row - self.top
            if not 0 <= index < len(self.rows):
                cells = []
            elif "seen" in self.__dict__:
                cells = self.seen.row(index)
            else:  # of a list or a form only some rows are asked
                cells = see_all(self.rows[index])
            self._cells[row] = cells
        return cells

    def is_label_row(self, row: int) -> bool:
        """Whether a row shows text and no number."""
        return self.seen.label_rows[row - self.top]

    def first_rows_with(self, trait: Trait) -> list[int]:
        """The rows, of the first ones, in which a text has a trait."""
        return [self.top + row for row in self._first_seen.rows_with(trait)]

    @cached_property
    def _first_seen(self) -> Seen:
        """The first rows. Of a list or a form no others are looked through."""
        from pipeline.extract.sheet.cell_matrix import Seen

        if len(self.rows) <= FIRST_ROWS and self.width - self.left <= FIRST_COLUMNS:
            return self.seen
        return Seen([row[:FIRST_COLUMNS] for row in self.rows[:FIRST_ROWS]])

    def cell(self, row: int, column: int) -> Cell:
        """What one cell says; BLANK outside."""
        cells, index = self.cells(row), column - self.left
        return cells[index] if 0 <= index < len(cells) else BLANK

    def text(self, row: int, column: int) -> str:
        """The cell as NFC text, "" for blank; 6.0 as `6`."""
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
        return {}  # forms, lists and tables are looked for in the same rows

    @cached_property
    def _merges_of(self) -> Mapping[int, Sequence[tuple[tuple[int, int], tuple[int, int]]]]:
        found = defaultdict(list)
        for merged in self.merges:
            found[merged[0][0]].append(merged)
        return dict(found)

    def merges_from(self, row: int) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        """The merged ranges whose first row is `row`."""
        return self._merges_of.get(row, ())

    @cached_property
    def _anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {
            (r, c): (top, left)
            for (top, left), (bottom, right) in self.merges
            if (bottom - top + 1) * (right - left + 1) <= MAX_MERGED
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }

    @cached_property
    def merged_rows(self) -> set[int]:
        """The rows with a cell in a merged range."""
        return {r for r, _ in self._anchors}

    def is_merged(self, row: int) -> bool:
        """Whether any cell of the row lies in a merged range."""
        return row in self.merged_rows

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The top left cell of the merged range that holds the cell, else the cell itself."""
        return self._anchors.get((row, column), (row, column)) if row in self.merged_rows else (row, column)

    def merged_text(self, row: int, column: int) -> str:
        """`text` of the merged range the cell lies in (filled inside the range only)."""
        return self.text(*self.anchor(row, column)) if row in self.merged_rows else self.text(row, column)

    def merged_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the row's cells that are filled, or lie in a merged range that is."""
        if row not in self.merged_rows:
            return self.row_texts(row)
        anchors = self._anchors
        shown = [(c, anchors.get((row, c), (row, c))) for c in range(self.left, self.width)]
        text_of = {at: self.text(*at) for at in {at for _, at in shown}}
        return [(c, text_of[at]) for c, at in shown if text_of[at]]

    def count(self, row: int, column: int) -> Count:
        """The number of dossiers that a cell holds; an error, or a formula that was never calculated, is no blank."""
        hidden = self.hidden.get((row, column))
        return self.cell(row, column).counted if hidden is None else hidden.count

    def place(self, row: int, column: int) -> Place:
        """The place of a cell, as findings name it."""
        return Place(self.file, self.sheet, self.address(row, column))

    def place_of(self, cells: str = "") -> Place:
        """The place of the whole sheet, or of rows (`8:10`) or cells of it given as text."""
        return Place(self.file, self.sheet, cells)

    def address(self, row: int, column: int) -> str:
        """`B7`."""
        return f"{column_letter(column)}{row + 1}"
