"""Numbers that stand right of their headings: report programs (Crystal Reports) cut a page into narrow columns.

The shift is taken for certain only where no number stands below a heading of its own, and where from each heading to
the next there is exactly one filled column, the same in all rows. Any other table keeps its columns as they are:
numbers below no heading then refuse it (`table_checks`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.extract.sheet.row_marks import is_index_row

#: a row of data shows at least this many numbers
_NUMBERS_OF_ROW = 3
_FILLED = TextPredicate(lambda text: True)


@dataclass(frozen=True)
class ShiftedColumns:
    """The columns of a header, each where its values stand. `decision`: Vietnamese, what was taken for what."""

    columns: tuple[HeaderColumn, ...]
    decision: str


def shifted_columns(
    grid: Grid, header: tuple[int, int], columns: Sequence[HeaderColumn], end: int
) -> ShiftedColumns | None:
    """The columns of a table whose values stand right of their headings; None for any other table.

    `header`: its first and last row; `end`: the row after the last row of the table. All are sheet rows from 0.
    """
    counts = [c.index - grid.left for c in columns if c.meaning.measure]
    start, seen = header[1] + 1, grid.matrix
    rows = seen.numbers[start - grid.top : end - grid.top]
    below = (np.flatnonzero(np.any(rows[:, counts], axis=1)) + start).tolist()
    if not counts or any(not is_index_row(grid, r) for r in below):
        return None  # as in nearly all tables: numbers below their headings
    full = (np.flatnonzero(rows.sum(axis=1) >= _NUMBERS_OF_ROW) + start).tolist()
    lines = [r - grid.top for r in full if not is_index_row(grid, r)]
    filled: list[bool] = np.atleast_1d(np.any(seen.matches(_FILLED, seen.codes[lines]), axis=0)).tolist()
    numbers: list[bool] = np.atleast_1d(np.any(seen.numbers[lines], axis=0)).tolist()
    headings = [c for c in columns if any(grid.text(r, c.index) for r in range(header[0], header[1] + 1))]
    found: list[HeaderColumn] = []
    for heading, following in itertools.zip_longest(headings, headings[1:]):
        first = heading.index - grid.left
        last = following.index - grid.left if following is not None else len(filled)
        values = [c for c in range(first, last) if filled[c]]
        if len(values) > 1 or (heading.meaning.measure and not (values and numbers[values[0]])):
            return None
        found.append(replace(heading, index=(values[0] if values else first) + grid.left))
    unheaded = not headings or any(filled[: headings[0].index - grid.left])
    return None if unheaded else ShiftedColumns(tuple(found), _decision(headings, found))


def _decision(headings: Sequence[HeaderColumn], values: Sequence[HeaderColumn]) -> str:
    moved = [(h.letter, column_letter(v.index)) for h, v in zip(headings, values, strict=True) if h.index != v.index]
    pairs = ", ".join(f"{heading} → {value}" for heading, value in moved)
    return f"Số nằm ở cột bên phải tiêu đề (tiêu đề → số): {pairs}"
