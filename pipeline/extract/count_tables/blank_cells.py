"""Blank cells of a table: which can only be 0, which leave their unit open, and whether a total row says the same.

A blank that nothing confirms as 0 leaves its unit without a score. A total row of the table then differs from the sum
of its rows. That is no fault of the file where it is exactly what the blank's own row makes of the blank; a blank of
which its row says nothing could hide an error of any other row in its column, and excuses none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.rows import Row
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES, GROUPS

#: (sheet row, sheet column)
At = tuple[int, int]


class Stated(NamedTuple):
    """What a total row says of a column beside what the rows it means add up to, blanks as 0."""

    column: Column
    stated: int
    added: int


@dataclass(frozen=True)
class Blanks:
    """The blank cells of the rows that count for somebody, by sheet row."""

    zero: dict[int, list[Column]] = field(default_factory=dict)  # an identity of the row closes with 0
    open: dict[int, list[Column]] = field(default_factory=dict)  # nothing says that it is 0
    #: sheet row -> measure -> sum of its cells, and the measures that hold something that is no number
    sums: dict[int, dict[str, int]] = field(default_factory=dict)
    broken: dict[int, set[str]] = field(default_factory=dict)

    def explain(self, said: Sequence[Stated], holes: Iterable[tuple[Row, Column]]) -> dict[At, int] | None:
        """What the rows of the open blanks among a total's rows make of them, where the total then holds; else None.

        `said`: every column the total row states. Every difference is accounted for by blanks of that column alone.
        """
        of_column: dict[int, list[At]] = defaultdict(list)
        for row, column in holes:
            of_column[column.index].append((row.index, column.index))
        alone = [s for s in said if s.column.index not in of_column]
        if 2 * len(alone) < len(said) or not any(s.stated for s in alone):
            return None  # a row that is mostly blank would explain any total
        values = self._own({r for cells in of_column.values() for r, _ in cells})
        for column, stated, added in said:
            if stated - added != sum(values.get(at, 0) for at in of_column[column.index]):
                return None
        return values

    def _own(self, rows: Iterable[int]) -> dict[At, int]:
        """The open blanks that identities of their own rows determine, each the same and none below 0."""
        values: dict[At, int] = {}
        for row in rows:
            blank = Counter(c.meaning.measure for c in self.open[row])
            unknown = {*blank, *self.broken[row]}
            for column in self.open[row]:
                measure = column.meaning.measure
                made = self._made(row, measure, unknown) if blank[measure] == 1 else set()
                if len(made) == 1 and min(made) >= 0:
                    values[row, column.index] = made.pop()
        return values

    def _made(self, row: int, measure: str, unknown: set[str]) -> set[int]:
        """What each identity makes of a measure that is all it lacks."""
        sums = self.sums[row]
        more = {**sums, measure: sums[measure] + 1}
        both = zip(row_identities(sums), row_identities(more), strict=True)
        return {-gap // (next_gap - gap) for (measures, gap), (_, next_gap) in both if measures & unknown == {measure}}


def find_blanks(rows: Iterable[Row], columns: Sequence[Column], body: Body) -> Blanks:
    """Sort the blank cells of rows. A row that is blank throughout lists its unit without dossiers and has none."""
    found = Blanks()
    for row in rows:
        if row.index not in body.odd:
            continue
        cells = {c.index: body.count(row.index, c.index) for c in columns}
        blank = [c for c in columns if cells[c.index].kind == "blank"]
        if not blank or len(blank) == len(columns):
            continue
        sums: dict[str, int] = defaultdict(int)
        for column in columns:
            sums[column.meaning.measure] += cells[column.index].value
        broken = {c.meaning.measure for c in columns if cells[c.index].kind not in {"ok", "blank"}}
        # in a row with something that is no number a blank confirms nothing
        zero = [] if broken else [c for c in blank if blank_closes(c.meaning.measure, sums)]
        left = [c for c in blank if c not in zero]
        if zero:
            found.zero[row.index] = zero
        if left:
            found.open[row.index] = left
            found.sums[row.index], found.broken[row.index] = dict(sums), broken
    return found


def hint(total: str, said: Stated, value: int) -> str:
    """What a total row says of a blank: Vietnamese, one sentence."""
    left, name = said.stated - said.added, COUNT_NAMES[said.column.meaning.measure]
    beside = f"“{name}”: dòng “{total}” ghi {vn_int(said.stated)}, các ô có số cộng được {vn_int(said.added)}"
    return f"{beside}: {'ô này' if value == left else 'theo các tổng, ô này'} có thể là {vn_int(value)}."


def row_identities(sums: Mapping[str, int]) -> list[tuple[set[str], int]]:
    """The identities the measures of one row allow: (measures involved, by how much the whole exceeds its parts)."""
    checks: list[tuple[set[str], int]] = []
    sides: dict[str, tuple[set[str], int]] = {}
    channels = GROUPS["received"][1][:2]
    if {"received_in_period", *channels} <= sums.keys():
        gap = sums["received_in_period"] - sum(sums[c] for c in channels)
        checks.append(({"received_in_period", *channels}, gap))
    for group, (total, parts) in GROUPS.items():
        if group == "received" and "received_in_period" in sums:
            parts = ("received_in_period", "carried_over")
        present = [p for p in parts if p in sums]
        added = sum(sums[p] for p in present)
        if total in sums:
            sides[group] = {total}, sums[total]
            if present:
                checks.append(({total, *present}, sums[total] - added))
        elif len(present) == len(parts):
            sides[group] = set(present), added
    if len(sides) == 3:
        outside = {"withdrawn", "returned"} & sums.keys()
        measures = outside.union(*(m for m, _ in sides.values()))
        ended = sides["resolved"][1] + sides["pending"][1] + sum(sums[m] for m in outside)
        checks.append((measures, sides["received"][1] - ended))
    return checks


def blank_closes(measure: str, sums: Mapping[str, int]) -> bool:
    """Whether reading the blank measure as 0 is confirmed by an identity of the row and contradicted by none."""
    involved = [gap for measures, gap in row_identities(sums) if measure in measures]
    return bool(involved) and not any(involved)
