"""The count cells of a table as one matrix of numbers, so that checks over columns and rows run vectorised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.sheet.numbers import NEGATIVE, SHARED, TOO_LARGE, Count, as_total

#: kinds of cells that hold something other than a number of dossiers
_UNREAD = frozenset(("bad", "error", "formula"))


@dataclass(frozen=True)
class CountMatrix:
    """The count cells of a table: a line for each row, a position for each column with a measure.

    `values` and `unread` have the shape (rows, columns). Numbers of dossiers; 0 where a cell holds none.
    """

    line_of: Mapping[int, int]  # sheet row -> line
    position_of: Mapping[int, int]  # sheet column -> position
    values: NDArray[np.int64]
    unread: NDArray[np.bool_]  # an Excel error, a formula never calculated, something that is no count
    unusual: Mapping[int, Sequence[Count]]  # sheet row -> all its cells, of rows in which a cell is no number

    def count(self, row: int, column: int) -> Count:
        """The count of a cell, by sheet row and sheet column."""
        position = self.position_of[column]
        plain = row not in self.unusual
        return Count("ok", int(self.values[self.line_of[row], position])) if plain else self.unusual[row][position]

    def lines(self, rows: Iterable[Row]) -> NDArray[np.intp]:
        """The lines of some rows."""
        line_of = self.line_of
        return np.array([line_of[r.index] for r in rows], dtype=np.intp)

    def positions(self, columns: Iterable[int]) -> list[int]:
        """The positions of sheet columns."""
        return [self.position_of[c] for c in columns]

    def part(self, rows: Iterable[Row], columns: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(values, unread) of some rows and sheet columns, in the order given. Shapes (rows, columns)."""
        lines, positions = self.lines(rows), np.array(self.positions(columns), dtype=np.intp)
        return (
            self.values.take(lines, axis=0).take(positions, axis=1),
            self.unread.take(lines, axis=0).take(positions, axis=1),
        )

    def sums(self, rows: Iterable[Row], columns: Sequence[int]) -> dict[int, int]:
        """Sheet column -> the sum of some rows; without the columns in which one of their cells cannot be read."""
        values, unread = self.part(rows, columns)
        added: list[int] = values.sum(axis=0).tolist()
        skipped: list[bool] = np.any(unread, axis=0).tolist()
        return {c: v for c, v, skip in zip(columns, added, skipped, strict=True) if not skip}


def read_matrix(
    table: CountTable, counted: Iterable[HeaderColumn] = (), less: Mapping[int, int] | None = None
) -> CountMatrix:
    """The count cells of all rows of a table: of the columns `counted`, or of those with a measure by their labels.

    `less`: sheet column -> the sheet column whose numbers are taken off it.
    """
    grid = table.grid
    own = [c.index for c in counted] or [c.index for c in table.measure_columns()]
    columns = list(dict.fromkeys([*own, *(less or {}).values()]))
    rows = [r.index for r in table.rows]
    values, good, unread = grid.matrix.counts(
        np.array(rows, dtype=np.intp) - grid.top, [column - grid.left for column in columns]
    )
    changed = {**_large_totals(table, columns, unread), **_hidden_counts(table, columns)}
    changed |= _shared_counts(table, columns)
    for (line, position), count in changed.items():
        values[line, position], good[line, position] = count.value, count.kind == "ok"
        unread[line, position] = count.kind in _UNREAD
    for whole, part in (less or {}).items():
        differences = _differences(values, good, columns.index(whole), columns.index(part))
        for (line, position), count in differences.items():
            values[line, position] = count.value
            good[line, position] = False
        changed |= differences
    unusual = {
        rows[line]: [
            changed.get((line, position), grid.cell(rows[line], column).counted)
            for position, column in enumerate(columns)
        ]
        for line in np.flatnonzero(~good.all(axis=1)).tolist()
    }
    line_of = {row: line for line, row in enumerate(rows)}
    return CountMatrix(line_of, {c: i for i, c in enumerate(columns)}, values, unread, unusual)


def _differences(
    values: NDArray[np.int64], good: NDArray[np.bool_], whole: int, part: int
) -> dict[tuple[int, int], Count]:
    """(line, position) -> the count of a column without the dossiers of another that it includes.

    A number less than its part is no count. A line in which one of the two is no number keeps what it holds.
    """
    found: dict[tuple[int, int], Count] = {}
    for line in np.flatnonzero(good[:, whole] & good[:, part]).tolist():
        own, taken = int(values[line, whole]), int(values[line, part])
        bad = Count("bad", found=f"{own} trừ {taken}", why=NEGATIVE)
        found[line, whole] = Count("ok", own - taken) if own >= taken else bad
    return found


def _large_totals(table: CountTable, columns: Sequence[int], unread: NDArray[np.bool_]) -> dict[tuple[int, int], Count]:
    """(line, position) -> the count of a cell of a total row that is too large for a row of one unit."""
    found: dict[tuple[int, int], Count] = {}
    for line in np.flatnonzero(unread.any(axis=1)).tolist():
        row = table.rows[line]
        if row.kind != "total" and not row.total_like:
            continue
        for position in np.flatnonzero(unread[line]).tolist():
            if table.grid.cell(row.index, columns[position]).counted.why == TOO_LARGE:
                found[line, position] = as_total(table.grid.value(row.index, columns[position]))
    return found


def _hidden_counts(table: CountTable, columns: Sequence[int]) -> dict[tuple[int, int], Count]:
    """(line, position) -> the count of a cell that the reader shows as blank or as another number than Excel does."""
    hidden = table.grid.misread
    position_of = {c: i for i, c in enumerate(columns)} if hidden else {}
    line_of = {r.index: i for i, r in enumerate(table.rows)} if hidden else {}
    return {
        (line_of[row], position_of[column]): table.grid.count(row, column)
        for row, column in hidden
        if row in line_of and column in position_of
    }


def _shared_counts(table: CountTable, columns: Sequence[int]) -> dict[tuple[int, int], Count]:
    """(line, position) -> why it is no count, of cells merged over several counts: none of them has the number."""
    grid = table.grid
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for line, row in enumerate(table.rows):
        if grid.is_merged(row.index):
            for position, column in enumerate(columns):
                members[grid.anchor(row.index, column)].append((line, position))
    return {
        cell: Count("bad", found=f"{text} (một ô gộp chung cho nhiều số)", why=SHARED)
        for anchor, cells in members.items()
        if len(cells) > 1 and (text := grid.text(*anchor))
        for cell in cells
    }


def counted_measures(table: CountTable) -> set[str]:
    """The measures of which some row of a table counts a dossier."""
    matrix = read_matrix(table)
    filled = np.flatnonzero(matrix.values.any(axis=0)).tolist()
    return {c.meaning.measure for c in table.measure_columns() if matrix.position_of[c.index] in filled}
