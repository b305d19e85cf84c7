"""The total rows of a table, compared with the rows that they may be the totals of. Numbers as the file states them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.blank_cells import At, Blanks, StatedTotal, blank_hint, explained_by_blanks
from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.faulty_rows import (
    Difference,
    DifferingTotal,
    certain_lacks,
    explain_total,
    row_findings,
    unexplained_total,
    with_lacks,
)
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import CountTable
from pipeline.findings import Finding

#: open blanks that totals are compared with; each total looks at all of them
_MOST_BLANKS = 300
#: sheet column -> what some rows add up to; without a column in which one of their cells cannot be read
Sums = Mapping[int, int]
#: for each row: where the rows above it begin, where those below it end
_Edges = tuple[list[int], list[int]]


@dataclass(frozen=True)
class ControlTotals:
    """The result of comparing the total rows of a table.

    `findings`: rows and totals that are wrong, totals of which nothing tells why they differ.
    """

    findings: tuple[Finding, ...] = ()
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
    blanks make their blanks up to the difference of a total, the blanks get a hint and the total no finding. A row that
    is wrong gets the finding, and the totals that differ because of it are its consequences (`faulty_rows`).
    """
    checker = _TotalChecker(table, columns, matrix, owners, added, blanks, sums_above)
    hints: dict[At, list[str]] = {}
    explained: list[DifferingTotal] = []
    left: list[int] = []
    for position, row in enumerate(table.rows):
        if not owners.sums.is_total(row):
            continue
        found = checker.check(position)
        if isinstance(found, DifferingTotal):
            explained.append(found)
        elif found is None:
            left.append(position)
        else:
            for at, texts in found.items():
                hints.setdefault(at, []).extend(texts)
    lacks = certain_lacks(explained)
    if left and lacks:  # a total of more rows may differ by what the other totals tell of their rows
        repaired = replace(checker, matrix=with_lacks(matrix, lacks))
        left = [position for position in left if repaired.check(position) is None]
    findings = [*row_findings(table, explained, columns, matrix, owners), *map(checker.unexplained, left)]
    for row, parts in owners.sums.contradicted:
        own = _read_total(row, columns, matrix)
        sums = matrix.sums(parts, [c.index for c in columns])
        if own.differs(sums):
            unit_id = owners.of[row.index].unit_id if row.index in owners.of else ""
            code = "own_row_differs" if unit_id else "control_total"
            wrong = own.differences(sums), own.no_numbers(sums)
            findings.append(unexplained_total(table, row, *wrong, parts, code, unit_id))
    return ControlTotals(tuple(findings), hints)


def sums_of_table(columns: Sequence[HeaderColumn], matrix: CountMatrix, added: NDArray[np.bool_]) -> dict[str, int]:
    """measure -> sum of the rows `added`, for a total below several tables of a sheet."""
    values = matrix.values[added].sum(axis=0).take(matrix.positions(c.index for c in columns)).tolist()
    sums: Counter[str] = Counter()
    for column, value in zip(columns, values, strict=True):
        sums[column.meaning.measure] += value
    return dict(sums)


@dataclass(frozen=True, eq=False)
class _TotalChecker:
    """Compares the total rows of one table with its rows. The fields are the parameters of `check_totals`."""

    table: CountTable
    columns: Sequence[HeaderColumn]
    matrix: CountMatrix
    owners: Owners
    added: NDArray[np.bool_]
    blanks: Blanks
    sums_above: Mapping[str, int]

    @cached_property
    def _spans(self) -> _RowSpans:
        return _RowSpans(self.table.rows, self.columns, self.matrix, self.owners, self.added, self.blanks)

    def check(self, position: int) -> DifferingTotal | dict[At, list[str]] | None:
        """A total that differs with its explanation; hints for the open blanks that account for it; None for neither.

        A total that holds for one of its possible spans has no hints ({}). Blanks speak first, then the wrong cells of
        the span that differs least.
        """
        total = self._read(position)
        hints: dict[At, list[str]] | None = None
        tried: list[Span] = []
        for span in _possible_spans(position, self.columns, self._spans, self.sums_above):
            if not total.differs(span.sums):
                return {}
            tried.append(span)
            if hints is None and not total.unreadable:
                hints = self._hints(total, span)
        if hints is not None or not tried:
            return hints or {}
        for span in sorted(tried, key=lambda s: len(total.differences(s.sums))) if not total.unreadable else ():
            found = self._explained(total, span)
            if found is not None:
                return found
        return None

    def unexplained(self, position: int) -> Finding:
        """The finding of a total that nothing explains: of the span with the fewest differences.

        Where even that one differs in most columns, of the first span: all rows above.
        """
        total = self._read(position)
        tried = list(_possible_spans(position, self.columns, self._spans, self.sums_above))
        fewest = min(tried, key=lambda span: total.count_differing(span.sums))
        span = fewest if total.count_differing(fewest.sums) <= len(self.columns) // 2 else tried[0]
        wrong = total.differences(span.sums), total.no_numbers(span.sums)
        rows = self._spans.rows_in(span) or self.table.rows  # only the tables above have any
        return unexplained_total(self.table, total.row, *wrong, rows)

    def _read(self, position: int) -> _Total:
        return _read_total(self.table.rows[position], self.columns, self.matrix)

    def _hints(self, total: _Total, span: Span) -> dict[At, list[str]] | None:
        """Hints for the open blanks of a span with which the total is its sum; None where it is not."""
        cells = self._spans.blanks_in(span)
        stated = total.beside(span.sums) if cells else []
        values = explained_by_blanks(stated, cells, self.blanks) if cells else None
        if values is None:
            return None
        differing = {s.column.index: s for s in stated if s.stated != s.added}
        return {
            at: [blank_hint(total.row.name, differing[at[1]], value)]
            for at, value in values.items()
            if at[1] in differing
        }

    def _explained(self, total: _Total, span: Span) -> DifferingTotal | None:
        differences = total.differences(span.sums)
        if span.above or len(differences) > len(self.columns) // 2:
            return None  # the rows of the tables above are not seen here; of other rows hardly a column is the sum
        stated = {c.index: value for c, value in total.stated if c.index in span.sums}
        rows = self._spans.rows_in(span)
        return explain_total(total.row, differences, rows, self.columns, stated, self.matrix, self.owners, self.blanks)


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
        yield above._replace(sums=sums, above=True)


class _Total(NamedTuple):
    """A total row: the numbers it states, and the columns in which it holds something that is no number of dossiers."""

    row: Row
    stated: Sequence[tuple[HeaderColumn, int]]
    unreadable: Sequence[tuple[HeaderColumn, str]]

    def beside(self, sums: Sums) -> list[StatedTotal]:
        """Its numbers beside the sums of some rows."""
        return [StatedTotal(c, value, sums[c.index]) for c, value in self.stated if c.index in sums]

    def differences(self, sums: Sums) -> list[Difference]:
        """The columns in which it is not the sum of some rows, left to right."""
        return [Difference(c, v, sums[c.index]) for c, v in self.stated if c.index in sums and v != sums[c.index]]

    def no_numbers(self, sums: Sums) -> list[tuple[HeaderColumn, str, int]]:
        """The columns in which it holds no number, with what it holds and the sum of the rows."""
        return [(c, found, sums[c.index]) for c, found in self.unreadable if c.index in sums]

    def count_differing(self, sums: Sums) -> int:
        """In how many columns it does not state the sum of some rows."""
        return len(self.differences(sums)) + len(self.no_numbers(sums))

    def differs(self, sums: Sums) -> bool:
        """Whether it is not the sum of some rows."""
        return self.count_differing(sums) > 0


def _read_total(row: Row, columns: Sequence[HeaderColumn], matrix: CountMatrix) -> _Total:
    cells = [(c, matrix.count(row.index, c.index)) for c in columns]
    return _Total(
        row,
        [(c, cell.value) for c, cell in cells if cell.kind == "ok"],
        [(c, f"{cell.found} ({cell.why})") for c, cell in cells if cell.kind == "bad"],
    )


# --- spans of rows ----------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """The rows of a kind at the positions [first, last) of a table, and their sums."""

    sums: Sums
    kind: str  # counted, units or levels
    first: int
    last: int
    above: bool = False  # with the rows of the tables above on the sheet


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

    def rows_in(self, span: Span) -> list[Row]:
        """The rows of a span."""
        mask = self._masks[span.kind]
        return [self._rows[i] for i in range(span.first, span.last) if mask[i]]

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
