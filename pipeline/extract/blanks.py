"""Blank cells of a table: which can only be 0, which leave their unit open, and what a total row says they may be.

A blank that nothing confirms as 0 leaves its unit without a score. A total row of the table then differs from the sum
of its rows; if that difference is all that is wrong, it is the blank's own and no fault of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.extract.body import Body
from pipeline.extract.headers import Column
from pipeline.extract.rows import Row
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

    def explain(self, said: Sequence[Stated], holes: Iterable[tuple[Row, Column]]) -> dict[At, int | None] | None:
        """What the open blanks among a total's rows have to be for it to hold; None where they cannot explain it.

        `said`: every column the total row states. None inside: several blanks share what is left. Every value fits the
        identities of its row, and every difference belongs to a column with a blank.
        """
        of_column: dict[int, list[int]] = defaultdict(list)
        for row, column in holes:
            of_column[column.index].append(row.index)
        alone = [s for s in said if s.column.index not in of_column]
        if 2 * len(alone) < len(said) or not any(s.stated for s in alone):
            return None  # a row that is mostly blank would explain any total
        values = {(r, c): self._own(r) for c, rows in of_column.items() for r in rows}
        if any(v is not None and v < 0 for v in values.values()):
            return None
        for column, stated, added in said:
            cells = [(r, column.index) for r in of_column[column.index]]
            unsaid = [at for at in cells if values[at] is None]
            left = stated - added - sum(values[at] or 0 for at in cells)
            if left < 0 or (left and not unsaid):
                return None
            if len(unsaid) == 1 or not left:
                values |= dict.fromkeys(unsaid, left)
        return values if all(self._fits(r, values) for r in {r for r, _ in values}) else None

    def _own(self, row: int) -> int | None:
        """What the row's identities make of its only open blank; None: they do not say; -1: they contradict it."""
        if len(self.open[row]) > 1 or self.broken[row]:
            return None
        sums, measure = self.sums[row], self.open[row][0].meaning.measure
        gaps = [gap for measures, gap in row_identities(sums) if measure in measures]
        fitting = {v for v in map(abs, gaps) if blank_closes(measure, {**sums, measure: sums[measure] + v})}
        if fitting:
            return fitting.pop()
        return -1 if gaps else None

    def _fits(self, row: int, values: Mapping[At, int | None]) -> bool:
        """Whether the row's identities hold with these values, as far as all that takes part in them is known."""
        sums, unknown, filled = dict(self.sums[row]), set(self.broken[row]), set()
        for column in self.open[row]:
            value = values.get((row, column.index))
            filled.add(column.meaning.measure)
            sums[column.meaning.measure] += value or 0
            if value is None:
                unknown.add(column.meaning.measure)
        known = [gap for measures, gap in row_identities(sums) if measures & filled and not measures & unknown]
        return not any(known)


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


def hint(total: str, said: Stated, value: int | None) -> str:
    """What a total row says of a blank: Vietnamese, one sentence."""
    left, name = said.stated - said.added, COUNT_NAMES[said.column.meaning.measure]
    beside = f"“{name}”: dòng “{total}” ghi {vn_int(said.stated)}, các ô có số cộng được {vn_int(said.added)}"
    if value is None:
        return f"{beside}; {vn_int(left)} còn lại là của các ô trống trong cột."
    return f"{beside}: {'ô này' if value == left else 'theo các tổng, ô này'} có thể là {vn_int(value)}."


def row_identities(sums: Mapping[str, int]) -> list[tuple[set[str], int]]:
    """The identities the measures of one row allow: (measures involved, by how much the whole exceeds its parts)."""
    checks: list[tuple[set[str], int]] = []
    totals: dict[str, int] = {}
    for group, (total, parts) in GROUPS.items():
        if group == "received" and "received_in_period" in sums:
            parts = ("received_in_period", "carried_over")
        present = [p for p in parts if p in sums]
        if total in sums:
            totals[group] = sums[total]
            if present:
                checks.append(({total, *present}, sums[total] - sum(sums[p] for p in present)))
        elif len(present) == len(parts):
            totals[group] = sum(sums[p] for p in present)
    if len(totals) == 3:
        extra = sums.get("withdrawn", 0) + sums.get("returned", 0)
        checks.append((set(sums), totals["received"] - totals["resolved"] - totals["pending"] - extra))
    return checks


def blank_closes(measure: str, sums: Mapping[str, int]) -> bool:
    """Whether reading the blank measure as 0 is confirmed by an identity of the row and contradicted by none."""
    involved = [gap for measures, gap in row_identities(sums) if measure in measures]
    return bool(involved) and not any(involved)
