"""Which row of a table makes its totals differ, said where the row is: what is wrong, and which totals follow from it.

`arithmetic.diagnosis` explains the difference of one total. Here the explanations of all totals of a table become one
finding for each wrong row, and one for each total that is wrong itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pipeline.arithmetic.diagnosis import Explanation, explanations, identity_weights
from pipeline.extract.count_tables.blank_cells import Blanks
from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable
from pipeline.findings import Consequence, Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: sheet row -> sheet column -> what the cell lacks
Lacks = Mapping[int, Mapping[int, int]]


class Difference(NamedTuple):
    """One column in which a total row is not the sum of its rows."""

    column: HeaderColumn
    stated: int
    added: int


@dataclass(frozen=True)
class DifferingTotal:
    """A total row that is not the sum of its rows, and the likeliest explanations: sheet rows and columns, from 0."""

    row: Row
    differences: tuple[Difference, ...]
    rows: tuple[Lacks, ...]  # of each explanation: the cells of rows that are wrong
    own: tuple[frozenset[int], ...]  # of each explanation: the columns in which the total itself is wrong

    @property
    def blames_itself(self) -> frozenset[int]:
        """The columns in which the total is wrong by every explanation."""
        return frozenset.intersection(*self.own)

    @property
    def cells(self) -> set[tuple[int, int]]:
        """The cells (sheet row, sheet column) of rows that are wrong by some explanation."""
        return {(row, column) for lacks in self.rows for row, cells in lacks.items() for column in cells}


def explain_total(
    row: Row,
    differences: Sequence[Difference],
    summed: Sequence[Row],
    columns: Sequence[HeaderColumn],
    stated: Mapping[int, int],
    matrix: CountMatrix,
    owners: Owners,
    blanks: Blanks,
) -> DifferingTotal | None:
    """What a total's differences from some rows follow from; None where the numbers do not show it.

    `stated`: sheet column -> the number of the total, of the columns that are compared.
    """
    indexes = [c.index for c in columns]
    values, unknown = matrix.part(summed, indexes)
    unknown = unknown.copy()
    for line, one in enumerate(summed):
        if one.index in blanks.open:
            open_ = {c.index for c in blanks.open_columns(one.index)}
            unknown[line] |= np.array([i in open_ for i in indexes], dtype=np.bool_)
    found = explanations(
        values,
        np.array([stated.get(i, 0) for i in indexes], dtype=np.int64),
        np.array([i in stated for i in indexes], dtype=np.bool_),
        unknown,
        identity_weights([c.meaning.measure for c in columns]),
    )
    if found is None:
        return None
    best = found or [Explanation()]
    lacks = tuple(
        {summed[line].index: {indexes[c]: lack for c, lack in cells.items()} for line, cells in e.rows.items()}
        for e in best
    )
    if any(index not in owners.of for rows in lacks for index in rows):
        return None  # the row of a unit that nobody knows explains nothing
    return DifferingTotal(row, tuple(differences), lacks, tuple(frozenset(indexes[c] for c in e.total) for e in best))


class _WrongRow(NamedTuple):
    """A row with wrong cells, the alternatives of what they lack, and the totals that differ because of it."""

    row: Row
    alternatives: tuple[Mapping[int, int], ...]
    totals: tuple[DifferingTotal, ...]


def certain_lacks(totals: Iterable[DifferingTotal]) -> dict[tuple[int, int], int]:
    """(sheet row, sheet column) -> what the cell lacks, of the cells that are wrong by every explanation of a total."""
    found: dict[tuple[int, int], int] = {}
    for total in totals:
        first, *others = total.rows
        for row, cells in first.items():
            found |= {(row, c): lack for c, lack in cells.items() if all(o.get(row, {}).get(c) == lack for o in others)}
    return found


def row_findings(
    table: CountTable,
    totals: Sequence[DifferingTotal],
    columns: Sequence[HeaderColumn],
    matrix: CountMatrix,
    owners: Owners,
) -> Iterator[Finding]:
    """A finding for each wrong row, with the totals as consequences, and for each total that is wrong itself."""
    by_row: dict[int, _WrongRow] = {}
    rows = {r.index: r for r in table.rows}
    for total in totals:
        for index in dict.fromkeys(i for lacks in total.rows for i in lacks):
            wrong = by_row.get(index) or _WrongRow(rows[index], (), ())
            own = [lacks[index] for lacks in total.rows if index in lacks]
            alternatives = [*wrong.alternatives, *(o for o in own if o not in wrong.alternatives)]
            by_row[index] = wrong._replace(alternatives=tuple(alternatives), totals=(*wrong.totals, total))
    named = {c.index: c for c in columns}
    for wrong in by_row.values():
        yield _wrong_row(table, wrong, named, matrix, owners)
    for total in totals:
        if total.blames_itself:
            yield _wrong_total(table, total)


def _wrong_row(
    table: CountTable, wrong: _WrongRow, named: Mapping[int, HeaderColumn], matrix: CountMatrix, owners: Owners
) -> Finding:
    cells = dict.fromkeys(c for lacks in wrong.alternatives for c in lacks)
    holds = {c: matrix.count(wrong.row.index, c).value for c in cells}
    address = {c: table.grid.address(wrong.row.index, c) for c in cells}
    found, expected = (
        ((vn_int(holds[c]) for c in cells), (vn_int(holds[c] + wrong.alternatives[0][c]) for c in cells))
        if len(cells) == len(wrong.alternatives) == 1
        else (
            (f"{address[c]}: {vn_int(holds[c])}" for c in cells),
            (
                ", ".join(f"{address[c]}: {vn_int(holds[c] + n)}" for c, n in lacks.items())
                for lacks in wrong.alternatives
            ),
        )
    )
    level = wrong.row.index in owners.sums.levels
    return table.grid.place_of(", ".join(address.values())).finding(
        "level_row_off_total" if level else "row_off_total",
        owners.of[wrong.row.index].unit_id,
        found="; ".join(found),
        expected=" hoặc ".join(expected),
        consequences=tuple(_consequences(table, wrong)),
        row=wrong.row.name,
        label=", ".join(COUNT_NAMES[named[c].meaning.measure] for c in cells),
        grounds=_grounds(wrong, named, matrix),
        doubt=_doubt(table, wrong),
    )


def _grounds(wrong: _WrongRow, named: Mapping[int, HeaderColumn], matrix: CountMatrix) -> str:
    """What says which number is right: the totals, and the sums in the row itself where they hold with it."""
    total = " và ".join(dict.fromkeys(f"dòng “{t.row.name or 'Tổng số'}”" for t in wrong.totals))
    weights = identity_weights([c.meaning.measure for c in named.values()])
    holds = [matrix.count(wrong.row.index, c).value for c in named]
    right = [np.array([n + lacks.get(c, 0) for c, n in zip(named, holds, strict=True)]) for lacks in wrong.alternatives]
    if any((weights @ numbers).any() for numbers in right):
        return f"{total} (dòng này còn không khớp ở chỗ khác)"
    return f"các tổng trong chính dòng này và {total}"


def _doubt(table: CountTable, wrong: _WrongRow) -> str:
    """What else may be wrong instead, with its cells, and why this row is likelier (Vietnamese; "" for nothing)."""
    rows = {r.index: r for r in table.rows}
    texts: dict[str, None] = {}
    for total in wrong.totals:
        own = {c for e in total.own for c in e} - total.blames_itself
        if own:
            cells = ", ".join(table.grid.address(total.row.index, c) for c in sorted(own))
            texts[
                f" Cũng có thể dòng “{total.row.name}” (ô {cells}) mới sai; dòng này dễ sai hơn vì các số của chính nó "
                "cũng không khớp với nhau."
            ] = None
        for index in sorted({r for r, _ in total.cells} - {wrong.row.index}):
            if any(index not in lacks or wrong.row.index not in lacks for lacks in total.rows):
                cells = ", ".join(table.grid.address(r, c) for r, c in sorted(total.cells) if r == index)
                texts[f" Cũng có thể dòng “{rows[index].name}” (ô {cells}) mới sai: cả hai dòng đều không khớp."] = None
    return "".join(texts)


def _consequences(table: CountTable, wrong: _WrongRow) -> Iterator[Consequence]:
    """The totals that differ because of a wrong row."""
    cells = {c for lacks in wrong.alternatives for c in lacks}
    for total in wrong.totals:
        for column, stated, added in total.differences:
            if column.index in cells - total.blames_itself:
                alone = any(lacks.get(column.index) == stated - added for lacks in wrong.alternatives)
                why = "đúng bằng phần sai của dòng này" if alone else "bằng phần sai của các dòng đã nêu cộng lại"
                yield table.grid.place(total.row.index, column.index).consequence(
                    f"Dòng “{total.row.name}”, “{COUNT_NAMES[column.meaning.measure]}”: ghi {vn_int(stated)}, các dòng "
                    f"cộng được {vn_int(added)} – chênh {why}."
                )


def _wrong_total(table: CountTable, total: DifferingTotal) -> Finding:
    own = [d for d in total.differences if d.column.index in total.blames_itself]
    address = [table.grid.address(total.row.index, d.column.index) for d in own]
    one = len(own) == 1
    return table.grid.place_of(", ".join(address)).finding(
        "total_row_wrong",
        found="; ".join(f"{'' if one else a + ': '}{vn_int(d.stated)}" for a, d in zip(address, own, strict=True)),
        expected="; ".join(f"{'' if one else a + ': '}{vn_int(d.added)}" for a, d in zip(address, own, strict=True)),
        row=total.row.name,
        label=", ".join(COUNT_NAMES[d.column.meaning.measure] for d in own),
    )


def unexplained_total(
    table: CountTable,
    row: Row,
    differences: Sequence[Difference],
    unreadable: Sequence[tuple[HeaderColumn, str, int]],
    summed: Sequence[Row],
    code: str = "control_total",
    unit_id: str = "",
) -> Finding:
    """One finding for a total of which nothing tells whether it or a row is wrong.

    `unreadable`: (column, what the total holds, sum of the rows) where it holds no number; `summed`: the rows.
    """
    wrong = [(d.column, vn_int(d.stated), d.added) for d in differences] + list(unreadable)
    wrong.sort(key=lambda t: t[0].index)
    texts = [f"“{COUNT_NAMES[c.meaning.measure]}” ghi {found}, cộng được {vn_int(added)}" for c, found, added in wrong]
    return table.grid.place_of(", ".join(table.grid.address(row.index, c.index) for c, _, _ in wrong)).finding(
        code,
        unit_id,
        found="; ".join(f"ghi {found}, cộng được {vn_int(added)}" for _, found, added in wrong),
        row=row.name,
        what="; ".join(texts),
        rows=", ".join(_range(table, summed, c.index) for c, _, _ in wrong),
    )


def _range(table: CountTable, rows: Sequence[Row], column: int) -> str:
    """The cells of a column from the first of some rows to the last: `C12:C23`."""
    indexes = [r.index for r in rows]
    return ":".join(dict.fromkeys(table.grid.address(i, column) for i in (min(indexes), max(indexes))))


def with_lacks(matrix: CountMatrix, lacks: Mapping[tuple[int, int], int]) -> CountMatrix:
    """The matrix with what some cells lack added to them. `lacks`: (sheet row, sheet column) -> number."""
    values = matrix.values.copy()
    for (row, column), lack in lacks.items():
        values[matrix.line_of[row], matrix.position_of[column]] += lack
    return replace(matrix, values=values)
