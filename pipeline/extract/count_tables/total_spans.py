"""The stretches of rows that a total row may stand for, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row

#: open blanks that totals are held against; each total looks at all of them
_MOST_HOLES = 300
#: column -> what the rows of a candidate add up to; a column with a cell that cannot be read is left out
Sums = dict[int, int]
#: of each row: where the stretch above it begins, where the one below it ends
Edges = tuple[list[int], list[int]]


class Stretch(NamedTuple):
    """Rows [first, last) of a kind, and their sums."""

    sums: Sums
    which: str
    first: int
    last: int


def is_total(row: Row, owners: Owners) -> bool:
    """Whether a row adds others up, by its name or by its numbers."""
    return row.kind == "total" or row.index in owners.totals


def counted_rows(rows: Sequence[Row], owners: Owners) -> NDArray[np.bool_]:
    """Which rows are added into totals: no totals themselves, not the sums of others, no notes."""
    sums = owners.totals.union(owners.headings)
    return np.array(
        [r.kind == "unit" and r.index not in sums and (not r.aside or r.index in owners.of) for r in rows],
        dtype=np.bool_,
    )


class Spans:
    """What any stretch of a table's rows adds up to, from running sums: a total costs its columns, not its rows."""

    def __init__(
        self,
        rows: Sequence[Row],
        columns: Sequence[Column],
        body: Body,
        owners: Owners,
        holes: Mapping[int, Sequence[Column]],
        counted: NDArray[np.bool_],
    ) -> None:
        self._rows, self._owners = rows, owners
        self._columns = [c.index for c in columns]
        masks = {"counted": counted}
        if owners.levels:  # else the counted rows are the units
            level = np.array([r.index in owners.levels for r in rows], dtype=np.bool_)
            masks |= {"units": counted & ~level, "levels": level}
        values, broken = body.part(rows, self._columns)
        some = broken.any()
        none = np.zeros((len(rows) + 1, len(columns)), dtype=np.int64)
        self._running = {
            name: (
                _running(mask),
                _running(values * mask[:, None]),
                _running(broken & mask[:, None]) if some else none,
            )
            for name, mask in masks.items()
        }
        self._masks = masks
        found = [(i, r, c) for i, r in enumerate(rows) for c in holes.get(r.index, ())]
        self.holes = found if len(found) <= _MOST_HOLES else []

    def candidates(self, position: int) -> Iterator[Stretch]:
        """The rows a total at `position` may stand for, likeliest first."""
        for first, last in self._stretches(position):
            yield from self._of("counted", first, last)
            # a level's own row beside its units, or the levels' rows alone
            if "levels" in self._running and any(True for _ in self._of("levels", first, last)):
                yield from self._of("units", first, last)
                yield from self._of("levels", first, last)

    def above(self, position: int) -> Stretch:
        """All counted rows above."""
        return next(self._of("counted", 0, position), Stretch(dict.fromkeys(self._columns, 0), "counted", 0, 0))

    def holes_in(self, stretch: Stretch) -> list[tuple[Row, Column]]:
        """The open blanks of a stretch."""
        mask = self._masks[stretch.which]
        return [(r, c) for i, r, c in self.holes if stretch.first <= i < stretch.last and mask[i]]

    def _stretches(self, position: int) -> Iterator[tuple[int, int]]:
        """[first, last) above the total: all, to the total before, of its section, of one unit; then below it."""
        yield 0, position
        (before, after), (opened, closes) = self._edges
        yield from ((start[position], position) for start in (before, opened, self._same))
        yield from ((position + 1, end) for end in (len(before), after[position], closes[position]))

    @cached_property
    def _edges(self) -> tuple[Edges, Edges]:
        """By the totals; by whatever ends a section. Most totals hold for all rows above and need neither."""
        total = [is_total(r, self._owners) for r in self._rows]
        heads = self._owners.headings
        ends = [t or r.kind == "loose" or r.index in heads for t, r in zip(total, self._rows, strict=True)]
        return _edges(total), _edges(ends)

    @cached_property
    def _same(self) -> list[int]:
        return _same_owner(self._rows, self._owners)

    def _of(self, which: str, first: int, last: int) -> Iterator[Stretch]:
        """The rows of a kind in a stretch; nothing where it holds none."""
        count, values, broken = self._running[which]
        if first >= last or count[last] == count[first]:
            return
        sums, bad = (values[last] - values[first]).tolist(), (broken[last] - broken[first]).tolist()
        added = {c: v for c, v, b in zip(self._columns, sums, bad, strict=True) if not b}
        yield Stretch(added, which, first, last)


def _running(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Sums of the lines before each, and of all at the end."""
    sums = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def _edges(ends: Sequence[bool]) -> Edges:
    """Of each row: the row after the last end above it, and the first end below it."""
    before, after, edge = [], [0] * len(ends), 0
    for i, end in enumerate(ends):
        before.append(edge)
        edge = i + 1 if end else edge
    edge = len(ends)
    for i in range(len(ends) - 1, -1, -1):
        after[i] = edge
        edge = i if ends[i] else edge
    return before, after


def _same_owner(rows: Sequence[Row], owners: Owners) -> list[int]:
    """Of each row: where the unbroken run of rows of one unit, which ends just above it, begins."""
    starts, start, owner = [], 0, ""
    for i, row in enumerate(rows):
        starts.append(start if owner else i)
        mine = owners.of[row.index].unit_id if row.index in owners.of else ""
        start = start if mine == owner else i
        owner = mine
    return starts
