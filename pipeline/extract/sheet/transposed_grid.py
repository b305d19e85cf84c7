"""A part of a sheet with rows and columns exchanged, so that units across the columns read like units down the rows.

All addresses that leave it (places of findings, cells of counts) are those of the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from pipeline.extract.sheet.grid import CellAddress, Grid, MergedRange, column_letter

_COLUMN_OF_ROW = re.compile(r"\bcột (?=dòng \d)")


@dataclass(frozen=True)
class TransposedGrid(Grid):
    """`rows` holds header rows made from row labels, then a row for each column of the sheet. Built by `transposed`."""

    source: Grid = field(default_factory=lambda: Grid("", "", ()))
    #: row of this grid -> column of the sheet; column of this grid -> row of the sheet
    sheet_columns: tuple[int, ...] = ()
    sheet_rows: tuple[int, ...] = ()
    #: cells of this grid that are elsewhere in the sheet: labels, and names of groups of units
    placed: Mapping[CellAddress, CellAddress] = field(default_factory=dict)

    columns_first: ClassVar[bool] = False

    @property
    def whole(self) -> Grid:
        """The sheet."""
        return self.source

    def origin(self, row: int, column: int) -> CellAddress:
        """The cell of the sheet that a cell of this grid shows."""
        return self.placed.get((row, column)) or (self.sheet_rows[column], self.sheet_columns[row])

    def address(self, row: int, column: int) -> str:
        """The cell's address in the sheet."""
        return self.source.address(*self.origin(row, column))

    def span_of_rows(self, first: int, last: int) -> str:
        """The row of the sheet that names the units, whatever the rows: findings about a header point there."""
        return self.source.span_of_rows(self.sheet_rows[0], self.sheet_rows[0])

    def column_names(self, columns: Iterable[int]) -> list[str]:
        """The sheet's row numbers of columns of this grid."""
        return [str(self.sheet_rows[c] + 1) for c in columns]

    def row_names(self, rows: Iterable[int]) -> list[str]:
        """The letters of the sheet's columns of rows of this grid."""
        return [column_letter(self.sheet_columns[r]) for r in rows]

    def hidden_among(self, rows: Iterable[int], columns: Iterable[int]) -> tuple[list[int], list[int]]:
        """The hidden rows and columns of the sheet among those that these rows and columns show."""
        return self.source.hidden_among((self.sheet_rows[c] for c in columns), (self.sheet_columns[r] for r in rows))

    def worded(self, text: str) -> str:
        """A sentence about columns of this grid, which are named `dòng 7`, as one about rows."""
        return _COLUMN_OF_ROW.sub("", text)


@dataclass(frozen=True)
class NamedColumn:
    """A column of a sheet that becomes a row: a unit, or the heading of a group of units without cells of its own."""

    column: int  # of the sheet
    name: str
    at: CellAddress  # where the sheet has the name
    is_group: bool = False


@dataclass(frozen=True)
class LabelledRow:
    """A row of a sheet that becomes a column: its labels, the widest first, and where the sheet has each of them."""

    row: int  # of the sheet
    path: tuple[str, ...]
    at: tuple[CellAddress, ...]


def transposed(grid: Grid, head: int, names: Sequence[NamedColumn], lines: Sequence[LabelledRow]) -> TransposedGrid:
    """The cells of the lines under the names, exchanged: column 0 holds names, column 1 … a line each.

    `head`: the sheet row with the names. The first rows, as many as the longest path has labels, are the header.
    """
    depth = max((len(line.path) for line in lines), default=1)
    width = len(lines) + 1
    header = [
        [None, *(line.path[level] if level < len(line.path) else None for line in lines)] for level in range(depth)
    ]
    body = [
        [n.name or None, *([None] * (width - 1) if n.is_group else [grid.value(x.row, n.column) for x in lines])]
        for n in names
    ]
    placed = {
        (level, position): line.at[min(level, len(line.at) - 1)]
        for position, line in enumerate(lines, 1)
        for level in range(depth)
        if line.at
    }
    placed |= {(depth + position, 0): n.at for position, n in enumerate(names)}
    row_of = {n.column: depth + i for i, n in enumerate(names) if not n.is_group}
    column_of = {line.row: i for i, line in enumerate(lines, 1)}
    return TransposedGrid(
        grid.file,
        grid.sheet,
        [*header, *body],
        merges=_merges(grid, row_of, column_of),
        misread={(row_of[c], column_of[r]): m for (r, c), m in grid.misread.items() if r in column_of and c in row_of},
        hidden_rows=frozenset(row_of[c] for c in grid.hidden_columns if c in row_of),
        hidden_columns=frozenset(column_of[r] for r in grid.hidden_rows if r in column_of),
        shown_sheet=grid.shown_sheet,
        source=grid,
        sheet_columns=(*[names[0].column if names else 0] * depth, *(n.column for n in names)),
        sheet_rows=(head, *(line.row for line in lines)),
        placed=placed,
    )


def _merges(grid: Grid, row_of: Mapping[int, int], column_of: Mapping[int, int]) -> tuple[MergedRange, ...]:
    """The merged ranges of the sheet that cover several cells of the exchanged part."""
    found: list[MergedRange] = []
    for (top, left), (bottom, right) in grid.merges:
        columns = [i for r, i in column_of.items() if top <= r <= bottom]
        rows = [i for c, i in row_of.items() if left <= c <= right]
        if columns and rows and len(columns) * len(rows) > 1:
            found.append(((min(rows), min(columns)), (max(rows), max(columns))))
    return tuple(found)
