"""The total rows of a table, compared with the rows that they may be the totals of. Numbers as the file states them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.blank_cells import At, Blanks, StatedTotal, blank_hint, explained_by_blanks
from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable
from pipeline.findings import Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: open blanks that totals are compared with; each total looks at all of them
_MOST_BLANKS = 300
#: sheet column -> what some rows add up to; without a column in which one of their cells cannot be read
Sums = Mapping[int, int]
#: for each row: where the rows above it begin, where those below it end
_Edges = tuple[list[int], list[int]]


@dataclass(frozen=True)
class ControlTotals:
    """The result of comparing the total rows of a table."""

    findings: tuple[Finding, ...] = ()  # totals that are not the sum of any rows that they may be the total of
    hints: Mapping[At, Sequence[str]] = field(default_factory=dict)  # of open blanks: what their values may be


def check_totals(
    table: CountTable,
    columns: Sequence[HeaderColumn],
    matrix: CountMatrix,
    owners: Owners,
    added: NDArray[np.bool_],
    blanks: Blanks,
    sums_above: Mapping[str, int],
) -> ControlTotals:
    """Compare each total row with the rows above, of its section, below, or of all tables of the sheet so far.

    `added`: see `Owners.added`. `sums_above`: measure -> sum of the tables above on the sheet. Where the rows of open
    blanks make their blanks up to the difference of a total, the blanks get a hint and the total no finding.
    """
    findings: list[Finding] = []
    hints: dict[At, list[str]] = {}
    spans: _RowSpans | None = None
    for position, row in enumerate(table.rows):
        if owners.sums.is_total(row):
            spans = spans or _RowSpans(table.rows, columns, matrix, owners, added, blanks)
            checked = _check_total(table, position, columns, matrix, spans, blanks, sums_above)
            findings += checked.findings
            for at, texts in checked.hints.items():
                hints.setdefault(at, []).extend(texts)
    for row, parts in owners.sums.contradicted:
        sums = matrix.sums(parts, [c.index for c in columns])
        findings += _read_total(row, columns, matrix).differences(table, sums)
    return ControlTotals(tuple(findings), hints)


def sums_of_table(columns: Sequence[HeaderColumn], matrix: CountMatrix, added: NDArray[np.bool_]) -> dict[str, int]:
    """measure -> sum of the rows `added`, for a total below several tables of a sheet."""
    values = matrix.values[added].sum(axis=0).take(matrix.positions(c.index for c in columns)).tolist()
    sums: Counter[str] = Counter()
    for column, value in zip(columns, values, strict=True):
        sums[column.meaning.measure] += value
    return dict(sums)


def _check_total(
    table: CountTable,
    position: int,
    columns: Sequence[HeaderColumn],
    matrix: CountMatrix,
    spans: _RowSpans,
    blanks: Blanks,
    sums_above: Mapping[str, int],
) -> ControlTotals:
    """The differences of one total row, or its hints for the open blanks that account for them.

    A total that holds for one of its possible spans has none. Of the others the span with the fewest differences is
    reported; where even that one differs in most columns, the first span: all rows above.
    """
    total = _read_total(table.rows[position], columns, matrix)
    tried: list[list[Finding]] = []
    hints: dict[At, list[str]] | None = None
    for span in _possible_spans(position, columns, spans, sums_above):
        tried.append(total.differences(table, span.sums))
        if not tried[-1]:
            break
        cells = spans.blanks_in(span) if hints is None and not total.unreadable else []
        stated = total.beside(span.sums) if cells else []
        values = explained_by_blanks(stated, cells, blanks) if cells else None
        if values is not None:
            differing = {s.column.index: s for s in stated if s.stated != s.added}
            hints = {
                at: [blank_hint(total.row.name, differing[at[1]], value)]
                for at, value in values.items()
                if at[1] in differing
            }
    holds = not tried or not tried[-1]
    fewest = min(tried, key=len, default=[])
    reported = fewest if len(fewest) <= len(columns) // 2 else tried[0]
    return ControlTotals(() if holds or hints is not None else tuple(reported), {} if holds else hints or {})


def _possible_spans(
    position: int, columns: Sequence[HeaderColumn], spans: _RowSpans, sums_above: Mapping[str, int]
) -> Iterator[Span]:
    """The rows that a total may add up, likeliest first; last those of all tables of the sheet so far."""
    yield from spans.candidates(position)
    if sums_above:
        count = Counter(c.meaning.measure for c in columns)
        measure = {c.index: c.meaning.measure for c in columns if count[c.meaning.measure] == 1}
        above = spans.above(position)
        sums = {c: v + sums_above.get(measure[c], 0) for c, v in above.sums.items() if c in measure}
        yield above._replace(sums=sums)


class _Total(NamedTuple):
    """A total row: the numbers it states, and the columns in which it holds something that is no number of dossiers."""

    row: Row
    stated: Sequence[tuple[HeaderColumn, int]]
    unreadable: Sequence[tuple[HeaderColumn, str]]

    def beside(self, sums: Sums) -> list[StatedTotal]:
        """Its numbers beside the sums of some rows."""
        return [StatedTotal(c, value, sums[c.index]) for c, value in self.stated if c.index in sums]

    def differences(self, table: CountTable, sums: Sums) -> list[Finding]:
        """A finding for each column in which it is not the sum of some rows, left to right."""
        wrong = [(c, vn_int(v)) for c, v in self.stated if c.index in sums and v != sums[c.index]]
        wrong += [(c, found) for c, found in self.unreadable if c.index in sums]
        return [
            table.grid.place(self.row.index, column.index).finding(
                "control_total",
                found=found,
                expected=vn_int(sums[column.index]),
                label=COUNT_NAMES[column.meaning.measure],
                row=self.row.name,
            )
            for column, found in sorted(wrong, key=lambda w: w[0].index)
        ]


def _read_total(row: Row, columns: Sequence[HeaderColumn], matrix: CountMatrix) -> _Total:
    cells = [(c, matrix.count(row.index, c.index)) for c in columns]
    return _Total(
        row,
        [(c, cell.value) for c, cell in cells if cell.kind == "ok"],
        [(c, cell.found) for c, cell in cells if cell.kind == "bad"],
    )


# --- spans of rows ----------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """The rows of a kind at the positions [first, last) of a table, and their sums."""

    sums: Sums
    kind: str  # counted, units or levels
    first: int
    last: int


class _RowSpans:
    """The sums of any span of a table's rows, from running sums: a total costs its columns, not its rows.

    The arrays have the shape (rows + 1, columns): line i holds the sums of the rows before position i.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        columns: Sequence[HeaderColumn],
        matrix: CountMatrix,
        owners: Owners,
        added: NDArray[np.bool_],
        blanks: Blanks,
    ) -> None:
        self._rows, self._owners = rows, owners
        self._columns = [c.index for c in columns]
        masks = {"counted": added}
        if owners.sums.levels:  # without them the counted rows are the units
            level = np.array([r.index in owners.sums.levels for r in rows], dtype=np.bool_)
            masks |= {"units": added & ~level, "levels": level}
        values, unread = matrix.part(rows, self._columns)
        some = unread.any()
        none = np.zeros((len(rows) + 1, len(columns)), dtype=np.int64)
        self._running = {
            kind: (
                _running(mask),
                _running(values * mask[:, None]),
                _running(unread & mask[:, None]) if some else none,
            )
            for kind, mask in masks.items()
        }
        self._masks = masks
        open_ = [(i, r.index) for i, r in enumerate(rows) if r.index in blanks.open]
        found = [(i, (row, c.index)) for i, row in open_ for c in blanks.open_columns(row)]
        self._blanks = found if len(found) <= _MOST_BLANKS else []

    def candidates(self, position: int) -> Iterator[Span]:
        """The rows that a total at a position may add up, likeliest first."""
        for first, last in self._extents(position):
            yield from self._span("counted", first, last)
            # a level's own row beside its units, or the levels' rows alone
            if "levels" in self._running and any(True for _ in self._span("levels", first, last)):
                yield from self._span("units", first, last)
                yield from self._span("levels", first, last)

    def above(self, position: int) -> Span:
        """All counted rows above a position."""
        nothing = Span(dict.fromkeys(self._columns, 0), "counted", 0, 0)
        return next(self._span("counted", 0, position), nothing)

    def blanks_in(self, span: Span) -> list[At]:
        """The open blanks in the rows of a span."""
        mask = self._masks[span.kind]
        return [at for i, at in self._blanks if span.first <= i < span.last and mask[i]]

    def _extents(self, position: int) -> Iterator[tuple[int, int]]:
        """[first, last) above the total: all, to the total before, of its section, of one unit; then below it."""
        yield 0, position
        (before, after), (opens, closes) = self._edges
        yield from ((start[position], position) for start in (before, opens, self._same_owner))
        yield from ((position + 1, end) for end in (len(before), after[position], closes[position]))

    @cached_property
    def _edges(self) -> tuple[_Edges, _Edges]:
        """By the totals; by the rows that end a section. Most totals hold for all rows above and need neither."""
        sums = self._owners.sums
        total = [sums.is_total(r) for r in self._rows]
        ends = [t or r.kind == "name_only" or r.index in sums.headings for t, r in zip(total, self._rows, strict=True)]
        return _edges(total), _edges(ends)

    @cached_property
    def _same_owner(self) -> list[int]:
        """For each position: where the unbroken run of rows of one unit that ends just above it begins."""
        starts, start, unit_id, of = [], 0, "", self._owners.of
        for i, row in enumerate(self._rows):
            starts.append(start if unit_id else i)
            own = of[row.index].unit_id if row.index in of else ""
            start = start if own == unit_id else i
            unit_id = own
        return starts

    def _span(self, kind: str, first: int, last: int) -> Iterator[Span]:
        """The rows of a kind between two positions; nothing where there are none."""
        count, values, unread = self._running[kind]
        if first < last and count[last] != count[first]:
            sums, skipped = (values[last] - values[first]).tolist(), (unread[last] - unread[first]).tolist()
            added = {c: v for c, v, skip in zip(self._columns, sums, skipped, strict=True) if not skip}
            yield Span(added, kind, first, last)


def _running(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """The sums of the lines before each line, and of all lines at the end."""
    sums = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def _edges(ends: Sequence[bool]) -> _Edges:
    """For each row: the row after the last end above it, and the first end below it."""
    before, after, edge = [], [0] * len(ends), 0
    for i, end in enumerate(ends):
        before.append(edge)
        edge = i + 1 if end else edge
    edge = len(ends)
    for i in range(len(ends) - 1, -1, -1):
        after[i] = edge
        edge = i if ends[i] else edge
    return before, after
