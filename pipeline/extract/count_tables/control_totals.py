"""A table against itself: its total rows, the rows that carry sums, the ordinals. Raw values, as the file says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.blank_cells import At, Blanks, Stated, hint
from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row, ordinal
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.count_tables.total_spans import Spans, Stretch, Sums, is_total
from pipeline.findings import Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


def check_sums(
    table: Table,
    columns: Sequence[Column],
    body: Body,
    owners: Owners,
    blanks: Blanks,
    counted: NDArray[np.bool_],
    earlier: Mapping[str, int],
) -> tuple[list[Finding], dict[At, list[str]]]:
    """Each total row equals the rows it can mean: all above, those of its section, all below, or of the whole sheet.

    `counted`: the rows that totals add up. `earlier`: measure -> sum of the tables above on the sheet. Also gives, by
    cell, what total rows say of open blanks (Vietnamese): where a total differs by what the rows of the blanks make of
    them, that is said instead of the total.
    """
    findings: list[Finding] = []
    hints: dict[At, list[str]] = {}
    spans: Spans | None = None
    for position, row in enumerate(table.rows):
        if is_total(row, owners):
            spans = spans or Spans(table.rows, columns, body, owners, blanks.open, counted)
            wrong, said = _check_total(table, position, columns, body, spans, blanks, earlier)
            findings += wrong
            for at, text in said.items():
                hints.setdefault(at, []).append(text)
    for row, parts in owners.wrong:
        findings += _read_total(row, columns, body).differences(table, _sums(parts, columns, body))
    return findings, hints


def unit_sums(columns: Sequence[Column], body: Body, counted: NDArray[np.bool_]) -> dict[str, int]:
    """measure -> sum of the table's counted rows, for the totals of the tables below it."""
    added = body.values[counted].sum(axis=0).take(body.places(c.index for c in columns)).tolist()
    sums: Counter[str] = Counter()
    for column, value in zip(columns, added, strict=True):
        sums[column.meaning.measure] += value
    return dict(sums)


def _sums(rows: Iterable[Row], columns: Sequence[Column], body: Body) -> Sums:
    values, broken = body.part(rows, (c.index for c in columns))
    added: list[int] = values.sum(axis=0).tolist()
    unread: list[bool] = np.any(broken, axis=0).tolist()
    return {c.index: v for c, v, b in zip(columns, added, unread, strict=True) if not b}


def _check_total(
    table: Table,
    position: int,
    columns: Sequence[Column],
    body: Body,
    spans: Spans,
    blanks: Blanks,
    earlier: Mapping[str, int],
) -> tuple[list[Finding], dict[At, str]]:
    """What is wrong with one total row, or what it says of the open blanks that account for its differences."""
    single = {m for m, n in Counter(c.meaning.measure for c in columns).items() if n == 1}
    measure = {c.index: c.meaning.measure for c in columns}
    total = _read_total(table.rows[position], columns, body)

    def options() -> Iterator[Stretch]:
        yield from spans.candidates(position)
        if earlier:
            whole = spans.above(position)
            yield whole._replace(
                sums={c: v + earlier.get(measure[c], 0) for c, v in whole.sums.items() if measure[c] in single}
            )

    told: list[list[Finding]] = []
    hints: dict[At, str] | None = None
    for stretch in options():
        told.append(total.differences(table, stretch.sums))
        if not told[-1]:
            return [], {}
        holes = spans.holes_in(stretch) if spans.holes and hints is None else []
        said = total.beside(stretch.sums)
        values = blanks.explain(said, holes) if holes else None
        if values is not None and not total.unreadable:
            differing = {s.column.index: s for s in said if s.stated != s.added}
            hints = {at: hint(total.row.name, differing[at[1]], v) for at, v in values.items() if at[1] in differing}
    if hints is not None:
        return [], hints
    if not told:
        return [], {}
    best = min(told, key=len)
    # what matches none of its rows is compared with all of them
    return (best if len(best) <= len(columns) // 2 else told[0]), {}


class _Total(NamedTuple):
    """What a total row says: the numbers it states, and what is no number of dossiers and cannot be held against it."""

    row: Row
    stated: list[tuple[Column, int]]
    unreadable: list[tuple[Column, str]]

    def beside(self, sums: Mapping[int, int]) -> list[Stated]:
        """The columns it states a number of that its rows can be held against."""
        return [Stated(c, value, sums[c.index]) for c, value in self.stated if c.index in sums]

    def differences(self, table: Table, sums: Mapping[int, int]) -> list[Finding]:
        """A finding for each column in which it is not what its rows add up to."""
        wrong = [(c, vn_int(v), sums[c.index]) for c, v in self.stated if c.index in sums and v != sums[c.index]]
        wrong += [(c, found, sums[c.index]) for c, found in self.unreadable if c.index in sums]
        return [
            Finding(
                "control_total",
                file=table.grid.file,
                sheet=table.grid.sheet,
                cell=table.grid.address(self.row.index, column.index),
                found=found,
                expected=vn_int(added),
                facts={"label": COUNT_NAMES[column.meaning.measure], "row": self.row.name},
            )
            for column, found, added in sorted(wrong, key=lambda w: w[0].index)
        ]


def _read_total(row: Row, columns: Sequence[Column], body: Body) -> _Total:
    cells = [(c, body.count(row.index, c.index)) for c in columns]
    return _Total(
        row,
        [(c, cell.value) for c, cell in cells if cell.kind == "ok"],
        [(c, cell.found) for c, cell in cells if cell.kind == "bad"],
    )


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
            say(row, "dòng này là phần “trong đó”, số để so sánh hoặc ghi chú dưới bảng")
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
