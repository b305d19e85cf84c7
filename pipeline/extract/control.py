"""A table against itself: its total rows, the rows that carry sums, the ordinals. Raw values, as the file says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.body import Body
from pipeline.extract.headers import Column
from pipeline.extract.owners import Owners
from pipeline.extract.rows import Row, ordinal
from pipeline.extract.tables import Table
from pipeline.findings import Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: column -> what the rows of a candidate add up to; a column with a cell that cannot be read is left out
Sums = dict[int, int]


def check_sums(
    table: Table, columns: Sequence[Column], body: Body, owners: Owners, earlier: Mapping[str, int]
) -> list[Finding]:
    """Each total row equals the rows it can mean: all above, those of its section, all below, or of the whole sheet.

    `earlier`: measure -> sum of the tables above on the sheet.
    """
    findings = []
    spans: _Spans | None = None
    for position, row in enumerate(table.rows):
        if _is_total(row, owners):
            spans = spans or _Spans(table.rows, columns, body, owners)
            findings += _check_total(table, position, columns, body, spans, earlier)
    for row, parts in owners.wrong:
        findings += _differences(table, row, columns, body, _sums(parts, columns, body))
    return findings


def unit_sums(table: Table, columns: Sequence[Column], body: Body, owners: Owners) -> dict[str, int]:
    """measure -> sum of the table's rows, for the totals of the tables below it."""
    counted = body.lines(r for r in table.rows if _counts(r, owners))
    added = body.values[np.ix_(counted, body.places(c.index for c in columns))].sum(axis=0).tolist()
    sums: Counter[str] = Counter()
    for column, value in zip(columns, added, strict=True):
        sums[column.meaning.measure] += value
    return dict(sums)


def _is_total(row: Row, owners: Owners) -> bool:
    return row.kind == "total" or row.index in owners.totals


def _counts(row: Row, owners: Owners) -> bool:
    """Whether a row is added into totals: not a total itself, not the sum of others, not a note."""
    if row.kind != "unit" or row.index in owners.totals or row.index in owners.headings:
        return False
    return not row.aside or row.index in owners.of


def _sums(rows: Iterable[Row], columns: Sequence[Column], body: Body) -> Sums:
    lines, places = body.lines(rows), body.places(c.index for c in columns)
    broken = np.asarray(body.broken[np.ix_(lines, places)].any(axis=0), dtype=bool)
    added = body.values[np.ix_(lines, places)].sum(axis=0)
    return {c.index: int(v) for c, v, b in zip(columns, added, broken, strict=True) if not b}


class _Spans:
    """What any stretch of a table's rows adds up to, from running sums: a total costs its columns, not its rows."""

    def __init__(self, rows: Sequence[Row], columns: Sequence[Column], body: Body, owners: Owners) -> None:
        lines, places = body.lines(rows), body.places(c.index for c in columns)
        self._columns = [c.index for c in columns]
        level = np.array([r.index in owners.levels for r in rows], dtype=np.bool_)
        counted = np.array([_counts(r, owners) for r in rows], dtype=np.bool_)
        # without levels the counted rows are the units
        masks = (
            {"counted": counted, "units": counted & ~level, "levels": level} if level.any() else {"counted": counted}
        )
        values, broken = body.values[np.ix_(lines, places)], body.broken[np.ix_(lines, places)]
        some = broken.any()
        none = np.zeros((len(rows) + 1, len(places)), dtype=np.int64)
        self._running = {
            name: (
                _running(mask),
                _running(values * mask[:, None]),
                _running(broken & mask[:, None]) if some else none,
            )
            for name, mask in masks.items()
        }
        total = [_is_total(r, owners) for r in rows]
        ends = [t or r.kind == "loose" or r.index in owners.headings for t, r in zip(total, rows, strict=True)]
        self._edges = [_edges(total), _edges(ends)]
        self._same = _same_owner(rows, owners)

    def candidates(self, position: int) -> Iterator[Sums]:
        """The sums a total at `position` may stand for, likeliest first."""
        for first, last in self._stretches(position):
            yield from self._of("counted", first, last)
            # a level's own row beside its units, or the levels' rows alone
            if "levels" in self._running and any(True for _ in self._of("levels", first, last)):
                yield from self._of("units", first, last)
                yield from self._of("levels", first, last)

    def above(self, position: int) -> Sums:
        """The sums of all counted rows above."""
        return next(self._of("counted", 0, position), dict.fromkeys(self._columns, 0))

    def _stretches(self, position: int) -> list[tuple[int, int]]:
        """[first, last) above the total: all, to the total before, of its section, of one unit; then below it."""
        (before, after), (opened, closes) = self._edges
        last = len(before)
        above = [(0, position), (before[position], position), (opened[position], position)]
        below = [(position + 1, last), (position + 1, after[position]), (position + 1, closes[position])]
        return [*above, (self._same[position], position), *below]

    def _of(self, which: str, first: int, last: int) -> Iterator[Sums]:
        """The sums of the rows of a kind in a stretch; nothing where it holds none."""
        count, values, broken = self._running[which]
        if first >= last or count[last] == count[first]:
            return
        sums, bad = (values[last] - values[first]).tolist(), (broken[last] - broken[first]).tolist()
        yield {c: v for c, v, b in zip(self._columns, sums, bad, strict=True) if not b}


def _running(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Sums of the lines before each, and of all at the end."""
    start = np.zeros((1, *values.shape[1:]), dtype=np.int64)
    return np.concatenate([start, np.cumsum(values, axis=0, dtype=np.int64)])


def _edges(ends: Sequence[bool]) -> tuple[list[int], list[int]]:
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


def _check_total(
    table: Table, position: int, columns: Sequence[Column], body: Body, spans: _Spans, earlier: Mapping[str, int]
) -> list[Finding]:
    single = {m for m, n in Counter(c.meaning.measure for c in columns).items() if n == 1}
    measure = {c.index: c.meaning.measure for c in columns}

    def options() -> Iterator[Sums]:
        yield from spans.candidates(position)
        if earlier:
            whole = spans.above(position)
            yield {c: v + earlier.get(measure[c], 0) for c, v in whole.items() if measure[c] in single}

    told: list[list[Finding]] = []
    for sums in options():
        told.append(_differences(table, table.rows[position], columns, body, sums))
        if not told[-1]:
            return []
    if not told:
        return []
    best = min(told, key=len)
    # what matches none of its rows is compared with all of them
    return best if len(best) <= len(columns) // 2 else told[0]


def _differences(
    table: Table, total: Row, columns: Sequence[Column], body: Body, sums: Mapping[int, int]
) -> list[Finding]:
    findings = []
    for column in columns:
        stated = body.count(total.index, column.index)
        if stated.kind != "ok" or column.index not in sums or stated.value == sums[column.index]:
            continue
        findings.append(
            Finding(
                "control_total",
                file=table.grid.file,
                sheet=table.grid.sheet,
                cell=table.grid.address(total.index, column.index),
                found=vn_int(stated.value),
                expected=vn_int(sums[column.index]),
                facts={"label": COUNT_NAMES[column.meaning.measure], "row": total.name},
            )
        )
    return findings


def say_not_counted(table: Table, body: Body, owners: Owners) -> list[Finding]:
    """Rows with numbers that count for nobody on purpose: said, so that nothing is lost in silence."""
    findings = []
    rows = {r.index: r for r in table.rows}

    def say(row: Row, why: str) -> None:
        where = (table.grid.file, table.grid.sheet, table.grid.address(row.index, row.name_column))
        name = row.name or row.field or "(ô tên để trống)"
        findings.append(Finding("row_not_counted", "", *where, found=name, facts={"why": why}))

    for heading, parts in owners.headings.items():
        details = [r for r in parts if r.index in owners.details]
        if details:
            say(details[0], f"{len(details)} dòng từ dòng này đã nằm trong số của “{rows[heading].name}” ở trên")
        elif heading not in owners.of:
            say(rows[heading], f"dòng này là tổng của {len(parts)} dòng bên dưới")
    for row in table.rows:
        aside = row.kind == "unit" and row.aside and row.index not in owners.of and row.index not in owners.headings
        if aside and any(body.count(row.index, c).kind == "ok" for c in body.place):
            say(row, "dòng này là phần “trong đó” hoặc ghi chú dưới bảng")
    return findings


def check_ordinals(table: Table, owners: Owners) -> list[Finding]:
    """STT rises by one; it may restart, and a section may start at 2."""
    findings = []
    previous: int | None = None
    for row in table.rows:
        number = ordinal(row)
        if row.kind != "unit" or number is None or (row.aside and row.index not in owners.of):
            continue
        if previous is not None and number > previous + 1 and table.stt_column is not None:
            findings.append(
                Finding(
                    "stt_gap",
                    file=table.grid.file,
                    sheet=table.grid.sheet,
                    cell=table.grid.address(row.index, table.stt_column),
                    found=str(number),
                    expected=str(previous),
                )
            )
        previous = number
    return findings
