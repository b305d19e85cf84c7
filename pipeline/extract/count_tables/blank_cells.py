"""Blank cells of a table's rows: which of them are 0, which leave their unit without a score.

A blank is 0 where an identity of its own row closes with 0 and none contradicts it (`arithmetic.identities`). A unit
with any other blank is not scored. A total row of the table may then differ from the sum of its rows. The difference is
no fault of the file where it equals what the blank's own row makes of the blank. If a blank's own row does not
determine its value, the blank does not explain a wrong total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.arithmetic.identities import values_of_blank, zero_closes
from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.rows import Row
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: (sheet row, sheet column), from 0
At = tuple[int, int]


@dataclass(frozen=True)
class OpenRow:
    """A row with blanks that no identity confirms as 0. `sums`: measure -> sum of the row's cells, blanks as 0."""

    blanks: tuple[HeaderColumn, ...]
    sums: Mapping[str, int]
    unread: frozenset[str]  # measures with a cell that holds no number of dossiers

    def values(self) -> dict[int, int]:
        """Sheet column -> the value of its blank, where the identities of the row determine one, not below 0."""
        count = Counter(c.meaning.measure for c in self.blanks)
        unknown = {*count, *self.unread}
        found: dict[int, int] = {}
        for column in self.blanks:
            measure = column.meaning.measure
            values = values_of_blank(measure, self.sums, unknown) if count[measure] == 1 else set()
            if len(values) == 1 and min(values) >= 0:
                found[column.index] = values.pop()
        return found


@dataclass(frozen=True)
class Blanks:
    """The blank cells of the rows that belong to a unit, by sheet row."""

    zero: Mapping[int, Sequence[HeaderColumn]] = field(default_factory=dict)
    open: Mapping[int, OpenRow] = field(default_factory=dict)

    def open_columns(self, row: int) -> Sequence[HeaderColumn]:
        """The columns in which a sheet row has an open blank."""
        return self.open[row].blanks if row in self.open else ()


def find_blanks(rows: Iterable[Row], columns: Sequence[HeaderColumn], matrix: CountMatrix) -> Blanks:
    """Sort the blank cells of some rows. A row that is blank throughout lists a unit without dossiers: it has none."""
    zero: dict[int, Sequence[HeaderColumn]] = {}
    open_: dict[int, OpenRow] = {}
    for row in rows:
        if row.index not in matrix.unusual:
            continue
        cells = {c.index: matrix.count(row.index, c.index) for c in columns}
        blank = [c for c in columns if cells[c.index].kind == "blank"]
        if not blank or len(blank) == len(columns):
            continue
        sums: dict[str, int] = defaultdict(int)
        for column in columns:
            sums[column.meaning.measure] += cells[column.index].value
        unread = frozenset(c.meaning.measure for c in columns if cells[c.index].kind not in {"ok", "blank"})
        # in a row with a cell that is no number an identity confirms nothing
        closed = [] if unread else [c for c in blank if zero_closes(c.meaning.measure, sums)]
        left = tuple(c for c in blank if c not in closed)
        if closed:
            zero[row.index] = closed
        if left:
            open_[row.index] = OpenRow(left, dict(sums), unread)
    return Blanks(zero, open_)


class StatedTotal(NamedTuple):
    """One column of a total row: the number it states, and the sum of the rows it may be the total of, blanks as 0."""

    column: HeaderColumn
    stated: int
    added: int


def explained_by_blanks(totals: Sequence[StatedTotal], cells: Iterable[At], blanks: Blanks) -> dict[At, int] | None:
    """The values of open blanks with which a total row is the sum of its rows; None where it is not.

    `totals`: every column of the total row that states a number. `cells`: the open blanks among the rows it adds up.
    Each difference has to be made up by blanks of its own column. A total row of which most columns have a blank, or
    that is 0 in all others, is not explained: blanks would explain any such total.
    """
    of_column: dict[int, list[At]] = defaultdict(list)
    for row, column in cells:
        of_column[column].append((row, column))
    without = [t for t in totals if t.column.index not in of_column]
    if 2 * len(without) < len(totals) or not any(t.stated for t in without):
        return None
    rows = dict.fromkeys(row for found in of_column.values() for row, _ in found)
    values = {(row, column): v for row in rows for column, v in blanks.open[row].values().items()}
    closes = all(t.stated - t.added == sum(values.get(at, 0) for at in of_column[t.column.index]) for t in totals)
    return values if closes else None


def blank_hint(row_name: str, total: StatedTotal, value: int) -> str:
    """What a total row implies for a blank: one Vietnamese sentence. `value`: of the blank, by its own row."""
    left, label = total.stated - total.added, COUNT_NAMES[total.column.meaning.measure]
    sums = f"“{label}”: dòng “{row_name}” ghi {vn_int(total.stated)}, các ô có số cộng được {vn_int(total.added)}"
    return f"{sums}: {'ô này' if value == left else 'theo các tổng, ô này'} có thể là {vn_int(value)}."
