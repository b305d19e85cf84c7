"""Count tables -> counts by unit, each with its file, sheet and cell, and what the rows themselves give away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.extract.count_records import Block, CountReading
from pipeline.extract.count_tables.blank_cells import At, Blanks, find_blanks
from pipeline.extract.count_tables.control_totals import check_ordinals, check_sums, say_not_counted, unit_sums
from pipeline.extract.count_tables.count_matrix import Body, Lines, read_body, three_decimals
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.resolve_columns import settle
from pipeline.extract.count_tables.row_owners import Owner, Owners, find_last_sums, find_owners
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.count_tables.total_spans import counted_rows
from pipeline.extract.sheet.cell_values import COUNT_FINDINGS
from pipeline.extract.sheet.hidden_rows import say_veiled
from pipeline.extract.sheet.numbers import Count
from pipeline.extract.sheet.row_marks import is_number_like
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from schemas.measures import COUNT_NAMES


def read_table(table: Table, index: UnitIndex, reading: CountReading) -> None:
    """Add one table to the reading."""
    body = read_body(table)
    owners = find_owners(table, body, index)
    find_last_sums(table, body, index, owners)
    reading.findings.extend(owners.findings)
    # most rows of a unit share their owner: told apart as objects before they are compared
    for owned in dict.fromkeys({id(o): o for o in owners.of.values()}.values()):
        reading.places[owned.unit_id].append(owned.place)
    counted = [r for r in table.rows if r.kind == "unit" and (not r.aside or r.index in owners.of)]
    settled = settle(table.columns, Lines(body, counted), table.expressions)
    file, sheet = table.grid.file, table.grid.sheet
    header = f"{table.header[0] + 1}:{table.header[1] + 1}"
    stray = _unheaded_number(table, owners)
    if stray:
        reading.findings.append(Finding("table_unheaded_numbers", "", file, sheet, stray))
        return
    cell, found = three_decimals(table.grid, body)
    if cell:
        reading.findings.append(Finding("table_three_decimals", "", file, sheet, cell, found))
        return
    if settled.refusal is not None:
        code, found, expected = settled.refusal
        reading.findings.append(Finding(code, "", file, sheet, header, found, expected))
        return
    columns = [c for c in settled.columns if c.meaning.measure]
    reading.notes.extend(_column_notes(table, settled.columns, settled.decisions))
    reading.findings.extend(Finding("table_settled", "", file, sheet, header, d) for d in settled.decisions)
    for column in settled.columns:
        if _unexplained(column, table):
            cell = f"{column.letter}{table.header[1] + 1}"
            reading.findings.append(Finding("column_ignored", "", file, sheet, cell, column.label))
    earlier = reading.sums.get((file, sheet), {})
    blanks = find_blanks((r for r in table.rows if r.index in owners.of), columns, body)
    added = counted_rows(table.rows, owners)
    differing, hints = check_sums(table, columns, body, owners, blanks, added, earlier)
    reading.records.append(_block(table, columns, body, owners, blanks, hints, reading))
    reading.findings.extend(say_veiled(table.grid, owners.of, (c.index for c in columns)))
    reading.findings.extend(differing)
    reading.findings.extend(say_not_counted(table, body, owners))
    reading.findings.extend(check_ordinals(table, owners))
    sums = unit_sums(columns, body, added)
    reading.sums[file, sheet] = {m: earlier.get(m, 0) + sums.get(m, 0) for m in {*earlier, *sums}}
    if not owners.of and not any(f.file == file and f.code.startswith(("unit_", "level_")) for f in reading.findings):
        reading.findings.append(Finding("table_no_units", "", file, sheet, header))


def _unheaded_number(table: Table, owners: Owners) -> str:
    """The first cell with a number right of the first count column under no heading: the header may be shifted.

    A unit that has nothing under the headings is no unit without dossiers where its numbers stand beside them.
    """
    headed = {c.index for c in table.columns}
    bare = [c for c in range(min(table.shape.counts), table.grid.width) if c not in headed]
    for row in table.rows if bare else ():
        for column in bare if row.index in owners.of or (row.kind == "unit" and not row.aside) else ():
            if is_number_like(table.grid, row.index, column):
                return table.grid.address(row.index, column)
    return ""


def _unexplained(column: Column, table: Table) -> bool:
    meaning = column.meaning
    if meaning.measure or meaning.derived or column.index in {table.shape.unit, table.shape.stt, table.shape.field}:
        return False
    return any(table.grid.count(r.index, column.index).kind == "ok" for r in table.rows if r.kind == "unit")


def _column_notes(table: Table, columns: Sequence[Column], decisions: Sequence[str]) -> list[str]:
    """What a table was taken for, a line a column."""
    where = f"trang “{table.grid.sheet}”, tiêu đề ở dòng" if table.grid.sheet else "bảng có tiêu đề ở dòng"
    units = sum(r.kind == "unit" for r in table.rows)
    lines = [f"Bảng số liệu, {where} {table.header[0] + 1}–{table.header[1] + 1}, {units} dòng:"]
    for column in columns:
        if column.index == table.unit_column:
            lines.append(f"  cột {column.letter} “{column.label}” = tên đơn vị")
        elif column.index == table.shape.field:
            lines.append(f"  cột {column.letter} “{column.label}” = lĩnh vực")
        elif column.meaning.measure:
            lines.append(f"  cột {column.letter} “{column.label}” = {COUNT_NAMES[column.meaning.measure]}")
        elif column.index != table.stt_column:
            lines.append(f"  cột {column.letter} “{column.label}” không dùng")
    return [*lines, *(f"  {d}" for d in decisions)]


# --- one row ----------------------------------------------------------------------------------------------------


def _block(
    table: Table,
    columns: Sequence[Column],
    body: Body,
    owners: Owners,
    blanks: Blanks,
    hints: Mapping[At, Sequence[str]],
    reading: CountReading,
) -> Block:
    """The numbers of every row that has an owner; a finding for each that is no number."""
    owned = [(row, owners.of[row.index]) for row in table.rows if row.index in owners.of]
    places = body.places(c.index for c in columns)
    values, _ = body.part((row for row, _ in owned), (c.index for c in columns))
    kept = np.ones(values.shape, dtype=np.bool_)
    for line, (row, owner) in enumerate(owned):
        if row.index in body.odd:
            cells = [body.odd[row.index][p] for p in places]
            kept[line] = _read_odd(table, row, owner, columns, cells, blanks, hints, reading)
    return Block(
        table.grid.file,
        table.grid.sheet,
        [c.meaning.measure for c in columns],
        [owner.unit_id for _, owner in owned],
        [owner.place for _, owner in owned],
        [c.letter for c in columns],
        [str(row.index + 1) for row, _ in owned],
        values,
        kept,
    )


def _read_odd(
    table: Table,
    row: Row,
    owner: Owner,
    columns: Sequence[Column],
    counts: Sequence[Count],
    blanks: Blanks,
    hints: Mapping[At, Sequence[str]],
    reading: CountReading,
) -> list[bool]:
    """Which cells of a row count, where some are blank or no numbers."""
    grid = table.grid
    broken = [(column, cell) for column, cell in zip(columns, counts, strict=True) if cell.kind not in {"ok", "blank"}]
    for column, cell in broken:
        reading.findings.append(
            Finding(
                COUNT_FINDINGS[cell.kind],
                owner.unit_id,
                grid.file,
                grid.sheet,
                grid.address(row.index, column.index),
                cell.found,
                "một số nguyên không âm",
                {"label": COUNT_NAMES[column.meaning.measure], "row": row.name, "why": cell.why},
            )
        )
    cells = {c.index: cell for c, cell in zip(columns, counts, strict=True)}
    unknown = blanks.open.get(row.index, [])
    said = unknown if not broken else [c for c in unknown if (row.index, c.index) in hints]
    for which, code in ((blanks.zero.get(row.index, []), "cell_blank"), (said, "cell_blank_open")):
        if which:
            told = [h for c in which for h in hints.get((row.index, c.index), ())]
            reading.findings.append(
                Finding(
                    code,
                    owner.unit_id,
                    grid.file,
                    grid.sheet,
                    ", ".join(grid.address(row.index, c.index) for c in which),
                    next((cells[c.index].found for c in which if cells[c.index].found), "trống"),
                    "0" if code == "cell_blank" else "một số",
                    {
                        "label": ", ".join(COUNT_NAMES[c.meaning.measure] for c in which),
                        "row": row.name,
                        "totals": "".join(f" {h}" for h in dict.fromkeys(told)),
                    },
                )
            )
    open_ = {c.index for c in unknown}
    return [cells[c.index].kind in {"ok", "blank"} and c.index not in open_ for c in columns]
