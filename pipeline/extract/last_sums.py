"""A last row that adds up the fields of work of one unit, whatever it is called: counted, it would double the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row, ordinal
from pipeline.extract.count_tables.tables import Table
from pipeline.findings import Finding
from pipeline.registry import UnitIndex


def find_last_sums(table: Table, body: Body, index: UnitIndex, owners: Owners) -> None:
    """Rows without an ordinal below fields of work that they add up in every column.

    Where the fields are numbered such a row is a total; where nothing is, it may be a field like any other: said.
    """
    if all(r.stt for r in table.rows if r.kind == "unit"):
        return
    rows_of: dict[int, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.kind == "unit" and not row.field and row.index in owners.of and not index.resolve_row(row.name).unit_id:
            rows_of[id(owners.of[row.index])].append(row)
    for rows in rows_of.values():
        _find_among(rows, table, body, owners)


def _find_among(rows: Sequence[Row], table: Table, body: Body, owners: Owners) -> None:
    values = body.values[body.lines(rows)]
    filled: NDArray[np.bool_] = np.any(values, axis=1)
    running = values.cumsum(axis=0)
    for i, row in enumerate(rows):
        if not i or ordinal(row) is not None or not filled[i] or (running[i - 1] != values[i]).any():
            continue
        if any(ordinal(r) is not None for r in rows[:i]):
            del owners.of[row.index]
            owners.totals.add(row.index)
        elif filled[:i].sum() > 1:
            cell = table.grid.address(row.index, row.name_column)
            where = (owners.of[row.index].unit_id, table.grid.file, table.grid.sheet, cell)
            owners.findings.append(Finding("row_sum_or_field", *where, row.name))
