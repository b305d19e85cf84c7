"""Rows that add up other rows of their table: totals, section rows, a unit's own row over its fields of work.

Such a row must not be counted beside the rows it adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.rows import Row, ordinal, rank
from pipeline.extract.count_tables.tables import CountTable
from pipeline.registry import Resolution, UnitIndex

#: share of the columns in which a row has to be the sum of all units to be their total
_MOST_COLUMNS = 0.5
#: sheet row -> what the registry makes of the name of the row; totals have none
Resolved = Mapping[int, Resolution]


@dataclass(frozen=True)
class SumRows:
    """Sheet rows (from 0) of a table that add up others, and the rows that they add up."""

    totals: frozenset[int] = frozenset()  # units by their kind, totals by their name ("Cộng cấp xã") or their numbers
    levels: frozenset[int] = frozenset()  # rows of a level ("UBND các xã"), with or without the sum of its units
    headings: Mapping[int, tuple[Row, ...]] = field(default_factory=dict)  # row -> the rows below it that it adds up
    details: frozenset[int] = frozenset()  # fields of work below the own row of their unit
    #: the own row of a unit, and the fields below it of which it is not the sum
    contradicted: tuple[tuple[Row, tuple[Row, ...]], ...] = ()

    def is_total(self, row: Row) -> bool:
        """Whether a row is a total, by its name or by its numbers."""
        return row.kind == "total" or row.index in self.totals

    def no_totals(self, rows: Sequence[Row]) -> list[tuple[int, Row]]:
        """(position, row) of the rows that are no totals."""
        totals = self.totals
        return [(i, r) for i, r in enumerate(rows) if r.kind != "total" and r.index not in totals]

    def with_totals(self, rows: frozenset[int]) -> SumRows:
        """The same, with more totals."""
        return replace(self, totals=self.totals | rows)


def find_sum_rows(table: CountTable, matrix: CountMatrix, resolved: Resolved, index: UnitIndex) -> SumRows:
    """The rows that add up others, by their names and by the numbers below them."""
    units = [r for r in table.rows if r.kind == "unit"]
    totals = frozenset(r.index for r in units if r.total_like and not resolved[r.index].unit_id)
    levels = frozenset(
        r.index for r in units if r.index not in totals and index.kinds.get(resolved[r.index].unit_id) == "level"
    )
    everything = _totals_of_all(units, levels, matrix, resolved, index)
    totals, levels = totals | everything, levels - everything
    rows = [r for r in table.rows if r.index not in totals and not (r.remark and not resolved[r.index].unit_id)]
    ranks = [rank(r) for r in rows]
    headings: dict[int, tuple[Row, ...]] = {}
    details: set[int] = set()
    contradicted: list[tuple[Row, tuple[Row, ...]]] = []
    for position in range(len(rows) - 1, -1, -1):
        row = rows[position]
        below = _rows_below(rows, ranks, position, resolved) if row.kind == "unit" else []
        if not below:
            continue
        inner = {r.index for heading in below if heading.index in headings for r in headings[heading.index]}
        children = tuple(r for r in below if r.index not in inner)
        is_unit = bool(resolved[row.index].unit_id) and row.index not in levels
        over_fields = is_unit and not any(resolved[r.index].unit_id for r in children)
        certain = _certainly_below(row, children[0], ranks[position], ranks[position + 1])
        several = len(children) > 1 or row.index in levels
        if (certain or several) and _adds_up(row, children, matrix):
            headings[row.index] = children
            details |= {r.index for r in below} if over_fields else set()
        elif over_fields and certain:
            details |= {r.index for r in below}
            contradicted.append((row, children))
    return SumRows(totals, levels, headings, frozenset(details), tuple(contradicted))


def _totals_of_all(
    units: Sequence[Row], levels: frozenset[int], matrix: CountMatrix, resolved: Resolved, index: UnitIndex
) -> frozenset[int]:
    """The rows with the name of a level that add up the units of several levels, or of another one: the city's total.

    A row that is their sum in most columns is one too: the difference in the others is a fault of the table.
    """
    of_units = [r for r in units if index.kinds.get(resolved[r.index].unit_id) == "unit" and not r.remark]
    named = {index.levels[r.unit_id] for r in resolved.values() if index.kinds.get(r.unit_id) == "unit"}
    rows = [
        r
        for r in units
        if r.index in levels and (len(named) > 1 or index.levels[resolved[r.index].unit_id] not in named)
    ]
    others = [r for r in units if r.index not in levels and not r.remark]
    return frozenset(row for added in (of_units, others) if named and rows for row in _sums_of(rows, added, matrix))


def _sums_of(rows: Sequence[Row], added: Sequence[Row], matrix: CountMatrix) -> Iterator[int]:
    """The sheet rows among `rows` that add up others in most of the columns that are not 0."""
    sums = matrix.values[matrix.lines(added)].sum(axis=0)
    filled = sums > 0
    if filled.any():
        same = (matrix.values[matrix.lines(rows)] == sums)[:, filled]
        yield from (r.index for r, equal in zip(rows, same, strict=True) if equal.mean() > _MOST_COLUMNS)


def _rows_below(rows: Sequence[Row], ranks: Sequence[int | None], position: int, resolved: Resolved) -> list[Row]:
    """The rows below one that may belong to it: lower in rank.

    Without ranks: those with a unit's name below a row without one, and the reverse.
    """
    own, known = ranks[position], bool(resolved[rows[position].index].unit_id)
    below: list[Row] = []
    for following in range(position + 1, len(rows)):
        row, its = rows[following], ranks[following]
        if row.kind != "unit" or (own is not None and its is not None and its <= own):
            break
        also_known = bool(resolved[row.index].unit_id)
        if (own is None or its is None) and known and also_known:
            break
        if own is None and its is None and not known and not also_known:
            break
        below.append(row)
    return below


def _certainly_below(row: Row, first: Row, own: int | None, of_first: int | None) -> bool:
    """Whether the rows below belong to a row without any doubt: by their ranks, or by a field beside a blank name."""
    ranked = own is not None and of_first is not None and own != of_first
    return ranked or bool(first.field and not first.name and not row.field)


def _adds_up(row: Row, children: Sequence[Row], matrix: CountMatrix) -> bool:
    """Whether a row holds the sum of others in every column, every cell is read, and one of its numbers is not 0."""
    own, lines = matrix.line_of[row.index], matrix.lines(children)
    values, unread = matrix.values, matrix.unread
    readable = not unread[own].any() and not unread[lines].any()
    return readable and bool((values[lines].sum(axis=0) == values[own]).all() and values[own].any())


def unnumbered_sums(rows: Sequence[Row], matrix: CountMatrix) -> tuple[list[Row], list[Row]]:
    """(totals, rows in question) among the fields of work of one unit: rows without an ordinal that add up those above.

    Where a row above has an ordinal, such a row is a total. Where none has, it may be a field like any other.
    """
    values = matrix.values[matrix.lines(rows)]
    filled: NDArray[np.bool_] = np.any(values, axis=1)
    running = values.cumsum(axis=0)
    totals: list[Row] = []
    in_question: list[Row] = []
    for i, row in enumerate(rows):
        adds_up = i > 0 and ordinal(row) is None and filled[i] and bool((running[i - 1] == values[i]).all())
        if adds_up and any(ordinal(r) is not None for r in rows[:i]):
            totals.append(row)
        elif adds_up and filled[:i].sum() > 1:
            in_question.append(row)
    return totals, in_question
