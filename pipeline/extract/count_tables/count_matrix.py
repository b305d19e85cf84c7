"""The numbers of a table's rows as one matrix, and what is no number, so that checks cost columns and not cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.numbers import SHARED, Count

_BROKEN = {"bad", "error", "formula"}


@dataclass(frozen=True)
class Body:
    """The count cells of a table: one line a row with numbers, one place a column with a measure."""

    at: dict[int, int]  # sheet row -> line
    place: dict[int, int]  # sheet column -> place in a line
    values: NDArray[np.int64]  # 0 where a cell is no number
    broken: NDArray[np.bool_]  # an error, a formula never calculated, something that is no count
    odd: dict[int, list[Count]]  # sheet row -> its cells, of the rows where one of them is not "ok"

    def count(self, row: int, column: int) -> Count:
        """What the cell holds."""
        place = self.place[column]
        return self.odd[row][place] if row in self.odd else Count("ok", int(self.values[self.at[row], place]))

    def lines(self, rows: Iterable[Row]) -> NDArray[np.intp]:
        """The lines of rows."""
        at = self.at
        return np.array([at[r.index] for r in rows], dtype=np.intp)

    def places(self, columns: Iterable[int]) -> list[int]:
        """The places of sheet columns."""
        return [self.place[c] for c in columns]

    def part(self, rows: Iterable[Row], columns: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(values, broken) of some rows in some sheet columns, in the order given."""
        lines, places = self.lines(rows), np.array(self.places(columns), dtype=np.intp)
        return (
            self.values.take(lines, axis=0).take(places, axis=1),
            self.broken.take(lines, axis=0).take(places, axis=1),
        )


def read_body(table: Table) -> Body:
    """The count cells of every row that is a unit's or a total's, and of a row that lists a unit without numbers."""
    grid = table.grid
    columns = [c.index for c in table.columns if c.meaning.measure]
    rows = [r.index for r in table.rows]
    values, good, broken = grid.seen.counts(
        np.array(rows, dtype=np.intp) - grid.top, [column - grid.left for column in columns]
    )
    other = _other_counts(table, columns)
    for (line, place), count in other.items():
        values[line, place], good[line, place] = count.value, count.kind == "ok"
        broken[line, place] = count.kind in _BROKEN
    odd: dict[int, list[Count]] = {}
    for line in np.flatnonzero(~good.all(axis=1)).tolist():
        cells = [grid.cell(rows[line], c).counted for c in columns]
        odd[rows[line]] = [other.get((line, place), cell) for place, cell in enumerate(cells)]
    at = {row: line for line, row in enumerate(rows)}
    return Body(at, {c: i for i, c in enumerate(columns)}, values, broken, odd)


def _other_counts(table: Table, columns: Sequence[int]) -> dict[tuple[int, int], Count]:
    """(line, place) -> what the cell holds, of cells that are not what they say: hidden things, and shared numbers."""
    grid = table.grid
    counts: dict[tuple[int, int], Count] = {}
    if grid.hidden:
        places = {c: i for i, c in enumerate(columns)}
        lines = {r.index: i for i, r in enumerate(table.rows)}
        for row, column in grid.hidden:
            if row in lines and column in places:
                counts[lines[row], places[column]] = grid.count(row, column)
    for (line, place), text in _shared(table, columns).items():
        counts[line, place] = Count("bad", found=f"{text} (một ô gộp chung cho nhiều số)", why=SHARED)
    return counts


def _shared(table: Table, columns: Sequence[int]) -> dict[tuple[int, int], str]:
    """(line, place) -> what is written, of numbers in one cell merged over several counts: nobody's alone."""
    grid = table.grid
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for line, row in enumerate(table.rows):
        if grid.is_merged(row.index):
            for place, column in enumerate(columns):
                members[grid.anchor(row.index, column)].append((line, place))
    return {p: text for at, places in members.items() if len(places) > 1 and (text := grid.text(*at)) for p in places}


def counted_measures(table: Table) -> set[str]:
    """The measures of which some row of the table counts a dossier."""
    body = read_body(table)
    filled = np.flatnonzero(body.values.any(axis=0)).tolist()
    return {c.meaning.measure for c in table.measure_columns() if body.place[c.index] in filled}


class Lines:
    """The rows by which labels are settled: sums of columns, a number a row."""

    def __init__(self, body: Body, rows: Sequence[Row]) -> None:
        lines = body.lines(rows)
        chosen = body.values[lines]
        kept = ~body.broken[lines].any(axis=1) & chosen.any(axis=1)
        self._values, self._place = chosen[kept], body.place

    def __len__(self) -> int:
        return len(self._values)

    def sum(self, columns: Iterable[int]) -> NDArray[np.int64]:
        """The sum of sheet columns in every row; a blank adds nothing."""
        total: NDArray[np.int64] = self._values[:, [self._place[c] for c in columns]].sum(axis=1)
        return total


_THREE = re.compile(r"\d{1,9}[.,]000")

#: fewer numbers may be round by chance
_ENOUGH = 6


def three_decimals(grid: Grid, body: Body) -> tuple[str, str]:
    """(cell, text) of the first number where all of a table read `120.000` or `0,000`; two "" where some do not."""
    first, count = ("", ""), 0
    for row in body.at:
        for column in body.place:
            text = grid.text(row, column)
            if not text:
                continue
            if not _THREE.fullmatch(text):
                return "", ""
            first = first if count else (grid.address(row, column), text)
            count += 1
    return first if count >= _ENOUGH else ("", "")
