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
from pipeline.extract.sheet.cell_values import SHOWN_OTHERWISE, count_finding
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
    """A finding for each cell of a unit's row that is no number, and for its blanks. `hints`: see `ControlTotals`.

    Cells of a row that show something else than they hold for one reason share a finding.
    """
    struck = {row for (row, column), m in table.grid.misread.items() if m.is_in_doubt and column in table.roles.named}
    for row in table.rows:
        if row.index in owners.of and (row.index in matrix.unusual or row.index in struck):
            yield from _shown_otherwise(table, row, owners.of[row.index], columns, matrix)
        if row.index in owners.of and row.index in matrix.unusual:
            cells = {c.index: matrix.count(row.index, c.index) for c in columns}
            yield from _in_row(table, row, owners.of[row.index], columns, cells, blanks, hints)


def _shown_otherwise(
    table: CountTable, row: Row, owner: Owner, columns: Sequence[HeaderColumn], matrix: CountMatrix
) -> Iterator[Finding]:
    """The findings of a row's cells that show something else than they hold: one for each reason."""
    grid = table.grid
    cells: dict[str, list[tuple[int, str, str, str]]] = {}  # reason -> column, what it is, what it shows, why
    named = ((c, m) for (r, c), m in grid.misread.items() if r == row.index and m.is_in_doubt)
    for column, misread in named:
        if column in table.roles.named:
            cells.setdefault(misread.why.partition(":")[0], []).append((column, "tên dòng", "", misread.why))
    for head in columns:
        count = matrix.count(row.index, head.index)
        if count_finding(count) == SHOWN_OTHERWISE:
            name = COUNT_NAMES[head.meaning.measure]
            cells.setdefault(count.why.partition(":")[0], []).append((head.index, name, count.found, count.why))
    for same in cells.values():
        names = list(dict.fromkeys(name for _, name, _, _ in same))
        label = names[0] + (f" và {len(names) - 1} cột khác" if len(names) > 1 else "")
        yield grid.place_of(", ".join(grid.address(row.index, c) for c, *_ in same)).finding(
            SHOWN_OTHERWISE,
            owner.unit_id,
            found=", ".join(shown for _, _, shown, _ in same if shown),
            expected="ô hiện đúng cái ô giữ, không gạch ngang",
            label=label,
            row=row.name,
            why=same[0][3],
        )


def _in_row(
    table: CountTable,
    row: Row,
    owner: Owner,
    columns: Sequence[HeaderColumn],
    cells: Mapping[int, Count],
    blanks: Blanks,
    hints: Mapping[At, Sequence[str]],
) -> Iterator[Finding]:
    broken = [c for c in columns if count_finding(cells[c.index])]
    for column in broken:
        cell = cells[column.index]
        if count_finding(cell) == SHOWN_OTHERWISE:
            continue
        yield table.grid.place(row.index, column.index).finding(
            count_finding(cell),
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
