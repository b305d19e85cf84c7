"""A table with the rows that a newer file gives some of its units, to see which rows its totals add up.

A total that is wrong with the old row of a unit and right with its new one proves that the old row was wrong, and that
the other rows are those that the total was made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.row_owners import Owner


def matrices_with_new_rows(
    matrix: CountMatrix,
    columns: Sequence[HeaderColumn],
    owners: Mapping[int, Owner],
    new_rows: Mapping[str, Mapping[str, int]],
) -> Iterator[CountMatrix]:
    """The matrix with the new rows of all replaced units, then of each alone.

    owners: sheet row -> owner; new_rows: unit_id -> measure -> number. A unit takes part that has one row in the table
    and a new number for each of `columns`.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, owner in owners.items():
        if owner.unit_id in new_rows:
            rows[owner.unit_id].append(row)
    measures = [c.meaning.measure for c in columns]
    given = {
        found[0]: [new_rows[unit][m] for m in measures]
        for unit, found in rows.items()
        if len(found) == 1 and all(m in new_rows[unit] for m in measures)
    }
    if given:
        yield _with_rows(matrix, columns, given)
    for row, numbers in given.items() if len(given) > 1 else ():
        yield _with_rows(matrix, columns, {row: numbers})


def _with_rows(
    matrix: CountMatrix, columns: Sequence[HeaderColumn], numbers: Mapping[int, Sequence[int]]
) -> CountMatrix:
    """The matrix with other numbers in some sheet rows."""
    values, unread = matrix.values.copy(), matrix.unread.copy()
    positions = matrix.positions(c.index for c in columns)
    for row, new in numbers.items():
        values[matrix.line_of[row], positions] = new
        unread[matrix.line_of[row]] = False
    unusual = {row: cells for row, cells in matrix.unusual.items() if row not in numbers}
    return replace(matrix, values=values, unread=unread, unusual=unusual)
