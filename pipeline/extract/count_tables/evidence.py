"""The rows of a table that decide what its columns count: those of units, every cell read, not all of them 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable

#: rows without a blank from which those with one are left out
_FEW = 3


class EvidenceRows:
    """Numbers of dossiers by row and column; a blank is 0.

    `rows`: the sheet rows, from 0. `not_counts`: columns of which every filled cell holds something else, such as
    a percentage.
    """

    def __init__(self, table: CountTable, matrix: CountMatrix, rows: Sequence[Row]) -> None:
        lines = matrix.lines(rows)
        columns = list(matrix.position_of)
        values, unread = matrix.values[lines], matrix.unread[lines]
        no_numbers: NDArray[np.bool_] = np.any(unread, axis=0) & ~np.any(values, axis=0)
        self.not_counts = frozenset(c for c, none in zip(columns, no_numbers.tolist(), strict=True) if none)
        used: NDArray[np.bool_] = ~np.any(unread[:, ~no_numbers], axis=1) & np.any(values, axis=1)
        # a blank may stand for any number: rows without one tell more
        full = used & np.array([r.index not in matrix.unusual for r in rows], dtype=np.bool_)
        used = full if full.sum() >= max(_FEW, used.sum() / 2) else used
        others, beside = _other_columns(table, [r.index for r in rows])
        self.rows = [r.index for r, u in zip(rows, used.tolist(), strict=True) if u]
        self._values = np.concatenate([values[used], beside[used]], axis=1)
        self._position_of = {c: i for i, c in enumerate([*columns, *others])}

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, column: int) -> bool:
        """Whether a sheet column holds numbers of dossiers, or is headed as if it did."""
        return column in self._position_of

    def part(self, columns: Iterable[int]) -> NDArray[np.int64]:
        """The numbers of sheet columns. Shape (rows, columns)."""
        return self._values[:, [self._position_of[c] for c in columns]]


def _other_columns(table: CountTable, rows: Sequence[int]) -> tuple[list[int], NDArray[np.int64]]:
    """The columns without a measure of which every cell is a number of dossiers or blank, and their numbers."""
    grid = table.grid
    headed = [c.index for c in table.columns if not c.meaning.measure and c.path and c.index not in table.roles.named]
    if not headed or not rows:
        return [], np.zeros((len(rows), 0), dtype=np.int64)
    values, good, unread = grid.matrix.counts(
        np.array(rows, dtype=np.intp) - grid.top, [column - grid.left for column in headed]
    )
    counts: NDArray[np.bool_] = np.any(good, axis=0) & ~np.any(unread, axis=0)
    return [c for c, yes in zip(headed, counts.tolist(), strict=True) if yes], values[:, counts]
