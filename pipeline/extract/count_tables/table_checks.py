"""Checks of a table by itself: numbers below no heading, decimals, columns and rows that do not count, ordinals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.resolve_columns import ResolvedColumns
from pipeline.extract.count_tables.row_owners import Owners
from pipeline.extract.count_tables.rows import Row, ordinal
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.sheet.numbers import IN_DOUBT
from pipeline.extract.sheet.row_marks import is_number_like
from pipeline.findings import Finding

#: either three decimals that are 0, or thousands: the text does not decide
_THREE_DECIMALS = re.compile(r"\d{1,9}[.,]000")
#: fewer numbers than these may be round by chance
_ENOUGH_NUMBERS = 6
#: cells that a finding names
_NAMED_CELLS = 8


def refusals(table: CountTable, matrix: CountMatrix, owners: Owners, resolved: ResolvedColumns) -> Iterator[Finding]:
    """Why a table cannot be read, the reason that explains most first."""
    yield from _unheaded_numbers(table, owners)
    yield from _heads_in_doubt(table, matrix, owners)
    yield from _three_decimals(table, matrix)
    if resolved.refusal is not None:
        refusal = resolved.refusal
        finding = table.grid.place_of(table.header_rows).finding(refusal.code, found=refusal.found)
        yield replace(finding, facts=refusal.facts)


def _unheaded_numbers(table: CountTable, owners: Owners) -> Iterator[Finding]:
    """The cells with a number right of the names below no heading: the header may be shifted.

    A unit that has no numbers below the headings is not a unit without dossiers if it has numbers beside them.
    """
    headed = {c.index for c in table.columns}
    first = min(table.roles.counts)
    # left of the counts only a column without any heading: names may be headed over two columns
    between = [c for c in range(table.roles.unit + 1, first) if not _is_headed(table, c)]
    bare = [c for c in (*between, *range(first, table.grid.width)) if c not in headed]
    for row in table.rows if bare else ():
        counts = row.index in owners.of or (row.kind == "unit" and not row.remark)
        for column in bare if counts else ():
            if is_number_like(table.grid, row.index, column):
                yield table.grid.place(row.index, column).finding("table_unheaded_numbers")


def _heads_in_doubt(table: CountTable, matrix: CountMatrix, owners: Owners) -> Iterator[Finding]:
    """The cells of titles, header and totals that are struck or show something else than they hold."""
    grid, titles = table.grid, set(table.titles)
    totals = {r.index for r in table.rows if r.kind == "total" and r.index not in owners.of}
    found: list[tuple[int, int, str]] = []
    for (row, column), misread in grid.misread.items():
        is_number = row in totals and column in matrix.position_of and misread.count.why.startswith(IN_DOUBT)
        is_head = table.header[0] <= row <= table.header[1] or (row in totals and column in table.roles.named)
        is_title = row < table.header[0] and misread.is_in_doubt and grid.text(row, column) in titles
        if is_number or is_title or (is_head and misread.is_in_doubt):
            found.append((row, column, misread.why))
    if found:
        cells = ", ".join(grid.address(row, column) for row, column, _ in sorted(found)[:_NAMED_CELLS])
        yield grid.place_of(cells).finding("table_shown_otherwise", found=found[0][2])


def _is_headed(table: CountTable, column: int) -> bool:
    """Whether a header row has a text over a column, in a cell of its own or in a merged one."""
    return any(table.grid.merged_text(row, column) for row in range(table.header[0], table.header[1] + 1))


def _three_decimals(table: CountTable, matrix: CountMatrix) -> Iterator[Finding]:
    """The first number, where every number of the table reads `120.000` or `0,000`."""
    found: list[tuple[int, int]] = []
    for row, column in itertools.product(matrix.line_of, matrix.position_of):
        text = table.grid.text(row, column)
        if text and not _THREE_DECIMALS.fullmatch(text):
            return
        if text:
            found.append((row, column))
    if len(found) >= _ENOUGH_NUMBERS:
        yield table.grid.place(*found[0]).finding("table_three_decimals", found=table.grid.text(*found[0]))


def ignored_columns(table: CountTable, resolved: ResolvedColumns) -> Iterator[Finding]:
    """Columns of numbers that mean none of the measures and are not ignored on purpose."""
    for column in resolved.columns:
        meaning = column.meaning
        open_ = not (meaning.measure or meaning.derived or column.index in table.roles.named)
        if open_ and _holds_counts(table, column):
            yield table.grid.place(table.header[1], column.index).finding("column_ignored", found=column.label)


def _holds_counts(table: CountTable, column: HeaderColumn) -> bool:
    units = (r for r in table.rows if r.kind == "unit")
    return any(table.grid.count(r.index, column.index).kind == "ok" for r in units)


def rows_not_counted(table: CountTable, matrix: CountMatrix, owners: Owners) -> Iterator[Finding]:
    """Rows with numbers that are not counted on purpose: sums of others, fields within a unit's own row, remarks."""
    rows = {r.index: r for r in table.rows}
    sums = owners.sums
    for heading, parts in sums.headings.items():
        details = [r for r in parts if r.index in sums.details]
        if details:
            why = f"{len(details)} dòng từ dòng này đã nằm trong số của “{rows[heading].name}” ở trên"
            yield _not_counted(table, details[0], why)
        elif heading not in owners.of:
            yield _not_counted(table, rows[heading], f"dòng này là tổng của {len(parts)} dòng bên dưới")
    for row in table.rows:
        remark = row.kind == "unit" and row.remark and row.index not in owners.of and row.index not in sums.headings
        if remark and any(matrix.count(row.index, c).kind == "ok" for c in matrix.position_of):
            yield _not_counted(table, row, "dòng này là phần “trong đó”, số để so sánh hoặc ghi chú dưới bảng")


def _not_counted(table: CountTable, row: Row, why: str) -> Finding:
    name = row.name or row.field or "(ô tên để trống)"
    return table.grid.place(row.index, row.name_column).finding("row_not_counted", found=name, why=why)


def ordinal_gaps(table: CountTable, owners: Owners) -> Iterator[Finding]:
    """Rows whose ordinal is more than one above the last: a row may be missing. Ordinals may begin again."""
    previous: int | None = None
    for row in table.rows:
        number = ordinal(row)
        if row.kind != "unit" or number is None or (row.remark and row.index not in owners.of):
            continue
        if previous is not None and number > previous + 1 and table.roles.stt is not None:
            place = table.grid.place(row.index, table.roles.stt)
            yield place.finding("stt_gap", found=str(number), expected=str(previous))
        previous = number
