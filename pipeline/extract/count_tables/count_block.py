"""The counts of the rows that belong to a unit, and a finding for each cell of them that is no number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pipeline.extract.count_records import CountBlock
from pipeline.extract.count_tables.blank_cells import At, Blanks
from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.row_owners import Owner, Owners
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.sheet.cell_values import COUNT_FINDINGS
from pipeline.extract.sheet.numbers import Count
from pipeline.findings import Finding
from schemas.measures import COUNT_NAMES


def count_block(
    table: CountTable,
    columns: Sequence[HeaderColumn],
    matrix: CountMatrix,
    owners: Owners,
    blanks: Blanks,
    less: Mapping[int, HeaderColumn],
) -> CountBlock:
    """The numbers of every row that has an owner, each with its cell. `less`: see `ResolvedColumns.less`."""
    rows = [row for row in table.rows if row.index in owners.of]
    owned = [owners.of[row.index] for row in rows]
    values, _ = matrix.part(rows, (c.index for c in columns))
    kept = np.ones(values.shape, dtype=np.bool_)
    for line, row in enumerate(rows):
        if row.index in matrix.unusual:
            open_ = {c.index for c in blanks.open_columns(row.index)}
            kept[line] = [
                matrix.count(row.index, c.index).kind in {"ok", "blank"} and c.index not in open_ for c in columns
            ]
    indexes = [c.index for c in columns]
    named = [*indexes, *(c.index for c in less.values())]
    name = dict(zip(named, table.grid.column_names(named), strict=True))
    return CountBlock(
        table.grid.file,
        table.grid.sheet,
        [c.meaning.measure for c in columns],
        [owner.unit_id for owner in owned],
        [owner.place for owner in owned],
        [f"{name[i]}−{name[less[i].index]}" if i in less else name[i] for i in indexes],
        table.grid.row_names(row.index for row in rows),
        values,
        kept,
        table.grid.columns_first,
    )


def cell_findings(
    table: CountTable,
    columns: Sequence[HeaderColumn],
    matrix: CountMatrix,
    owners: Owners,
    blanks: Blanks,
    hints: Mapping[At, Sequence[str]],
) -> Iterator[Finding]:
    """A finding for each cell of a unit's row that is no number, and for its blanks. `hints`: see `ControlTotals`."""
    for row in table.rows:
        if row.index in owners.of and row.index in matrix.unusual:
            cells = {c.index: matrix.count(row.index, c.index) for c in columns}
            yield from _in_row(table, row, owners.of[row.index], columns, cells, blanks, hints)


def _in_row(
    table: CountTable,
    row: Row,
    owner: Owner,
    columns: Sequence[HeaderColumn],
    cells: Mapping[int, Count],
    blanks: Blanks,
    hints: Mapping[At, Sequence[str]],
) -> Iterator[Finding]:
    broken = [c for c in columns if cells[c.index].kind in COUNT_FINDINGS]
    for column in broken:
        cell = cells[column.index]
        yield table.grid.place(row.index, column.index).finding(
            COUNT_FINDINGS[cell.kind],
            owner.unit_id,
            found=cell.found,
            expected="một số nguyên không âm",
            label=COUNT_NAMES[column.meaning.measure],
            row=row.name,
            why=cell.why,
        )
    open_ = blanks.open_columns(row.index)
    # beside a broken cell a blank is reported only if a total row implies its value
    reported = [c for c in open_ if not broken or (row.index, c.index) in hints]
    for code, which, expected in (
        ("cell_blank", blanks.zero.get(row.index, ()), "0"),
        ("cell_blank_open", reported, "một số"),
    ):
        if which:
            texts = [hint for c in which for hint in hints.get((row.index, c.index), ())]
            yield table.grid.place_of(", ".join(table.grid.address(row.index, c.index) for c in which)).finding(
                code,
                owner.unit_id,
                found=next((cells[c.index].found for c in which if cells[c.index].found), "trống"),
                expected=expected,
                label=", ".join(COUNT_NAMES[c.meaning.measure] for c in which),
                row=row.name,
                totals="".join(f" {hint}" for hint in dict.fromkeys(texts)),
            )
