"""The numbers of a table's rows as one matrix, and what is no number, so that checks cost columns and not cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.cells import Count, read_count
from pipeline.extract.rows import Row
from pipeline.extract.tables import Table

_OK = {"ok"}
_BROKEN = {"bad", "error", "formula"}


@dataclass(frozen=True)
class Body:
    """The count cells of a table: one line a row with numbers, one place a column with a measure."""

    at: dict[int, int]  # sheet row -> line
    place: dict[int, int]  # sheet column -> place in a line
    values: NDArray[np.int64]  # 0 where a cell is no number
    broken: NDArray[np.bool_]  # an error, a formula never calculated, something that is no count
    odd: dict[int, list[Count]]  # sheet row -> its cells, of the rows where one of them is not "ok"

    def count(self, row: int, column: int) -> Count:
        """What the cell holds."""
        place = self.place[column]
        return self.odd[row][place] if row in self.odd else Count("ok", int(self.values[self.at[row], place]))

    def lines(self, rows: Iterable[Row]) -> list[int]:
        """The lines of rows."""
        return [self.at[r.index] for r in rows]

    def places(self, columns: Iterable[int]) -> list[int]:
        """The places of sheet columns."""
        return [self.place[c] for c in columns]


def read_body(table: Table) -> Body:
    """The count cells of every row that is a unit's or a total's, and of a row that lists a unit without numbers."""
    grid = table.grid
    columns = [c.index for c in table.columns if c.meaning.measure]
    offsets = [c - grid.left for c in columns]
    at: dict[int, int] = {}
    values: list[list[int]] = []
    odd: dict[int, list[Count]] = {}
    reach = max(offsets)
    for line, row in enumerate(table.rows):
        at[row.index] = line
        cells = grid.cells(row.index)
        if grid.hidden or len(cells) <= reach:
            counts = [read_count(grid, row.index, c) for c in columns]
        else:
            counts = [cells[i].count for i in offsets]
        values.append([c.value for c in counts])
        if {c.kind for c in counts} != _OK:
            odd[row.index] = counts
    broken = np.zeros((len(values), len(columns)), dtype=np.bool_)
    for index, counts in odd.items():
        broken[at[index]] = [c.kind in _BROKEN for c in counts]
    matrix = np.array(values, dtype=np.int64).reshape(len(values), len(columns))
    return Body(at, {c: i for i, c in enumerate(columns)}, matrix, broken, odd)


class Lines:
    """The rows by which labels are settled: sums of columns, a number a row."""

    def __init__(self, body: Body, rows: Sequence[Row]) -> None:
        lines = np.array(body.lines(rows), dtype=np.intp)
        chosen = body.values[lines]
        kept = ~body.broken[lines].any(axis=1) & chosen.any(axis=1)
        self._values, self._place = chosen[kept], body.place

    def __len__(self) -> int:
        return len(self._values)

    def sum(self, columns: Iterable[int]) -> NDArray[np.int64]:
        """The sum of sheet columns in every row; a blank adds nothing."""
        total: NDArray[np.int64] = self._values[:, [self._place[c] for c in columns]].sum(axis=1)
        return total
